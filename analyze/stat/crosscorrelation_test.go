package stat

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// Anscombe's first quartet: published correlation 0.81642, p 0.00217.
func TestCorrelationAnscombe(t *testing.T) {
	x := []float64{10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5}
	y := []float64{8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68}
	r, p := Correlation(x, y)
	near(t, "r", r, 0.81642, 5e-6)
	near(t, "p", p, 0.00217, 5e-6)
	if r, p := Correlation(x, x); r != 1 || p != 0 {
		t.Errorf("with itself: %v, %v", r, p)
	}
}

// Independent series must not correlate, however they drift.
func TestCrossCorrelateFalsePositives(t *testing.T) {
	for _, phi := range []float64{0, .5, .9, .97} {
		const runs = 800
		r := rand.New(rand.NewPCG(21, uint64(100*phi)))
		found := 0
		for range runs {
			c, ok := CrossCorrelate(autoregressive(r, 240, phi), autoregressive(r, 240, phi), CrossOptions{})
			if ok && c.P <= 0.05 {
				found++
			}
		}
		rate := float64(found) / runs
		t.Logf("phi %g: %.4f", phi, rate)
		if rate > 0.06 {
			t.Errorf("phi %g: %.4f of independent pairs correlate, want at most .06", phi, rate)
		}
	}
}

// Two series with innovations that correlate .5 two steps apart must be found,
// at that lag.
func TestCrossCorrelatePower(t *testing.T) {
	for _, phi := range []float64{0, .5, .9, .97} {
		const runs = 300
		r := rand.New(rand.NewPCG(22, uint64(100*phi)))
		found := 0
		for range runs {
			x, y := lagged(r, 120, phi)
			if c, ok := CrossCorrelate(x, y, CrossOptions{}); ok && c.P <= 0.05 && c.Best.Lag == 2 {
				found++
			}
		}
		power := float64(found) / runs
		t.Logf("phi %g: %.3f", phi, power)
		if power < 0.8 {
			t.Errorf("phi %g: power %.3f, want .8", phi, power)
		}
	}
}

// lagged draws two AR(1) series; y follows x two steps later with r = .5.
func lagged(r *rand.Rand, n int, phi float64) (x, y []float64) {
	e := make([]float64, n+2)
	for i := range e {
		e[i] = r.NormFloat64()
	}
	x, y = make([]float64, n), make([]float64, n)
	u, v := 0.0, 0.0
	for i := range n {
		u = phi*u + e[i+2]
		v = phi*v + 0.5*e[i] + math.Sqrt(0.75)*r.NormFloat64()
		x[i], y[i] = u, v
	}
	return x, y
}

// Five episodes of eight minutes in three hours, y two minutes after x, and
// noise such that the correlation at that lag is about one half.
func TestCrossCorrelateEpisodes(t *testing.T) {
	const runs = 300
	for _, phi := range []float64{0, .5, .9} {
		r := rand.New(rand.NewPCG(23, uint64(100*phi)))
		found, correlation := 0, 0.0
		for range runs {
			x, y := autoregressive(r, 180, phi), autoregressive(r, 180, phi)
			for k := range 5 {
				at := 10 + 34*k + r.IntN(10)
				for j := range 8 {
					x[at+j] += 2.6 / math.Sqrt(1-phi*phi)
					y[at+j+2] += 2.6 / math.Sqrt(1-phi*phi)
				}
			}
			raw, _ := Correlation(x[:178], y[2:])
			correlation += raw / runs
			if c, ok := CrossCorrelate(x, y, CrossOptions{}); ok && c.P <= 0.05 {
				found++
			}
		}
		t.Logf("phi %g: raw r %.2f, power %.3f", phi, correlation, float64(found)/runs)
		if float64(found)/runs < 0.8 {
			t.Errorf("phi %g: power %.3f, want .8", phi, float64(found)/runs)
		}
	}
}

func TestCrossCorrelateInvariance(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		x, y := lagged(r, 120, 0.5)
		a, ok := CrossCorrelate(x, y, CrossOptions{})
		scale := rapid.Float64Range(0.1, 100).Draw(rt, "scale")
		shift := rapid.Float64Range(-100, 100).Draw(rt, "shift")
		for i := range x {
			x[i] = shift + scale*x[i]
		}
		b, _ := CrossCorrelate(x, y, CrossOptions{})
		if !ok || a.Best.Lag != b.Best.Lag || math.Abs(a.Best.R-b.Best.R) > 1e-6 {
			rt.Fatalf("%+v, rescaled %+v", a.Best, b.Best)
		}
		c, _ := CrossCorrelate(y, x, CrossOptions{})
		if c.Best.Lag != -a.Best.Lag || math.Abs(a.P-c.P) > 1e-6 {
			rt.Fatalf("%+v, swapped %+v", a.Best, c.Best)
		}
		if a.R.Lo > a.Best.R || a.R.Hi < a.Best.R {
			rt.Fatalf("interval %+v", a.R)
		}
	})
}

func TestCrossCorrelateRefuses(t *testing.T) {
	x, y := lagged(rand.New(rand.NewPCG(3, 3)), 120, 0.5)
	gap := append([]float64(nil), x...)
	for i := 20; i < 30; i++ {
		gap[i] = math.NaN()
	}
	if c, ok := CrossCorrelate(gap, y, CrossOptions{}); !ok || c.Best.Lag != 2 {
		t.Errorf("with a gap: %+v", c.Best)
	}
	flat := make([]float64, 120)
	for name, d := range map[string][2][]float64{
		"empty": {nil, nil}, "lengths": {x, y[:100]}, "short": {x[:20], y[:20]}, "flat": {x, flat},
	} {
		if c, ok := CrossCorrelate(d[0], d[1], CrossOptions{}); ok {
			t.Errorf("%s: %+v", name, c)
		}
	}
	if r, p := Correlation(x[:2], y[:2]); !math.IsNaN(r) || !math.IsNaN(p) {
		t.Error("a correlation of two pairs")
	}
}
