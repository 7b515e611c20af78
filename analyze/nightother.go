package analyze

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"sizewise/analyze/change"
	"sizewise/analyze/engine"
	"sizewise/analyze/finding"
)

// moreSeries is a series beside those that every endpoint has.
type moreSeries struct {
	followedMetric
	values, load, noises []float64 // by hour; NaN is missing
}

// series is what nights are compared by. ok is false when too little is there.
func (m moreSeries) series(floor float64) (change.Series, bool) {
	s := change.Series{
		Family: m.name, Basis: m.basis, Scale: m.scale, Floor: m.floor, Values: m.values, Load: m.load, Noise: m.noises,
	}
	if s.Floor == 0 {
		s.Floor = floor
	}
	there := 0
	for _, v := range m.values {
		if v == v {
			there++
		}
	}
	return s, there >= 24
}

// seriesHour is a row of hourly_series.
type seriesHour struct {
	there                 bool
	samples, added, mean  float64
	lowest, highest       float64
	p50, p99, secondsUnit float64 // the last: seconds in the unit of a duration
}

// rawSeries is one series of hourly_series, by hour.
type rawSeries struct {
	metric, unit, dimSet, dims string
	hours                      []seriesHour
}

// other says whether a subject is one of o.Others, and which.
func (n *nightReader) other(key string) (NightOther, bool) {
	i := slices.IndexFunc(n.o.Others, func(o NightOther) bool { return o.Subject == key })
	if i < 0 {
		return NightOther{}, false
	}
	return n.o.Others[i], true
}

// keys are all subjects that must be told of: those found by a pattern are only
// told of when they have something to tell, if they are jobs.
func (n *nightReader) keys() []string {
	var out []string
	for _, name := range n.o.Endpoints {
		out = append(out, "endpoint/"+name)
	}
	for _, o := range n.o.Others {
		if !o.Found || !isJob(o.Subject) {
			out = append(out, o.Subject)
		}
	}
	return out
}

// isJob says whether each run of what the subject names is another subject.
func isJob(key string) bool {
	kind, _, _ := strings.Cut(key, "/")
	return slices.Contains([]string{"training", "processing", "transform", "recommender", "labeling"}, kind)
}

// readOthers adds what is no endpoint with instances. A lake without any of it
// is not asked.
func (n *nightReader) readOthers(ctx context.Context) error {
	raw, followers := map[*followed][]*rawSeries{}, map[home]*followed{} // nobody's as well: rows are many
	params := map[string]any{"start": n.o.start(), "end": n.o.End}
	if len(n.o.Others) == 0 && len(n.o.Endpoints) == 1 {
		params["subject"] = "endpoint/" + n.o.Endpoints[0]
	}
	err := n.each(ctx, "hourly_series", params, func(r *engine.Rows) {
		h := home{r.String("account"), r.String("region"), r.String("subject"), r.String("variant")}
		f, seen := followers[h]
		if !seen {
			f = n.followerOf(h)
			followers[h] = f
		}
		if f == nil {
			return
		}
		s := rawSeries{metric: r.String("metric"), unit: r.String("unit"), dimSet: r.String("dim_set"), dims: r.String("dims")}
		list := raw[f]
		if k := len(list); k == 0 || list[k-1].metric != s.metric || list[k-1].unit != s.unit || list[k-1].dims != s.dims {
			s.hours = make([]seriesHour, len(f.hours))
			raw[f] = append(list, &s)
		}
		list = raw[f]
		at := int(r.Time("hour").UTC().Sub(n.o.start()) / time.Hour)
		if at < 0 || at >= len(f.hours) {
			return
		}
		list[len(list)-1].hours[at] = seriesHour{
			there: true, samples: r.Float64("samples"), added: r.Float64("added"), mean: r.Float64("mean"),
			lowest: r.Float64("lowest"), highest: r.Float64("highest"), p50: r.Float64("p50"), p99: r.Float64("p99"),
			secondsUnit: secondsOf(s.unit),
		}
		if !strings.HasPrefix(f.key, "endpoint/") {
			f.mark(at)
		}
	})
	if err != nil {
		return err
	}
	if err := n.readNotebooks(ctx); err != nil {
		return err
	}
	slices.SortFunc(n.followed, func(a, b *followed) int { return a.compare(b.home) })
	for _, f := range n.followed {
		f.more = f.moreOf(raw[f])
	}
	return nil
}

// mark says that something was published in an hour.
func (f *followed) mark(at int) {
	f.hours[at].there, f.hours[at].minutes, f.steady = true, 60, true
	if f.first < 0 || at < f.first {
		f.first = at
	}
}

// followerOf is who follows a series; nil when nobody does. What an endpoint
// publishes of all its variants goes to the first.
func (n *nightReader) followerOf(h home) *followed {
	endpoint, is := strings.CutPrefix(h.key, "endpoint/")
	_, wanted := n.other(h.key)
	switch {
	case is && !n.follows(endpoint), !is && !wanted:
		return nil
	case !is:
		h.variant = ""
	}
	for _, f := range n.followed {
		if f.key == h.key && f.account == h.account && f.region == h.region && (h.variant == "" || f.variant == h.variant) {
			return f
		}
	}
	if is { // without an hour of hourly_levels there is nothing to hold it against
		return nil
	}
	f := n.newFollowed(h)
	n.followed = append(n.followed, f)
	return f
}

// readNotebooks marks the hours in which notebook instances logged: they publish
// no metrics.
func (n *nightReader) readNotebooks(ctx context.Context) error {
	for _, o := range n.o.Others {
		if !strings.HasPrefix(o.Subject, "notebook/") {
			continue
		}
		params := map[string]any{"subject": o.Subject, "start": n.o.start(), "end": n.o.End}
		err := n.each(ctx, "log_hours", params, func(r *engine.Rows) {
			at := int(r.Time("hour").UTC().Sub(n.o.start()) / time.Hour)
			f := n.followerOf(home{key: o.Subject})
			if at >= 0 && at < len(f.hours) {
				f.mark(at)
				f.steady = false // silence of a notebook is no news
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// secondsOf is how many seconds a unit of duration is; the latencies of
// SageMaker are microseconds where the source did not say.
func secondsOf(unit string) float64 {
	switch unit {
	case "Seconds":
		return 1
	case "Milliseconds":
		return 1e-3
	}
	return 1e-6
}

// comparable says what a subject that is compared run by run is.
func comparable(r *finding.NightRun) (finding.NightStatus, string) {
	if r.Compared < change.LeastRuns {
		return finding.NightNew, notComparable(r)
	}
	return finding.NightQuiet, ""
}

func missingHours(k int) []float64 { return slices.Repeat([]float64{math.NaN()}, k) }
