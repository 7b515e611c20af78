package alarm

import (
	"math"
	"time"

	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
)

// CoarseS is the period of alarms on what is published every few minutes, seconds.
const CoarseS = 300

// regularly is the share of buckets with a value that makes a metric one of every
// bucket.
const regularly = 0.8

// regular reports whether a value is there in most buckets from its first to its
// last.
func regular(minutes []finding.Minute, value func(*finding.Minute) float64) bool {
	first, last, known := -1, -1, 0
	for i := range minutes {
		if math.IsNaN(value(&minutes[i])) {
			continue
		}
		if first < 0 {
			first = i
		}
		last = i
		known++
	}
	return known > 0 && float64(known) >= regularly*float64(last-first+1)
}

// replayed puts every draft to the minutes.
func (p *proposer) replayed(objectives slo.SLO) []finding.Alarm {
	alarms := make([]finding.Alarm, 0, len(p.drafts))
	floor := p.floor(p.errors)
	bad := make([]bool, len(p.set.Minutes))
	for i := range bad {
		bad[i] = p.trouble(&p.set.Minutes[i], objectives, floor)
	}
	for _, d := range p.drafts {
		s, trouble := p.series(d, bad)
		rule := Rule{
			M: d.alarm.DatapointsToAlarm, N: d.alarm.EvaluationPeriods,
			Threshold: d.alarm.Threshold, OrEqual: d.alarm.OrEqual, Missing: d.alarm.Missing,
		}
		d.alarm.Replay = judge(s, trouble, rule.Fire(s))
		alarms = append(alarms, d.alarm)
	}
	return alarms
}

// trouble reports whether a minute missed an objective of latency or errors, or
// answered 5xx too often. A minute that published nothing is none.
func (p *proposer) trouble(m *finding.Minute, objectives slo.SLO, floor float64) bool {
	if x := errorPercent(m, slo.Errors5XX, floor); x >= 100*p.errors {
		return true
	}
	for _, o := range objectives.Objectives {
		x := math.NaN()
		switch {
		case o.Metric.IsLatency():
			x = latencyOf(o.Metric)(m)
		case o.Metric.IsErrors():
			x = errorPercent(m, o.Metric, floor) / 100
		}
		if !math.IsNaN(x) && !o.Met(x) {
			return true
		}
	}
	return false
}

// series is a draft's value in its periods, and which of them had trouble.
func (p *proposer) series(d draft, bad []bool) (Series, []bool) {
	s := Series{Start: d.minutes[0].Start, Period: time.Duration(d.alarm.PeriodS) * time.Second}
	for i := range d.minutes {
		s.Values = append(s.Values, d.value(&d.minutes[i]))
	}
	trouble := make([]bool, len(s.Values))
	for i, b := range bad {
		at := int(p.set.Minutes[i].Start.Sub(s.Start) / s.Period)
		if b && at >= 0 && at < len(trouble) {
			trouble[at] = true
		}
	}
	return s, trouble
}
