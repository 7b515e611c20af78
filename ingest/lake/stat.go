package lake

// StatOf is the column of one of CloudWatch's statistics by its name in the API,
// false for one without a column.
func StatOf(name string) (Stat, bool) {
	switch name {
	case "SampleCount":
		return SampleCount, true
	case "Sum":
		return Sum, true
	case "Average":
		return Average, true
	case "Minimum":
		return Minimum, true
	case "Maximum":
		return Maximum, true
	case "p50":
		return P50, true
	case "p90":
		return P90, true
	case "p95":
		return P95, true
	case "p99":
		return P99, true
	case "p99.9":
		return P999, true
	}
	return 0, false
}
