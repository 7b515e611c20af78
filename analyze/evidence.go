package analyze

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sizewise/analyze/capacity"
	"sizewise/analyze/engine"
	"sizewise/analyze/finding"
)

// reader asks the lake on behalf of one analysis.
type reader struct {
	engine  *engine.Engine
	options Options
	dimSet  string // the only one whose series are looked at; "" takes every one
}

// plainSet is the dimension set of a variant as a whole. Beside it a large fleet
// has many times as many series, of its zones, instances and containers.
const plainSet = "EndpointName,VariantName"

// evidence is everything that the lake says about one variant in one window.
type evidence struct {
	variant    string
	window     finding.Window
	published  []published
	byInstance []capacity.InstanceMinute
	minutes    []finding.Minute
	tested     finding.Tested
	workers    int // per instance, from the container's log; 0 unknown
	scaling    capacity.Scaling
	coverage   finding.Coverage
	ledger     finding.Ledger
	levels     map[string]int64
	signals    []signal
	thrown     []thrown
	access     []accessMinute
	before     baseline // the baseline

	signalQuery string // that signals come from
	findings    []finding.Finding
}

func (r *reader) subject() string { return r.options.Kind + "/" + r.options.Name }

// evidence reads all but the logs. Each part is one or two named queries; those of
// the variant as a whole and those of the rest are asked at once.
func (r *reader) evidence(ctx context.Context) (ev evidence, err error) {
	v, err := r.variant(ctx)
	if err != nil {
		return evidence{}, err
	}
	ev = evidence{variant: v.name, window: r.window(v)}
	e, err := r.engine.Beside(ctx)
	if err != nil {
		return evidence{}, err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	rest, bucketS := &reader{engine: e, options: r.options}, make(chan int, 1)
	err = atOnce(ctx,
		func(ctx context.Context) error { return r.readMinutes(ctx, v, &ev, bucketS) },
		func(ctx context.Context) error { return rest.readRest(ctx, v, &ev, bucketS) },
	)
	if err != nil {
		return evidence{}, err
	}
	readCoverage(&ev)
	return ev, nil
}

// readRest reads what does not come from the points of the variant as a whole. It
// waits for bucketS.
func (r *reader) readRest(ctx context.Context, v variantSpan, ev *evidence, bucketS <-chan int) (err error) {
	if ev.tested, err = r.tested(ctx, v, ev.window); err != nil {
		return err
	}
	for _, read := range []func(context.Context, *evidence) error{r.readScaling, r.readLedger, r.readWorkers} {
		if err := read(ctx, ev); err != nil {
			return err
		}
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case ev.tested.PeriodS = <-bucketS:
	}
	return r.readInstances(ctx, ev, ev.tested.PeriodS)
}

// readMinutes reads what was published and the evidence by bucket, whose width in
// seconds it sends on as soon as it is known. Both are asked of the plain set,
// unless a metric exists under other dimensions alone.
func (r *reader) readMinutes(ctx context.Context, v variantSpan, ev *evidence, width chan<- int) (err error) {
	window := map[string]any{"endpoint": r.options.Name, "variant": v.name, "start": ev.window.Start, "end": ev.window.End}
	r.dimSet = plainSet
	if ev.published, err = r.published(ctx, window); err != nil {
		return err
	}
	if metricsOf(ev.published) < v.metrics {
		r.dimSet = ""
		if ev.published, err = r.published(ctx, window); err != nil {
			return err
		}
	}
	bucketS := bucket(ev.published)
	width <- bucketS
	if ev.minutes, err = r.minutes(ctx, v.name, ev.window, bucketS); err != nil {
		return err
	}
	if wide := seldom(ev.published, bucketS); wide > 0 {
		values, err := r.minutes(ctx, v.name, ev.window, wide)
		if err != nil {
			return err
		}
		takeUtilization(ev.minutes, values)
	}
	if !anyPublished(ev.minutes) {
		return r.noData(ev.window, fmt.Sprintf("it has %s to %s", stamp(v.first), stamp(v.last)))
	}
	return nil
}

// metricsOf is how many metrics there are.
func metricsOf(all []published) int {
	names := map[string]bool{}
	for _, p := range all {
		names[p.metric] = true
	}
	return len(names)
}

// variantSpan is one variant and what the lake holds of it.
type variantSpan struct {
	name            string
	account, region string
	first, last     time.Time
	points          int64
	metrics         int // distinct, whatever their dimensions
}

// variant finds the one that is meant.
func (r *reader) variant(ctx context.Context) (variantSpan, error) {
	metrics := map[string]int{}
	var names []string
	err := r.each(ctx, "variant_metrics", map[string]any{"endpoint": r.options.Name}, func(rows *engine.Rows) {
		name := rows.String("variant")
		if name == "" {
			return
		}
		if metrics[name] == 0 {
			names = append(names, name)
		}
		metrics[name]++
	})
	if err != nil {
		return variantSpan{}, err
	}
	name := r.options.Variant
	switch {
	case len(names) == 0:
		return variantSpan{}, r.unknown(ctx)
	case name != "" && metrics[name] == 0:
		return variantSpan{}, r.noData(finding.Window{}, "its variants are "+strings.Join(names, ", "))
	case name == "" && len(names) > 1:
		return variantSpan{}, &AmbiguousError{Endpoint: r.options.Name, Variants: names}
	}
	v, err := r.span(ctx, cmp.Or(name, names[0]))
	v.metrics = metrics[v.name]
	return v, err
}

// span is where a variant is and how far its points reach: those of the plain
// set, or all where it has none.
func (r *reader) span(ctx context.Context, name string) (v variantSpan, err error) {
	var homes []Home
	for _, dimSet := range []string{plainSet, ""} {
		err := r.each(ctx, "variant_spans", map[string]any{"endpoint": r.options.Name, "variant": name, "dim_set": dimSet}, func(rows *engine.Rows) {
			next := variantSpan{
				name: name, account: rows.String("account"), region: rows.String("region"),
				first: rows.Time("first_ts").UTC(), last: rows.Time("last_ts").UTC(), points: rows.Int64("points"),
			}
			if next.points > v.points {
				v = next
			}
			if next.region != "" || next.account != "" {
				homes = append(homes, Home{Account: next.account, Region: next.region})
			}
		})
		if err != nil {
			return v, err
		}
		if v.points > 0 {
			break
		}
	}
	return v, r.oneHome(homes)
}

// oneHome refuses to mix endpoints of one name. A home that is known by halves,
// as exported files may have it, is one that is known whole.
func (r *reader) oneHome(homes []Home) error {
	var whole []Home
	for _, h := range homes {
		same := func(o Home) bool {
			return (h.Account == o.Account || h.Account == "" || o.Account == "") && (h.Region == o.Region || h.Region == "" || o.Region == "")
		}
		if !slices.ContainsFunc(whole, same) {
			whole = append(whole, h)
		}
	}
	if len(whole) > 1 {
		return &AmbiguousError{Endpoint: r.options.Name, Homes: whole}
	}
	return nil
}

// unknown says what the lake holds instead of the subject.
func (r *reader) unknown(ctx context.Context) error {
	var others []string
	err := r.each(ctx, "subjects", nil, func(rows *engine.Rows) {
		if s := rows.String("subject"); s != "" && s != r.subject() && rows.Int64("points") > 0 {
			others = append(others, s)
		}
	})
	if err != nil {
		return err
	}
	const most = 5
	switch {
	case len(others) == 0:
		return r.noData(finding.Window{}, "pull it with sizewise ingest, or import files")
	case len(others) > most:
		others = append(others[:most], fmt.Sprintf("%d more", len(others)-most))
	}
	return r.noData(finding.Window{}, "it has "+strings.Join(others, ", "))
}

func (r *reader) noData(w finding.Window, hint string) error {
	return &NoDataError{Lake: r.options.Lake, Subject: r.subject(), Window: w, Hint: hint}
}

// window is the one that was asked for, else all that the lake holds of the
// variant, in whole minutes.
func (r *reader) window(v variantSpan) finding.Window {
	if !r.options.Start.IsZero() {
		return finding.Window{Start: r.options.Start.UTC(), End: r.options.End.UTC()}
	}
	return finding.Window{Start: v.first.Truncate(time.Minute), End: v.last.Truncate(time.Minute).Add(time.Minute)}
}

// published is how the points of a metric lie under one dimension set, at the
// period that was asked for.
type published struct {
	metric, dimSet string
	periodS        int
	spacingS       float64 // median distance of the points
	points, wanted int
	provisional    int
	first, last    time.Time
}

// published says of every series how complete it is.
func (r *reader) published(ctx context.Context, window map[string]any) ([]published, error) {
	var all []published
	window = maps.Clone(window)
	window["dim_set"] = r.dimSet
	err := r.each(ctx, "coverage_by_series", window, func(rows *engine.Rows) {
		all = append(all, published{
			metric: rows.String("metric"), dimSet: rows.String("dim_set"), periodS: int(rows.Int64("period_s")),
			spacingS: rows.Float64("spacing_s"),
			points:   int(rows.Int64("points")), wanted: int(rows.Int64("wanted")), provisional: int(rows.Int64("provisional_points")),
			first: rows.Time("first_ts"), last: rows.Time("last_ts"),
		})
	})
	return all, err
}

// bucket is the width to look at the window with, seconds: the finest period in
// which both load and latency exist, and never under a minute, where a
// percentile would rest on too few requests.
func bucket(all []published) int {
	finest := map[string]int{}
	for _, p := range all {
		if old, ok := finest[p.metric]; !ok || p.periodS < old {
			finest[p.metric] = p.periodS
		}
	}
	return max(60, finest["Invocations"], finest["ModelLatency"])
}

func anyPublished(minutes []finding.Minute) bool {
	for i := range minutes {
		m := &minutes[i]
		if m.Invocations == m.Invocations || m.CPU == m.CPU || m.GPU == m.GPU || m.ModelMean == m.ModelMean {
			return true
		}
	}
	return false
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
