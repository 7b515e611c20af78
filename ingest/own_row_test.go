package ingest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
)

// asked are the names of metrics that were asked for since the nth call, once
// each and sorted.
func (a *account) asked(since int) []string {
	var out []string
	for _, r := range a.fetches[since:] {
		for _, q := range r.Queries {
			if !slices.Contains(out, q.Metric.Name) {
				out = append(out, q.Metric.Name)
			}
		}
	}
	slices.Sort(out)
	return out
}

// TestNewMetricIsAskedForTheSealedPartToo: a metric that a publisher was not
// known to have is asked for where the others are sealed, and the others are not.
func TestNewMetricIsAskedForTheSealedPartToo(t *testing.T) {
	a, m := newAccount(at("12:00:00"), at("14:00:00")), newMemory()
	all := a.metrics
	a.metrics = slices.DeleteFunc(slices.Clone(all), func(m cloudwatch.Metric) bool { return m.Name == "NeverHeardOf" })
	o := options(a, m, at("17:30:00"))
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	a.metrics = all
	since := len(a.fetches)
	sum, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if got := a.asked(since); !slices.Equal(got, []string{"NeverHeardOf"}) || sum.Subjects[0].PointsAdded != 120 {
		t.Errorf("asked for %v, %d points new; want 120 of the new metric alone", got, sum.Subjects[0].PointsAdded)
	}
	since = len(a.fetches)
	if _, err := Run(t.Context(), o); err != nil || len(a.fetches) != since {
		t.Errorf("asked again, error %v", err)
	}
	a.hidden = true // nothing is listed any more
	o.Refetch = true
	if _, err := Run(t.Context(), o); err != nil || !slices.Contains(a.asked(since), "NeverHeardOf") {
		t.Errorf("asked for %v, error %v; want the metric that the ledger remembers too", a.asked(since), err)
	}
}

// TestFailedMetricIsAskedAgainAlone: what came whole beside it is sealed.
func TestFailedMetricIsAskedAgainAlone(t *testing.T) {
	a, m := newAccount(at("12:00:00"), at("14:00:00")), newMemory()
	a.fault = func(_ int, q cloudwatch.Query, r *cloudwatch.MetricResult) error {
		if q.Metric.Name == "Invocations" && len(q.Metric.Dims) == 2 {
			*r = cloudwatch.MetricResult{State: cloudwatch.Forbidden, Reason: "not yours"}
		}
		return nil
	}
	o := options(a, m, at("17:30:00"))
	_, err := Run(t.Context(), o)
	var partial *PartialError
	if !errors.As(err, &partial) || len(partial.Problems) != 1 || partial.Problems[0].Status != lake.Denied {
		t.Fatalf("error %v, want the one denied metric", err)
	}
	key := partial.Problems[0].Chunk
	if !strings.HasSuffix(key, "#Invocations") {
		t.Errorf("its row is %q", key)
	}
	a.fault = nil
	since := len(a.fetches)
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if got := a.asked(since); !slices.Equal(got, []string{"Invocations"}) {
		t.Errorf("asked again for %v, want the failed metric alone", got)
	}
	if e := m.ledger[key]; e.Status != lake.Complete || e.Rows != 120 {
		t.Errorf("its row is %s with %d points, want it complete with 120", e.Status, e.Rows)
	}
}

// TestRowOfAFailureDoesNotStay: a metric that failed while its chunk was
// provisional has its row rewritten when the chunk comes whole.
func TestRowOfAFailureDoesNotStay(t *testing.T) {
	a, m := newAccount(at("12:00:00"), at("14:00:00")), newMemory()
	a.fault = func(_ int, q cloudwatch.Query, r *cloudwatch.MetricResult) error {
		if q.Metric.Name == "Invocations" {
			*r = cloudwatch.MetricResult{State: cloudwatch.Failed, Reason: "broken"}
		}
		return nil
	}
	o := options(a, m, at("12:08:00"))
	if _, err := Run(t.Context(), o); err == nil {
		t.Fatal("no error")
	}
	a.fault = nil
	o.Now = func() time.Time { return at("17:30:00") }
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	for key, e := range m.ledger {
		if e.PeriodS != 10 && (e.Status == lake.Failed || e.Status == lake.Provisional) { // what is finer is gone by then
			t.Errorf("%s is still %s", key, e.Status)
		}
	}
}

// TestPackAsksEachStatisticOnce: within CloudWatch's limits, whatever the
// chunks.
func TestPackAsksEachStatisticOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSchedule(t)
		var ps []publisher
		for i := range rapid.IntRange(1, 4).Draw(t, "publishers") {
			p := drawPublisher(t)
			p.dims = endpointDims(cloudwatch.Dim{Name: "InstanceId", Value: fmt.Sprint(i)})
			ps = append(ps, p)
		}
		chunks := s.metrics(ps)
		want := make(map[string]int)
		for _, c := range chunks {
			for _, m := range c.metrics {
				for _, stat := range m.stats {
					want[fmt.Sprint(c.publisher.metric(m.name).Key(), stat, c.periodS, c.window)]++
				}
			}
		}
		for _, c := range pack(chunks) {
			if n := len(c.request.Queries); n > cloudwatch.MaxQueries || c.request.Datapoints() > cloudwatch.MaxDatapoints {
				t.Fatalf("%d queries, %d points in one call", n, c.request.Datapoints())
			}
			at := 0
			for _, p := range c.parts {
				if p.from != at {
					t.Fatalf("parts %v leave something out", c.parts)
				}
				at = p.to
				for _, q := range c.request.Queries[p.from:p.to] {
					want[fmt.Sprint(q.Metric.Key(), q.Stat, c.request.PeriodS, chunks[p.chunk].window)]--
				}
			}
			if at != len(c.request.Queries) {
				t.Fatalf("parts %v of %d queries", c.parts, len(c.request.Queries))
			}
		}
		for key, n := range want {
			if n != 0 {
				t.Fatalf("%s is asked for %d times", key, 1-n)
			}
		}
	})
}

// TestBothSpellingsStayApart: AWS documents AcceleratorId and its examples use
// GpuId; both are pulled, each under its own dimensions.
func TestBothSpellingsStayApart(t *testing.T) {
	a, m := newAccount(at("12:00:00"), at("14:00:00")), newMemory()
	instance := cloudwatch.Dim{Name: "InstanceId", Value: "i-1"}
	for _, name := range []string{"AcceleratorId", "GpuId"} {
		a.metrics = append(a.metrics, cloudwatch.Metric{
			Namespace: "/aws/sagemaker/Endpoints", Name: "GPUUtilization",
			Dims: endpointDims(instance, cloudwatch.Dim{Name: name, Value: "0"}),
		})
	}
	a.config.Async = true
	if _, err := Run(t.Context(), options(a, m, at("17:30:00"))); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"AcceleratorId", "GpuId"} {
		if e := m.status(t, "metrics 60", name+"=0"); e.Rows != 120 {
			t.Errorf("%s: %d points, want 120", name, e.Rows)
		}
	}
	got := a.asked(0)
	for _, name := range []string{"InvocationsProcessed", "InvocationsProcesssed"} {
		if !slices.Contains(got, name) {
			t.Errorf("%s was not asked for", name)
		}
	}
}

// broken is a lake of which one method fails.
type broken struct {
	*memory
	method string
}

var errDisk = errors.New("no space left on device")

func (b broken) fails(method string) error {
	if b.method == method {
		return errDisk
	}
	return nil
}

func (b broken) PutMetrics(ctx context.Context, name string, data []lake.SeriesPoints) (added, changed int64, err error) {
	if err := b.fails("PutMetrics"); err != nil {
		return 0, 0, err
	}
	return b.memory.PutMetrics(ctx, name, data)
}

func (b broken) MergeLogs(ctx context.Context, group string, batches iter.Seq[[]lake.Log]) (int64, error) {
	if err := b.fails("MergeLogs"); err != nil {
		return 0, err
	}
	return b.memory.MergeLogs(ctx, group, batches)
}

func (b broken) PutResources(ctx context.Context, name string, rows []lake.Resource) error {
	if err := b.fails("PutResources"); err != nil {
		return err
	}
	return b.memory.PutResources(ctx, name, rows)
}

func (b broken) Record(ctx context.Context, entries ...lake.Entry) error {
	if err := b.fails("Record"); err != nil {
		return err
	}
	return b.memory.Record(ctx, entries...)
}

// TestLakeThatCannotBeWrittenEndsTheRun: with its own error, and without a row
// that says more came than did.
func TestLakeThatCannotBeWrittenEndsTheRun(t *testing.T) {
	for _, method := range []string{"PutMetrics", "MergeLogs", "PutResources", "Record"} {
		a, m := newAccount(at("12:00:00"), at("14:00:00")), newMemory()
		_, err := Run(t.Context(), options(a, broken{m, method}, at("17:30:00")))
		if !errors.Is(err, errDisk) {
			t.Errorf("%s: error %v, want that the disk is full", method, err)
		}
		for key, e := range m.ledger {
			if e.Dataset == metricsData && method == "PutMetrics" || e.Dataset == logsData && method == "MergeLogs" {
				t.Errorf("%s: the ledger says %s of %s", method, e.Status, key)
			}
		}
		if _, err := Run(t.Context(), options(a, m, at("17:30:00"))); err != nil {
			t.Errorf("%s: afterwards: %v", method, err)
		}
	}
}
