package change

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

var start = time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC) // a Monday

// days is a series of so many days: a level, noise that lasts some hours, and
// days of their own.
func days(r *rand.Rand, n int, level func(h int) float64) []float64 {
	out := make([]float64, n*Hours)
	wander, day := 0.0, 0.0
	for h := range out {
		if h%Hours == 0 {
			day = 0.02 * r.NormFloat64()
		}
		wander = 0.7*wander + 0.02*r.NormFloat64()
		out[h] = level(h) * math.Exp(wander+day)
	}
	return out
}

func flat(h int) float64 { return 10 }

func TestStepIsToldOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	at := 10*Hours + 7
	all := []Series{
		{Family: "a", Basis: Level, Floor: 0.05, Values: days(r, 16, func(h int) float64 {
			if h >= at {
				return 13
			}
			return 10
		})},
		{Family: "a", Basis: Level, Floor: 0.05, Values: days(r, 16, flat)},
		{Family: "a", Basis: Level, Floor: 0.05, Values: days(r, 16, flat)},
	}
	got := Detect(all, Options{Start: start})
	if len(got) != 1 {
		t.Fatalf("got %+v, want one change", got)
	}
	s := got[0]
	if s.Series != 0 || s.Night != 10 || !s.Lasting || s.From < at-1 || s.From > at+1 {
		t.Errorf("got %+v, want series 0, night 10, from hour %d", s, at)
	}
	if !(s.Lo < 0.3 && 0.3 < s.Hi) || math.Abs(s.Effect-0.3) > 0.06 {
		t.Errorf("effect %.3f (%.3f to %.3f), want 0.3", s.Effect, s.Lo, s.Hi)
	}
}

func TestPassingChangeIsLeftOut(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	from, to := 9*Hours+4, 9*Hours+12
	values := days(r, 14, func(h int) float64 {
		if h >= from && h < to {
			return 6
		}
		return 10
	})
	got := Detect([]Series{{Family: "a", Basis: Level, Floor: 0.05, Values: values}}, Options{Start: start})
	if len(got) != 1 || got[0].Lasting || got[0].From < from-1 || got[0].From > from+1 || got[0].To < to-1 || got[0].To > to+1 {
		t.Errorf("got %+v, want one change from %d to %d", got, from, to)
	}
}

// TestNullsAreQuiet wants noise to be told as a change about as rarely as Rate
// promises: a night in a hundred, over all of its series.
func TestNullsAreQuiet(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	told, nights := 0, 0
	for range 30 {
		var all []Series
		for range 10 {
			all = append(all, Series{Family: "a", Basis: Season, Floor: 0, Values: days(r, 21, func(h int) float64 {
				return 10 + 4*math.Sin(2*math.Pi*float64(h%Hours)/Hours)
			})})
		}
		seen := map[int]bool{}
		for _, s := range Detect(all, Options{Start: start}) {
			seen[s.Night] = true
		}
		told += len(seen)
		nights += 18
	}
	if told > nights/50 {
		t.Errorf("%d of %d nights of noise tell of a change, want at most 2 %%", told, nights)
	}
}

func TestWeekendIsNoChange(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	values := days(r, 21, func(h int) float64 {
		if d := h / Hours % 7; d >= 5 {
			return 4
		}
		return 10
	})
	if got := Detect([]Series{{Family: "a", Basis: Season, Floor: 0.05, Values: values}}, Options{Start: start}); len(got) > 0 {
		t.Errorf("a weekend is told as a change: %+v", got)
	}
}

func TestMoreLoadIsNoLatency(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	load := days(r, 16, func(h int) float64 {
		x := 50 + 30*math.Sin(2*math.Pi*float64(h%Hours)/Hours)
		if h >= 12*Hours {
			x *= 1.15
		}
		return x
	})
	noise := days(r, 16, func(int) float64 { return 0.1 })
	latency := make([]float64, len(load))
	for h := range load {
		latency[h] = noise[h] * (1 + load[h]/100)
	}
	if got := Detect([]Series{{Family: "p99", Basis: Load, Floor: 0.05, Values: latency, Load: load}}, Options{Start: start}); len(got) > 0 {
		t.Errorf("latency of more load is told as a change: %+v", got)
	}
	for h := 13 * Hours; h < len(latency); h++ {
		latency[h] *= 1.3
	}
	got := Detect([]Series{{Family: "p99", Basis: Load, Floor: 0.05, Values: latency, Load: load}}, Options{Start: start})
	if len(got) == 0 || got[0].Night != 13 || math.Abs(got[0].Effect-0.3) > 0.1 {
		t.Errorf("got %+v, want 30 %% in night 13", got)
	}
}

func TestHolesAndShortSeries(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	values := days(r, 12, flat)
	for h := range values {
		if h%3 == 0 || h > 5*Hours && h < 8*Hours {
			values[h] = math.NaN()
		}
	}
	nothing := make([]float64, 12*Hours)
	for h := range nothing {
		nothing[h] = math.NaN()
	}
	zero := make([]float64, 12*Hours)
	got := Detect([]Series{
		{Family: "a", Basis: Level, Values: values},
		{Family: "b", Basis: Season, Values: nothing},
		{Family: "c", Basis: Load, Values: values, Load: nothing},
		{Family: "d", Basis: Level, Scale: Share, Values: zero},
	}, Options{Start: start})
	if len(got) > 0 {
		t.Errorf("got %+v, want nothing", got)
	}
	if got := Detect([]Series{{Family: "a", Values: days(r, 2, flat)}}, Options{Start: start}); len(got) > 0 {
		t.Errorf("two nights: got %+v", got)
	}
	if got := Detect(nil, Options{Start: start}); len(got) > 0 {
		t.Errorf("no series: got %+v", got)
	}
}

// TestScales checks the effect that each scale reports.
func TestScales(t *testing.T) {
	for _, c := range []struct {
		scale         Scale
		before, after float64
		effect        float64
	}{{Ratio, 10, 13, 0.3}, {Share, 0.04, 0.09, 0.05}, {Plain, -1, 2, 3}} {
		from, to := c.scale.of(c.before), c.scale.of(c.after)
		if got := c.scale.effect(from, to); math.Abs(got-c.effect) > 1e-12 {
			t.Errorf("scale %d: effect %g, want %g", c.scale, got, c.effect)
		}
		if got := c.scale.back(to); math.Abs(got-c.after) > 1e-12 {
			t.Errorf("scale %d: back %g, want %g", c.scale, got, c.after)
		}
	}
}

// TestTrigamma against known values: pi^2/6, pi^2/2 and that less 4.
func TestTrigamma(t *testing.T) {
	for x, want := range map[float64]float64{1: math.Pi * math.Pi / 6, 0.5: math.Pi * math.Pi / 2, 1.5: math.Pi*math.Pi/2 - 4} {
		if got := trigamma(x); math.Abs(got-want) > 1e-9 {
			t.Errorf("trigamma(%g) = %.12f, want %.12f", x, got, want)
		}
		if got := inverseTrigamma(want); math.Abs(got-x) > 1e-6 {
			t.Errorf("inverse of trigamma at %g is %g", x, got)
		}
	}
}
