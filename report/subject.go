package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"sizewise/analyze/finding"
	"sizewise/report/plot"
)

// subjectWords are the finished sentences and tables of a report about a
// subject that is no endpoint with instances.
type subjectWords struct {
	Title, Summary         string
	Reasons, Logs, Quality []string
	Measures, Phases       table
	Charts                 []headedFigure
	Parts                  []headedTable
	Findings               []string
	Templates, Exceptions  table
	Gaps, Problems         table
	Commands, Colophon     []string
}

// headedFigure is a figure under a heading of its own.
type headedFigure struct {
	Heading string
	Figure  figure
}

// headedTable is a table under a heading of its own.
type headedTable struct {
	Heading string
	Table   table
}

// subjectTemplate is the file that arranges subjectWords.
const subjectTemplate = "subject.md.tmpl"

func (s *scribe) subjectWords(figures map[string]figure) *subjectWords {
	w := &subjectWords{
		Title: s.title(), Summary: s.verdictSummary(), Reasons: s.reasons(),
		Measures: s.measureTable(), Phases: s.phaseTable(), Parts: s.partTables(),
		Logs: nonEmpty([]string{s.levelSentence()}), Templates: s.templates(), Exceptions: s.exceptions(),
		Quality: s.subjectQuality(), Gaps: s.gaps(), Problems: s.problems(),
		Commands: s.subjectCommands(), Colophon: s.colophon(),
	}
	for i := range s.set.Charts {
		c := &s.set.Charts[i]
		w.Charts = append(w.Charts, headedFigure{prose(c.Title), figures[chartFile(c)]})
	}
	if f, ok := figures[recommendationFile]; ok {
		w.Charts = append(w.Charts, headedFigure{"What was tried", f})
	}
	for _, f := range s.findings() {
		w.Findings = append(w.Findings, s.findingText(f))
	}
	return w
}

// measureTable lists the named numbers with how each is known.
func (s *scribe) measureTable() table {
	t := table{Head: []string{"", "value", "how we know"}}
	for i := range s.set.Measures {
		m := &s.set.Measures[i]
		t.Rows = append(t.Rows, []string{prose(m.Label), measureValue(&m.Estimate), prose(howKnown(&m.Estimate))})
	}
	return t
}

// measureValue writes a value with its interval and unit.
func measureValue(e *finding.Estimate) string {
	if e.Status == finding.Unanswerable || !e.Value.Known() {
		return "cannot tell"
	}
	text := "**" + inUnit(e.Value, e.Unit) + "**"
	if e.Status == finding.AtLeast {
		return "at least " + text
	}
	if e.Lo.Known() && e.Hi.Known() && e.Lo != e.Hi {
		unit := e.Unit
		switch {
		case unit == "s" && e.Value != 0: // one unit for all three, said with the value
			_, scale := timeUnit(float64(e.Value))
			return finding.Within(text, plain(float64(e.Lo)*scale), plain(float64(e.Hi)*scale))
		case unit != "ratio" && unit != "s":
			unit = "" // said with the value
		}
		text = finding.Within(text, inUnit(e.Lo, unit), inUnit(e.Hi, unit))
	}
	return text
}

// inUnit writes a number with its unit: ratios as percentages, long times in
// minutes or hours.
func inUnit(v finding.Number, unit string) string {
	switch unit {
	case "ratio":
		return percent(v)
	case "s":
		return seconds(float64(v))
	case "":
		return plain(v)
	}
	text := plain(v)
	if text == "1" {
		unit = singular(unit)
	}
	return text + " " + prose(unit)
}

// singular is the unit of one thing.
func singular(unit string) string {
	switch unit {
	case "copies":
		return "copy"
	case "instances", "workers", "requests", "executions", "lines", "cores", "objects", "models", "units":
		return strings.TrimSuffix(unit, "s")
	}
	return unit
}

func howKnown(e *finding.Estimate) string {
	switch {
	case e.Formula != "" && e.Status != finding.Unanswerable:
		return e.Formula
	case e.Why != "":
		return e.Why
	}
	return string(e.Status)
}

// phaseTable is the time of each phase, its share and how busy the hosts were.
func (s *scribe) phaseTable() table {
	t := table{Head: []string{"", "phase", "from", "took", "share"}, Right: []bool{true, false, false, true, true}}
	var used []string
	var whole time.Duration
	for i := range s.set.Phases {
		p := &s.set.Phases[i]
		whole += p.End.Sub(p.Start)
		for name := range p.Busy {
			if !slices.Contains(used, name) {
				used = append(used, name)
			}
		}
	}
	slices.Sort(used)
	for _, name := range used {
		t.Head, t.Right = append(t.Head, resourceName(name)), append(t.Right, true)
	}
	t.Head = append(t.Head, "")
	for i := range s.set.Phases {
		p := &s.set.Phases[i]
		took := p.End.Sub(p.Start)
		row := []string{fmt.Sprint(i + 1), prose(p.Name), s.clockSeconds(p.Start), seconds(took.Seconds()), percent(took.Seconds() / max(whole.Seconds(), 1e-9))}
		for _, name := range used {
			cell := ""
			if v, ok := p.Busy[name]; ok {
				cell = percent(v)
			}
			row = append(row, cell)
		}
		t.Rows = append(t.Rows, append(row, prose(p.Note)))
	}
	return t
}

// partTables is one table for every kind of part.
func (s *scribe) partTables() []headedTable {
	var out []headedTable
	for i := range s.set.Parts {
		p := &s.set.Parts[i]
		if len(out) == 0 || out[len(out)-1].Heading != partHeading(p.Kind) {
			t := table{Head: []string{prose(p.Kind)}, Right: []bool{false}}
			for _, m := range p.Measures {
				t.Head, t.Right = append(t.Head, prose(m.Label)), append(t.Right, true)
			}
			out = append(out, headedTable{partHeading(p.Kind), t})
		}
		row := []string{cellCode(p.Name)}
		for j := range p.Measures {
			row = append(row, measureValue(&p.Measures[j].Estimate))
		}
		last := &out[len(out)-1].Table
		last.Rows = append(last.Rows, row)
	}
	return out
}

func partHeading(kind string) string {
	if kind == "" {
		return "Parts"
	}
	return prose(strings.ToUpper(kind[:1]) + kind[1:] + "s")
}

// subjectQuality says how complete the data was.
func (s *scribe) subjectQuality() []string {
	c := s.set.Coverage
	lines := []string{s.seriesSentence()}
	if c.LogEvents > 0 {
		lines = append(lines, fmt.Sprintf("%s log events in %s.", whole(float64(c.LogEvents)), plural(float64(c.LogStreams), "stream")))
	} else {
		lines = append(lines, "No log events were read, so nothing here is known from logs.")
	}
	for _, n := range c.Notes {
		lines = append(lines, sentence(n))
	}
	return nonEmpty(append(lines, s.ledgerSentence()))
}

// subjectCommands show the rows behind the measures, charts and findings.
func (s *scribe) subjectCommands() []string {
	var lines, seen []string
	add := func(query string) {
		if query != "" && !slices.Contains(seen, query) {
			seen = append(seen, query)
			lines = append(lines, s.command(query))
		}
	}
	for i := range s.set.Measures {
		add(s.set.Measures[i].Estimate.Query)
	}
	for i := range s.set.Charts {
		add(s.set.Charts[i].Query)
	}
	for i := range s.set.Findings {
		add(s.set.Findings[i].Query)
	}
	return lines
}

// chartPrefix begins the file name of every chart, so that those of an earlier
// report are known.
const chartPrefix = "chart-"

func chartFile(c *finding.Chart) string { return chartPrefix + c.Name + ".png" }

// chartFigures are the charts of the set by file name.
func (s *scribe) chartFigures() map[string]figure {
	out := map[string]figure{}
	for i := range s.set.Charts {
		c := &s.set.Charts[i]
		f := figure{File: chartFile(c), Alt: prose(c.Title), Caption: sentence(c.Read)}
		frame, ys := s.chartFrame(c)
		switch {
		case c.Absent != "":
			f.Absent = sentence(c.Absent)
		case len(frame.Times) == 0 || !frame.End.After(frame.Start):
			f.Absent = "There is no figure here: nothing was published."
		default:
			p := plot.Series{Frame: frame, Title: visible(c.Axis, maxCode), Ratio: c.Percent}
			for j := range c.Lines {
				name := visible(c.Lines[j].Name, maxCode)
				if c.Lines[j].Heavy {
					p.Heavy = name
				}
				p.Lines = append(p.Lines, plot.Line{Name: name, Y: ys[j]})
			}
			for _, l := range c.Limits {
				p.Limits = append(p.Limits, plot.Limit{Name: visible(l.Name, maxCode), Y: l.Y})
			}
			f.Paint = p
		}
		out[f.File] = f
	}
	return out
}

// chartFrame puts the lines of a chart on one grid of times.
func (s *scribe) chartFrame(c *finding.Chart) (plot.Frame, [][]float64) {
	at := map[int64]int{}
	var times []time.Time
	for i := range c.Lines {
		times = append(times, c.Lines[i].Times...)
	}
	slices.SortFunc(times, time.Time.Compare)
	times = slices.CompactFunc(times, time.Time.Equal)
	for i, t := range times {
		at[t.UnixNano()] = i
	}
	ys := make([][]float64, len(c.Lines))
	for i := range c.Lines {
		ys[i] = slices.Repeat([]float64{math.NaN()}, len(times))
		for j, t := range c.Lines[i].Times {
			ys[i][at[t.UnixNano()]] = c.Lines[i].Y[j]
		}
	}
	f := plot.Frame{Start: s.set.Window.Start, End: s.set.Window.End, Zone: s.zone, Bucket: time.Minute, Times: times}
	for i := 1; i < len(times); i++ {
		if d := times[i].Sub(times[i-1]); i == 1 || d < f.Bucket {
			f.Bucket = d
		}
	}
	if n := len(times); n > 0 {
		if f.Start.IsZero() || times[0].Before(f.Start) {
			f.Start = times[0]
		}
		if end := times[n-1].Add(f.Bucket); f.End.Before(end) {
			f.End = end
		}
	}
	for i := range c.Bands {
		f.StepWord = "phase"
		b := &c.Bands[i]
		f.Steps = append(f.Steps, plot.Step{Number: i + 1, Name: visible(b.Name, maxCode), Start: b.Start, End: b.End})
		if b.Start.Before(f.Start) {
			f.Start = b.Start
		}
		if b.End.After(f.End) {
			f.End = b.End
		}
	}
	return f, ys
}
