package ingest

import (
	"errors"
	"strings"
	"testing"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
	"sizewise/ingest/subject"
)

func TestFaultsOfQueriesBecomeStatuses(t *testing.T) {
	cpu := "/aws/sagemaker/Endpoints?EndpointName=ep&VariantName=A"
	cases := []struct {
		name   string
		fault  func(q cloudwatch.Query, r *cloudwatch.MetricResult)
		status lake.Status
		reason string
	}{
		{"partial data", func(q cloudwatch.Query, r *cloudwatch.MetricResult) {
			if q.Metric.Name == "CPUUtilization" && q.Stat == "p99" {
				*r = cloudwatch.MetricResult{Points: r.Points[:1], State: cloudwatch.Partial, Reason: "no further page"}
			}
		}, lake.Partial, "1 of "},
		{"internal error", func(q cloudwatch.Query, r *cloudwatch.MetricResult) {
			*r = cloudwatch.MetricResult{State: cloudwatch.Failed, Reason: "internal"}
		}, lake.Failed, "internal"},
		{"forbidden", func(q cloudwatch.Query, r *cloudwatch.MetricResult) {
			*r = cloudwatch.MetricResult{State: cloudwatch.Forbidden, Reason: "forbidden"}
		}, lake.Denied, "forbidden"},
		{"nothing there", func(q cloudwatch.Query, r *cloudwatch.MetricResult) { r.Points = nil }, lake.Empty, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a, m := newAccount(at("12:00:00"), at("14:00:00")), newMemory()
			a.fault = func(_ int, q cloudwatch.Query, r *cloudwatch.MetricResult) error {
				if q.Metric.Namespace == "/aws/sagemaker/Endpoints" && len(q.Metric.Dims) == 2 {
					c.fault(q, r)
				}
				return nil
			}
			_, err := Run(t.Context(), options(a, m, at("16:00:00")))
			var partial *PartialError
			if got, want := errors.As(err, &partial), c.status != lake.Empty; got != want {
				t.Fatalf("error %v, want a partial error: %v", err, want)
			}
			key := cpu
			if c.name == "partial data" { // of one metric: it has a row of its own
				key += "#CPUUtilization"
				if e := m.ledger["endpoint/ep 123456789012/eu-west-1 metrics 60 2026-11-20T12:00:00Z "+cpu]; e.Status != lake.Empty || strings.Contains(e.Scope, "CPUUtilization") {
					t.Errorf("the rest of the publisher is %s with %s, want it empty without the metric", e.Status, e.Scope)
				}
			}
			e := m.status(t, "metrics 60", key)
			if e.Status != c.status || !strings.Contains(e.Reason, c.reason) {
				t.Errorf("ledger says %s %q, want %s %q", e.Status, e.Reason, c.status, c.reason)
			}
			if other := m.status(t, "metrics 60", "AWS/SageMaker?EndpointName=ep&VariantName=A"); other.Status != lake.Complete {
				t.Errorf("the other publisher is %s, want complete", other.Status)
			}
		})
	}
}

func TestDeniedMetricsAreAskedOnceAndLogsStillCome(t *testing.T) {
	a, m := newAccount(at("12:00:00"), at("14:00:00")), newMemory()
	a.fault = func(int, cloudwatch.Query, *cloudwatch.MetricResult) error { return denied("GetMetricData") }
	o := options(a, m, at("16:00:00"))
	o.Parallel = 1
	sum, err := Run(t.Context(), o)
	if !errors.Is(err, cloudwatch.ErrDenied) {
		t.Fatalf("error %v, want that access was denied", err)
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("error is more than a line: %q", err)
	}
	if len(a.fetches) != 1 {
		t.Errorf("%d metric calls, want 1", len(a.fetches))
	}
	for key, e := range m.ledger {
		if e.Dataset == metricsData && e.Status != lake.Denied {
			t.Errorf("%s is %s, want denied", key, e.Status)
		}
	}
	if sum.Subjects[0].Events != 120 {
		t.Errorf("%d log events, want 120", sum.Subjects[0].Events)
	}
}

func TestDeniedDescribeGoesOnByName(t *testing.T) {
	a, m := newAccount(at("12:00:00"), at("14:00:00")), newMemory()
	a.describeErr = denied("DescribeEndpoint")
	a.listErr = denied("ListMetrics")
	a.metrics = a.metrics[:2]
	for i := range a.metrics {
		a.metrics[i].Dims = []cloudwatch.Dim{{Name: endpointDim, Value: endpointName}, {Name: variantDim, Value: defaultVariant}}
	}
	sum, err := Run(t.Context(), options(a, m, at("16:00:00")))
	var partial *PartialError
	if !errors.As(err, &partial) || len(partial.Problems) != 2 {
		t.Fatalf("error %v, want the two denied calls", err)
	}
	if sum.Subjects[0].Points != 240 {
		t.Errorf("%d points, want 240 found by the catalogue and the usual variant", sum.Subjects[0].Points)
	}
	if e := m.status(t, "DescribeEndpoint "); e.Status != lake.Denied || e.Dataset != resourcesData {
		t.Errorf("Describe is %s in %s, want denied in resources", e.Status, e.Dataset)
	}
}

func TestUnknownEndpointLeavesNoTrace(t *testing.T) {
	a, m := newAccount(at("12:00:00"), at("14:00:00")), newMemory()
	a.hidden, a.metrics = true, nil
	_, err := Run(t.Context(), options(a, m, at("16:00:00")))
	var unknown *UnknownError
	if !errors.As(err, &unknown) || !strings.Contains(err.Error(), "no endpoint named ep in eu-west-1") {
		t.Fatalf("error %v, want that there is no such endpoint", err)
	}
	if len(m.ledger)+len(m.metrics)+len(m.logs)+len(m.resources) != 0 {
		t.Errorf("the lake is not empty: %v", m)
	}
}

func TestDeletedEndpointIsFoundByItsPoints(t *testing.T) {
	a, m := newAccount(at("12:00:00"), at("14:00:00")), newMemory()
	a.hidden = true
	o := options(a, m, at("16:00:00"))
	o.Subjects[0].Variant = "A"
	sum, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if sum.Subjects[0].Points == 0 || len(m.ledger) == 0 {
		t.Errorf("%d points, %d ledger rows; want both", sum.Subjects[0].Points, len(m.ledger))
	}
	if e := m.status(t, "DescribeEndpoint "); e.Status != lake.Empty {
		t.Errorf("Describe is %s, want empty", e.Status)
	}
}

func TestUnknownVariantNamesTheOthers(t *testing.T) {
	a, m := newAccount(at("12:00:00"), at("14:00:00")), newMemory()
	o := options(a, m, at("16:00:00"))
	a.to = a.from // the group has no events of this variant
	o.Subjects[0].Variant = "Typo"
	_, err := Run(t.Context(), o)
	var unknown *UnknownError
	if !errors.As(err, &unknown) || !strings.Contains(err.Error(), "it has A") {
		t.Fatalf("error %v, want the variants that there are", err)
	}
	if len(m.ledger)+len(m.resources) != 0 {
		t.Error("something was written")
	}
}

func TestOtherLogClassIsSaidNotGuessed(t *testing.T) {
	a, m := newAccount(at("12:00:00"), at("14:00:00")), newMemory()
	a.class = "DELIVERY"
	_, err := Run(t.Context(), options(a, m, at("16:00:00")))
	if !errors.Is(err, cloudwatch.ErrUnsupported) {
		t.Fatalf("error %v, want that the class is not supported", err)
	}
	if e := m.status(t, "1 logs"); e.Status != lake.Failed || !strings.Contains(e.Reason, "DELIVERY") {
		t.Errorf("ledger says %s %q", e.Status, e.Reason)
	}
	if len(a.listings) != 0 {
		t.Error("the group was read all the same")
	}
}

func TestExpiredCredentialsEndTheRun(t *testing.T) {
	a, m := newAccount(at("12:00:00"), at("14:00:00")), newMemory()
	a.describeErr = &cloudwatch.Error{Operation: "DescribeEndpoint", Reason: cloudwatch.ErrExpired}
	o := options(a, m, at("16:00:00"))
	o.Subjects = append(o.Subjects, subject.Subject{Kind: subject.Endpoint, Name: "other"})
	o.Abreast = 1
	_, err := Run(t.Context(), o)
	if !errors.Is(err, cloudwatch.ErrExpired) || a.describes != 1 || len(m.ledger) != 0 {
		t.Errorf("error %v after %d calls, %d ledger rows; want expired, 1, 0", err, a.describes, len(m.ledger))
	}
}
