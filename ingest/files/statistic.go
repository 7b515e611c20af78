package files

import "sizewise/ingest/lake"

// statOf maps a statistic's name to its column: as a metric stream spells it, or
// the API.
func statOf(name string) (lake.Stat, bool) {
	switch name {
	case "count":
		return lake.SampleCount, true
	case "sum":
		return lake.Sum, true
	case "max":
		return lake.Maximum, true
	case "min":
		return lake.Minimum, true
	}
	return lake.StatOf(name)
}
