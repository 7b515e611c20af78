package stat

import (
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func indexes(changes []Change) []int {
	var out []int
	for _, c := range changes {
		out = append(out, c.Index)
	}
	return out
}

func tigerBeetle(t *testing.T) []float64 {
	t.Helper()
	b, err := os.ReadFile("testdata/tigerbeetle.txt")
	if err != nil {
		t.Fatal(err)
	}
	var x []float64
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, field := range strings.Fields(line) {
			v, err := strconv.ParseFloat(field, 64)
			if err != nil {
				t.Fatal(err)
			}
			x = append(x, v)
		}
	}
	return x
}

// The results that Apache Otava's own tests expect, all to the index.
func TestEDivisivePublished(t *testing.T) {
	x := tigerBeetle(t)
	for _, tt := range []struct {
		p, magnitude float64
		want         []int
	}{
		{.01, .05, []int{15, 71}},
		{.05, .05, []int{15, 71}},
		{.1, .05, []int{10, 11, 15, 71, 363}},
		{.2, .05, []int{10, 11, 15, 71}},
		{.1, .01, []int{10, 11, 15, 28, 29, 35, 37, 48, 49, 61, 71, 95, 117, 131, 142, 148, 165, 169, 192, 206, 212, 260, 265, 268, 278, 282, 363}},
		{.01, 0, []int{15, 26, 61, 71, 95, 117, 131, 142, 148, 165, 169, 192, 212, 260}},
		{.001, 0, []int{15, 61, 71, 95, 117, 131, 142, 148, 192, 212, 260}},
		{.0001, 0, []int{71, 95, 117, 131, 142, 148, 192, 212}},
		{.00001, 0, []int{71, 95, 131, 192, 212}},
	} {
		o := DivisiveOptions{Window: 30, P: tt.p, MinMagnitude: tt.magnitude, AsOtava: true}
		if got := indexes(EDivisive(x, o)); !slices.Equal(got, tt.want) {
			t.Errorf("p %g, magnitude %g: %v, want %v", tt.p, tt.magnitude, got, tt.want)
		}
	}
	for _, asOtava := range []bool{true, false} {
		o := DivisiveOptions{P: .01, AsOtava: asOtava}
		sequence := []float64{0.3, 2.4, 1.5, -0.9, -0.5, 99.7, 98.3, 99.1, 149.0, 149.7, 149.5, 149.1, 148.8, 150.0}
		if got := indexes(EDivisive(sequence, o)); !slices.Equal(got, []int{5, 8}) {
			t.Errorf("sequence: %v, want 5 and 8", got)
		}
	}
	// The drop at 15 is a step; the lone value at 10 is not one.
	if got := indexes(EDivisive(x, QuietDivisive())); !slices.Equal(got, []int{15, 71}) {
		t.Errorf("quiet: %v, want 15 and 71", got)
	}
}

// The split by its definition, all pairs summed anew for each.
func TestEnergySplitDefinition(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(0, 10), 2, 14).Draw(rt, "x")
		minSegment := rapid.IntRange(1, 3).Draw(rt, "minimum")
		distance := func(a, b []float64) float64 {
			sum := 0.0
			for _, u := range a {
				for _, v := range b {
					sum += math.Abs(u - v)
				}
			}
			return sum
		}
		want := math.Inf(-1)
		for tau := minSegment; tau <= len(x)-minSegment; tau++ {
			for kappa := tau + minSegment; kappa <= len(x); kappa++ {
				a, b := x[:tau], x[tau:kappa]
				n, m := float64(len(a)), float64(len(b))
				q := 2 * distance(a, b) / (n * m)
				if n > 1 {
					q -= distance(a, a) / (n * (n - 1))
				}
				if m > 1 {
					q -= distance(b, b) / (m * (m - 1))
				}
				want = max(want, q*n*m/(n+m))
			}
		}
		tau, got := energySplit(x, minSegment)
		if (tau == 0) != math.IsInf(want, -1) || math.Abs(got-want) > 1e-9 {
			rt.Fatalf("best split %v at %d, want %v", got, tau, want)
		}
	})
}

// Noise without change, whatever its shape, must hold at most .05 changes in 240
// values.
func TestEDivisiveNull(t *testing.T) {
	shapes := map[string]func(r *rand.Rand) float64{
		"normal 3 %":      func(r *rand.Rand) float64 { return 1 + .03*r.NormFloat64() },
		"normal 20 %":     func(r *rand.Rand) float64 { return 1 + .2*r.NormFloat64() },
		"log-normal 30 %": func(r *rand.Rand) float64 { return math.Exp(.3 * r.NormFloat64()) },
		"spikes": func(r *rand.Rand) float64 {
			v := 1 + .03*r.NormFloat64()
			if r.Float64() < .04 {
				v *= 1 + r.ExpFloat64()
			}
			return v
		},
	}
	for name, draw := range shapes {
		const runs = 200
		r := rand.New(rand.NewPCG(51, 1))
		found := 0
		for range runs {
			x := make([]float64, 240)
			for i := range x {
				x[i] = draw(r)
			}
			found += len(EDivisive(x, QuietDivisive()))
		}
		rate := float64(found) / runs
		t.Logf("%s: %.3f", name, rate)
		if rate > 0.05 {
			t.Errorf("%s: %.3f changes in 240 values of noise", name, rate)
		}
	}
}

// A rise of 8 % in noise of 3 % that has lasted 12 nights must be found, near
// its place.
func TestEDivisivePower(t *testing.T) {
	const runs = 200
	r := rand.New(rand.NewPCG(52, 1))
	found := 0
	for range runs {
		x := make([]float64, 60)
		for i := range x {
			if x[i] = 100 + 3*r.NormFloat64(); i >= 48 {
				x[i] += 8
			}
		}
		at := indexes(EDivisive(x, QuietDivisive()))
		if len(at) == 1 && at[0] >= 45 && at[0] <= 51 {
			found++
		}
	}
	t.Logf("power %.3f", float64(found)/runs)
	if found < runs*9/10 {
		t.Errorf("found %d of %d", found, runs)
	}
}

func TestEDivisiveInvariance(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		scale := rapid.SampledFrom([]float64{0.25, 8, 4096}).Draw(rt, "scale")
		var x, y []float64
		for i := range 90 {
			v := 100 + 15*float64(i/30) + math.Round(64*r.NormFloat64())/64
			x, y = append(x, v), append(y, scale*v)
		}
		a, b := EDivisive(x, DivisiveOptions{MinMagnitude: .05}), EDivisive(y, DivisiveOptions{MinMagnitude: .05})
		if !slices.Equal(indexes(a), indexes(b)) {
			rt.Fatalf("%v, scaled %v", indexes(a), indexes(b))
		}
		for i, c := range a {
			from, to := 0, len(x)
			if i > 0 {
				from = a[i-1].Index
			}
			if i+1 < len(a) {
				to = a[i+1].Index
			}
			if c.Before != Mean(x[from:c.Index]) || c.After != Mean(x[c.Index:to]) || !(c.P < .001) || !(c.Magnitude() > .05) {
				rt.Fatalf("change %+v is not that of its neighbours", c)
			}
		}
	})
}

func TestEDivisiveRefuses(t *testing.T) {
	for name, x := range map[string][]float64{
		"empty": nil, "one": {1}, "two": {1, 2}, "constant": {4, 4, 4, 4, 4, 4}, "zero": make([]float64, 30),
		"NaN": {1, 1, 1, math.NaN(), 9, 9, 9}, "infinite": {1, 1, 1, math.Inf(1), 9, 9, 9},
	} {
		if got := EDivisive(x, DivisiveOptions{P: .01}); len(got) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := indexes(EDivisive([]float64{1, 1, 1, 1, 2, 2, 2, 2}, DivisiveOptions{})); !slices.Equal(got, []int{4}) {
		t.Errorf("a step without noise: %v", got)
	}
	if m := (Change{}).Magnitude(); m != 0 {
		t.Errorf("magnitude of nothing: %v", m)
	}
}
