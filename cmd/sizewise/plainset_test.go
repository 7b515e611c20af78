package main

import (
	"math"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"sizewise/analyze"
	"sizewise/ingest/lake"
)

// TestMetricOfInstancesAlone is a variant one of whose metrics exists only under
// InstanceId: it is read from there, although everything else is read from the
// series of the variant as a whole.
func TestMetricOfInstancesAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "lake")
	m := month{start: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), days: 1, instances: 2}
	l, err := lake.Create(t.Context(), lake.Options{Dir: dir, Now: func() time.Time { return m.start.AddDate(0, 2, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	data := slices.DeleteFunc(m.metrics(0), func(s lake.SeriesPoints) bool {
		return s.Series.Metric == "GPUUtilization" && len(s.Series.Dims) == 2
	})
	if _, _, err := l.PutMetrics(t.Context(), "endpoint/"+monthEndpoint, data); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	set, err := analyze.Run(t.Context(), analyze.Options{Lake: dir, Kind: "endpoint", Name: monthEndpoint, InstanceType: "ml.g5.xlarge", PeakRPS: math.NaN()})
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Minutes) != 24*60 {
		t.Fatalf("%d minutes", len(set.Minutes))
	}
	for _, minute := range set.Minutes {
		if !(minute.GPU > 0) || !(minute.Invocations > 0) {
			t.Fatalf("at %s GPU is %v of %v requests", minute.Start, minute.GPU, minute.Invocations)
		}
	}
}
