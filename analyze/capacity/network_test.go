package capacity

import (
	"math"
	"math/rand/v2"
	"testing"
)

// One server with a think time is the machine repairman: the throughput of n
// customers is (1 - p0)/S with p0 = 1 / sum n!/(n-j)! (S/Z)^j.
func TestThroughputMachineRepairman(t *testing.T) {
	const service, think = 2.0, 10.0
	w := network{stations: []station{{demand: service, servers: 1}}, delay: think}
	x := w.throughput(6)
	for n := 1; n <= 6; n++ {
		sum, term := 1.0, 1.0
		for j := 1; j <= n; j++ {
			term *= float64(n-j+1) * service / think
			sum += term
		}
		want := (1 - 1/sum) / service
		if math.Abs(x[n-1]-want) > 1e-12 {
			t.Errorf("X(%d) = %v, want %v", n, x[n-1], want)
		}
	}
}

// Balanced single-server stations: X(n) = n / (D (n + m - 1)).
func TestThroughputBalanced(t *testing.T) {
	w := network{stations: []station{{demand: 1, servers: 1}, {demand: 1, servers: 1}, {demand: 1, servers: 1}}}
	for n, x := range w.throughput(8) {
		want := float64(n+1) / float64(n+1+2)
		if math.Abs(x-want) > 1e-12 {
			t.Errorf("X(%d) = %v, want %v", n+1, x, want)
		}
	}
}

// Many cores and nothing else: min(n, cores)/D, also far beyond.
func TestThroughputManyCores(t *testing.T) {
	for n, x := range (network{stations: []station{{demand: .1, servers: 4}}}).throughput(500) {
		if want := math.Min(float64(n+1), 4) / .1; math.Abs(x/want-1) > 1e-9 {
			t.Fatalf("X(%d) = %v, want %v", n+1, x, want)
		}
	}
}

// With one station of c servers the residence is that of M/M/c: the waiting
// time over the service time, from Erlang C (c, rho, Wq/S).
func TestResidenceErlangC(t *testing.T) {
	for _, tt := range []struct{ servers, rho, wait float64 }{
		{1, .5, 1}, {2, .8, 1.777778}, {4, .8, .745541}, {8, .8, .286028}, {10, .8, .204590}, {16, .8, .095276}, {32, .9, .143186},
	} {
		x := network{stations: []station{{demand: 1, servers: tt.servers}}}.throughput(int(tt.servers))
		got := residence(x, tt.rho*tt.servers) - 1
		if math.Abs(got-tt.wait) > 1e-6 {
			t.Errorf("M/M/%g at %g waits %v, want %v", tt.servers, tt.rho, got, tt.wait)
		}
	}
	if !math.IsInf(residence([]float64{1}, 1), 1) {
		t.Error("a full server has a finite queue")
	}
}

func TestInstances(t *testing.T) {
	rows, err := parseInstances(instanceFacts)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, i := range rows {
		if seen[i.Type] {
			t.Errorf("%s twice", i.Type)
		}
		seen[i.Type] = true
	}
	g5, ok := EmbeddedInstances().Lookup("ml.g5.xlarge")
	if !ok || g5.VCPU != 4 || g5.MemoryGiB != 16 || g5.GPUs() != 1 || g5.AcceleratorMemoryMiB != 22888 {
		t.Errorf("ml.g5.xlarge is %+v", g5)
	}
	if inf, ok := EmbeddedInstances().Lookup("ml.inf2.24xlarge"); !ok || inf.GPUs() != 0 || inf.AcceleratorCount != 6 {
		t.Errorf("ml.inf2.24xlarge is %+v", inf)
	}
	for _, name := range []string{"ml.p9.huge", "ml.nothing", ""} {
		if i, ok := EmbeddedInstances().Lookup(name); ok {
			t.Errorf("%q is known as %+v", name, i)
		}
	}
	if _, err := parseInstances("a\nml.x,1,2\n"); err == nil {
		t.Error("a short row was read")
	}
}

func FuzzParseInstances(f *testing.F) {
	f.Add(instanceFacts)
	f.Add("h\nml.x,4,16,gpu,A10G,1,22888\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := parseInstances(text)
		if err != nil && rows != nil {
			t.Error("rows beside an error")
		}
	})
}

// Every answer and every finding has a check that explains it, with the
// numbers that the code uses.
func TestChecks(t *testing.T) {
	names := map[string]bool{}
	for _, c := range Checks() {
		if names[c.Name] || c.Title == "" || c.Question == "" || c.Formula == "" || c.Query == "" || c.MinimumData == "" || len(c.Refuses) == 0 {
			t.Errorf("check %q is not complete or not unique", c.Name)
		}
		names[c.Name] = true
	}
	for _, l := range []lab{cpuLab(beyond), gpuLab(beyond)} {
		for _, f := range l.analyze().Findings {
			if !names[f.Check] {
				t.Errorf("finding %q has no check", f.Check)
			}
		}
	}
}

// What circulates answers as often whether the work scatters much, little or not
// at all, as long as requests share the cores: the known closed form for
// exponential work holds for all.
func TestThroughputSharedWhateverScatters(t *testing.T) {
	const cores, requests, demand, wait = 2.0, 5, 1.0, 0.8
	want := (network{stations: []station{{demand: demand, servers: cores}}, delay: wait}).throughput(requests)[requests-1]
	for name, work := range map[string]func(r *rand.Rand) float64{
		"constant":  func(*rand.Rand) float64 { return demand },
		"scattered": func(r *rand.Rand) float64 { return demand * []float64{.1, .1, .1, .1, 4.6}[r.IntN(5)] },
	} {
		if got := circulate(cores, requests, wait, work); math.Abs(got/want-1) > .01 {
			t.Errorf("%s work: %.4f requests/s, the network says %.4f", name, got, want)
		}
	}
}

// circulate plays so many requests that wait, share the cores, and begin anew,
// and counts what they finish in a second.
func circulate(cores float64, requests int, wait float64, work func(r *rand.Rand) float64) float64 {
	const seconds = 2e5
	r := rand.New(rand.NewPCG(5, 6))
	left, waits := make([]float64, requests), make([]bool, requests)
	for i := range left {
		left[i], waits[i] = wait*r.Float64(), true
	}
	done, now := 0, 0.0
	for now < seconds {
		busy := 0.0
		for _, w := range waits {
			if !w {
				busy++
			}
		}
		share := math.Min(1, cores/busy)
		speed := func(i int) float64 {
			if waits[i] {
				return 1
			}
			return share
		}
		next := 0
		for i := range left {
			if left[i]/speed(i) < left[next]/speed(next) {
				next = i
			}
		}
		step := left[next] / speed(next)
		for i := range left {
			left[i] -= step * speed(i)
		}
		now += step
		if waits[next] = !waits[next]; waits[next] {
			done++
			left[next] = wait * r.ExpFloat64()
		} else {
			left[next] = work(r)
		}
	}
	return float64(done) / now
}

// Cores are shared, and the network's throughput is the capacity; a GPU serves in
// turn, and steady work may do better.
func TestCapacityUnderWorkers(t *testing.T) {
	shared := network{stations: []station{{demand: 1, servers: 2}}, delay: .8}
	inTurn := network{stations: []station{{demand: 1, servers: 2, inTurn: true}}, delay: .8}
	x := shared.throughput(3)
	s, g := hidden{net: shared, law: shared.limit()}, hidden{net: inTurn, law: inTurn.limit()}
	if got := s.with(x, 3); math.Abs(got-x[2]) > 1e-12 || s.most(x, 3) != x[2] {
		t.Errorf("shared cores: %v of at most %v, want %v", got, s.most(x, 3), x[2])
	}
	bound := math.Min(2, 3/1.8)
	if got := g.with(x, 3); math.Abs(got-math.Sqrt(x[2]*bound)) > 1e-12 || math.Abs(g.most(x, 3)-bound) > 1e-12 {
		t.Errorf("in turn: %v of at most %v, want the middle of %v and %v", got, g.most(x, 3), x[2], bound)
	}
}
