package capacity

import (
	"math"

	"sizewise/analyze/finding"
	"sizewise/analyze/stat"
)

// allFindings is what the checks have to say, most severe first.
func (a *analysis) allFindings(steps []finding.Step) []finding.Finding {
	var all []finding.Finding
	for _, list := range [][]finding.Finding{
		a.distrusted, a.typeFinding(), a.saturationFinding(), a.sloFinding(steps), a.leakFinding(), a.deployFinding(), a.batchFinding(), a.clientFinding(),
		a.skewFinding(), a.warmFinding(), a.closedFinding(), a.countFinding(), a.kneeFinding(), a.priceFinding(),
	} {
		all = append(all, list...)
	}
	var out []finding.Finding
	for _, sev := range []finding.Severity{finding.Critical, finding.Warning, finding.Info} {
		for _, f := range all {
			if f.Severity == sev {
				f.ID = f.Check
				out = append(out, f)
			}
		}
	}
	return out
}

// typeFinding tells of an instance type that was asked for and is not the one
// that Describe named.
func (a *analysis) typeFinding() []finding.Finding {
	t := a.in.Tested
	if t.AskedType == "" {
		return nil
	}
	f := finding.Finding{
		Check: "other_types", Severity: finding.Warning, Query: "resources_latest",
		Title: sprintf("What %s would take cannot be answered: %s is what ran.", t.AskedType, t.DescribedType),
		Evidence: []string{
			sprintf("Describe named %s within a day of the window, and the utilization is that type's: --instance-type %s is set aside.", t.DescribedType, t.AskedType),
			"vCPUs, GPUs and memory do not tell how fast a model is on another type: test it there, and set the two side by side with sizewise compare.",
		},
	}
	if t.InstanceType == t.AskedType {
		f.Title = sprintf("Utilization was read as that of %s, as --instance-type says; Describe named %s.", t.AskedType, t.DescribedType)
		f.Evidence = []string{sprintf("Describe was asked more than a day after the window. If %s ran in it, capacity and bottleneck are wrong here: leave --instance-type away.", t.DescribedType)}
	}
	return []finding.Finding{f}
}

func (a *analysis) saturationFinding() []finding.Finding {
	if !a.saturated {
		return nil
	}
	f := finding.Finding{
		Check: "saturation", Severity: finding.Warning, Query: "variant_minutes",
		Title: "The endpoint was driven beyond what it can take.", Evidence: []string{a.answers.Saturated.Why},
	}
	if a.partial {
		f.Evidence = append(f.Evidence, "Only the busiest instances were full: the others still had room.")
	}
	return []finding.Finding{f}
}

func (a *analysis) sloFinding(steps []finding.Step) []finding.Finding {
	missed, judged := a.missedMinutes()
	if missed == 0 {
		return nil
	}
	f := finding.Finding{
		Check: "slo_rate", Severity: finding.Warning, Query: "slo_crossing",
		Title: sprintf("%s was missed in %d of %d minutes.", a.in.SLO, missed, judged),
	}
	s := missedStep(steps)
	if s == nil {
		f.Severity = finding.Info
		f.Evidence = []string{"Single minutes only: the median minute of every load step kept it."}
		return []finding.Finding{f}
	}
	f.Evidence = []string{sprintf("First missed in step %d, at %s requests/s per instance: %s.", s.N, figure(float64(s.OfferedRPS)), a.missedValues(s.N-1))}
	return []finding.Finding{f}
}

// missedValues lists what the step's median minute misses.
func (a *analysis) missedValues(step int) string {
	out := ""
	for _, o := range a.in.SLO.Objectives {
		v := a.median(a.steps[step].used, func(i int) float64 { return a.objectiveValue(o, i) })
		if math.IsNaN(v) || o.Met(v) {
			continue
		}
		if out != "" {
			out += ", "
		}
		out += show(o, v)
	}
	return out
}

func (a *analysis) batchFinding() []finding.Finding {
	if !a.batching() {
		return nil
	}
	d := a.demandOf("gpu")
	return []finding.Finding{{
		Check: "capacity", Severity: finding.Info, Query: "capacity_plateau",
		Title: "The GPU batches requests: its utilization says little about how much more it could take.",
		Evidence: []string{
			sprintf("GPU time per request falls with load: slope ratio %s, 1 without batching.", figure(d.slopeRatio)),
			"A capacity is answered only from a plateau that was reached, never from the line.",
		},
	}}
}

// clientFinding tells 4xx that come at every load from capacity.
func (a *analysis) clientFinding() []finding.Finding {
	c := a.client
	broken, breaks := a.brokenByClients()
	if c.seen < minOnset || (!breaks && !c.rises && stat.Wilson(c.hits, c.seen, confidence).Lo <= clientErrors) {
		return nil
	}
	f := finding.Finding{
		Check: "client_errors", Severity: finding.Info, Query: "errors_by_minute",
		Title:    sprintf("%s of the requests were refused as wrong (4xx) at every load: client errors, not capacity.", percent(c.all)),
		Evidence: []string{sprintf("%s of %s requests; %s at low load, %s in the step with the most.", whole(c.hits), whole(c.seen), percent(c.base), percent(c.top))},
	}
	if c.rises {
		f.Severity = finding.Warning
		f.Title = sprintf("4xx errors rise with the load, from %s to %s: look for throttling (429) or timeouts among them.", percent(c.base), percent(c.top))
	}
	if breaks {
		f.Severity = finding.Warning
		f.Evidence = append(f.Evidence, sprintf("Sizing counts of %s only what comes with the load: 5xx, and 4xx above those at low load.", broken))
		if !c.rises {
			f.Title = sprintf("%s is missed at every load by client errors (%s are 4xx): more instances do not help.", broken, percent(c.all))
		}
	}
	return []finding.Finding{f}
}

func (a *analysis) skewFinding() []finding.Finding {
	if f := a.instanceFinding(); f != nil || a.hot.excess == 0 {
		return f
	}
	f := finding.Finding{
		Check: "hot_instance", Severity: finding.Info, Query: "utilization_by_minute",
		Title: sprintf("The busiest instance works %s more per request than the average one, and fills up first.", percent(a.hot.excess)),
		Evidence: []string{
			sprintf("Busiest over average utilization: %s, over %d minutes.", figure(a.hot.raw), a.hot.n),
			"The capacity answer is the slowest instance's.",
		},
	}
	if a.hot.raw > hotFinding {
		f.Severity = finding.Warning
	}
	return []finding.Finding{f}
}

func (a *analysis) closedFinding() []finding.Finding {
	if !a.closedLoop {
		return nil
	}
	return []finding.Finding{{
		Check: "closed_loop", Severity: finding.Info, Query: "variant_minutes",
		Title:    "The load looks like a fixed number of clients that wait for their answers: latency beyond the limit reflects their number.",
		Evidence: []string{"Within load steps, slower minutes have fewer requests."},
	}}
}

// countFinding compares the live instance count with what reported and with
// what was described.
func (a *analysis) countFinding() []finding.Finding {
	last, reporting := 0.0, math.NaN()
	for i := range a.buckets {
		if b := &a.buckets[i]; b.whole && b.offered > 0 && a.minutes[i].PerInstance > 0 {
			last = b.k
			reporting = a.minutes[i].Reporting
		}
	}
	var evidence []string
	if d := float64(a.in.Tested.DescribedCount); d > 0 && last > 0 && d != last {
		evidence = append(evidence, sprintf("Describe says %.0f, the last minutes of the window show %.0f.", d, last))
	}
	if last > 0 && known(reporting) && math.Abs(reporting-last) >= 1 {
		evidence = append(evidence, sprintf("%.0f instances published utilization, %.0f took requests.", reporting, last))
	}
	if evidence == nil {
		return nil
	}
	return []finding.Finding{{
		Check: "instance_count", Severity: finding.Info, Query: "instance_count",
		Title: "The sources disagree on how many instances run; the count by invocations is used.", Evidence: evidence,
	}}
}
