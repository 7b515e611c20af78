package analyze

import (
	"cmp"
	"math"
	"slices"
	"time"

	"sizewise/analyze/finding"
	"sizewise/analyze/pattern"
)

// What bounds the search: messages that are looked at, and those that are told
// of each metric.
const (
	mostCandidates   = 64
	mostExplanations = 3
	noticed          = 0.01 // corrected p-value above which a coincidence is not worth telling
	noticedR         = 0.7  // and the correlation below which it is not: half of what moves
)

// explain looks for messages that go with failed requests and latency.
func (ev *evidence) explain(messages []*message) []finding.LogExplanation {
	byName := map[string]*message{}
	var counted []pattern.Series
	for _, m := range messages[:min(len(messages), mostCandidates)] {
		byName[m.name()] = m
		counted = append(counted, pattern.Series{Name: m.name(), Values: m.series(ev.minutes)})
	}
	var kept []pattern.Relation
	o := pattern.ExplainOptions{MaxLag: 2, Floors: map[string][]float64{
		"5xx": chance(ev.minutes, func(m *finding.Minute) float64 { return m.Errors5XX }),
		"4xx": chance(ev.minutes, func(m *finding.Minute) float64 { return m.Errors4XX }),
	}}
	for _, r := range pattern.Explain(counted, metricSeries(ev.minutes), o) {
		told := r.Verdict == pattern.Explains ||
			r.Verdict == pattern.CoOccurred && r.Q <= noticed && r.R.Value >= noticedR && r.Lag >= 0 && r.Covered >= 0.5
		if told {
			kept = append(kept, r)
		}
	}
	slices.SortStableFunc(kept, func(a, b pattern.Relation) int { return before(a, b, byName[a.Template], byName[b.Template]) })
	var out []finding.LogExplanation
	told := map[string][]*message{}
	for _, r := range kept {
		m := byName[r.Template]
		if len(told[r.Metric]) == mostExplanations || slices.ContainsFunc(told[r.Metric], m.sameLines) {
			continue
		}
		told[r.Metric] = append(told[r.Metric], m)
		out = append(out, ev.explanation(r, m))
	}
	return out
}

// before orders relations: by metric, explanations first, what names a failure
// before a warning, what covers more of the metric and follows it more closely,
// and of equals what names an exception, which says more than the server's word
// that something failed.
func before(a, b pattern.Relation, x, y *message) int {
	return cmp.Or(
		cmp.Compare(metricRank(a.Metric), metricRank(b.Metric)),
		-cmp.Compare(a.Verdict, b.Verdict), // explains before co-occurred
		cmp.Compare(y.weight(), x.weight()),
		cmp.Compare(math.Round(10*b.Covered), math.Round(10*a.Covered)),
		cmp.Compare(math.Round(4*b.R.Value), math.Round(4*a.R.Value)),
		cmp.Compare(one(y.raised), one(x.raised)),
		cmp.Compare(a.Q, b.Q),
		cmp.Compare(one(x.exception), one(y.exception)), // a template before its exception type
		x.first.Compare(y.first),
		cmp.Compare(x.text, y.text),
	)
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// sameLines reports whether one is the exception type of the other's lines.
func (m *message) sameLines(o *message) bool {
	return m.exception != o.exception && m.lines == o.lines && m.first.Equal(o.first) && m.last.Equal(o.last)
}

func (ev *evidence) explanation(r pattern.Relation, m *message) finding.LogExplanation {
	out := finding.LogExplanation{
		Metric: r.Metric, Template: m.text, Exception: m.exception, Level: m.level(),
		Relation: finding.CoOccurred, LagS: r.Lag * ev.tested.PeriodS,
		R: finding.Number(r.R.Value), P: finding.Number(r.Q), Episodes: r.Episodes, Covered: finding.Number(r.Covered),
		Since: ev.minutes[r.Since].Start, First: m.first, Lines: m.lines,
		Streams: len(m.streams), OfStreams: ev.coverage.LogStreams, Where: m.where(),
		LoadRPS: finding.Missing(), Query: "log_signals_by_minute", Before: finding.Missing(),
	}
	if ev.before.usable() && !m.exception {
		out.Before = 0
		if m.early != nil {
			out.Before = finding.Number(m.early.lines)
		}
	}
	if r.Verdict == pattern.Explains {
		out.Relation = finding.Explains
	}
	for i := range ev.minutes {
		if width := time.Duration(ev.minutes[i].Seconds * float64(time.Second)); !m.first.Before(ev.minutes[i].Start) && m.first.Before(ev.minutes[i].Start.Add(width)) {
			out.LoadRPS = finding.Number(ev.minutes[i].Offered())
		}
	}
	return out
}

// metricSeries are what can be explained, by what matters most.
func metricSeries(minutes []finding.Minute) []pattern.Series {
	of := func(name string, value func(*finding.Minute) float64) pattern.Series {
		s := pattern.Series{Name: name, Values: make([]float64, len(minutes))}
		for i := range minutes {
			s.Values[i] = value(&minutes[i])
		}
		return s
	}
	return []pattern.Series{
		of("5xx", func(m *finding.Minute) float64 { return m.Errors5XX }),
		of("4xx", func(m *finding.Minute) float64 { return m.Errors4XX }),
		of("p99 latency", func(m *finding.Minute) float64 { return m.ModelP99 }),
	}
}

func metricRank(name string) int { return slices.Index([]string{"5xx", "4xx", "p99 latency"}, name) }

// series is the message's lines in each of the minutes. A minute without a line
// has none of them: whether there was a log at all is for the coverage to say.
func (m *message) series(minutes []finding.Minute) []float64 {
	out := make([]float64, len(minutes))
	for i := range minutes {
		out[i] = float64(m.buckets[minutes[i].Start])
	}
	return out
}
