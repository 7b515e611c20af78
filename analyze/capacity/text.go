package capacity

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

func sprintf(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// figure prints x with three or four significant digits: whole, with thousands
// apart, from 1000 on, and without a fraction that says nothing.
func figure(x float64) string {
	switch {
	case !known(x):
		return "unknown"
	case math.Abs(x) >= 1000:
		return whole(x)
	case math.Abs(x) >= 100:
		return strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0")
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}

// whole prints x rounded, with a comma between thousands.
func whole(x float64) string {
	if !known(x) {
		return "unknown"
	}
	digits := strconv.FormatFloat(math.Round(x), 'f', 0, 64)
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// percent prints a ratio as a percentage.
func percent(x float64) string {
	switch p := 100 * x; {
	case !known(x):
		return "unknown"
	case math.Abs(p) >= 10:
		return strconv.FormatFloat(p, 'f', 0, 64) + " %"
	default:
		return strconv.FormatFloat(p, 'g', 2, 64) + " %"
	}
}

// milliseconds prints seconds as milliseconds.
func milliseconds(s float64) string { return figure(s*1000) + " ms" }

// upper is a resource's name as it stands in a sentence.
func upper(name string) string {
	switch name {
	case "cpu", "gpu":
		return strings.ToUpper(name)
	case "gpu_memory":
		return "GPU memory"
	}
	return name
}

// sentence makes a clause a sentence.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// workersAre begins a sentence about w workers.
func workersAre(w int) string {
	if w == 1 {
		return "The one worker is"
	}
	return sprintf("All %d workers are", w)
}

// rounded is x with n significant digits, whole numbers untouched.
func rounded(x float64, n int) float64 {
	v, err := strconv.ParseFloat(strconv.FormatFloat(x, 'f', decimals(x, n), 64), 64)
	if err != nil {
		return x
	}
	return v
}

// decimals is how many places after the point n significant digits of x are.
func decimals(x float64, n int) int {
	if x == 0 || !known(x) {
		return 0
	}
	return max(0, n-1-int(math.Floor(math.Log10(math.Abs(x)))))
}

// digits prints x with n significant digits, without trailing zeros, and with
// thousands apart.
func digits(x float64, n int) string {
	r := rounded(x, n)
	if math.Abs(r) >= 1000 && r == math.Round(r) {
		return whole(r)
	}
	return strconv.FormatFloat(r, 'f', -1, 64)
}

// exact prints a number that somebody gave, without what arithmetic left behind
// in its last digits.
func exact(x float64) string { return digits(x, 9) }

// twoDigits prints a ratio with two places, or with more where it has more.
func twoDigits(x float64) string {
	if math.Abs(x*100-math.Round(x*100)) < 1e-9 {
		return strconv.FormatFloat(x, 'f', 2, 64)
	}
	return exact(x)
}

// enoughDigits is the least number of digits, from four on, with which a
// formula gives the printed result again.
func enoughDigits(same func(round func(float64) float64) bool) int {
	n := 4
	for n < 9 && !same(func(x float64) float64 { return rounded(x, n) }) {
		n++
	}
	return n
}

// resourceName is a resource as it stands inside a sentence.
func resourceName(name string) string {
	if name == "disk" {
		return "disk"
	}
	return upper(name)
}
