package finding

// Within writes a value with its interval, "15 % (12 % to 18 %)", from parts that
// are written already. An interval that has no width in their digits is left out:
// "15 %" and not "15 % (15 % to 15 %)".
func Within(value, lo, hi string) string {
	if lo == hi {
		return value
	}
	return value + " (" + lo + " to " + hi + ")"
}
