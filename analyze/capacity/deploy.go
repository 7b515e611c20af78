package capacity

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"sizewise/analyze/finding"
	"sizewise/analyze/stat"
)

// deploy is a moment from which on a request costs another amount of work.
type deploy struct {
	from   int     // first bucket after it; 0 none
	since  int     // first bucket of the service before it
	change float64 // 0.25: a quarter more than before
	by     string  // the resource that shows it
}

// findDeploy looks for the last moment at which the work per request changed at
// once, as a new model version does. A line that bends with the rate, as under
// batching, explains the same points without a jump, and is asked first.
func (a *analysis) findDeploy() {
	for range mostDeploys {
		d := a.jump(a.deploy.from)
		if d.from == 0 {
			break
		}
		a.deploy = d
	}
	if a.deploy.from == 0 {
		a.deploy = a.quickening()
	}
}

// jump is the clearest change in the buckets from the given one on.
func (a *analysis) jump(from int) deploy {
	best := deploy{}
	for _, r := range a.resources() {
		var index []int
		var x, y []float64
		for i := from; i < len(a.minutes); i++ {
			b, m := &a.buckets[i], &a.minutes[i]
			if b.stable && !b.restart && b.served > 0 && b.loss < lossLimit && m.Invocations >= minRequests && known(r.avg(m)) && a.spread == 1 {
				index, x, y = append(index, i), append(x, b.served), append(y, r.avg(m))
			}
		}
		at, change := jumpIn(x, y)
		if at > 0 && math.Abs(change) > math.Abs(best.change) {
			best = deploy{from: index[at], since: from, change: change, by: r.name}
		}
	}
	return best
}

// jumpIn is where in time the slope of y over x changes at once, and by how
// much, relative; 0 when nothing says so.
func jumpIn(x, y []float64) (at int, change float64) {
	n := len(x)
	if n < 2*minDeploySide || !(stat.Quantile(x, 1) > 0) {
		return 0, 0
	}
	line := leastSquares(columns(nil, x, 0), x, y)
	if line == nil {
		return 0, 0
	}
	rest := line.rss
	for q := 1; q < 8; q++ {
		knot := stat.Quantile(x, float64(q)/8)
		if f := leastSquares(withColumn(x, func(i int) float64 { return max(0, x[i]-knot) }), x, y); f != nil {
			rest = min(rest, f.rss)
		}
	}
	best := math.Inf(1)
	if at = clearestJump(x, y); at > 0 {
		f := leastSquares(withColumn(x, func(i int) float64 {
			if i < at {
				return 0
			}
			return x[i]
		}), x, y)
		if f == nil {
			return 0, 0
		}
		best, change = f.rss, f.beta[2]/f.beta[1]
	}
	if n >= minDriftPoints && trendShare(spaced(n), x) <= mostTrend {
		// Work that drifts slowly is no other service.
		if f := leastSquares(columns(spaced(n), x, driftTerms), x, y); f != nil && best > driftClear*f.rss {
			return 0, 0
		}
	}
	if best > deployClear*rest || math.Abs(change) < leastDeploy || change <= -1 {
		return 0, 0
	}
	return at, change
}

// clearestJump is the place at which a change of the slope leaves the least
// residual, 0 for none. It solves the fit of [leastSquares] at every place from
// running sums, since a month has as many places as minutes.
func clearestJump(x, y []float64) (at int) {
	n, top := len(x), stat.Quantile(x, 1)
	after := make([]moments, n+1) // of the points from i on
	for i := n - 1; i >= 0; i-- {
		after[i] = after[i+1].and(x[i]/top, y[i], 1/(x[i]/top+0.2))
	}
	best := math.Inf(1)
	for tau := minDeploySide; tau <= n-minDeploySide; tau++ {
		if rss, ok := jumpResidual(after[0], after[tau]); ok && rss < best {
			best, at = rss, tau
		}
	}
	return at
}

// moments are weighted sums of products.
type moments struct{ one, x, xx, y, xy, yy float64 }

func (m moments) and(x, y, weight float64) moments {
	w := weight * weight
	return moments{m.one + w, m.x + w*x, m.xx + w*x*x, m.y + w*y, m.xy + w*x*y, m.yy + w*y*y}
}

// jumpResidual is the residual of a line whose slope changes with the points of
// after, part of all. ok is false when they do not determine it or the slope
// before is not positive.
func jumpResidual(all, after moments) (rss float64, ok bool) {
	// The normal equations of (1, x, x of after), the intercept eliminated, with
	// the points before and after in the place of all and after.
	before := moments{all.one, all.x - after.x, all.xx - after.xx, all.y, all.xy - after.xy, all.yy}
	bb, aa := before.xx-before.x*before.x/all.one, after.xx-after.x*after.x/all.one
	ba := -before.x * after.x / all.one
	by, ay := before.xy-before.x*all.y/all.one, after.xy-after.x*all.y/all.one
	det := bb*aa - ba*ba
	if !(det > 1e-12*bb*aa) {
		return 0, false
	}
	slopeBefore, slopeAfter := (by*aa-ay*ba)/det, (ay*bb-by*ba)/det
	return all.yy - all.y*all.y/all.one - slopeBefore*by - slopeAfter*ay, slopeBefore > 0
}

// spaced are n times from 0 to 1.
func spaced(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = float64(i) / float64(n-1)
	}
	return out
}

// beforeDeploy are the sound buckets before the last change of the work per
// request, with the rate at which the later service would do as much work: they
// still tell what is busy without any load.
func (a *analysis) beforeDeploy(r resource) (index []int, x, y []float64) {
	if a.deploy.by != r.name {
		return nil, nil, nil
	}
	for i := a.deploy.since; i < a.deploy.from; i++ {
		b, m := &a.buckets[i], &a.minutes[i]
		if b.stable && !b.restart && b.served > 0 && b.loss-a.baseLoss < maxFitErrors && m.Invocations >= minRequests && known(r.avg(m)) {
			index, x, y = append(index, i), append(x, b.served/(1+a.deploy.change)), append(y, r.avg(m))
		}
	}
	return index, x, y
}

// withColumn is the line's columns and one more.
func withColumn(x []float64, value func(i int) float64) *mat.Dense {
	a := mat.NewDense(len(x), 3, nil)
	for i := range x {
		a.SetRow(i, []float64{1, x[i], value(i)})
	}
	return a
}

// deployFinding says that only what came after the change was judged.
func (a *analysis) deployFinding() []finding.Finding {
	if a.deploy.from == 0 {
		return nil
	}
	more := "more"
	if a.deploy.change < 0 {
		more = "less"
	}
	at := a.minutes[a.deploy.from].Start.UTC().Format("15:04")
	if a.deploy.by == "latency" {
		return []finding.Finding{{
			Check: "deploy", Severity: finding.Warning, Query: "latency_breakdown",
			Title: sprintf("From %s UTC on answers take %s less time than before: a new version, or other requests.", at, percent(math.Abs(a.deploy.change))),
			Evidence: []string{
				"They became quicker at once, although the load was no less than before.",
				sprintf("Only the minutes from %s UTC on are judged; those before belong to another service.", at),
			},
		}}
	}
	return []finding.Finding{{
		Check: "deploy", Severity: finding.Warning, Query: "capacity_plateau",
		Title: sprintf("From %s UTC on a request costs %s %s %s time than before: a new version, or other requests.", at, percent(math.Abs(a.deploy.change)), more, upper(a.deploy.by)),
		Evidence: []string{
			"The change came at once and not with the load.",
			sprintf("Only the minutes from %s UTC on are judged; those before belong to another service.", at),
		},
	}}
}
