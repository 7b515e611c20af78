package report

import (
	"fmt"
	"math"

	"sizewise/analyze/finding"
)

// startSentence says how long a new instance takes, and what that rests on.
func (s *scribe) startSentence() string {
	r := s.set.Replay
	switch {
	case r == nil || !r.StartS.Known():
		return "How long a new instance takes until it serves was not part of this answer: a burst that is faster than that needs instances in advance."
	case r.StartMeasured:
		return fmt.Sprintf("A new instance took %s from the decision until it served, measured on %s; the decision itself takes four: a burst that is faster needs instances in advance.",
			plural(minutesOf(r.StartS), "minute"), plural(float64(r.Starts), "scale-out"))
	default:
		return fmt.Sprintf("How long a new instance takes until it serves could not be measured; **%s are assumed** below, after the four that the decision takes: a burst that is faster needs instances in advance.",
			plural(minutesOf(r.StartS), "minute"))
	}
}

func minutesOf(seconds finding.Number) float64 { return math.Round(float64(seconds) / 60) }

// replay is the table of what other fleets would have done with the traffic of
// the window, or nothing where that was refused.
func (s *scribe) replay() table {
	r := s.set.Replay
	if r == nil || len(r.Fleets) == 0 {
		return table{}
	}
	over := fmt.Sprintf("minutes over %s requests/s an instance", plain(r.LimitRPS))
	t := table{
		Head:  []string{"the window's traffic on", "instances", over, "instance hours", "at most"},
		Right: []bool{false, false, true, true, true},
	}
	if s.set.Price != nil {
		t.Head, t.Right = append(t.Head, "USD"), append(t.Right, true)
	}
	var left []string
	for _, f := range r.Fleets {
		if !f.InstanceHours.Known() {
			left = append(left, fmt.Sprintf("%s is not replayed%s", fleetTitle(f), because(f.Why)))
			continue
		}
		row := []string{
			fleetTitle(f), fleetRange(f), fmt.Sprintf("%s of %s", whole(f.MinutesOver), whole(float64(r.Minutes))),
			fixed(f.InstanceHours, decimalsFor(float64(f.InstanceHours), 3)), whole(f.MostInstances),
		}
		if s.set.Price != nil {
			row = append(row, money(f.CostUSD))
		}
		t.Rows = append(t.Rows, row)
	}
	t.Note = "Good is no minute over for the fewest instance hours: minutes over are when requests were too slow or failed, hours are what is paid."
	for _, l := range append([]string{sentence(r.Why)}, left...) {
		if l != "" {
			t.Note += " " + l
		}
	}
	return t
}

// fleetTitle names a fleet in the table.
func fleetTitle(f finding.ReplayedFleet) string {
	switch {
	case f.Name == finding.CurrentFleet && f.Target.Known():
		return "the current policy, target " + whole(f.Target)
	case f.Name == finding.CurrentFleet:
		return "the current fleet"
	case f.Name == finding.RecommendedPolicy:
		return "the recommended policy, target " + whole(f.Target)
	default:
		return "the recommended fleet, fixed"
	}
}

func fleetRange(f finding.ReplayedFleet) string {
	if f.Min == f.Max {
		return whole(f.Min)
	}
	return whole(f.Min) + " to " + whole(f.Max)
}

// noReplaySentence says why there is no replay, "" when there is one, nothing to
// replay, or the same reason stands with the target already.
func (s *scribe) noReplaySentence() string {
	r := s.set.Replay
	if r == nil || len(r.Fleets) > 0 || r.Why == s.set.Answers.AutoscalingTarget.Why {
		return ""
	}
	return "The window's traffic is not replayed against a policy" + because(r.Why)
}
