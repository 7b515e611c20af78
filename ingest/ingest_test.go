package ingest

import (
	"context"
	"errors"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
)

func TestRunTwiceAsksNothingAndChangesNothing(t *testing.T) {
	a, m := newAccount(at("12:30:00"), at("13:30:00")), newMemory()
	o := options(a, m, at("16:00:00"))
	first, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	one := first.Subjects[0]
	// Five metrics with points over sixty minutes, as many events.
	if one.Points != 5*60 || one.PointsAdded != one.Points || one.Events != 60 || one.EventsAdded != 60 {
		t.Errorf("points %d (added %d), events %d (added %d); want 300, 300, 60, 60", one.Points, one.PointsAdded, one.Events, one.EventsAdded)
	}
	rows, ledger := m.rows(), maps.Clone(m.ledger)
	fetches, listings := len(a.fetches), len(a.listings)
	second, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.fetches) != fetches || len(a.listings) != listings {
		t.Errorf("the second run asked for data again: %d metric and %d log calls", len(a.fetches)-fetches, len(a.listings)-listings)
	}
	if second.Subjects[0].Chunks != 0 || second.Usage.CostHigh != 0 {
		t.Errorf("the second run counts %d chunks and %g USD, want none", second.Subjects[0].Chunks, second.Usage.CostHigh)
	}
	if d := cmp.Diff(rows, m.rows()) + cmp.Diff(ledger, m.ledger); d != "" {
		t.Errorf("the second run changed the lake:\n%s", d)
	}
}

func TestRefetchAsksAgainAndKeepsRows(t *testing.T) {
	a, m := newAccount(at("12:30:00"), at("13:30:00")), newMemory()
	o := options(a, m, at("16:00:00"))
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	rows, fetches := m.rows(), len(a.fetches)
	o.Refetch = true
	sum, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.fetches) != 2*fetches || sum.Subjects[0].PointsAdded+sum.Subjects[0].PointsChanged != 0 {
		t.Errorf("%d calls, %d rows added, %d changed; want %d calls and no change", len(a.fetches)-fetches,
			sum.Subjects[0].PointsAdded, sum.Subjects[0].PointsChanged, fetches)
	}
	if d := cmp.Diff(rows, m.rows()); d != "" {
		t.Error(d)
	}
}

func TestStatisticsStandSideBySide(t *testing.T) {
	a, m := newAccount(at("12:00:00"), at("12:02:00")), newMemory()
	a.fault = func(_ int, q cloudwatch.Query, r *cloudwatch.MetricResult) error {
		if q.Stat == "p99" {
			r.Points = nil // a metric without percentiles
		}
		return nil
	}
	data, err := a.Fetch(t.Context(), cloudwatch.MetricRequest{
		Queries: []cloudwatch.Query{{Metric: a.metrics[1], Stat: "Average"}, {Metric: a.metrics[1], Stat: "p99"}, {Metric: a.metrics[1], Stat: "tm90"}},
		PeriodS: 60, Start: at("12:00:00"), End: at("12:01:00"),
	})
	if err != nil {
		t.Fatal(err)
	}
	p := &pull{Options: options(a, m, at("16:00:00")), survey: &survey{}}
	c := chunk{
		publisher: publisher{namespace: "AWS/SageMaker", dims: a.metrics[1].Dims}, periodS: 60,
		window: span{at("12:00:00"), at("12:01:00")}, metrics: []wanted{{name: a.metrics[1].Name, stats: []string{"Average", "p99", "tm90"}}},
	}
	got := p.assemble(c, unpack([]chunk{c}, pack([]chunk{c}), []answer{{data: data}})[0])
	if len(got) != 1 || len(got[0].Points) != 1 {
		t.Fatalf("got %+v, want one series with one point", got)
	}
	point := got[0].Points[0]
	if point.Stats[lake.Average] != data.Results[0].Points[0].Value || !math.IsNaN(point.Stats[lake.P99]) || !math.IsNaN(point.Stats[lake.Sum]) {
		t.Errorf("statistics %v: want the average, and nothing else", point.Stats)
	}
	if point.Other["tm90"] != data.Results[2].Points[0].Value {
		t.Errorf("other statistics %v, want tm90", point.Other)
	}
}

func TestInterruptedRunEndsWithTheSameRows(t *testing.T) {
	whole := newMemory()
	start := at("12:00:00").Add(-day)
	set := func(a *account, m *memory) Options {
		o := options(a, m, at("16:00:00"))
		o.Start = start
		return o
	}
	if _, err := Run(t.Context(), set(newAccount(start, at("14:00:00")), whole)); err != nil {
		t.Fatal(err)
	}
	for _, stopAt := range []int{0, 1, 2} {
		a, m := newAccount(start, at("14:00:00")), newMemory()
		ctx, cancel := context.WithCancel(t.Context())
		a.fault = func(call int, _ cloudwatch.Query, _ *cloudwatch.MetricResult) error {
			if call == stopAt {
				cancel()
				return ctx.Err()
			}
			return nil
		}
		if _, err := Run(ctx, set(a, m)); !errors.Is(err, context.Canceled) {
			t.Fatalf("stopped at call %d: error %v, want that it was cancelled", stopAt, err)
		}
		if len(m.rows()) >= len(whole.rows()) {
			t.Fatalf("stopped at call %d: everything came all the same", stopAt)
		}
		a.fault = nil
		if _, err := Run(t.Context(), set(a, m)); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(whole.rows(), m.rows()); d != "" {
			t.Errorf("stopped at call %d and run again: rows differ:\n%s", stopAt, d)
		}
	}
}

func TestProvisionalTailIsAskedAgainUntilItSettles(t *testing.T) {
	a, m := newAccount(at("12:00:00"), at("13:55:00")), newMemory()
	scope := "AWS/SageMaker?EndpointName=ep&VariantName=A"
	if _, err := Run(t.Context(), options(a, m, at("14:00:30"))); err != nil {
		t.Fatal(err)
	}
	if e := m.status(t, "metrics 60 2026-11-20T13:50:00Z", scope); e.Status != lake.Provisional || !e.End.Equal(at("14:00:00")) {
		t.Errorf("tail is %s until %v, want provisional until 14:00", e.Status, e.End)
	}
	if e := m.status(t, "metrics 60 2026-11-20T12:00:00Z", scope); e.Status != lake.Complete || !e.End.Equal(at("13:50:00")) {
		t.Errorf("head is %s until %v, want complete until 13:50", e.Status, e.End)
	}
	a.to = at("14:00:00") // the last five minutes came late
	a.fetches = nil
	if _, err := Run(t.Context(), options(a, m, at("15:00:00"))); err != nil {
		t.Fatal(err)
	}
	for _, r := range a.fetches {
		if !r.Start.Equal(at("13:50:00")) || !r.End.Equal(at("14:00:00")) {
			t.Errorf("asked for %v to %v, want the tail only", r.Start, r.End)
		}
	}
	if e := m.status(t, "metrics 60 2026-11-20T13:50:00Z", scope); e.Status != lake.Complete {
		t.Errorf("tail is %s, want complete", e.Status)
	}
	for key, row := range m.metrics {
		if strings.HasSuffix(row, "true") {
			t.Fatalf("row %s is still provisional", key)
		}
	}
}

func TestLateMetricOfANewPublisherIsAskedForAllOfTheWindow(t *testing.T) {
	a, m := newAccount(at("12:00:00"), at("14:00:00")), newMemory()
	all := a.metrics
	a.metrics = all[:2]
	if _, err := Run(t.Context(), options(a, m, at("16:00:00"))); err != nil {
		t.Fatal(err)
	}
	a.metrics = all
	a.fetches = nil
	if _, err := Run(t.Context(), options(a, m, at("16:05:00"))); err != nil {
		t.Fatal(err)
	}
	if len(a.fetches) != 1 || len(a.fetches[0].Queries[0].Metric.Dims) != 3 || !a.fetches[0].Start.Equal(at("12:00:00")) {
		t.Errorf("asked for %+v, want the whole window of the zone's metrics and nothing else", a.fetches)
	}
}

func TestPlanCountsWhatRunDoes(t *testing.T) {
	a, m := newAccount(at("12:00:00"), at("14:00:00")), newMemory()
	o := options(a, m, at("14:05:00"))
	o.Start = o.Start.Add(-20 * day)
	plan, err := NewPlan(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.fetches)+len(a.listings) != 0 {
		t.Fatal("planning asked for data")
	}
	sum, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	var queries, points int64
	for _, r := range a.fetches {
		queries += int64(len(r.Queries))
		points += r.Datapoints()
	}
	got := []int64{plan.Calls, plan.ByOperation["GetMetricData"], plan.Queries, plan.Datapoints}
	want := []int64{sum.Usage.Calls, int64(len(a.fetches)), queries, points}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("calls, queries and datapoints (-run +plan):\n%s", d)
	}
	if diff := plan.CostHigh - sum.Usage.CostHigh; diff > 1e-9 || diff < -1e-9 || plan.CostLow >= plan.CostHigh {
		t.Errorf("cost %g to %g planned, %g to %g spent", plan.CostLow, plan.CostHigh, sum.Usage.CostLow, sum.Usage.CostHigh)
	}
	if !strings.Contains(plan.Policy, "cloudwatch:GetMetricData") || plan.Subjects[0].LogGroups[0].Bytes != 12345 {
		t.Error("the plan lacks policy or log group")
	}
}

func TestSecretsAreMaskedUnlessAskedOtherwise(t *testing.T) {
	for _, keep := range []bool{false, true} {
		a, m := newAccount(at("12:00:00"), at("12:10:00")), newMemory()
		o := options(a, m, at("16:00:00"))
		o.NoRedact = keep
		if _, err := Run(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		for _, row := range m.logs {
			if strings.Contains(row, "AKIAIOSFODNN7EXAMPLE") != keep {
				t.Fatalf("NoRedact %v wrote %s", keep, row)
			}
		}
	}
}

func TestBadOptionsAreSaid(t *testing.T) {
	a := newAccount(at("12:00:00"), at("14:00:00"))
	cases := map[string]func(*Options){
		"empty window":         func(o *Options) { o.End = o.Start },
		"starts in the future": func(o *Options) { o.Start, o.End = at("17:00:00"), at("18:00:00") },
		"nothing to pull":      func(o *Options) { o.Subjects = nil },
		"required":             func(o *Options) { o.Now = nil },
	}
	for want, change := range cases {
		o := options(a, newMemory(), at("16:00:00"))
		change(&o)
		if _, err := Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestProgressReachesItsTotal(t *testing.T) {
	a := newAccount(at("12:00:00"), at("14:00:00"))
	o := options(a, newMemory(), at("16:00:00"))
	var last Event
	var stages []Stage
	o.Events = func(e Event) {
		if !slices.Contains(stages, e.Stage) {
			stages = append(stages, e.Stage)
		}
		if e.Stage == StageMetrics {
			if e.Done != last.Done+1 {
				t.Errorf("%d calls done after %d", e.Done, last.Done)
			}
			last = e
		}
	}
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	// Metrics and log events are pulled side by side.
	if slices.Sort(stages[2:4]); !slices.Equal(stages, []Stage{StageDescribe, StageList, StageLogs, StageMetrics, StageDone}) {
		t.Errorf("stages %v", stages)
	}
	if last.Done != last.Total || last.Total == 0 {
		t.Errorf("metrics ended at %d of %d calls", last.Done, last.Total)
	}
}

func TestOldWindowSaysWhatIsGone(t *testing.T) {
	a := newAccount(at("12:00:00").Add(-470*day), at("14:00:00"))
	o := options(a, newMemory(), at("16:00:00"))
	o.Start = at("12:00:00").Add(-460 * day)
	o.End = o.Start.Add(time.Hour)
	sum, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.fetches) != 0 || len(sum.Subjects[0].Notes) != 1 || !strings.Contains(sum.Subjects[0].Notes[0], "455 days") {
		t.Errorf("%d calls, notes %q; want none and a note", len(a.fetches), sum.Subjects[0].Notes)
	}
}
