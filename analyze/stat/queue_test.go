package stat

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Rows are servers, utilization, Erlang C, and the mean wait in service times of
// M/M/c, of Allen-Cunneen with arrivals 1 and service .25, and of Sakasegawa
// M/M. Two rows have closed forms: Erlang C is rho for one server and
// 2 rho^2/(1+rho) for two.
func TestQueueTable(t *testing.T) {
	for _, tt := range []struct {
		servers                                 int
		rho, erlangC, wait, quarter, sakasegawa float64
	}{
		{1, .5, .500000, 1.000000, .625000, 1.000000},
		{2, .8, .711111, 1.777778, 1.111111, 1.809131},
		{4, .8, .596432, .745541, .465963, .771549},
		{8, .8, .457645, .286028, .178768, .303135},
		{10, .8, .409180, .204590, .127869, .219448},
		{16, .8, .304884, .095276, .059548, .106337},
		{32, .9, .458197, .143186, .089492, .147527},
	} {
		q := Queue{Servers: tt.servers, Service: 2, ArrivalCV2: 1, ServiceCV2: 1}
		q.Rate = tt.rho * float64(tt.servers) / q.Service
		near(t, "utilization", q.Utilization(), tt.rho, 1e-12)
		near(t, "Erlang C", ErlangC(q.Servers, q.Rate*q.Service), tt.erlangC, 6e-7)
		near(t, "wait", q.Wait()/2, tt.wait, 6e-7)
		near(t, "Sakasegawa", q.SakasegawaWait()/2, tt.sakasegawa, 6e-7)
		q.ServiceCV2 = .25
		near(t, "Allen-Cunneen", q.Wait()/2, tt.quarter, 6e-7)
		near(t, "Erlang wait", q.ErlangWait()/2, tt.wait, 6e-7)
	}
	near(t, "M/M/2", ErlangC(2, 1.6), 32.0/45, 1e-14)
}

// Erlang B by its definition: (A^c/c!) / sum A^k/k!.
func TestErlangBDefinition(t *testing.T) {
	for servers := range 12 {
		for _, a := range []float64{0, 0.3, 2, 7.5} {
			term, sum := 1.0, 1.0
			for k := 1; k <= servers; k++ {
				term *= a / float64(k)
				sum += term
			}
			near(t, "Erlang B", ErlangB(servers, a), term/sum, 1e-12)
		}
	}
	if b := ErlangB(100000, 99000); !(b > 0 && b < 0.01) {
		t.Errorf("large system: %v", b)
	}
}

// The M/G/1 wait is Pollaczek-Khinchine's lambda E[S^2] / 2(1-rho).
func TestPollaczekKhinchine(t *testing.T) {
	for _, cv2 := range []float64{0, 0.25, 1, 4} {
		q := Queue{Servers: 1, Rate: 7, Service: 0.1, ArrivalCV2: 1, ServiceCV2: cv2}
		near(t, "wait", q.Wait(), 7*0.01*(1+cv2)/(2*0.3), 1e-12)
	}
}

// The tail, its quantile and its integral must be one distribution.
func TestWaitDistribution(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := rapid.IntRange(1, 64).Draw(rt, "servers")
		rho := rapid.Float64Range(0.05, 0.98).Draw(rt, "rho")
		q := Queue{Servers: c, Rate: rho * float64(c), Service: 1}
		p := rapid.Float64Range(0.01, 0.999).Draw(rt, "p")
		w := q.WaitQuantile(p)
		if w > 0 && math.Abs(q.WaitTail(w)-(1-p)) > 1e-9 {
			rt.Fatalf("tail at quantile %v is %v, want %v", w, q.WaitTail(w), 1-p)
		}
		if w == 0 && q.WaitTail(0) > 1-p+1e-12 {
			rt.Fatalf("quantile %v is 0 though %v wait", p, q.WaitTail(0))
		}
		mean := q.WaitTail(0) / (float64(c) * (1 - rho))
		if math.Abs(mean/q.ErlangWait()-1) > 1e-9 {
			rt.Fatalf("mean %v, integral of the tail %v", q.ErlangWait(), mean)
		}
	})
}

// Doubling servers and rate together can only shorten the wait.
func TestPoolingHelps(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := rapid.IntRange(1, 40).Draw(rt, "servers")
		rho := rapid.Float64Range(0.01, 0.99).Draw(rt, "rho")
		q := Queue{Servers: c, Rate: rho * float64(c), Service: 1, ArrivalCV2: 1, ServiceCV2: 1}
		double := q
		double.Servers, double.Rate = 2*c, 2*q.Rate
		if double.Wait() > q.Wait()*(1+1e-12) {
			rt.Fatalf("%v servers wait %v, twice that wait %v", c, q.Wait(), double.Wait())
		}
	})
}

func TestQueueOutOfRange(t *testing.T) {
	full := Queue{Servers: 2, Rate: 3, Service: 1, ArrivalCV2: 1, ServiceCV2: 1}
	if !math.IsInf(full.Wait(), 1) || !math.IsInf(full.SakasegawaWait(), 1) || !math.IsInf(full.WaitQuantile(.5), 1) {
		t.Error("an overloaded queue has a finite wait")
	}
	near(t, "tail when full", full.WaitTail(10), 1, 0)
	for i, v := range []float64{
		ErlangB(-1, 1), ErlangB(1, -1), ErlangB(1, math.NaN()), ErlangC(0, 1), ErlangC(2, math.Inf(1)),
		Queue{}.Wait(), Queue{Servers: 1, Rate: math.NaN(), Service: 1}.Wait(), full.WaitQuantile(2),
		Queue{Servers: 1, Rate: .5, Service: 1, ArrivalCV2: -1}.Wait(), Queue{Servers: 1}.WaitTail(-1),
		ThroughputBound(1, 1, nil), ThroughputBound(-1, 1, []float64{1}), ResidenceBound(0, 0, []float64{1}),
	} {
		if !math.IsNaN(v) {
			t.Errorf("case %d: %v, want NaN", i, v)
		}
	}
}

// Exact mean value analysis of a closed network must respect both bounds and
// reach them: with one customer, and with very many.
func TestBoundsHoldForMeanValueAnalysis(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		demands := rapid.SliceOfN(rapid.Float64Range(0.001, 1), 1, 4).Draw(rt, "demands")
		think := rapid.Float64Range(0, 5).Draw(rt, "think")
		queue := make([]float64, len(demands))
		for n := 1; n <= 60; n++ {
			residence := 0.0
			for i, d := range demands {
				residence += d * (1 + queue[i])
			}
			x := float64(n) / (residence + think)
			for i, d := range demands {
				queue[i] = x * d * (1 + queue[i])
			}
			bound := ThroughputBound(float64(n), think, demands)
			if x > bound*(1+1e-9) || residence < ResidenceBound(float64(n), think, demands)*(1-1e-9)-1e-12 {
				rt.Fatalf("%d customers: %v beats the bound %v", n, x, bound)
			}
			if n == 1 && math.Abs(x/bound-1) > 1e-9 {
				rt.Fatalf("one customer: %v, bound %v", x, bound)
			}
		}
	})
}
