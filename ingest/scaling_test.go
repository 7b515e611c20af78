package ingest_test

import (
	"testing"
	"time"

	"sizewise/ingest"
	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
	"sizewise/ingest/simaws/server"
	"sizewise/ingest/subject"
)

// TestAPullDoesWithoutScaling: who may not ask Application Auto Scaling pulls all
// the same, and the ledger says what was not told.
func TestAPullDoesWithoutScaling(t *testing.T) {
	now := func() time.Time { return later }
	r := serve(t, simulated(), now, server.Options{Faults: []server.Fault{
		{Operation: "DescribeScalableTargets", Action: server.Deny, Times: -1},
	}}, unlimited())
	r.options.Start, r.options.End = begin, begin.Add(time.Hour)
	r.options.Subjects = []subject.Subject{{Kind: subject.Endpoint, Name: "ep"}}
	sum, err := ingest.Run(t.Context(), r.options)
	if err != nil {
		t.Fatal(err)
	}
	if len(sum.Subjects[0].Problems) != 0 || r.aws.Calls("DescribeScalableTargets") == 0 || r.aws.Calls("DescribeScalingPolicies") != 0 {
		t.Errorf("problems %v", sum.Subjects[0].Problems)
	}
	l := r.options.Lake.(*lake.Lake)
	entries, err := l.Entries(t.Context(), "endpoint/ep", time.Unix(0, 0), later.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Scope == cloudwatch.KindScalableTarget.Operation() && e.Status == lake.Empty && e.Reason != "" {
			return
		}
	}
	t.Errorf("no ledger row says that scaling was not told: %+v", entries)
}
