package main

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"sizewise/analyze/pattern"
	"sizewise/ingest/logline"
)

// patternRow is a template as it is printed.
type patternRow struct {
	Cluster   int        `json:"cluster"`
	Kind      string     `json:"kind"` // message, access or metric
	Template  string     `json:"template"`
	Level     string     `json:"level,omitempty"` // which most of its lines print
	Exception string     `json:"exception,omitempty"`
	Lines     int64      `json:"lines"`
	Share     float64    `json:"share"`           // of all lines that are not blank, 0 to 1
	First     *time.Time `json:"first,omitempty"` // times of the first and the last line in the input
	Last      *time.Time `json:"last,omitempty"`
	Skeletons int        `json:"skeletons"`
	Example   string     `json:"example"`
}

// patternsJSON is what --json prints.
type patternsJSON struct {
	Lines     int64        `json:"lines"`
	Skeletons int          `json:"skeletons"`
	Beyond    int64        `json:"lines_beyond_cap"` // in no template, because there were too many skeletons
	Blank     int64        `json:"blank_lines"`      // in no template, because nothing stands in them
	Templates []patternRow `json:"templates"`
}

func patternsOf(c *lineCounter, rows []patternRow) patternsJSON {
	return patternsJSON{Lines: c.lines, Skeletons: len(c.skeletons), Beyond: c.over, Blank: c.blank, Templates: rows}
}

// patternRows puts together what is known of every template.
func patternRows(c *lineCounter, templates []pattern.Template, redact bool) []patternRow {
	rows := make([]patternRow, len(templates))
	for k, t := range templates {
		rows[k] = patternRowOf(c, t, redact)
		rows[k].Cluster = k + 1
	}
	return rows
}

func patternRowOf(c *lineCounter, t pattern.Template, redact bool) patternRow {
	var levels [len(levelNames{})]int64
	heaviest := t.Members[0]
	row := patternRow{Template: clean(t.Text), Lines: t.Count, Share: float64(t.Count) / float64(max(c.lines-c.blank, 1)), Skeletons: len(t.Members)}
	for _, i := range t.Members {
		s := &c.skeletons[i]
		for l, n := range s.levels {
			levels[l] += n
		}
		if s.lines > c.skeletons[heaviest].lines {
			heaviest = i
		}
		row.First, row.Last = widened(row.First, row.Last, s)
	}
	example := c.skeletons[heaviest].example
	if redact {
		row.Template, example = logline.Redact(row.Template), logline.Redact(example)
	}
	row.Exception = logline.Parse(example).Exception
	row.Example = clean(strings.ToValidUTF8(example, "\ufffd"))
	row.Level = mostOf(levels)
	row.Kind = kindName(c.skeletons[heaviest].kind)
	return row
}

func kindName(k logline.Kind) string {
	switch k {
	case logline.AccessLine:
		return "access"
	case logline.MetricLine:
		return "metric"
	case logline.Message:
	}
	return "message"
}

// mostOf is the level of most lines, the more severe one where two are equal.
func mostOf(levels [len(levelNames{})]int64) string {
	best := 0
	for l, n := range levels {
		if n > 0 && n >= levels[best] {
			best = l
		}
	}
	return logline.Levels()[best]
}

// widened widens first and last by the times of a skeleton's lines.
func widened(first, last *time.Time, s *skeletonCount) (*time.Time, *time.Time) {
	for _, head := range [...][headBytes]byte{s.first, s.last} {
		t, ok := logline.Time(strings.TrimRight(string(head[:]), "\x00"))
		if !ok {
			continue
		}
		if first == nil || t.Before(*first) {
			first = &t
		}
		if last == nil || t.After(*last) {
			last = &t
		}
	}
	return first, last
}

// printPatterns prints the table, with an example below every template.
func (a *app) printPatterns(c *lineCounter, rows []patternRow, top int) error {
	zone, err := a.location()
	if err != nil {
		return err
	}
	w := a.con.out
	blank := ""
	if c.blank > 0 {
		blank = fmt.Sprintf(" (%s blank)", thousands(c.blank))
	}
	fmt.Fprintf(w, "%s%s, %s\n\n", count(c.lines, "line"), blank, count(len(rows), "template"))
	if len(rows) == 0 {
		return nil
	}
	timed := false
	for _, r := range rows {
		timed = timed || r.First != nil
	}
	shown := len(rows)
	if top > 0 {
		shown = min(shown, top)
	}
	head := fmt.Sprintf("%11s  %6s  %-6s", "LINES", "SHARE", "LEVEL")
	if timed {
		head += fmt.Sprintf("  %-19s  %-19s", "FIRST", "LAST")
	}
	fmt.Fprintln(w, head+"  TEMPLATE")
	for _, r := range rows[:shown] {
		level := r.Level
		if level == "" {
			level = "-"
		}
		line := fmt.Sprintf("%11s  %5.1f%%  %-6s", thousands(r.Lines), 100*r.Share, level)
		if timed {
			line += fmt.Sprintf("  %-19s  %-19s", timeOrDash(r.First, zone), timeOrDash(r.Last, zone))
		}
		indent := strings.Repeat(" ", len(head)+2)
		text := r.Template
		if r.Kind != "message" {
			text = r.Kind + ": " + text
		}
		fmt.Fprintf(w, "%s  %s\n%s%s\n", line, clip(text, 200), indent, clip(r.Example, 200))
	}
	if shown < len(rows) {
		_, err = fmt.Fprintf(w, "\n%s more; --top 0 prints all\n", count(len(rows)-shown, "template"))
	}
	return err
}

func timeOrDash(t *time.Time, zone *time.Location) string {
	if t == nil {
		return "-"
	}
	return t.In(zone).Format("2006-01-02T15:04:05")
}

// clip shortens s to n characters.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
