package plot

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"math"
	"sort"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestSpread(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		want := rapid.SliceOfN(rapid.Float64Range(-50, 350), 1, 9).Draw(rt, "want")
		sort.Float64s(want)
		heights := make([]float64, len(want))
		for i := range heights {
			heights[i] = float64(rapid.IntRange(1, 2).Draw(rt, "lines")) * 16
		}
		got := spread(want, heights, 0, 300)
		const eps = 1e-6
		for i, y := range got {
			if y-heights[i]/2 < -eps || y+heights[i]/2 > 300+eps {
				rt.Fatalf("label %d at %v leaves the panel: %v", i, y, got)
			}
			if i > 0 && y-heights[i]/2 < got[i-1]+heights[i-1]/2-eps {
				rt.Fatalf("labels %d and %d touch: %v", i-1, i, got)
			}
		}
	})
	got := spread([]float64{100, 200}, []float64{16, 16}, 0, 300)
	if got[0] != 100 || got[1] != 200 {
		t.Errorf("labels with room moved: %v", got)
	}
}

func TestTimeTicks(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		berlin = time.FixedZone("CET", 3600)
	}
	start := time.Date(2026, 10, 24, 22, 0, 0, 0, time.UTC)
	for span, want := range map[time.Duration]string{
		time.Minute: "00:00", 50 * time.Minute: "00:10", 24 * time.Hour: "03:00", 72 * time.Hour: "12:00", 30 * 24 * time.Hour: "30 Oct", 400 * 24 * time.Hour: "Jan 2027",
	} {
		ticks := timeTicks(start, start.Add(span), berlin, 9)
		if len(ticks) < 3 || len(ticks) > 11 {
			t.Errorf("%v: %d ticks", span, len(ticks))
		}
		found := false
		for i, tick := range ticks {
			found = found || tick.label == want || span == time.Minute
			if i > 0 && !tick.at.After(ticks[i-1].at) {
				t.Errorf("%v: ticks do not ascend", span)
			}
			if tick.at.Before(start) || tick.at.After(start.Add(span)) {
				t.Errorf("%v: tick %s outside", span, tick.label)
			}
		}
		if !found {
			t.Errorf("%v: no tick %q in %v", span, want, ticks)
		}
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 1234567: "1,234,567", 0.1: "0.1", 0.30000000000000004: "0.3", -1500.5: "-1,500.5"} {
		if got := number(v); got != want {
			t.Errorf("number(%v) = %q, want %q", v, got, want)
		}
	}
}

func TestScalesHoldTheirTicks(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		top := math.Pow(10, rapid.Float64Range(-6, 9).Draw(rt, "log top"))
		a := linearAxis(top, 6)
		if a.max < top || len(a.ticks) < 3 || len(a.ticks) > 8 || a.ticks[len(a.ticks)-1] > a.max {
			rt.Fatalf("axis to %v: max %v, ticks %v", top, a.max, a.ticks)
		}
		lo, hi := logRange(top, top*math.Pow(10, rapid.Float64Range(0.1, 6).Draw(rt, "decades")))
		if !(lo <= top*(1+1e-9)) || hi <= lo || len(logTicks(lo, hi, 9)) == 0 {
			rt.Fatalf("log range of %v: %v to %v", top, lo, hi)
		}
	})
}

func TestCondenseKeepsExtremes(t *testing.T) {
	var run []point
	for i := range 5000 {
		y := 100.0
		if i == 2500 {
			y = 3
		}
		run = append(run, point{float64(i) / 10, y})
	}
	line, upper, lower := condense(run, columnWidth)
	if len(line) > 250 || len(upper) != len(line) || len(lower) != len(line) {
		t.Fatalf("%d columns of %d and %d edges", len(line), len(upper), len(lower))
	}
	least := math.Inf(1)
	for _, q := range upper {
		least = math.Min(least, q.y)
	}
	if least != 3 {
		t.Errorf("the one extreme value is gone: least is %v", least)
	}
	if line, upper, _ := condense(run[:100:100], 0.01); len(line) != 100 || upper != nil {
		t.Error("a sparse run was condensed")
	}
}

// frame is an hour in minutes.
func frame(n int) Frame {
	start := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	f := Frame{Start: start, End: start.Add(time.Duration(n) * time.Minute), Bucket: time.Minute}
	for i := range n {
		f.Times = append(f.Times, start.Add(time.Duration(i)*time.Minute))
	}
	return f
}

func ramp(n int, gap ...int) []float64 {
	ys := make([]float64, n)
	for i := range ys {
		ys[i] = float64(i + 1)
	}
	for _, i := range gap {
		ys[i] = math.NaN()
	}
	return ys
}

func TestMissingBreaksTheLine(t *testing.T) {
	l := newLayout(frame(20), 100)
	p := l.panel(0, "", linearAxis(20, 5))
	if got := len(p.runs(l, ramp(20, 5, 6, 12))); got != 3 {
		t.Errorf("%d runs around two gaps of missing values, want 3", got)
	}
	l.frame.Times = append(l.frame.Times[:8:8], l.frame.Times[10:]...)
	if got := len(p.runs(l, ramp(18))); got != 2 {
		t.Errorf("%d runs around absent buckets, want 2", got)
	}
	log := newPanel(l.page, l.boxes[0], "", axis{min: 1, max: 100, log: true})
	ys := ramp(18)
	ys[3] = 0
	if got := len(log.runs(l, ys)); got != 3 {
		t.Errorf("%d runs around a zero on a logarithmic axis, want 3", got)
	}
}

// TestCoarseValuesAreJoined holds that values published every few buckets make
// one line, that a longer gap breaks it, and that scattered values do not join.
func TestCoarseValuesAreJoined(t *testing.T) {
	l := newLayout(frame(60), 100)
	p := l.panel(0, "", linearAxis(60, 5))
	every := func(keep func(int) bool) []float64 {
		ys := ramp(60)
		for i := range ys {
			if !keep(i) {
				ys[i] = math.NaN()
			}
		}
		return ys
	}
	for name, tt := range map[string]struct {
		ys   []float64
		want int
	}{
		"every fifth":         {every(func(i int) bool { return i%5 == 0 }), 1},
		"with two left out":   {every(func(i int) bool { return i%5 == 0 && i != 30 && i != 35 }), 2},
		"scattered":           {every(func(i int) bool { return i == 3 || i == 11 || i == 12 || i == 40 }), 3},
		"every one but three": {every(func(i int) bool { return i != 7 && i != 30 && i != 31 }), 3},
	} {
		if got := len(p.runsWithin(l, tt.ys, l.frame.spacing(tt.ys))); got != tt.want {
			t.Errorf("%s: %d runs, want %d", name, got, tt.want)
		}
	}
}

// painter is what every figure can do.
type painter interface{ WritePNG(io.Writer) error }

func decode(t *testing.T, f painter) image.Image {
	t.Helper()
	var b bytes.Buffer
	if err := f.WritePNG(&b); err != nil {
		t.Fatal(err)
	}
	im, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return im
}

// TestFiguresOfNothing draws every figure without a single known value.
func TestFiguresOfNothing(t *testing.T) {
	nan := math.NaN()
	none := []float64{nan, nan, nan}
	f := frame(3)
	for name, p := range map[string]painter{
		"load":        Load{Frame: f, Offered: none, Served: none, Instances: none, Limits: []Track{{Name: "x", Y: none}}},
		"latency":     Latency{Frame: f, Lines: []Line{{"p50", none}, {"p99", none}}, Limits: []Limit{{Name: "x", Y: 0.2}}},
		"utilization": Utilization{Frame: f, Resources: []Resource{{Name: "CPU", Y: none}}},
		"capacity":    Capacity{Points: []Work{{nan, nan, Fitted}}, Limit: nan},
		"errors":      Errors{Frame: f, Errors5XX: []float64{0, nan, 0}},
		"breakdown":   Breakdown{Steps: []StepTime{{1, "", nan, nan, nan}}},
		"levels":      Breakdown{Levels: true, Steps: []StepTime{{1, "10–20", 0.1, 0.01, 0.2}}},
		"sizing":      Sizing{PerInstance: 1e-9, Ceiling: 2e-9, Current: nan, Recommended: nan, Peak: nan},
	} {
		if w := decode(t, p).Bounds().Dx(); w != 1600 {
			t.Errorf("%s is %d pixels wide, want 1600", name, w)
		}
	}
}

// TestNothingTouchesTheEdge looks for ink on the outermost pixels, where text
// would be cut off.
func TestNothingTouchesTheEdge(t *testing.T) {
	f := frame(60)
	f.Steps = []Step{
		{Number: 1, Start: f.Start, End: f.Start.Add(30 * time.Minute)},
		{Number: 2, Start: f.Start.Add(30 * time.Minute), End: f.End},
	}
	f.Answer = Span{f.Start.Add(40 * time.Minute), f.End, "capacity read here"}
	big := times(ramp(60), 123456)
	wide := Answer{Value: 90, Lo: 10, Hi: 100, Label: "a long label of an answer: 90/s (10–100)"}
	for name, p := range map[string]painter{
		"load":     Load{Frame: f, Offered: big, Served: big, Instances: ramp(60), Limits: []Track{{Name: "a limit with a rather long name that must be wrapped or cut", Y: big}}},
		"latency":  Latency{Frame: f, Lines: []Line{{"p99", big}}, Limits: []Limit{{Name: "SLO: p99 200 ms", Y: 0.2}}},
		"capacity": Capacity{Title: "Busy GPUs", Points: []Work{{80, 0.8, Fitted}}, Limit: 1, LimitName: "limit: 1 GPU", Answer: &wide, Note: "why"},
		"sizing":   Sizing{PerInstance: 70, Ceiling: 100, Current: 2, Recommended: 900, Peak: 61234},
	} {
		im := decode(t, p)
		b := im.Bounds()
		for x := range b.Dx() {
			for _, y := range []int{0, b.Dy() - 1} {
				checkWhite(t, name, im, x, y)
			}
		}
		for y := range b.Dy() {
			for _, x := range []int{0, 1, b.Dx() - 2, b.Dx() - 1} {
				checkWhite(t, name, im, x, y)
			}
		}
	}
}

func checkWhite(t *testing.T, name string, im image.Image, x, y int) {
	t.Helper()
	if r, g, b, _ := im.At(x, y).RGBA(); r != 0xffff || g != 0xffff || b != 0xffff {
		t.Fatalf("%s has ink at the edge, at %d,%d", name, x, y)
	}
}
