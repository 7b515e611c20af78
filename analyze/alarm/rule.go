package alarm

import (
	"math"
	"slices"
	"time"

	"sizewise/analyze/finding"
)

// State is that of a CloudWatch alarm.
type State string

// The states.
const (
	OK           State = "OK"
	Alarm        State = "ALARM"
	Insufficient State = "INSUFFICIENT_DATA"
)

// What an alarm makes of a period without a value: TreatMissingData.
const (
	Missing      = "missing"
	Ignore       = "ignore"
	Breaching    = "breaching"
	NotBreaching = "notBreaching"
)

// Rule is when an alarm fires: M of the last N periods above the threshold.
type Rule struct {
	M, N      int
	Threshold float64
	OrEqual   bool   // the threshold itself is breaching
	Missing   string // Missing, Ignore, Breaching or NotBreaching
}

// rangeBeyond is by how many periods the evaluation range is longer than N. AWS
// does not publish it; its examples have 5 for 3.
const rangeBeyond = 2

// Range is the number of periods that an evaluation looks at.
func (r Rule) Range() int { return r.N + rangeBeyond }

// breaches reports whether a value is beyond the threshold.
func (r Rule) breaches(x float64) bool {
	return x > r.Threshold || r.OrEqual && x == r.Threshold
}

// Evaluate gives the state after the last of points, of which at most Range are
// looked at; NaN is a period without a value. Now is the state until then.
func (r Rule) Evaluate(points []float64, now State) State {
	points = points[max(0, len(points)-r.Range()):]
	var there, breaching int // of the newest N values that exist
	oldest, allBreach := 0, true
	for age := 1; age <= len(points); age++ {
		x := points[len(points)-age]
		if math.IsNaN(x) || there == r.N {
			continue
		}
		there++
		if r.breaches(x) {
			breaching++
			oldest = age
		} else {
			allBreach = false
		}
	}
	if there < r.N && r.Missing == Breaching {
		breaching += r.N - there
	}
	switch {
	case there == 0:
		return r.nothing(now)
	case breaching >= r.M:
		return Alarm
	case there == r.N || r.Missing == NotBreaching || r.Missing == Breaching:
		return OK
	case allBreach && r.Missing == Ignore:
		return now
	case allBreach && oldest >= r.M:
		return Alarm
	case allBreach:
		return Insufficient // one breach that the next value may follow or not
	}
	return OK
}

// nothing is the state when no period of the range has a value.
func (r Rule) nothing(now State) State {
	switch r.Missing {
	case Breaching:
		return Alarm
	case NotBreaching:
		return OK
	case Ignore:
		return now
	default:
		return Insufficient
	}
}

// Series is one value a period, NaN where there was none.
type Series struct {
	Start  time.Time
	Period time.Duration
	Values []float64
}

// end is that of period i, when it can be evaluated.
func (s Series) end(i int) time.Time { return s.Start.Add(time.Duration(i+1) * s.Period) }

// Fire evaluates the rule after every period and returns the times in ALARM. The
// alarm is there before the window, without data.
func (r Rule) Fire(s Series) []finding.AlarmSpan {
	fired := []finding.AlarmSpan{}
	state := Insufficient
	for i := range s.Values {
		next := r.Evaluate(s.Values[:i+1], state)
		switch {
		case next == Alarm && state != Alarm:
			fired = append(fired, finding.AlarmSpan{Start: s.end(i)})
		case next != Alarm && state == Alarm:
			fired[len(fired)-1].End = s.end(i)
		}
		state = next
	}
	return fired
}

// The distances, in periods, by which trouble and alarms belong together.
const (
	joinGap  = 5  // trouble this near is one stretch
	lasting  = 3  // periods of trouble that make a stretch worth an alarm
	nearness = 15 // an alarm this long before trouble was for it
)

// stretch is trouble without a longer pause, [from, to) in periods.
type stretch struct{ from, to, bad int }

func stretches(trouble []bool) []stretch {
	var all []stretch
	for i, bad := range trouble {
		if !bad {
			continue
		}
		if n := len(all); n > 0 && i-all[n-1].to < joinGap {
			all[n-1].to = i + 1
			all[n-1].bad++
			continue
		}
		all = append(all, stretch{i, i + 1, 1})
	}
	return all
}

// judge compares the times in ALARM with the trouble.
func judge(s Series, trouble []bool, fired []finding.AlarmSpan) finding.AlarmReplay {
	out := finding.AlarmReplay{Periods: len(s.Values), Fired: fired, LeadS: finding.Missing()}
	for i, x := range s.Values {
		if !math.IsNaN(x) {
			out.Known++
		}
		if trouble[i] {
			out.Trouble++
		}
	}
	all := stretches(trouble)
	out.Without = len(fired)
	for _, f := range fired {
		if slices.ContainsFunc(all, func(t stretch) bool { return near(s, t, f) }) {
			out.Without--
		}
	}
	for _, t := range all {
		i := slices.IndexFunc(fired, func(f finding.AlarmSpan) bool { return near(s, t, f) })
		if t.bad >= lasting && i >= 0 {
			out.Caught++
		}
		if out.First.IsZero() || t.bad >= lasting && out.Stretches == 0 {
			out.First, out.LeadS = s.Start.Add(time.Duration(t.from)*s.Period), finding.Missing()
			if i >= 0 {
				out.LeadS = finding.Number(out.First.Sub(fired[i].Start).Seconds())
			}
		}
		if t.bad >= lasting {
			out.Stretches++
		}
	}
	return out
}

// near reports whether an alarm was on during trouble, came shortly before or
// with the delay of its own evaluation.
func near(s Series, t stretch, f finding.AlarmSpan) bool {
	from := s.Start.Add(time.Duration(t.from-nearness) * s.Period)
	to := s.Start.Add(time.Duration(t.to+joinGap) * s.Period)
	return !f.Start.After(to) && (f.End.IsZero() || !f.End.Before(from))
}
