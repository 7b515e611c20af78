package report

import (
	"fmt"

	"sizewise/analyze/finding"
)

// mostInstances is how many of the slowest instances the table lists.
const mostInstances = 8

// byInstance is the table of the instances by themselves, slowest first.
func (s *scribe) byInstance() table {
	all := s.set.ByInstance
	resource := ""
	for i := range all {
		if all[i].Resource != "" {
			resource = resourceName(all[i].Resource) + " "
			break
		}
	}
	t := table{
		Head:  []string{"instance", "requests", "share", resource + "time each", "over the median", "full at, requests/s", "mean latency", "5xx"},
		Right: []bool{false, true, true, true, true, true, true, true},
	}
	for i := range all {
		if i == mostInstances {
			break
		}
		one := &all[i]
		t.Rows = append(t.Rows, []string{
			code(one.ID), whole(one.Requests), ratioCell(one.Share), timeCell(one.Demand), excessCell(one.Excess),
			fullCell(one), timeCell(one.ModelMean), ratioCell(one.Errors5XX),
		})
	}
	switch {
	case len(all) == 0:
		return table{}
	case len(all) > mostInstances:
		t.Note = fmt.Sprintf("The %d slowest of %d instances, which enhanced metrics show by themselves.", mostInstances, len(all))
	default:
		t.Note = "Enhanced metrics show each instance by itself, slowest first."
	}
	return t
}

func timeCell(n finding.Number) string {
	if !n.Known() {
		return "–"
	}
	return seconds(n)
}

func excessCell(n finding.Number) string {
	switch {
	case !n.Known():
		return "–"
	case n >= 0:
		return "+" + percent(n)
	}
	return percent(n)
}

func fullCell(one *finding.Instance) string {
	if !one.Capacity.Known() {
		return "–"
	}
	value, lo, hi := float64(one.Capacity), float64(one.CapacityLo), float64(one.CapacityHi)
	return valueOf(value, lo, hi) + bracketed(span(value, lo, hi))
}
