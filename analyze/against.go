package analyze

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"sizewise/analyze/capacity"
	"sizewise/analyze/compare"
	"sizewise/analyze/finding"
)

// baseline is the earlier window that a window is compared with; zero when none
// was asked for.
func (o *Options) baseline(w finding.Window) finding.Window {
	b := o.Baseline
	if d := o.BaselineBefore; d > 0 {
		b = finding.Window{Start: w.Start.Add(-d), End: w.End.Add(-d)}
	}
	if b.Start.IsZero() {
		return finding.Window{}
	}
	return finding.Window{Start: b.Start.UTC(), End: b.End.UTC()}
}

// against analyzes the baseline likewise and sets both side by side. A baseline
// that the lake has nothing of is no error: the set then has no comparison, and
// says why.
func against(ctx context.Context, o Options, set *finding.Set) error {
	w := o.baseline(set.Window)
	if w.Start.IsZero() || w.End.After(set.Window.Start) {
		return nil
	}
	o.Start, o.End = w.Start, w.End
	o.Baseline, o.BaselineBefore = finding.Window{}, time.Duration(0)
	before, err := run(ctx, o)
	var none *NoDataError
	switch {
	case errors.As(err, &none):
		set.Coverage.Notes = append(set.Coverage.Notes, "The lake holds no metrics of the baseline, so its numbers are not compared.")
		return nil
	case err != nil:
		return err
	}
	c := compare.Runs([]finding.Set{before, *set}, compare.Options{Labels: []string{"the baseline", "now"}, MaxRegression: math.NaN(), Tool: o.Tool})
	set.Against = &c
	set.Findings = withTransfer(set.Findings, capacity.Transfer(&before, set))
	return nil
}

// withTransfer puts findings of the same severity behind those there are.
func withTransfer(all, more []finding.Finding) []finding.Finding {
	for _, f := range more {
		at := len(all)
		for at > 0 && all[at-1].Severity == finding.Info && f.Severity != finding.Info {
			at--
		}
		all = slices.Insert(all, at, f)
	}
	return all
}
