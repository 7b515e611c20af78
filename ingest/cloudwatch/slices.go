package cloudwatch

import "time"

// sliceSpan is the longest slice that a listing begins with. Most days of most
// groups fit a page or two; a slice that turns out to be dense is parted.
const sliceSpan = 24 * time.Hour

// LogSlice is a stretch of time of which a listing reads the pages one after
// the other.
type LogSlice struct {
	Start time.Time // inclusive, whole milliseconds
	End   time.Time // exclusive
}

// LogSlices are the slices that Events begins with for a window of a STANDARD
// group (another class is read as one slice): the number of calls that it makes when each slice's events fit one
// page. They lie end to end, are equally long to a millisecond, and number one
// for every day begun.
func LogSlices(start, end time.Time) []LogSlice {
	from, to := start.UnixMilli(), end.UnixMilli()
	if to <= from {
		return nil
	}
	span := sliceSpan.Milliseconds()
	n := (to - from + span - 1) / span
	slices := make([]LogSlice, 0, n)
	for i := range n {
		slices = append(slices, LogSlice{
			Start: time.UnixMilli(from + (to-from)*i/n).UTC(),
			End:   time.UnixMilli(from + (to-from)*(i+1)/n).UTC(),
		})
	}
	return slices
}
