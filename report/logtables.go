package report

import (
	"fmt"
	"strings"

	"sizewise/analyze/finding"
)

// exceptions is the table of kinds of failure, numbered E1 and on.
func (s *scribe) exceptions() table {
	all := s.set.Logs.Exceptions
	t := table{
		Head:  []string{"exception", "thrown in", "times", "instances", "most in", "first", "last", "example"},
		Right: []bool{false, false, true},
	}
	for i := range all[:min(len(all), maxTemplates)] {
		e := &all[i]
		message := e.Message
		if message == "" {
			message = e.Type
		} else if !strings.Contains(message, e.Type) {
			message = e.Type + ": " + message
		}
		frame := "–"
		if e.Frame != "" {
			frame = cellCode(e.Frame)
		}
		if e.Cause != "" {
			frame += ", after " + cellCode(e.Cause)
		}
		example := "–"
		if e.Example != "" && visible(e.Example, maxCode) != visible(message, maxCode) {
			example = cellCode(e.Example)
		}
		t.Rows = append(t.Rows, []string{
			fmt.Sprintf("E%d. %s", i+1, cellCode(message)), frame, whole(float64(e.Lines)), streamsOf(e.Streams, e.OfStreams),
			s.mostIn(e.ByStep), s.clockSeconds(e.First), s.clockSeconds(e.Last), example,
		})
	}
	if len(all) > 0 {
		t.Note = "A kind of failure is type, masked message and innermost call of the application; lines of a stack trace count once." + s.rowsOf(all[0].Query)
	}
	return t
}

// rowsOf names the query that has a table's rows.
func (s *scribe) rowsOf(query string) string {
	if query == "" {
		return ""
	}
	return " Rows: " + code("sizewise query "+query) + " with the parameters of the appendix."
}

func streamsOf(n, of int) string {
	switch {
	case n == 0:
		return "–"
	case of < n:
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d of %d", n, of)
}

// mostIn names the step in which most lines came.
func (s *scribe) mostIn(byStep []int64) string {
	best := -1
	for i, n := range byStep {
		if i < len(s.set.Steps) && n > 0 && (best < 0 || n > byStep[best]) {
			best = i
		}
	}
	if best < 0 {
		return "–"
	}
	return fmt.Sprintf("step %d (%s)", s.set.Steps[best].N, whole(float64(byStep[best])))
}

// changeNote says how the log's messages compare with those of the baseline.
func (s *scribe) changeNote() string {
	b := s.set.Logs.Baseline
	if b == nil {
		return ""
	}
	window := s.baselineWindow(b)
	if b.Why != "" {
		return fmt.Sprintf("The log was not compared with the baseline %s: %s.", window, prose(b.Why))
	}
	counts := map[finding.LogChangeKind]int{}
	for i := range b.Changes {
		counts[b.Changes[i].Kind]++
	}
	var parts []string
	for _, k := range []finding.LogChangeKind{finding.LogNew, finding.LogGone, finding.LogLouder, finding.LogQuieter} {
		if n := counts[k]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", whole(float64(n)), k))
		}
	}
	if len(parts) == 0 {
		parts = []string{"nothing new, gone or louder"}
	}
	per := "time"
	if b.Per == "requests" {
		per = "request"
	}
	out := fmt.Sprintf("Against the baseline %s (%s): of the messages that name a failure, warn or have no level, %s; %s as often as before",
		window, plural(float64(b.Lines), "log event"), list(parts), whole(float64(b.Same)))
	if b.Rare > 0 {
		out += fmt.Sprintf(", %s in one of the windows alone, in too few lines to tell from chance", whole(float64(b.Rare)))
	}
	if len(b.Unsure) > 0 {
		var names []string
		for i := range b.Unsure {
			names = append(names, fmt.Sprintf("%s (%s)", code(b.Unsure[i].Template), plural(float64(b.Unsure[i].After), "line")))
		}
		out += "; of those, new failures are " + list(names)
	}
	return out + fmt.Sprintf(". Rates are per %s; at most one change in a hundred told is expected to be chance.", per)
}

func (s *scribe) baselineWindow(b *finding.LogBaseline) string {
	from, to := b.Window.Start.In(s.zone), b.Window.End.In(s.zone)
	end := "15:04"
	if from.YearDay() != to.YearDay() || from.Year() != to.Year() {
		end = "2 Jan 15:04"
	}
	return from.Format("2 Jan 15:04") + "–" + to.Format(end)
}

// changes is the table of messages that are new, gone, louder or quieter,
// numbered B1 and on.
func (s *scribe) changes() table {
	t := table{
		Head:  []string{"message", "since the baseline", "before", "now", "rate, times (95 %)", "q", "instances", "first", "last"},
		Right: []bool{false, false, true, true, true, true},
	}
	b := s.set.Logs.Baseline
	if b == nil || len(b.Changes) == 0 {
		return t
	}
	for i := range b.Changes[:min(len(b.Changes), maxTemplates)] {
		c := &b.Changes[i]
		ratio := "–"
		switch {
		case c.Ratio.Known():
			ratio = fmt.Sprintf("%s (%s–%s)", plain(c.Ratio), plain(c.Lo), plain(c.Hi))
		case c.Kind == finding.LogNew && c.Lo.Known():
			ratio = "at least " + plain(c.Lo)
		case c.Kind == finding.LogGone && c.Hi.Known():
			ratio = "at most " + plain(c.Hi)
		}
		q := "< 0.001"
		if c.Q >= 0.001 {
			q = plain(c.Q)
		}
		t.Rows = append(t.Rows, []string{
			fmt.Sprintf("B%d. %s", i+1, cellCode(c.Template)), "**" + string(c.Kind) + "**", whole(float64(c.Before)), whole(float64(c.After)),
			ratio, q, streamsOf(c.Streams, 0), s.dated(c.First), s.dated(c.Last),
		})
	}
	t.Note = strings.TrimSpace(s.rowsOf(b.Changes[0].Query))
	return t
}

// access is the latency of the container's access log by step.
func (s *scribe) access() table {
	all := s.set.Logs.Access
	t := table{
		Head:  []string{"step", "access lines", "p50", "p90", "p99", "longest", "CloudWatch p50", "CloudWatch p99"},
		Right: []bool{true, true, true, true, true, true, true, true},
	}
	for i := range all {
		a := &all[i]
		row := []string{fmt.Sprint(a.Step), whole(float64(a.Timed))}
		for _, v := range []finding.Number{a.P50, a.P90, a.P99, a.Max, a.ModelP50, a.ModelP99} {
			if !v.Known() {
				row = append(row, "–")
				continue
			}
			row = append(row, seconds(v))
		}
		t.Rows = append(t.Rows, row)
	}
	if len(all) > 0 {
		t.Note = "The first percentiles are exact, from every line of the container's own access log that tells a duration, health checks left out; the last are CloudWatch's ModelLatency. Both are medians over all of the step's minutes, and so not quite those of the load steps, which leave some out. Where the container's is much less, requests wait in front of it." + s.rowsOf(all[0].Query)
	}
	return t
}
