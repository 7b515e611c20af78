package capacity

import (
	"math"

	"sizewise/analyze/finding"
)

// erlangB is the share of random arrivals that find all servers taken when
// none may wait: offered load in servers' worth.
func erlangB(servers int, offered float64) float64 {
	b := 1.0
	for n := 1; n <= servers; n++ {
		b = offered * b / (float64(n) + offered*b)
	}
	return b
}

// lossSystem is the capacity of workers in front of which nothing queues: what
// finds them all taken is refused at once, so that answers are never slow and
// workers idle between requests even where many are refused. What they could
// answer without a pause is their number over the time of one request; the
// number follows from the refusals by Erlang's formula where the log does not
// say it. ok is false when requests do queue.
func (a *analysis) lossSystem() (finding.Estimate, finding.Bottleneck, bool) {
	none := finding.Bottleneck{}
	low := a.lowestStep()
	if low == nil || a.leak.found || a.closedLoop {
		return finding.Estimate{}, none, false
	}
	refusing := a.refusing(low)
	if len(refusing) == 0 {
		return finding.Estimate{}, none, false
	}
	workers, scatter := a.in.Workers, lossLeast
	if workers == 0 {
		workers = a.workersByLoss(refusing)
		scatter = lossSpread
	}
	if workers == 0 {
		return finding.Estimate{}, none, false
	}
	time, n := a.median(a.bucketsOf(refusing), func(i int) float64 { return a.buckets[i].mean }), 0
	for _, s := range refusing {
		n += len(s.used)
	}
	client := a.client.all
	value := float64(workers) / time * (1 - client)
	spread := math.Hypot(scatter, 1/math.Sqrt(a.answeredIn(refusing)))
	e := a.hot.estimate(value, value*(1-spread), value*(1+spread))
	if !(e.Value > 0) || !e.Value.Known() {
		return e, none, false
	}
	e.Status, e.Method, e.N, e.Query = finding.Extrapolated, "loss_system", n, "capacity_plateau"
	e.Window = a.window(a.bucketsOf(refusing))
	e.Formula = sprintf("%d / %s = %s requests/s", workers, milliseconds(time/(1-client)), figure(value))
	e.Why = sprintf("Requests are refused although answers are no slower than at low load: nothing queues, and %s when a request finds no free one. Without pauses they would answer at this rate.", workersTaken(workers))
	if a.in.Workers == 0 {
		e.Why += " Their number follows from the share that is refused, for requests that come independently."
	}
	b := finding.Bottleneck{
		Status: finding.Extrapolated, Value: "workers", Margins: map[string]finding.Number{}, Query: "capacity_plateau",
		Why: sprintf("Requests are refused while no resource is full and answers stay quick: all %d workers are taken. %s", workers, a.workersAdvice()),
	}
	return e, b, true
}

func workersTaken(n int) string {
	if n == 1 {
		return "the one worker is busy"
	}
	return sprintf("all %d workers are busy", n)
}

// refusing are the steps that lost requests while answers stayed as quick as in
// the lowest step and nothing was full.
func (a *analysis) refusing(low *step) []*step {
	var out []*step
	for i := range a.steps {
		s := &a.steps[i]
		if !s.clean || !a.losses(s) {
			continue
		}
		if s.full != "" || !(s.mean <= lossSlow*low.mean) {
			return nil
		}
		out = append(out, s)
	}
	return out
}

func (a *analysis) bucketsOf(steps []*step) []int {
	var out []int
	for _, s := range steps {
		out = append(out, s.used...)
	}
	return out
}

// answeredIn is how many requests the steps answered.
func (a *analysis) answeredIn(steps []*step) float64 {
	n := 1.0
	for _, i := range a.bucketsOf(steps) {
		n += zeroIfNaN(a.minutes[i].ModelCount)
	}
	return n
}

// workersByLoss is the number of workers of one instance that explains best
// what was refused, 0 when no number does.
func (a *analysis) workersByLoss(steps []*step) int {
	best, at := math.Inf(1), 0
	for w := 1; w <= freeWorkers; w++ {
		misfit := 0.0
		for _, s := range steps {
			misfit += math.Abs(math.Log(erlangB(w, s.offered*s.mean)/s.loss)) / float64(len(steps))
		}
		if misfit < best {
			best, at = misfit, w
		}
	}
	if best > lossMisfit {
		return 0
	}
	return at
}
