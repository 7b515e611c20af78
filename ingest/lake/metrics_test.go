package lake

import (
	"cmp"
	"math"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// nan is the statistics of a point that has none.
func none() (out [NumStats]float64) {
	for i := range out {
		out[i] = math.NaN()
	}
	return out
}

// at is a timestamp of the test day.
func at(hour, minute int) int64 {
	return time.Date(2026, 11, 20, hour, minute, 0, 0, time.UTC).UnixMicro()
}

// readDay reads the metrics of a subject and day, in file order of time.
func readDay(t testing.TB, l *Lake, subject string, ts int64) []SeriesPoints {
	t.Helper()
	all, err := l.readMetrics(t.Context(), l.dayPath("metrics", ts/dayMicros, subject))
	if err != nil {
		t.Fatal(err)
	}
	var out []SeriesPoints
	for _, s := range all {
		out = append(out, SeriesPoints{Series: s.Series, Points: s.points})
	}
	slices.SortFunc(out, func(a, b SeriesPoints) int {
		return cmp.Compare(seriesKey(&a.Series), seriesKey(&b.Series))
	})
	return out
}

func same(t testing.TB, got, want any) {
	t.Helper()
	if diff := gocmp.Diff(want, got, cmpopts.EquateNaNs(), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestMetricsRoundTrip(t *testing.T) {
	l := open(t)
	cpu := SeriesPoints{Series: Series{
		Account: "123456789012", Region: "us-east-1", Subject: "endpoint/x",
		Namespace: "/aws/sagemaker/Endpoints", Metric: "CPUUtilization", Unit: "Percent", PeriodS: 60,
		Dims: []Dim{{"EndpointName", "x"}, {"VariantName", "AllTraffic"}},
	}}
	bare := SeriesPoints{Series: Series{Subject: "endpoint/x", Namespace: "N", Metric: "M", PeriodS: 10}}
	for m := range 5 {
		p := Point{TS: at(10, m), Stats: none(), Provisional: m == 4}
		p.Stats[Average], p.Stats[P999] = float64(m)+0.5, 1e300
		cpu.Points = append(cpu.Points, p)
		q := Point{TS: at(11, m), Stats: none()}
		if m%2 == 0 {
			q.Other = map[string]float64{"tm90": float64(m), "wm99": -1}
		}
		bare.Points = append(bare.Points, q)
	}
	added, changed, err := l.PutMetrics(t.Context(), "endpoint/x", []SeriesPoints{cpu, bare})
	if err != nil || added != 10 || changed != 0 {
		t.Fatalf("PutMetrics = %d, %d, %v; want 10, 0, nil", added, changed, err)
	}
	same(t, readDay(t, l, "endpoint/x", at(0, 0)), []SeriesPoints{bare, cpu})
	if added, changed, err = l.PutMetrics(t.Context(), "endpoint/x", []SeriesPoints{bare, cpu}); err != nil || added+changed != 0 {
		t.Errorf("second PutMetrics = %d, %d, %v; want 0, 0, nil", added, changed, err)
	}
}
