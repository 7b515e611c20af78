package report

import (
	"fmt"
	"slices"
	"strings"

	"sizewise/analyze/finding"
)

// commands are the lines of a shell script that shows the rows behind every
// number: a comment that names the numbers, and the command.
func (s *scribe) commands() []string {
	a := s.set.Answers
	var names, queries []string
	add := func(name, query string) {
		if query == "" {
			return
		}
		if i := slices.Index(queries, query); i >= 0 {
			names[i] += ", " + name
			return
		}
		names, queries = append(names, name), append(queries, query)
	}
	for _, e := range []*finding.Estimate{&a.CostPerMillion, &a.CostPerMillionActual, &a.CostPerMillionAtSLO} {
		if e.Status == finding.Unanswerable {
			e.Query = ""
		}
	}
	add("saturation", a.Saturated.Query)
	for _, e := range []struct {
		name string
		of   finding.Estimate
	}{
		{"capacity", a.Capacity},
		{"rate within the SLO", a.SLORate},
		{"error onset", a.ErrorOnset},
		{"instances", a.Instances},
		{"autoscaling target", a.AutoscalingTarget},
		{"cost", a.CostPerMillion},
		{"cost as it ran", a.CostPerMillionActual},
		{"cost at the SLO rate", a.CostPerMillionAtSLO},
		{"headroom", a.Headroom},
	} {
		add(e.name, e.of.Query)
	}
	add("bottleneck", a.Bottleneck.Query)
	for _, f := range s.set.Findings {
		add("finding "+f.ID, f.Query)
	}
	for i, e := range s.set.Logs.Explanations {
		if i == 0 || e.Metric != s.set.Logs.Explanations[i-1].Metric {
			add("explanation of "+e.Metric, e.Query)
		}
	}
	l := &s.set.Logs
	if len(l.Templates) > 0 {
		add("messages", l.Templates[0].Query)
	}
	if len(l.Exceptions) > 0 {
		add("exceptions", l.Exceptions[0].Query)
	}
	if len(l.Access) > 0 {
		add("latency of the access log", l.Access[0].Query)
	}
	var lines []string
	for i, q := range queries {
		lines = append(lines, "# "+visible(names[i], maxCode), s.command(q))
	}
	return lines
}

// command is the line that shows a query's rows.
func (s *scribe) command(query string) string {
	var b strings.Builder
	b.WriteString("sizewise query " + quoted(visible(query, maxCode)))
	for _, p := range s.paramsOf(query) {
		b.WriteString(" --param " + quoted(visible(p, maxCode)))
	}
	return b.String()
}

// paramsOf are the parameters that a query has: those of subjects of every kind
// go by the subject, and what was described has no window.
func (s *scribe) paramsOf(query string) []string {
	bySubject := strings.HasPrefix(query, "subject_") || query == describedQuery
	if !bySubject {
		return s.params
	}
	out := []string{"subject=" + s.set.Subject}
	for _, p := range s.params {
		if name, _, _ := strings.Cut(p, "="); query != describedQuery && (name == "start" || name == "end") {
			out = append(out, p)
		}
	}
	return out
}

// describedQuery is the named query of what Describe said.
const describedQuery = "resources_latest"

// quoted quotes a parameter for a POSIX shell where it needs it.
func quoted(p string) string {
	safe := func(r rune) bool {
		return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("=/_.:-+@%,", r)
	}
	if strings.IndexFunc(p, func(r rune) bool { return !safe(r) }) < 0 {
		return p
	}
	return "'" + strings.ReplaceAll(p, "'", `'\''`) + "'"
}

// options is the table of what the analysis was asked.
func (s *scribe) options() table {
	o := s.set.Options
	t := table{Head: []string{"option", "value"}}
	add := func(name, value string) { t.Rows = append(t.Rows, []string{cellCode(name), value}) }
	slo := "none"
	if o.SLO != "" {
		slo = cellCode(o.SLO)
	}
	add("--slo", slo)
	peak := "not given"
	if o.PeakRPS.Known() {
		peak = exact(float64(o.PeakRPS)) + " requests/s"
	}
	add("--peak-rps", peak)
	add("--growth", percent(o.Growth))
	add("--target-utilization", percent(o.TargetUtilization))
	if o.InstanceType != "" {
		add("--instance-type", prose(o.InstanceType))
	}
	if o.Instances > 0 {
		add("--instances", fmt.Sprint(o.Instances))
	}
	return t
}

// colophon says what made the report and from what.
func (s *scribe) colophon() []string {
	var lines []string
	if s.set.Tool != "" {
		lines = append(lines, fmt.Sprintf("Made by %s.", prose(s.set.Tool)))
	}
	switch p := s.set.Tested.PeriodS; {
	case p == 60:
		lines = append(lines, "The evidence was read minute by minute.")
	case p > 0:
		lines = append(lines, fmt.Sprintf("The evidence was read in buckets of %d s.", p))
	}
	lines = append(lines, fmt.Sprintf("API calls made: %s.", whole(float64(s.set.Ledger.Calls))))
	zone := s.zone.String()
	return append(lines, fmt.Sprintf("Times are %s; findings.json has them in UTC.", prose(zone)))
}
