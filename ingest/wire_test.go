package ingest_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"sizewise/ingest"
	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
	"sizewise/ingest/simaws/estate"
	"sizewise/ingest/simaws/server"
	"sizewise/ingest/subject"
)

// TestSessionThatEndsInTheMiddle ends the run at once, and the next one
// completes the lake.
func TestSessionThatEndsInTheMiddle(t *testing.T) {
	clean := newRig(t, server.Options{})
	if _, err := ingest.Run(t.Context(), clean.options); err != nil {
		t.Fatal(err)
	}
	r := newRig(t, server.Options{Faults: []server.Fault{{Action: server.ExpireCreds, Operation: "GetMetricData", Times: -1}}})
	if _, err := ingest.Run(t.Context(), r.options); !errors.Is(err, cloudwatch.ErrExpired) {
		t.Fatalf("error %v, want that the session has expired", err)
	}
	r.aws.ClearFaults()
	if _, err := ingest.Run(t.Context(), r.options); err != nil {
		t.Fatal(err)
	}
	same(t, "after a new session", clean.files(t, "metrics", "logs", "resources"), r.files(t, "metrics", "logs", "resources"))
}

// TestInsightsQueryThatFails is a failed chunk, asked again next time.
func TestInsightsQueryThatFails(t *testing.T) {
	acct := simulated()
	acct.LogGroups[0].Class = "INFREQUENT_ACCESS"
	r, _ := clocked(t, acct, server.Options{Faults: []server.Fault{{Action: server.FailStatus, Operation: "GetQueryResults", Times: -1}}})
	_, err := ingest.Run(t.Context(), r.options)
	var partial *ingest.PartialError
	if !errors.As(err, &partial) || partial.Problems[0].Status != lake.Failed || partial.Problems[0].Dataset != "logs" {
		t.Fatalf("error %v, want failed log events", err)
	}
	r.aws.ClearFaults()
	sum, err := ingest.Run(t.Context(), r.options)
	if err != nil || sum.Subjects[0].EventsAdded != 300 {
		t.Errorf("%d events then, error %v; want 300", sum.Subjects[0].EventsAdded, err)
	}
}

// TestComponentReadsItsEndpointsLogsForBoth: the events of the host are in the
// lake as the endpoint's, and the endpoint's own pull does not read them again.
func TestComponentReadsItsEndpointsLogsForBoth(t *testing.T) {
	e := estateOf(t, estate.Config{Kinds: []string{"component"}, LogEvents: 60, Samples: 2})
	var component, host subject.Subject
	for _, s := range e.Subjects {
		one, err := subject.Parse(s.Kind + "/" + s.Name)
		if err != nil {
			t.Fatal(err)
		}
		if one.Kind == subject.Component {
			component = one
		} else {
			host = one
		}
	}
	r := serve(t, e.Account, func() time.Time { return begin.Add(5 * time.Hour) }, server.Options{}, unlimited())
	r.options.Start, r.options.End = begin, begin.Add(3*time.Hour)
	r.options.Subjects = []subject.Subject{component}
	sum, err := ingest.Run(t.Context(), r.options)
	if err != nil || sum.Subjects[0].Events == 0 {
		t.Fatalf("%d events, error %v", sum.Subjects[0].Events, err)
	}
	calls := r.aws.Calls("FilterLogEvents")
	r.options.Subjects = []subject.Subject{host}
	if sum, err = ingest.Run(t.Context(), r.options); err != nil || sum.Subjects[0].Points == 0 {
		t.Fatalf("%d points of the host, error %v", sum.Subjects[0].Points, err)
	}
	if r.aws.Calls("FilterLogEvents") != calls {
		t.Error("the endpoint's events were read twice")
	}
}

// TestPlanSaysUntilWhenFinePointsLast: the endpoint publishes every ten seconds,
// and such points live three hours.
func TestPlanSaysUntilWhenFinePointsLast(t *testing.T) {
	e := estateOf(t, estate.Config{Kinds: []string{"enhanced"}, Samples: 2})
	for age, want := range map[time.Duration]string{
		time.Hour:      "pull before 2026-11-20T15:00:00Z for those that are left, after 2026-11-20T16:00:00Z none are",
		3 * time.Hour:  "those before 2026-11-20T12:05:00Z are gone",
		10 * time.Hour: "those of this window were gone at 2026-11-20T16:00:00Z",
	} {
		r := serve(t, e.Account, func() time.Time { return begin.Add(age) }, server.Options{}, unlimited())
		one, err := subject.Parse(e.Subjects[0].Kind + "/" + e.Subjects[0].Name)
		if err != nil {
			t.Fatal(err)
		}
		r.options.Subjects = []subject.Subject{one}
		r.options.Start, r.options.End = begin, begin.Add(time.Hour)
		plan, err := ingest.NewPlan(t.Context(), r.options)
		if err != nil {
			t.Fatal(err)
		}
		if notes := strings.Join(plan.Subjects[0].Notes, "\n"); !strings.Contains(notes, want) {
			t.Errorf("%v after: notes %q, want %q", age, notes, want)
		}
	}
}
