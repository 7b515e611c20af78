package capacity

import (
	"math"
	"slices"

	"sizewise/analyze/finding"
	"sizewise/analyze/price"
	"sizewise/analyze/slo"
)

// Input is what [Analyze] looks at.
type Input struct {
	Minutes           []finding.Minute // ascending by Start; NaN means not published
	Tested            finding.Tested   // VCPU, GPUs, MemoryGiB, DescribedCount as far as known
	SLO               slo.SLO          // empty: no SLO
	PeakRPS           float64          // requests/s to size for, whole fleet; NaN: the highest that was served
	Growth            float64          // 0.2 sizes for 20 % more
	TargetUtilization float64          // 0 means 0.7
	InstancesNow      int              // what runs now; 0 means the last live count
	Zones             int              // availability zones that the instances are spread over; 0 unknown
	Workers           int              // requests one instance works on at once, from its log; 0 unknown

	ByInstance []InstanceMinute // of every instance by itself, where that is published

	Price price.Quote // of an instance; the zero value is none given

	Scaling Scaling // what scales the variant now
}

// Result is everything that [Analyze] found out.
type Result struct {
	Minutes  []finding.Minute // the input with Instances, Step and Usable filled in
	Steps    []finding.Step
	Curve    *finding.Curve // nil when no line could be fitted
	Answers  finding.Answers
	Findings []finding.Finding
	Tested   finding.Tested // the input with the live counts, ClosedLoop, Batching and Requests filled in
	Verdict  finding.Verdict
	Usable   int               // buckets that entered the fit
	Next     *finding.NextTest // nil when all that was asked is measured
	Price    *finding.Price    // nil when none may be used
	Traffic  []finding.Traffic // instances at other peaks
	Sizing   *finding.Sizing   // nil without a rate to size with
	Replay   *finding.Replay   // the window's traffic put to other fleets; nil without traffic

	Instances []finding.Instance // by themselves, slowest first; empty where they are not published

	// What describes the curve; nothing else rests on it.
	USL  *finding.USL
	Knee *finding.Knee
}

// Analyze answers every question of finding.Answers, or says why not. The
// input is not modified.
func Analyze(in Input) Result {
	if in.TargetUtilization == 0 {
		in.TargetUtilization = defaultTarget
	}
	a := &analysis{in: in, minutes: slices.Clone(in.Minutes), tested: in.Tested}
	a.prepare()
	a.distrustLimits()
	a.findDeploy()
	a.findSteps()
	a.baseLoss = a.leastLoss()
	a.splitByConcurrency()
	a.findClientShare()
	a.closedLoop = a.isClosedLoop()
	a.findSaturation()
	a.markUsable()
	a.findWarmup()
	a.fitDemand()
	a.lone = a.findLone()
	a.answers.Saturated = a.saturatedAnswer()
	a.answers.Capacity, a.answers.Bottleneck = a.capacityAnswer()
	a.answers.SLORate = a.sloAnswer()
	a.answers.ErrorOnset = a.onsetAnswer()
	a.size()
	return a.result()
}

// analysis is the state of one Analyze call. Each step of the method fills in
// what the next ones read.
type analysis struct {
	in      Input
	minutes []finding.Minute
	buckets []bucket // parallel to minutes
	spread  int      // buckets that one utilization value covers
	wide    bool     // buckets are too wide to leave out the first of a step
	steps   []step
	tested  finding.Tested

	baseLoss   float64 // 5xx ratio at every load
	closedLoop bool
	saturated  bool
	partial    bool               // only the busiest instances were saturated
	demands    []demand           // one per resource whose limit is known
	single     []finding.Instance // instances by themselves
	hot        hotness            // how much slower the slowest instance is
	lone       lone               // the time of a request that meets no other, where workers are known
	deploy     deploy             // from which on a request costs another amount
	leak       leakTrail          // memory that climbs with time
	client     clientShare
	distrusted []finding.Finding // of what the instance type is said to have
	warmFrom   int               // first bucket of the warm-up
	warmUntil  int               // bucket that ends it; 0 when there was none
	answers    finding.Answers
	fleets     []finding.Traffic // that other peaks need
	sizing     *finding.Sizing   // what else the number of instances depends on
}

// result packs up what was found.
func (a *analysis) result() Result {
	nameQueries(&a.answers)
	r := Result{Minutes: slices.Clone(a.in.Minutes), Answers: a.answers, Curve: a.curve(), Price: a.price(), Traffic: a.fleets, Sizing: a.sizing}
	for i := range a.steps {
		r.Steps = append(r.Steps, a.stepResult(i))
	}
	for i := range a.minutes {
		m := &a.minutes[i]
		r.Minutes[i].Instances, r.Minutes[i].Step, r.Minutes[i].Usable = m.Instances, m.Step, m.Usable
		if m.Usable {
			r.Usable++
		}
	}
	r.Tested = a.describeTested()
	r.Verdict = a.verdict(r.Steps)
	r.Findings = a.allFindings(r.Steps)
	r.Next = a.nextTest()
	r.Replay = a.replays()
	r.Instances = a.single
	r.USL, r.Knee = a.usl(), a.knee()
	return r
}

// describeTested completes the facts about what ran.
func (a *analysis) describeTested() finding.Tested {
	t := a.tested
	t.ClosedLoop = a.closedLoop
	t.Batching = a.batching()
	t.StepsFound = len(a.steps)
	t.Requests = 0
	lo, hi, last := math.Inf(1), 0.0, 0.0
	for i := range a.buckets {
		if b := &a.buckets[i]; b.offered > 0 {
			t.Requests += finding.Number(a.minutes[i].Invocations)
			if b.whole {
				lo, hi, last = min(lo, b.k), max(hi, b.k), b.k
			}
		}
	}
	if hi > 0 {
		t.InstancesMin, t.InstancesMax, t.InstancesLast = finding.Number(lo), finding.Number(hi), finding.Number(last)
	}
	if t.PeriodS == 0 && len(a.minutes) > 0 {
		t.PeriodS = int(a.minutes[0].Seconds)
	}
	return t
}

// batching reports whether GPU work per request falls with load.
func (a *analysis) batching() bool {
	for _, d := range a.demands {
		if d.name == "gpu" && d.concave {
			return true
		}
	}
	return false
}
