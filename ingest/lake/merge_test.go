package lake

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"sync"
	"testing"
	"time"
)

// series is one series of endpoint/x with the given points.
func series(points ...Point) []SeriesPoints {
	return []SeriesPoints{{
		Series: Series{Subject: "endpoint/x", Namespace: "AWS/SageMaker", Metric: "Invocations", Unit: "None", PeriodS: 60},
		Points: points,
	}}
}

// sum is a point with a sum.
func sum(ts int64, v float64, provisional bool) Point {
	p := Point{TS: ts, Stats: none(), Provisional: provisional}
	p.Stats[Sum] = v
	return p
}

// clock is a clock that the test moves.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

// track1 reads the only series of the test day.
func track1(t *testing.T, l *Lake) *track {
	t.Helper()
	all, err := l.readMetrics(t.Context(), l.dayPath("metrics", at(0, 0)/dayMicros, "endpoint/x"))
	if err != nil || len(all) != 1 {
		t.Fatalf("%d series, %v; want 1", len(all), err)
	}
	for _, s := range all {
		return s
	}
	return nil
}

func TestMetricsMerge(t *testing.T) {
	c := &clock{now: noon()}
	l := openAt(t, t.TempDir(), c.Now)
	put := func(wantAdded, wantChanged int64, points ...Point) {
		t.Helper()
		c.now = c.now.Add(time.Minute)
		added, changed := mustPutMetrics(t, l, series(points...))
		if added != wantAdded || changed != wantChanged {
			t.Errorf("added %d, changed %d; want %d, %d", added, changed, wantAdded, wantChanged)
		}
	}
	put(3, 0, sum(at(10, 0), 1, false), sum(at(10, 1), 2, false), sum(at(10, 2), 3, true))
	put(1, 2, sum(at(10, 1), 20, false), sum(at(10, 2), 3, false), sum(at(10, 3), 4, false)) // overlaps by two
	put(0, 0, sum(at(10, 0), 1, true), sum(at(10, 2), 3, true))                              // settled stays settled
	tm := Point{TS: at(10, 0), Stats: none(), Other: map[string]float64{"tm90": 7, "gone": math.NaN()}}
	put(0, 1, tm) // knows another statistic
	put(0, 0, tm)

	got := track1(t, l)
	want := []Point{sum(at(10, 0), 1, false), sum(at(10, 1), 20, false), sum(at(10, 2), 3, false), sum(at(10, 3), 4, false)}
	want[0].Other = map[string]float64{"tm90": 7}
	same(t, got.points, want)
	minute := func(n int) int64 { return noon().Add(time.Duration(n) * time.Minute).UnixMicro() }
	same(t, got.fetched, []int64{minute(4), minute(2), minute(2), minute(2)})
}

func TestMetricsKeepFetchedAtOfOldRows(t *testing.T) {
	c := &clock{now: noon()}
	l := openAt(t, t.TempDir(), c.Now)
	mustPutMetrics(t, l, series(sum(at(10, 0), 1, false)))
	before := stat1(t, l)
	c.now = c.now.Add(time.Hour)
	mustPutMetrics(t, l, series(sum(at(10, 0), 1, false)))
	if after := stat1(t, l); !os.SameFile(before, after) || before.ModTime() != after.ModTime() {
		t.Error("a put that brought nothing wrote the file")
	}
}

func stat1(t *testing.T, l *Lake) os.FileInfo {
	t.Helper()
	info, err := os.Stat(l.dayPath("metrics", at(0, 0)/dayMicros, "endpoint/x"))
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func TestMetricsUnit(t *testing.T) {
	l := open(t)
	data := series(sum(at(10, 0), 1, false), sum(at(10, 1), 1, false))
	mustPutMetrics(t, l, data)
	data[0].Series.Unit = ""
	if _, changed := mustPutMetrics(t, l, data); changed != 0 {
		t.Error("an unknown unit replaced a known one")
	}
	data[0].Series.Unit = "Count"
	if _, changed := mustPutMetrics(t, l, data[:1]); changed != 2 || track1(t, l).Unit != "Count" {
		t.Errorf("changed %d rows, unit %q; want 2, Count", changed, track1(t, l).Unit)
	}
}

func TestDayBoundaries(t *testing.T) {
	l := open(t)
	midnight := at(0, 0)
	mustPutMetrics(t, l, series(sum(midnight-1, 1, false), sum(midnight, 2, false), sum(midnight+dayMicros-1, 3, false), sum(midnight+dayMicros, 4, false)))
	for day, want := range map[string]int{"2026-11-19": 1, "2026-11-20": 2, "2026-11-21": 1} {
		ts, _ := time.Parse(time.DateOnly, day)
		got := readDay(t, l, "endpoint/x", ts.UnixMicro())
		if len(got) != 1 || len(got[0].Points) != want {
			t.Errorf("day %s holds %v, want %d points", day, got, want)
		}
	}
	for _, ts := range []int64{-1, maxTS + 1, math.MaxInt64} {
		if _, _, err := l.PutMetrics(t.Context(), "endpoint/x", series(sum(ts, 1, false))); err == nil {
			t.Errorf("timestamp %d was taken", ts)
		}
	}
}

func TestRefusesForeignRows(t *testing.T) {
	l := open(t)
	ctx := t.Context()
	_, _, metrics := l.PutMetrics(ctx, "endpoint/y", series(sum(at(10, 0), 1, false)))
	_, logs := l.PutLogs(ctx, "a", []Log{{LogGroup: "b"}})
	errs := map[string]error{
		"metrics":   metrics,
		"logs":      logs,
		"resources": l.PutResources(ctx, "endpoint/y", []Resource{{Subject: "endpoint/x"}}),
		"requests":  l.PutRequests(ctx, "endpoint/y", []Request{{Subject: "endpoint/x"}}),
	}
	for name, err := range errs {
		if err == nil {
			t.Errorf("%s of another subject were taken", name)
		}
	}
}

func TestCanceledPutLeavesNothing(t *testing.T) {
	l := open(t)
	mustPutMetrics(t, l, series(sum(at(10, 0), 1, false)))
	mustPutLogs(t, l, []Log{{TS: at(10, 0), Message: "a"}})
	before := files(t, l.dir)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := l.PutMetrics(ctx, "endpoint/x", series(sum(at(10, 1), 1, false))); !errors.Is(err, context.Canceled) {
		t.Errorf("PutMetrics: %v", err)
	}
	if _, err := l.PutLogs(ctx, "group", []Log{{TS: at(10, 1), Message: "b"}}); !errors.Is(err, context.Canceled) {
		t.Errorf("PutLogs: %v", err)
	}
	sameFiles(t, files(t, l.dir), before)
}

func TestPutAfterClose(t *testing.T) {
	l := open(t)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.PutMetrics(t.Context(), "endpoint/x", series(sum(at(10, 0), 1, false))); !errors.Is(err, os.ErrClosed) {
		t.Errorf("error %v, want os.ErrClosed", err)
	}
}

func TestConcurrentPuts(t *testing.T) {
	l := open(t)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			_, _, err := l.PutMetrics(t.Context(), "endpoint/x", series(sum(at(10, i), 1, false)))
			_, logErr := l.PutLogs(t.Context(), "group", []Log{{TS: at(10, i), Message: "a"}})
			recErr := l.Record(t.Context(), entry(fmt.Sprint(i), hour(10), hour(11)))
			if err := errors.Join(err, logErr, recErr); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(track1(t, l).points); n != 4 {
		t.Errorf("%d points, want 4", n)
	}
	if n := len(scanDay(t, l, logTable(), at(0, 0), "group")); n != 4 {
		t.Errorf("%d events, want 4", n)
	}
}

func TestLogsMerge(t *testing.T) {
	l := open(t)
	first := Log{TS: at(10, 0), IngestedAt: 5, Account: "1", EventID: "e", Message: "m", Level: "INFO"}
	if n := mustPutLogs(t, l, []Log{first}); n != 1 {
		t.Errorf("added %d, want 1", n)
	}
	second := Log{TS: at(10, 0), EventID: "e", Message: "m", Level: "WARN"} // an import that knows less
	if n := mustPutLogs(t, l, []Log{second, second}); n != 0 {
		t.Errorf("added %d, want 0", n)
	}
	want := first
	want.LogGroup, want.Level = "group", "WARN"
	same(t, scanDay(t, l, logTable(), at(0, 0), "group"), []Log{want})
}
