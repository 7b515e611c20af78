package files

import "sizewise/ingest/lake"

// statOf maps a statistic's name to its column: as a metric stream spells it, or
// the API.
func statOf(name string) (lake.Stat, bool) {
	switch name {
	case "count", "SampleCount":
		return lake.SampleCount, true
	case "sum", "Sum":
		return lake.Sum, true
	case "Average":
		return lake.Average, true
	case "max", "Maximum":
		return lake.Maximum, true
	case "min", "Minimum":
		return lake.Minimum, true
	case "p50":
		return lake.P50, true
	case "p90":
		return lake.P90, true
	case "p95":
		return lake.P95, true
	case "p99":
		return lake.P99, true
	case "p99.9":
		return lake.P999, true
	}
	return 0, false
}
