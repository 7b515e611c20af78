package pattern

import (
	"math"
	"math/rand/v2"
	"testing"
)

const buckets = 180

// noise is how often a template comes that has nothing to do with anything: a
// rate that drifts, and bursts now and then.
func noise(r *rand.Rand, mean float64) []float64 {
	out := make([]float64, buckets)
	level := 0.0
	for i := range out {
		level = 0.8*level + 0.3*r.NormFloat64()
		out[i] = math.Round(max(0, mean*math.Exp(level)+math.Sqrt(mean)*r.NormFloat64()))
		if r.IntN(40) == 0 {
			out[i] += math.Round(5 * mean)
		}
	}
	return out
}

// burst adds a failure that starts at a bucket: the template first, errors a
// bucket later.
func burst(r *rand.Rand, template, errors []float64, at int) {
	for i := at; i < at+4; i++ {
		n := 5 + float64(r.IntN(20))
		template[i] += n
		errors[i+1] += n * (1 + r.Float64())
	}
}

func world(r *rand.Rand, bursts int) (templates, metrics []Series) {
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		templates = append(templates, Series{name, noise(r, 4)})
	}
	cause := Series{"cause", make([]float64, buckets)}
	errors := Series{"errors", noise(r, 1)}
	for k := range bursts {
		burst(r, cause.Values, errors.Values, 15+k*35+r.IntN(12))
	}
	return append(templates, cause), []Series{errors, {"latency", noise(r, 100)}}
}

// A planted cause is the first explanation in 95 % of worlds at least; without
// one, nothing is called an explanation in 95 %.
func TestExplainGates(t *testing.T) {
	const worlds = 100
	found, silent := 0, 0
	for seed := range uint64(worlds) {
		templates, metrics := world(rand.New(rand.NewPCG(seed, 1)), 4)
		got := Explain(templates, metrics, ExplainOptions{})
		if len(got) > 0 && got[0].Verdict == Explains && got[0].Template == "cause" && got[0].Metric == "errors" && got[0].Lag >= 0 {
			found++
		}
		templates, metrics = world(rand.New(rand.NewPCG(seed, 2)), 0)
		got = Explain(templates, metrics, ExplainOptions{})
		if len(got) == 0 || got[0].Verdict != Explains {
			silent++
		}
	}
	t.Logf("found %d, silent %d of %d", found, silent, worlds)
	if found < worlds*95/100 || silent < worlds*95/100 {
		t.Errorf("found %d, silent %d of %d", found, silent, worlds)
	}
}

// One coincidence explains nothing, however strong it is.
func TestExplainOneEpisode(t *testing.T) {
	for seed := range uint64(20) {
		templates, metrics := world(rand.New(rand.NewPCG(seed, 3)), 1)
		for _, r := range Explain(templates, metrics, ExplainOptions{}) {
			if r.Template == "cause" && r.Metric == "errors" && r.Verdict != CoOccurred {
				t.Errorf("seed %d: %+v", seed, r)
			}
		}
	}
}

func TestExplainNothing(t *testing.T) {
	nan := math.NaN()
	for _, s := range [][]float64{nil, {nan, nan}, {1, 1, 1}, make([]float64, 60)} {
		got := Explain([]Series{{"t", s}}, []Series{{"m", s}}, ExplainOptions{})
		if len(got) > 0 && got[0].Verdict == Explains {
			t.Errorf("%v: %+v", s, got)
		}
	}
}

func TestChanges(t *testing.T) {
	before := Window{Lines: map[string]int64{"same": 100, "old": 50, "once": 1, "loud": 20, "bursts": 20, "none": 0}, Exposure: 3600}
	after := Window{
		Lines:    map[string]int64{"same": 210, "new": 40, "single": 1, "loud": 200, "bursts": 200, "none": 0},
		Exposure: 7200, Dispersion: map[string]float64{"bursts": 40, "new": 40},
	}
	want := map[string]ChangeKind{"old": Gone, "new": New, "loud": Louder}
	got := Changes(before, after, 0.01)
	if len(got) != len(want) {
		t.Errorf("got %+v", got)
	}
	for _, c := range got {
		if want[c.Template] != c.Kind || c.Q > 0.01 || !(c.Ratio.Lo <= c.Ratio.Value && c.Ratio.Value <= c.Ratio.Hi) {
			t.Errorf("%+v, want %s", c, want[c.Template])
		}
	}
	if c := Changes(before, Window{}, 0.01); c != nil {
		t.Errorf("a window of no exposure: %+v", c)
	}
}

// The exact test: two counts of 10 and 0 at equal exposure have p = 2 x 2^-10.
func TestPoissonTest(t *testing.T) {
	for _, test := range []struct {
		a, b  int64
		share float64
		want  float64
	}{{10, 0, .5, 2.0 / 1024}, {0, 10, .5, 2.0 / 1024}, {5, 5, .5, 1}, {1, 0, .25, .5}} {
		if got := poissonTest(test.a, test.b, test.share); math.Abs(got-test.want) > 1e-12 {
			t.Errorf("%+v: %g", test, got)
		}
	}
}
