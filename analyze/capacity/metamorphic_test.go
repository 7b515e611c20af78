package capacity

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sizewise/analyze/finding"
)

func value(r Result) float64 { return float64(r.Answers.Capacity.Value) }

// same fails unless two results agree to the last digits.
func same(t *testing.T, what string, a, b Result) {
	t.Helper()
	if a.Answers.Capacity.Status != b.Answers.Capacity.Status || math.Abs(value(a)/value(b)-1) > 1e-9 {
		t.Errorf("%s: %s %v became %s %v", what, a.Answers.Capacity.Status, value(a), b.Answers.Capacity.Status, value(b))
	}
}

func labs() map[string]lab {
	return map[string]lab{
		"cpu below": cpuLab(below), "cpu beyond": cpuLab(beyond), "gpu below": gpuLab(below), "gpu beyond": gpuLab(beyond),
	}
}

// Twice the requests on twice the instances is the same instance.
func TestFleetAndLoadDoubled(t *testing.T) {
	for name, l := range labs() {
		minutes := l.run()
		doubled := l.run()
		for i := range doubled {
			m := &doubled[i]
			m.Invocations, m.Errors4XX, m.Errors5XX, m.ModelCount = 2*m.Invocations, 2*m.Errors4XX, 2*m.Errors5XX, 2*m.ModelCount
			m.Reporting *= 2
		}
		a, b := Analyze(l.input(minutes)), Analyze(l.input(doubled))
		if math.Abs(value(a)/value(b)-1) > 0.005 || a.Answers.Capacity.Status != b.Answers.Capacity.Status {
			t.Errorf("%s: %v became %v", name, value(a), value(b))
		}
	}
}

func TestTimeShift(t *testing.T) {
	for name, l := range labs() {
		shifted := l.run()
		for i := range shifted {
			shifted[i].Start = shifted[i].Start.Add(1000*time.Hour + 7*time.Second)
		}
		same(t, name, l.analyze(), Analyze(l.input(shifted)))
	}
}

// The order of the minutes inside a load step says nothing.
func TestMinutesPermutedInsideSteps(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for name, l := range labs() {
		a, minutes := l.analyze(), l.run()
		for s := range l.shares {
			r.Shuffle(l.width-1, func(i, j int) {
				x, y := &minutes[s*l.width+1+i], &minutes[s*l.width+1+j]
				x.Start, y.Start = y.Start, x.Start
				*x, *y = *y, *x
			})
		}
		b := Analyze(l.input(minutes))
		if math.Abs(value(a)/value(b)-1) > 0.005 {
			t.Errorf("%s: %v became %v", name, value(a), value(b))
		}
	}
}

// One minute in twenty lost moves the answer by less than its interval.
func TestMinutesMissing(t *testing.T) {
	for name, l := range labs() {
		for seed := range uint64(10) {
			l.seed = seed
			r := rand.New(rand.NewPCG(seed, 4))
			var kept []finding.Minute
			for _, m := range l.run() {
				if r.Float64() > 0.05 {
					kept = append(kept, m)
				}
			}
			a, b := l.analyze().Answers.Capacity, Analyze(l.input(kept)).Answers.Capacity
			if a.Status != b.Status {
				t.Errorf("%s seed %d: %s became %s: %s", name, seed, a.Status, b.Status, b.Why)
				continue
			}
			if math.Abs(float64(a.Value-b.Value)) > float64(a.Hi-a.Lo) {
				t.Errorf("%s seed %d: %v (%v-%v) became %v", name, seed, a.Value, a.Lo, a.Hi, b.Value)
			}
		}
	}
}

// A constant background of U0 busy cores takes exactly U0/D off.
func TestBackground(t *testing.T) {
	l := cpuLab(below)
	a, minutes := l.analyze(), l.run()
	const u0 = 0.5
	for i := range minutes {
		minutes[i].CPU += u0
		minutes[i].CPUHot += u0
	}
	b := Analyze(l.input(minutes))
	want := -u0 / float64(a.Curve.Slope)
	if got := value(b) - value(a); math.Abs(got/want-1) > 1e-6 {
		t.Errorf("capacity moved by %v, want %v", got, want)
	}
}

// Intervals that claim 95 % hold the truth about that often.
func TestCoverage(t *testing.T) {
	for name, l := range labs() {
		held, n := 0, 0
		for seed := range uint64(200) {
			l.seed = seed
			c := l.analyze().Answers.Capacity
			truth, _, _ := l.truth()
			if c.Status == finding.AtLeast {
				continue
			}
			n++
			if float64(c.Lo) <= truth && truth <= float64(c.Hi) {
				held++
			}
		}
		if share := float64(held) / float64(n); share < 0.9 {
			t.Errorf("%s: %d of %d intervals hold the truth", name, held, n)
		}
	}
}

// Production without steps: a random walk of the load, noisy readings.
func TestProductionWalk(t *testing.T) {
	bad := 0
	for seed := range uint64(seeds) {
		l := cpuLab(nil)
		l.width, l.noise, l.seed = 1, .05, seed
		r := rand.New(rand.NewPCG(seed, 5))
		share := .3
		for range 180 {
			share = min(.62, max(.1, share+.04*r.NormFloat64()))
			l.shares = append(l.shares, share)
		}
		c := l.analyze().Answers.Capacity
		truth, _, _ := l.truth()
		if c.Status != finding.Extrapolated {
			t.Errorf("seed %d: %s: %s", seed, c.Status, c.Why)
		}
		if math.Abs(float64(c.Value)/truth-1) > .1 {
			bad++
		}
	}
	if bad > seeds/20 {
		t.Errorf("%d of %d answers are off by more than a tenth", bad, seeds)
	}
}

// Whatever is missing or mad in the data, the answer is an answer: no panic,
// no interval the wrong way round, no NaN where a status promises a number.
func TestNonsense(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		l := labs()[rapid.SampledFrom([]string{"cpu below", "cpu beyond", "gpu below", "gpu beyond"}).Draw(rt, "lab")]
		minutes := l.run()
		n := rapid.IntRange(0, 400).Draw(rt, "spoilt")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 9))
		for range n {
			spoil(r, &minutes[r.IntN(len(minutes))])
		}
		in := l.input(minutes)
		in.SLO = mustSLO("p99<900ms, errors<1%, cpu<80%")
		in.Workers = rapid.IntRange(0, 64).Draw(rt, "workers")
		res := Analyze(in)
		for _, e := range []finding.Estimate{
			res.Answers.Capacity, res.Answers.SLORate, res.Answers.ErrorOnset, res.Answers.Instances,
			res.Answers.AutoscalingTarget, res.Answers.Headroom,
		} {
			answered := e.Status == finding.Measured || e.Status == finding.Extrapolated
			if answered && !(e.Lo <= e.Value && e.Value <= e.Hi) {
				rt.Fatalf("%s %v not in %v to %v: %s", e.Status, e.Value, e.Lo, e.Hi, e.Why)
			}
			if e.Status == finding.AtLeast && !e.Value.Known() || e.Status == finding.Unanswerable && e.Value.Known() {
				rt.Fatalf("%s with %v", e.Status, e.Value)
			}
			if e.Status == "" || e.Why == "" {
				rt.Fatalf("no status or no reason: %+v", e)
			}
		}
	})
}

func spoil(r *rand.Rand, m *finding.Minute) {
	fields := []*float64{
		&m.Invocations, &m.PerInstance, &m.Errors4XX, &m.Errors5XX, &m.ModelMean, &m.ModelP99, &m.ModelCount,
		&m.CPU, &m.CPUHot, &m.GPU, &m.GPUHot, &m.Memory, &m.MemoryHot, &m.Reporting,
	}
	values := []float64{math.NaN(), 0, 1, 1e-9, 1e9, r.Float64() * 5, r.Float64() * 5000}
	*fields[r.IntN(len(fields))] = values[r.IntN(len(values))]
}

// Five-minute buckets hold a whole step each; the answers stay.
func TestWideBuckets(t *testing.T) {
	for name, l := range labs() {
		l.shares = append([]float64{.15, .25, .35, .4}, l.shares...)
		truth, _, _ := l.truth()
		for seed := range uint64(10) {
			l.seed = seed
			c := Analyze(l.input(widen(l.run(), 5))).Answers.Capacity
			within(t, seed, c, truth)
			if want := l.analyze().Answers.Capacity.Status; c.Status != want {
				t.Errorf("%s seed %d: %s, want %s: %s", name, seed, c.Status, want, c.Why)
			}
		}
	}
}

// widen adds up every n minutes to one bucket.
func widen(minutes []finding.Minute, n int) []finding.Minute {
	var out []finding.Minute
	for i := 0; i+n <= len(minutes); i += n {
		sum := minutes[i]
		sum.Seconds *= float64(n)
		for _, m := range minutes[i+1 : i+n] {
			sum.Invocations += m.Invocations
			sum.PerInstance += m.PerInstance
			sum.Errors4XX += m.Errors4XX
			sum.Errors5XX += m.Errors5XX
			sum.ModelCount += m.ModelCount
			sum.ModelMean += m.ModelMean
			sum.CPU, sum.CPUHot = sum.CPU+m.CPU, max(sum.CPUHot, m.CPUHot)
			sum.GPU, sum.GPUHot = sum.GPU+m.GPU, max(sum.GPUHot, m.GPUHot)
			sum.Reporting += m.Reporting
		}
		sum.ModelMean, sum.CPU, sum.GPU = sum.ModelMean/float64(n), sum.CPU/float64(n), sum.GPU/float64(n)
		out = append(out, sum)
	}
	return out
}
