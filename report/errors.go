package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sizewise/analyze/finding"
)

// errorNotes are the sentences about failed requests.
func (s *scribe) errorNotes() []string {
	lines := nonEmpty([]string{
		s.onsetSentence(),
		s.kindSentence("5xx", errors5Of),
		s.kindSentence("4xx", errors4Of),
	})
	return nonEmpty(append(append(lines, s.explanationNotes()...), s.levelSentence()))
}

func (s *scribe) onsetSentence() string {
	e := s.set.Answers.ErrorOnset
	if e.Status == "" {
		return ""
	}
	if e.Status == finding.Unanswerable || !e.Value.Known() {
		return "No rate can be named at which errors begin" + because(e.Why)
	}
	if e.Status == finding.AtLeast {
		return fmt.Sprintf("Errors do not begin below %s per instance%s", bold(e), because(e.Why))
	}
	return fmt.Sprintf("Errors begin at %s per instance%s%s", bold(e), bracketed(span(float64(e.Value), float64(e.Lo), float64(e.Hi))), because(e.Why))
}

// kindSentence follows one kind of error over the steps.
func (s *scribe) kindSentence(kind string, of func(*finding.Step) finding.Number) string {
	steps := s.set.Steps
	if !has(steps, of) {
		if len(steps) > 0 {
			return kind + " answers were not published."
		}
		return ""
	}
	var first, worst *finding.Step
	for i := range steps {
		v := of(&steps[i])
		if !(v > 0) {
			continue
		}
		if first == nil {
			first = &steps[i]
		}
		if worst == nil || v > of(worst) {
			worst = &steps[i]
		}
	}
	switch {
	case first == nil:
		return fmt.Sprintf("%s: none in any step.", kind)
	case flat(values(steps, of)):
		return fmt.Sprintf("%s: up to %s at any load, so they do not come from the load.", kind, percent(float64(of(worst))))
	case first == worst:
		return fmt.Sprintf("%s: %s in %s.", kind, percent(of(first)), s.stepName(first))
	default:
		return fmt.Sprintf("%s: first in %s (%s of requests), most in %s (%s).", kind, s.stepName(first), percent(of(first)), s.stepName(worst), percent(of(worst)))
	}
}

// flat reports whether the values are about the same at every step: most are
// above zero and none is more than twice the mean.
func flat(vs []float64) bool {
	total, n, above := 0.0, 0.0, 0.0
	for _, v := range vs {
		if known(v) {
			total, n = total+v, n+1
			if v > 0 {
				above++
			}
		}
	}
	return n >= 2 && above >= 0.6*n && greatest(vs) <= 2*total/n
}

// levelSentence counts log lines by level.
func (s *scribe) levelSentence() string {
	l := s.set.Logs
	if !s.hasLogs() {
		return "No container log was read."
	}
	var parts []string
	for _, level := range []string{"FATAL", "ERROR", "WARN", "INFO", "DEBUG"} {
		if n := l.Levels[level]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", whole(float64(n)), level))
		}
	}
	if n := l.Levels[""]; n > 0 {
		parts = append(parts, fmt.Sprintf("%s without a level", whole(float64(n))))
	}
	switch {
	case len(parts) == 0:
		return plural(float64(l.Lines), "log line") + "."
	case len(parts) == 1 && strings.HasPrefix(parts[0], whole(float64(l.Lines))+" "):
		return fmt.Sprintf("%s, all %s.", plural(float64(l.Lines), "log line"), strings.TrimPrefix(parts[0], whole(float64(l.Lines))+" "))
	}
	return fmt.Sprintf("%s: %s.", plural(float64(l.Lines), "log line"), list(parts))
}

// maxTemplates bounds the table of templates.
const maxTemplates = 20

// templates is the table of masked messages by step. Its numbers are those of
// the queries that show the lines.
func (s *scribe) templates() table {
	all := s.set.Logs.Templates
	groups := s.groups()
	t := table{Head: []string{"message", "level", "lines"}, Right: []bool{false, false, true}}
	for _, g := range groups {
		t.Head, t.Right = append(t.Head, s.head(g)), append(t.Right, true)
	}
	t.Head = append(t.Head, "instances", "first", "last")
	for i := range all[:min(len(all), maxTemplates)] {
		l := &all[i]
		row := []string{fmt.Sprintf("%d. %s", i+1, cellCode(l.Template)), levelOrDash(l.Level), whole(float64(l.Lines))}
		for _, g := range groups {
			row = append(row, whole(float64(byStep(l, g.steps))))
		}
		t.Rows = append(t.Rows, append(row, streamsOf(l.Streams, l.OfStreams), s.clockSeconds(l.First), s.clockSeconds(l.Last)))
	}
	if len(all) > maxTemplates {
		t.Note = fmt.Sprintf("And %d more templates; findings.json lists them all.", len(all)-maxTemplates)
	}
	if len(all) > 0 {
		t.Note = strings.TrimSpace(t.Note + s.rowsOf(all[0].Query))
	}
	return t
}

func levelOrDash(level string) string {
	if level == "" {
		return "–"
	}
	return prose(level)
}

// insights are the CloudWatch Logs Insights queries that show the lines of the
// rows of the tables of messages, each below its number. Messages without enough
// plain text have none.
func (s *scribe) insights() string {
	var queries []string
	numbers := map[string]string{}
	add := func(number, template, example string) {
		fragments := plainFragments(template, example)
		if len(fragments) == 0 {
			return
		}
		for k, f := range fragments {
			fragments[k] = `@message like "` + f + `"`
		}
		q := "fields @timestamp, @logStream, @message | filter " + strings.Join(fragments, " and ") + " | sort @timestamp"
		if numbers[q] != "" {
			numbers[q] += ", " + number
			return
		}
		numbers[q] = number
		queries = append(queries, q)
	}
	l := &s.set.Logs
	for i := range l.Templates[:min(len(l.Templates), maxTemplates)] {
		add(fmt.Sprint(i+1), l.Templates[i].Template, l.Templates[i].Example)
	}
	for i := range l.Exceptions[:min(len(l.Exceptions), maxTemplates)] {
		add(fmt.Sprintf("E%d", i+1), l.Exceptions[i].Message, l.Exceptions[i].Example)
	}
	if l.Baseline != nil {
		for i := range l.Baseline.Changes[:min(len(l.Baseline.Changes), maxTemplates)] {
			add(fmt.Sprintf("B%d", i+1), l.Baseline.Changes[i].Template, l.Baseline.Changes[i].Example)
		}
	}
	lines := make([]string, 0, 2*len(queries))
	for _, q := range queries {
		lines = append(lines, "# no. "+numbers[q], q)
	}
	return strings.Join(lines, "\n")
}

// Bounds of what a query looks for.
const (
	mostFragments = 3
	leastFragment = 8  // bytes; less is in too many lines
	mostFragment  = 60 // bytes
)

// plainFragments are the longest pieces of a template that are the same in every
// line and need no quoting, in their order. A piece that the example has not, as
// where blanks were joined, would find nothing.
func plainFragments(template, example string) []string {
	plain := regexp.MustCompile(`[A-Za-z][A-Za-z0-9_. ]*[A-Za-z0-9]`)
	var all []string
	for piece := range strings.SplitSeq(maskless(template), "\x00") {
		for _, m := range plain.FindAllString(piece, -1) {
			m = strings.TrimSpace(m[:min(len(m), mostFragment)])
			if len(m) >= leastFragment && (example == "" || strings.Contains(example, m)) && !slices.Contains(all, m) {
				all = append(all, m)
			}
		}
	}
	longest := slices.Clone(all)
	slices.SortStableFunc(longest, func(a, b string) int { return len(b) - len(a) })
	longest = longest[:min(len(longest), mostFragments)]
	return slices.DeleteFunc(all, func(m string) bool { return !slices.Contains(longest, m) })
}

// maskless replaces masks such as <num> by a separator.
func maskless(template string) string {
	return regexp.MustCompile(`<[^<>]{1,20}>`).ReplaceAllString(template, "\x00")
}

// findings are the checks' sayings, worst first.
func (s *scribe) findings() []finding.Finding {
	rank := func(f finding.Finding) int {
		return slices.Index([]finding.Severity{finding.Critical, finding.Warning, finding.Info}, f.Severity)
	}
	out := slices.Clone(s.set.Findings)
	slices.SortStableFunc(out, func(a, b finding.Finding) int { return rank(a) - rank(b) })
	return out
}

// findingText words one finding as a list item with its evidence below.
func (s *scribe) findingText(f finding.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "- **%s:** %s", severityWord(f.Severity), sentence(f.Title))
	if f.Check != "" {
		fmt.Fprintf(&b, " (%s)", code("sizewise explain "+f.Check))
	}
	for _, e := range f.Evidence {
		if t := sentence(e); t != "" {
			fmt.Fprintf(&b, "\n  - %s", t)
		}
	}
	if f.Query != "" {
		fmt.Fprintf(&b, "\n  - Rows: %s", code(f.Query))
	}
	return b.String()
}

func severityWord(sev finding.Severity) string {
	switch sev {
	case finding.Critical:
		return "Critical"
	case finding.Warning:
		return "Warning"
	default:
		return "Note"
	}
}
