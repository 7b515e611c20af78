package analyze

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"sizewise/analyze/finding"
	"sizewise/analyze/pattern"
)

// thrown is how often one kind of failure came in one bucket of one stream.
type thrown struct {
	signal
	frame, cause string
}

// kinds are the kinds of failure: exceptions of one type, template of the
// message, frame and cause, most frequent first.
func (ev *evidence) kinds(stepOf map[time.Time]int, steps int) []finding.LogException {
	type signature struct{ exception, message, frame, cause string }
	template := ev.thrownTemplates()
	found := map[signature]*message{}
	for i := range ev.thrown {
		t := &ev.thrown[i]
		k := signature{t.exception, template[t.skeleton], t.frame, t.cause}
		if found[k] == nil {
			found[k] = newMessage(k.message, true)
		}
		found[k].add(&t.signal)
	}
	var out []finding.LogException
	for k, m := range found {
		e := finding.LogException{
			Type: k.exception, Message: k.message, Frame: k.frame, Cause: k.cause,
			Lines: m.lines, ByStep: m.byStep(stepOf, steps), Streams: len(m.streams), OfStreams: ev.coverage.LogStreams,
			First: m.first, Last: m.last, Example: m.example, Query: "log_exceptions",
		}
		if ev.signalQuery != "log_signals_by_minute" {
			e.Query = ev.signalQuery
		}
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b finding.LogException) int {
		return cmp.Or(
			cmp.Compare(b.Lines, a.Lines), strings.Compare(a.Type, b.Type), strings.Compare(a.Message, b.Message),
			strings.Compare(a.Frame, b.Frame), strings.Compare(a.Cause, b.Cause),
		)
	})
	return out[:min(len(out), mostTemplates)]
}

// thrownTemplates is the template of every exception's message.
func (ev *evidence) thrownTemplates() map[string]string {
	counts := map[string]int64{}
	for i := range ev.thrown {
		counts[ev.thrown[i].skeleton] += ev.thrown[i].lines
	}
	skeletons := skeletonsOf(counts)
	out := make(map[string]string, len(skeletons))
	for _, t := range pattern.Mine(skeletons) {
		for _, i := range t.Members {
			out[skeletons[i].Text] = t.Text
		}
	}
	return out
}

// accessMinute is what the access log says of one bucket.
type accessMinute struct {
	start                   time.Time
	requests, failed, timed int64
	p50, p90, p99, longest  float64 // s; NaN unknown
}

// accessByStep puts the access log's latency beside CloudWatch's: of both, the
// median over the step's minutes of the minute's percentile.
func (ev *evidence) accessByStep(minutes []finding.Minute, steps int) []finding.AccessLatency {
	if len(ev.access) == 0 {
		return nil
	}
	at := map[time.Time]*accessMinute{}
	for i := range ev.access {
		at[ev.access[i].start] = &ev.access[i]
	}
	var out []finding.AccessLatency
	for n := 1; n <= steps; n++ {
		a := finding.AccessLatency{Step: n, Max: finding.Missing(), Query: "access_latency"}
		var p50, p90, p99, m50, m99 []float64
		for i := range minutes {
			l := at[minutes[i].Start]
			if minutes[i].Step != n || l == nil {
				continue
			}
			a.Requests, a.Failed, a.Timed = a.Requests+l.requests, a.Failed+l.failed, a.Timed+l.timed
			p50, p90, p99 = append(p50, l.p50), append(p90, l.p90), append(p99, l.p99)
			m50, m99 = append(m50, minutes[i].ModelP50), append(m99, minutes[i].ModelP99)
			if !(l.longest <= float64(a.Max)) && l.longest == l.longest {
				a.Max = finding.Number(l.longest)
			}
		}
		if a.Timed == 0 {
			continue
		}
		a.P50, a.P90, a.P99 = middle(p50), middle(p90), middle(p99)
		a.ModelP50, a.ModelP99 = middle(m50), middle(m99)
		out = append(out, a)
	}
	return out
}
