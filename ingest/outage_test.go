package ingest

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
)

// TestAnOutageLeavesNothingBehind: when AWS answers nothing, not even whose
// account it is, the ledger afterwards is that of a run without the outage,
// whether it was before the first pull or after one.
func TestAnOutageLeavesNothingBehind(t *testing.T) {
	down := &cloudwatch.Error{Operation: "any", Reason: cloudwatch.ErrUnreachable}
	// The log group is younger than the window: nobody says so in an outage.
	begin := func() (*account, *memory, Options) {
		a, m := newAccount(at("12:00:00"), at("14:00:00")), newMemory()
		a.created = at("12:00:00")
		o := options(a, m, at("16:00:00"))
		o.Start = o.Start.Add(-2 * day)
		return a, m, o
	}
	calm := func() map[string]lake.Status {
		_, m, o := begin()
		if _, err := Run(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		return statuses(m)
	}()
	for _, c := range []struct {
		name  string
		calls []error // of each run
	}{
		{"before the first pull", []error{down, nil}},
		{"after the first pull", []error{nil, down}},
		{"between two", []error{nil, down, nil}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, m, o := begin()
			for _, fault := range c.calls {
				a.cut(fault)
				_, err := Run(t.Context(), o)
				if (err != nil) != (fault != nil) {
					t.Fatalf("run with fault %v: %v", fault, err)
				}
				if fault != nil && !errors.Is(err, cloudwatch.ErrUnreachable) {
					t.Errorf("the error does not say why: %v", err)
				}
			}
			if got := statuses(m); !maps.Equal(got, calm) {
				t.Errorf("the ledger is\n%v\nwant\n%v", got, calm)
			}
		})
	}
}

// statuses are the ledger's rows of data.
func statuses(m *memory) map[string]lake.Status {
	out := map[string]lake.Status{}
	for key, e := range m.ledger {
		if !strings.Contains(key, " "+resourcesData+" ") {
			out[key] = e.Status
		}
	}
	return out
}
