package report

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"text/template"
	"time"

	"sizewise/analyze/finding"
)

// The names of the files that WriteComparison makes beside the figures.
const (
	ComparisonFile     = "comparison.md"
	ComparisonJSON     = "comparison.json"
	ComparisonHTMLFile = "comparison.html"
	priceFile          = "price-performance.png"
	heatFile           = "fleets.png"
)

// EncodeComparison is comparison.json: indented, null for every number that is
// not known, with a newline at the end.
func EncodeComparison(c finding.Comparison) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(finding.Listed(c)); err != nil {
		return nil, fmt.Errorf("encoding the comparison: %w", err)
	}
	return b.Bytes(), nil
}

// WriteComparison renders runs side by side into o.Dir: comparison.json, the
// figures that the data allows, comparison.md, and comparison.html when asked. A
// file appears whole or not at all, the page last. Same comparison, same bytes.
func WriteComparison(ctx context.Context, c finding.Comparison, o Options) error {
	dir := o.Dir
	if dir == "" {
		dir = "."
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making the comparison's directory: %w", err)
	}
	data, err := EncodeComparison(c)
	if err != nil {
		return err
	}
	if err := writeFile(dir, ComparisonJSON, data); err != nil {
		return err
	}
	s := newCollator(c, o)
	figures := map[string]figure{priceFile: s.priceFigure(), heatFile: s.heatFigure()}
	pictures := map[string][]byte{}
	for _, name := range []string{priceFile, heatFile} {
		picture, err := drawFigure(ctx, dir, name, figures[name])
		if err != nil {
			return err
		}
		pictures[name] = picture
	}
	markdown, err := s.markdown(figures)
	if err != nil {
		return fmt.Errorf("rendering %s: %w", ComparisonFile, err)
	}
	if err := writeFile(dir, ComparisonFile, markdown); err != nil {
		return err
	}
	if !o.HTML {
		return remove(dir, ComparisonHTMLFile)
	}
	page, err := toHTML(markdown, "Comparison: "+visible(s.title(), maxCode), pictures)
	if err != nil {
		return fmt.Errorf("rendering %s: %w", ComparisonHTMLFile, err)
	}
	return writeFile(dir, ComparisonHTMLFile, page)
}

// collator words a comparison.
type collator struct {
	c    finding.Comparison
	zone *time.Location
}

func newCollator(c finding.Comparison, o Options) *collator {
	zone := o.Zone
	if zone == nil {
		zone = time.UTC
	}
	return &collator{c, zone}
}

// comparisonWords are the finished sentences and tables of a comparison.
type comparisonWords struct {
	Title, Summary          string
	Reasons                 []string
	Runs, Contrasts, Levels table
	HowContrasts            string
	Price, Heat             figure
	Fleets                  table
	Commands, Colophon      []string
}

func (s *collator) markdown(figures map[string]figure) ([]byte, error) {
	funcs := template.FuncMap{
		"join":  func(lines []string) string { return strings.Join(lines, " ") },
		"lines": func(lines []string) string { return strings.Join(lines, "\n") },
	}
	t, err := template.New("compare.md.tmpl").Funcs(funcs).ParseFS(templateFiles, "templates/*.md.tmpl")
	if err != nil {
		return nil, err
	}
	w := comparisonWords{
		Title: prose(s.title()), Summary: sentence(s.c.Verdict.Summary),
		Runs: s.runs(), Contrasts: s.contrasts(), HowContrasts: s.howContrasts(), Levels: s.levels(),
		Price: figures[priceFile], Heat: figures[heatFile], Fleets: s.fleets(), Commands: s.commands(), Colophon: s.colophon(),
	}
	for _, r := range s.c.Verdict.Reasons {
		w.Reasons = append(w.Reasons, sentence(r))
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "compare.md.tmpl", w); err != nil {
		return nil, err
	}
	return tidyBlankLines(b.Bytes()), nil
}

// title names the runs: their subjects, or the one that all share.
func (s *collator) title() string {
	var names []string
	for _, r := range s.c.Runs {
		if len(names) == 0 || names[len(names)-1] != r.Subject {
			names = append(names, r.Subject)
		}
	}
	if len(names) == 1 {
		return fmt.Sprintf("%s, %d runs", names[0], len(s.c.Runs))
	}
	return strings.Join(names, ", ")
}

// window writes a run's span with its dates.
func (s *collator) window(w finding.Window) string {
	if w.Start.IsZero() {
		return unknownText
	}
	a, b := w.Start.In(s.zone), w.End.In(s.zone)
	if a.Format(time.DateOnly) == b.Format(time.DateOnly) {
		return a.Format("2 Jan 2006 15:04") + "–" + b.Format("15:04")
	}
	return a.Format("2 Jan 2006 15:04") + "–" + b.Format("2 Jan 15:04")
}

// runs is the table of what is compared.
func (s *collator) runs() table {
	zone, _ := s.c.Runs[0].Window.Start.In(s.zone).Zone()
	t := table{Head: []string{"run", "subject", "window, " + zone, "instance", "price", "verdict"}}
	for i, r := range s.c.Runs {
		label := "**" + prose(r.Label) + "**"
		if i == 0 {
			label += ", the baseline"
		}
		kind := prose(r.InstanceType)
		if r.InstanceType == "" {
			kind = unknownText
		}
		price := "not given"
		if r.Price.Known() {
			price = plain(r.Price) + " USD/h"
		}
		t.Rows = append(t.Rows, []string{label, cellCode(r.Subject), s.window(r.Window), kind, price, sentence(r.Verdict.Summary)})
	}
	return t
}

// contrasts is the table of numbers against the baseline's.
func (s *collator) contrasts() table {
	base := s.c.Runs[0].Label
	t := table{Head: []string{"", "run", prose(base), "run's own", "change, 95 % interval", ""}, Right: []bool{false, false, true, true, true}}
	for i := range s.c.Contrasts {
		k := &s.c.Contrasts[i]
		t.Rows = append(t.Rows, []string{
			prose(k.Label), prose(k.Run), contrastValue(&k.Base), contrastValue(&k.Other), changeText(k), outcomeText(k),
		})
	}
	return t
}

// contrastValue is an estimate in a cell; blank where the number only exists as
// a change.
func contrastValue(e *finding.Estimate) string {
	switch {
	case e.Value.Known() && e.Status == finding.AtLeast:
		return "at least " + inUnit(e.Value, shortUnit(e.Unit))
	case e.Value.Known() && e.Status != finding.Unanswerable:
		return inUnit(e.Value, shortUnit(e.Unit))
	}
	return "–"
}

// shortUnit is a unit in a table whose heading says that rates are per instance.
func shortUnit(unit string) string {
	if unit == "ratio" {
		return unit
	}
	return unitText(unit)
}

// changeText is a change with its interval: relative, or in percentage points
// where the number is a ratio itself.
func changeText(k *finding.Contrast) string {
	unit := " %"
	if k.Base.Unit == "ratio" || k.Other.Unit == "ratio" {
		unit = " points"
	}
	signed := func(n finding.Number) string {
		text := fixed(100*float64(n), decimalsFor(100*float64(n), 2))
		if n > 0 {
			text = "+" + text
		}
		return text
	}
	switch {
	case k.Change.Known() && k.ChangeLo.Known() && k.ChangeHi.Known():
		return finding.Within(signed(k.Change)+unit, signed(k.ChangeLo), signed(k.ChangeHi))
	case k.ChangeLo.Known():
		return "at least " + signed(k.ChangeLo) + unit
	case k.ChangeHi.Known():
		return "at most " + signed(k.ChangeHi) + unit
	case k.Change.Known():
		return signed(k.Change) + unit + ", no interval"
	}
	return "–"
}

// outcomeText is what the change means, and on what it rests.
func outcomeText(k *finding.Contrast) string {
	words := map[finding.Outcome]string{
		finding.BetterOutcome: "better", finding.WorseOutcome: "worse", finding.Different: "different",
		finding.NoDifference: "no difference beyond noise", finding.CannotTell: "cannot tell",
	}
	word := words[k.Outcome]
	if k.Regression {
		word = "**worse, beyond the limit**"
	}
	why := strings.TrimSuffix(visible(k.Why, maxText), ".")
	if why == "" || why == word || why == "beyond the noise of both intervals" {
		return word
	}
	return word + ": " + prose(why)
}

func (s *collator) howContrasts() string {
	text := "A change is told only when its interval leaves no room for none. "
	if s.c.Options.MaxRegression.Known() {
		text += fmt.Sprintf("The comparison fails when a number is worse by more than %s and that is beyond noise.", percent(s.c.Options.MaxRegression))
	} else {
		text += "Nothing fails: `--max-regression 10%` would make a number that is worse by more than that a failure."
	}
	return text
}

// levels is the table of latency at the same load.
func (s *collator) levels() table {
	t := table{Head: []string{"requests/s per instance"}, Right: []bool{true}}
	for i, r := range s.c.Runs {
		t.Head, t.Right = append(t.Head, "p50 "+prose(r.Label), "p99 "+prose(r.Label), "errors", "busy"), append(t.Right, true, true, true, true)
		if i > 0 {
			t.Head, t.Right = append(t.Head, "p99 change"), append(t.Right, true)
		}
	}
	for _, l := range s.c.Levels {
		row := []string{plain(l.RPS)}
		for i, r := range l.Runs {
			row = append(row, orDash(r.P50, seconds[finding.Number]), orDash(r.P99, seconds[finding.Number]), orDash(r.Errors, percent[finding.Number]), orDash(r.Busy, percent[finding.Number]))
			if i > 0 {
				row = append(row, changeText(&finding.Contrast{Change: r.ChangeP99, ChangeLo: r.ChangeP99Lo, ChangeHi: r.ChangeP99Hi}))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	t.Note = "Levels are the baseline's steps below saturation; other runs are read between their own neighbouring steps. A dash: the run did not reach that load, or was saturated there."
	return t
}

func orDash(n finding.Number, show func(finding.Number) string) string {
	if !n.Known() {
		return "–"
	}
	return show(n)
}

// commands say how each run's own report is made.
func (s *collator) commands() []string {
	var lines []string
	for _, r := range s.c.Runs {
		line := "sizewise report " + quoted(visible(r.Subject, maxCode))
		if !r.Window.Start.IsZero() {
			line += " --start " + r.Window.Start.UTC().Format(time.RFC3339) + " --end " + r.Window.End.UTC().Format(time.RFC3339)
		}
		if s.c.Options.SLO != "" {
			line += " --slo " + quoted(visible(s.c.Options.SLO, maxCode))
		}
		lines = append(lines, "# "+visible(r.Label, maxCode), line)
	}
	return lines
}

func (s *collator) colophon() []string {
	return nonEmpty([]string{"Made by " + prose(s.c.Tool) + ".", "Times are " + prose(s.zone.String()) + "; " + ComparisonJSON + " has them in UTC."})
}
