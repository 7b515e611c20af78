package pattern

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat/distuv"

	"sizewise/analyze/stat"
)

// ChangeKind is what became of a template since a baseline.
type ChangeKind string

// The kinds of change.
const (
	New     ChangeKind = "new"     // not in the baseline at all
	Gone    ChangeKind = "gone"    // in the baseline alone
	Louder  ChangeKind = "louder"  // at least twice as often
	Quieter ChangeKind = "quieter" // at most half as often
)

// Change is a template that a window has and its baseline has not, or not as
// often.
type Change struct {
	Template      string
	Kind          ChangeKind
	Before, After int64         // lines
	Ratio         stat.Interval // of the rates, at 95 %; +Inf for new ones, 0 for gone ones
	Q             float64       // that the rates are equal, corrected for all templates
}

// Window is how often each template came in a time or a number of requests.
type Window struct {
	Lines    map[string]int64
	Exposure float64 // seconds or requests, the same in both windows

	// Dispersion is how many times as much the lines of a template vary from
	// bucket to bucket as they would if each came by itself; less than 1, or
	// none, counts as 1.
	Dispersion map[string]float64
}

// leastChange is how many times as often counts as louder: rates of log lines
// wander by more than counting alone explains.
const leastChange = 2

// Changes compares a window with its baseline, the surest change first. Rates are
// compared by the exact conditional test for two Poisson counts (Przyborowski
// and Wilenski 1940), corrected for the number of templates (Benjamini and
// Hochberg); q above rate is no change. Lines come in bursts: where both windows
// have a template, its counts are divided by the larger dispersion first, and the
// rates must also differ by a factor of two. A template that one window has not is
// new or gone however it came. The interval of the ratio is Wilson's of the share
// that the window has of all lines. It returns nothing when a window has no
// exposure.
func Changes(before, after Window, rate float64) []Change {
	if !(before.Exposure > 0) || !(after.Exposure > 0) {
		return nil
	}
	var out []Change
	var p []float64
	for _, name := range names(before.Lines, after.Lines) {
		c := Change{Template: name, Before: before.Lines[name], After: after.Lines[name]}
		a, b := c.After, c.Before
		if a > 0 && b > 0 {
			d := max(1, before.Dispersion[name], after.Dispersion[name])
			a, b = int64(math.Round(float64(a)/d)), int64(math.Round(float64(b)/d))
		}
		scale := before.Exposure / after.Exposure
		share := stat.Wilson(float64(a), float64(a+b), 0.95)
		c.Ratio = stat.Interval{Value: odds(float64(c.After), float64(c.Before)) * scale, Lo: odds(share.Lo, 1-share.Lo) * scale, Hi: odds(share.Hi, 1-share.Hi) * scale}
		out = append(out, c)
		p = append(p, poissonTest(a, b, after.Exposure/(before.Exposure+after.Exposure)))
	}
	for i, q := range stat.BenjaminiHochberg(p) {
		out[i].Q = q
		out[i].Kind = out[i].kind()
	}
	out = slices.DeleteFunc(out, func(c Change) bool { return c.Kind == "" || c.Q > rate })
	slices.SortFunc(out, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.Q, b.Q), cmp.Compare(b.After, a.After), strings.Compare(a.Template, b.Template))
	})
	return out
}

// odds is a over b, +Inf when b is zero or all but.
func odds(a, b float64) float64 {
	if b < 1e-12 {
		return math.Inf(1)
	}
	return a / b
}

func (c Change) kind() ChangeKind {
	switch {
	case c.Before == 0:
		return New
	case c.After == 0:
		return Gone
	case c.Ratio.Value >= leastChange:
		return Louder
	case c.Ratio.Value <= 1.0/leastChange:
		return Quieter
	}
	return ""
}

// names are the templates of both windows that came at all, in order.
func names(a, b map[string]int64) []string {
	var out []string
	for name, n := range a {
		if n+b[name] > 0 {
			out = append(out, name)
		}
	}
	for name, n := range b {
		if _, both := a[name]; !both && n > 0 {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// poissonTest is the two-sided p-value of a count beside another, when share is
// what it would be of both: twice the smaller tail of the binomial.
func poissonTest(a, b int64, share float64) float64 {
	if a+b == 0 {
		return 1
	}
	d := distuv.Binomial{N: float64(a + b), P: share}
	lower := d.CDF(float64(a))
	upper := 1.0
	if a > 0 {
		upper = 1 - d.CDF(float64(a-1))
	}
	return math.Min(1, 2*math.Max(0, math.Min(lower, upper)))
}
