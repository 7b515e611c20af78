package analyze

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"strings"

	"sizewise/analyze/engine"
	"sizewise/analyze/finding"
	"sizewise/analyze/pattern"
	"sizewise/analyze/stat"
)

// changeRate is the share of the changes told of that may be none.
const changeRate = 0.01

// baseline is what the lake holds of the baseline.
type baseline struct {
	window  finding.Window
	minutes []finding.Minute
	signals []signal
	lines   int64
	why     string // why there is no comparison
}

func (b *baseline) usable() bool { return !b.window.Start.IsZero() && b.why == "" }

// readBaseline reads the messages of the baseline, if one was asked for.
func (r *reader) readBaseline(ctx context.Context, ev *evidence) error {
	w := r.options.baseline(ev.window)
	if w.Start.IsZero() {
		return nil
	}
	b := &ev.before
	b.window = w
	if b.window.End.After(ev.window.Start) {
		b.why = "the baseline must end before the window begins"
		return nil
	}
	params := map[string]any{
		"endpoint": r.options.Name, "variant": ev.variant, "start": b.window.Start, "end": b.window.End, "bucket_s": ev.tested.PeriodS,
	}
	err := r.each(ctx, "log_levels_by_minute", params, func(rows *engine.Rows) { b.lines += rows.Int64("lines") })
	if err != nil {
		return err
	}
	switch {
	case b.lines == 0:
		b.why = "the lake holds no log of the baseline: pull it with sizewise ingest"
		return nil
	case ev.coverage.LogEvents == 0:
		b.why = "the lake holds no log of the window"
		return nil
	}
	if b.signals, err = r.readSignals(ctx, params); err != nil {
		return err
	}
	b.minutes, err = r.minutes(ctx, ev.variant, b.window, ev.tested.PeriodS)
	return err
}

// compared says what became of the messages since the baseline; nil without one.
func (ev *evidence) compared(messages []*message) *finding.LogBaseline {
	b := &ev.before
	if b.window.Start.IsZero() {
		return nil
	}
	out := &finding.LogBaseline{
		Window: b.window, Lines: b.lines, Why: b.why, Per: "requests",
		Before: finding.Number(requests(b.minutes)), After: finding.Number(requests(ev.minutes)),
	}
	if !(out.Before > 0) || !(out.After > 0) {
		out.Per = "seconds"
		out.Before = finding.Number(b.window.End.Sub(b.window.Start).Seconds())
		out.After = finding.Number(ev.window.End.Sub(ev.window.Start).Seconds())
	}
	if !b.usable() {
		return out
	}
	old := pattern.Window{Exposure: float64(out.Before), Lines: map[string]int64{}, Dispersion: map[string]float64{}}
	now := pattern.Window{Exposure: float64(out.After), Lines: map[string]int64{}, Dispersion: map[string]float64{}}
	byText := map[string]*message{}
	for _, m := range messages {
		if m.exception {
			continue
		}
		byText[m.text] = m
		now.Lines[m.text], now.Dispersion[m.text] = m.lines, m.dispersion(ev.minutes)
		if m.early != nil {
			old.Lines[m.text], old.Dispersion[m.text] = m.early.lines, m.early.dispersion(b.minutes)
		}
	}
	for _, c := range pattern.Changes(old, now, changeRate) {
		out.Changes = append(out.Changes, logChange(c, byText[c.Template]))
		delete(byText, c.Template)
	}
	out.Changes = out.Changes[:min(len(out.Changes), mostTemplates)]
	for _, text := range slices.Sorted(maps.Keys(byText)) {
		m := byText[text]
		if m.lines > 0 && m.early != nil {
			out.Same++
			continue
		}
		out.Rare++
		if m.lines > 0 && m.weight() == 2 {
			out.Unsure = append(out.Unsure, logChange(pattern.Change{Template: text, Kind: pattern.New, After: m.lines, Q: math.NaN(), Ratio: stat.Interval{Lo: math.NaN(), Hi: math.NaN()}}, m))
		}
	}
	slices.SortStableFunc(out.Unsure, func(a, b finding.LogChange) int { return cmp.Compare(b.After, a.After) })
	out.Unsure = out.Unsure[:min(len(out.Unsure), mostUnsure)]
	return out
}

// mostUnsure is how many new failures are named that chance could have brought.
const mostUnsure = 3

func logChange(c pattern.Change, m *message) finding.LogChange {
	seen := m
	if m.lines == 0 {
		seen = m.early
	}
	out := finding.LogChange{
		Template: m.text, Level: seen.level(), Kind: finding.LogChangeKind(c.Kind), Before: c.Before, After: c.After,
		Ratio: known(c.Ratio.Value), Lo: known(c.Ratio.Lo), Hi: known(c.Ratio.Hi), Q: finding.Number(c.Q),
		First: seen.first, Last: seen.last, Streams: len(seen.streams), Example: seen.example, Query: "log_signals_by_minute",
	}
	if c.Before == 0 || c.After == 0 {
		out.Ratio = finding.Missing()
	}
	if m.early != nil && m.early.first.Before(out.First) {
		out.First = m.early.first
	}
	return out
}

// known is x, or missing when it is infinite.
func known(x float64) finding.Number {
	if math.IsInf(x, 0) {
		return finding.Missing()
	}
	return finding.Number(x)
}

// requests is how many came; 0 when nobody counted.
func requests(minutes []finding.Minute) float64 {
	total := 0.0
	for i := range minutes {
		if n := minutes[i].Invocations; n > 0 {
			total += n
		}
	}
	return total
}

// dispersion is the variance of the message's lines by bucket over their mean:
// about 1 when each line comes by itself.
func (m *message) dispersion(minutes []finding.Minute) float64 {
	n := m.series(minutes)
	if len(n) < 2 {
		return 1
	}
	mean := stat.Mean(n)
	if !(mean > 0) {
		return 1
	}
	squares := 0.0
	for _, x := range n {
		squares += (x - mean) * (x - mean)
	}
	return squares / float64(len(n)-1) / mean
}

// middle is the median of what is known.
func middle(x []float64) finding.Number {
	x = slices.DeleteFunc(slices.Clone(x), math.IsNaN)
	if len(x) == 0 {
		return finding.Missing()
	}
	return finding.Number(stat.Median(x))
}

// skeletonsOf lists masked messages with their counts, in order.
func skeletonsOf(counts map[string]int64) []pattern.Skeleton {
	out := make([]pattern.Skeleton, 0, len(counts))
	for text, n := range counts {
		out = append(out, pattern.Skeleton{Text: text, Count: n})
	}
	slices.SortFunc(out, func(a, b pattern.Skeleton) int { return strings.Compare(a.Text, b.Text) })
	return out
}
