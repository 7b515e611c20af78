package job

import (
	"fmt"
	"math"

	"sizewise/analyze/finding"
)

// money says what the job cost, what of it idle GPUs were, and what spot
// instances saved. SageMaker bills the billable time times the instances.
func (r *run) money() {
	billed := number(r.fact("billable_seconds"))
	trained := number(r.fact("training_seconds"))
	if r.d.Kind == "training" {
		n := told("billable_s", "time billed, of each instance", unitSeconds, finding.Lower)
		if math.IsNaN(billed) {
			r.put(n.Refused("Describe tells no billable time."))
		} else {
			r.put(n.Seen(billed, 1, "As described."))
		}
		r.spot(billed, trained)
	} else {
		billed = r.seconds()
	}
	quote := r.d.Prices.Quote(r.d.Region, r.kind, r.use, r.d.Today)
	cost := told("cost_usd", "cost", unitUSD, finding.Lower)
	idle := named("gpu_idle_cost_usd", "of it for idle GPUs while the program ran", unitUSD, finding.Lower)
	gpus := r.instance.GPUs() > 0
	if why := r.unpriced(quote.Known, quote.Why, billed); why != "" {
		r.put(cost.Refused(why))
		if gpus {
			r.put(idle.Refused(why))
		}
		return
	}
	rate := quote.Price.USDPerHour * float64(r.count)
	age := "of " + quote.Price.AsOf.Format("2006-01-02")
	r.put(cost.Seen(billed/3600*rate, 1, fmt.Sprintf("%s of %s at %.4g USD an hour (%s).", took(billed), plural(r.count, "instance", "instances"), quote.Price.USDPerHour, age)))
	if gpus {
		r.idleCost(billed, rate)
	}
}

func (r *run) idleCost(billed, rate float64) {
	idle := named("gpu_idle_cost_usd", "of it for idle GPUs while the program ran", unitUSD, finding.Lower)
	e := estimate(r.measures, "gpu_idle_share")
	if !known(e) {
		r.put(idle.Refused("How long the GPUs idled is not known."))
		return
	}
	ran, had := 0.0, r.seconds()
	for _, w := range r.running {
		ran += w.End.Sub(w.Start).Seconds()
	}
	if math.IsNaN(had) || had <= 0 {
		had = ran
	}
	usd := billed / 3600 * rate * min(1, ran/had)
	m := idle.Seen(float64(e.Value)*usd, e.N, fmt.Sprintf("The idle share of the %s that the program ran.", took(ran)))
	m.Estimate.Lo, m.Estimate.Hi, m.Estimate.Confidence = finding.Number(float64(e.Lo)*usd), finding.Number(float64(e.Hi)*usd), e.Confidence
	r.put(m)
}

func (r *run) unpriced(priced bool, why string, billed float64) string {
	switch {
	case !priced:
		return "No price: " + why + "; sizewise prices says how to give some."
	case math.IsNaN(billed):
		return "Describe tells no time that was billed."
	case r.count == 0:
		return "The number of instances is not known."
	}
	return ""
}

func (r *run) spot(billed, trained float64) {
	if r.fact("managed_spot") != "true" {
		return
	}
	n := told("spot_saving_ratio", "saved by managed spot training", unitRatio, finding.Higher)
	if math.IsNaN(billed) || math.IsNaN(trained) || trained <= 0 {
		r.put(n.Refused("Describe does not tell both the training and the billable time."))
		return
	}
	r.put(n.Seen(1-billed/trained, 1, fmt.Sprintf("%s billed of %s trained.", took(billed), took(trained))))
}

// interruptions count how often spot capacity was taken away, and what the job
// did until it trained again.
func (r *run) interruptions() {
	times, lost := 0, 0.0
	for i := range r.phases {
		if r.phases[i].Name != phaseInterrupted {
			continue
		}
		times++
		for j := i; j < len(r.phases) && r.phases[j].Name != phaseTraining && r.phases[j].Name != phaseLoading; j++ {
			lost += r.phases[j].End.Sub(r.phases[j].Start).Seconds()
		}
	}
	if r.fact("managed_spot") != "true" && times == 0 {
		return
	}
	r.put(told("spot_interruptions", "interruptions of spot instances", "", finding.Lower).Seen(float64(times), len(r.phases), "By the transitions of the secondary status."))
	if times == 0 {
		return
	}
	r.put(told("spot_lost_s", "time from interruptions until it trained again", unitSeconds, finding.Lower).Seen(lost, times, "Waiting for capacity, starting and downloading again; steps done twice come on top."))
	r.found.add("job_spot_interrupted", finding.Warning, queryFacts,
		fmt.Sprintf("Spot capacity was taken away %s; %s passed until it trained again.", map[bool]string{true: "once", false: fmt.Sprintf("%d times", times)}[times == 1], took(lost)), r.resumed())
}
