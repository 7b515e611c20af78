package job

import (
	"fmt"
	"math"
	"strings"

	"sizewise/analyze/dossier"
	"sizewise/analyze/finding"
)

const clientErrors = 0.01 // of the load test's requests, above which its results are in doubt

// Recommender judges a job of Inference Recommender: why it failed, or how what
// it recommends compares.
func Recommender(d *dossier.Dossier) dossier.Result {
	r := &run{d: d, what: "recommendations_job"}
	r.status = r.fact("status")
	r.created, r.end = instant(r.fact("creation_time")), instant(r.fact("end_time"))
	r.start = instant(r.fact("start_time"))
	out := dossier.Result{}
	length := told("duration_s", "time from start to end", unitSeconds, finding.Lower)
	if s := r.seconds(); math.IsNaN(s) {
		r.put(length.Refused("Describe tells no start or no end of it."))
	} else {
		r.put(length.Seen(s, 1, "As described."))
	}
	r.clientErrors()
	out.Parts = r.recommendations()
	r.best()
	if r.status == "FAILED" {
		r.status = "Failed"
		r.autopsy()
	}
	if _, why := latencyUnit(d); why != "" {
		r.notes = append(r.notes, "The recommender's model latencies are "+lowerFirst(strings.TrimSuffix(why, ".")))
	}
	out.Measures, out.Findings, out.Notes = r.measures, r.found, r.notes
	out.Verdict = r.recommenderVerdict(len(out.Parts))
	return out
}

// clientErrors is the share of the load test's requests that failed. The same
// requests are counted by job and by endpoint: those by job are taken.
func (r *run) clientErrors() {
	n := named("client_error_ratio", "requests of the load test that failed", unitRatio, finding.Lower)
	sums := func(metric string) map[int64]float64 {
		out := map[int64]float64{}
		for i := range r.d.Series {
			s := &r.d.Series[i]
			if s.Metric != metric || s.DimSet != "JobName" {
				continue
			}
			for j := range s.Points {
				if !math.IsNaN(s.Points[j].Sum) {
					out[s.Points[j].Time.Unix()] = s.Points[j].Sum
				}
			}
		}
		return out
	}
	asked, failed := sums("ClientInvocations"), sums("ClientInvocationErrors")
	var hits, trials []float64
	for i := range r.d.Series {
		s := &r.d.Series[i]
		if s.Metric != "ClientInvocations" || s.DimSet != "JobName" {
			continue
		}
		for j := range s.Points {
			t := s.Points[j].Time.Unix()
			hits, trials = append(hits, failed[t]), append(trials, asked[t])
		}
	}
	if len(trials) == 0 {
		r.put(n.Refused("No metric of the load test was published."))
		return
	}
	e := r.put(n.Share(hits, trials, "ClientInvocationErrors over ClientInvocations."))
	if known(e) && float64(e.Lo) > clientErrors {
		r.found.add("recommender_errors", finding.Warning, querySeries, fmt.Sprintf("%s of the load test's requests failed.", ranged(e, share)),
			"What is recommended from such a test rests on the requests that did not; the container's log says why the others failed.")
	}
}

// recommendations are what was tried, as parts.
func (r *run) recommendations() []finding.Part {
	var out []finding.Part
	unit, known := latencyUnit(r.d)
	for _, id := range r.d.Facts.Names("recommendation") {
		of := func(a string) float64 { return number(r.d.Facts.Of("recommendation", id, a)) }
		kind := r.d.Facts.Of("recommendation", id, "instance_type")
		if kind == "" {
			kind = "serverless"
		}
		p := finding.Part{Kind: "recommendation", Name: kind + " x " + r.d.Facts.Of("recommendation", id, "instance_count")}
		why := "As Inference Recommender measured it."
		add := func(name, label, unit string, v float64, better finding.Direction) {
			m := told(name, label, unit, better)
			if math.IsNaN(v) {
				p.Measures = append(p.Measures, m.Refused("It is not told."))
				return
			}
			p.Measures = append(p.Measures, m.Seen(v, 1, why))
		}
		add("max_invocations_per_minute", "invocations a minute, at most", "", of("max_invocations_per_minute"), finding.Higher)
		why += " " + known
		add("model_latency_s", "model latency at that", unitSeconds, of("model_latency")*unit, finding.Lower)
		why = "As Inference Recommender measured it."
		add("usd_per_hour", "USD an hour", unitUSD, of("cost_per_hour"), finding.Lower)
		add("usd_per_million", "USD per million", unitUSD, 1e6*of("cost_per_inference"), finding.Lower)
		add("cpu_busy", "CPU, % of one core", "", of("cpu_utilization"), "")
		add("memory_used", "memory", unitRatio, of("memory_utilization")/100, "")
		out = append(out, p)
	}
	return out
}

// best is what a million inferences cost on the cheapest.
func (r *run) best() {
	n := told("usd_per_million_best", "a million inferences on the cheapest, by the recommender", unitUSD, finding.Lower)
	best, at, latency := math.Inf(1), "", math.NaN()
	for _, id := range r.d.Facts.Names("recommendation") {
		if v := 1e6 * number(r.d.Facts.Of("recommendation", id, "cost_per_inference")); v < best {
			best, at = v, r.d.Facts.Of("recommendation", id, "instance_type")
			latency = number(r.d.Facts.Of("recommendation", id, "model_latency"))
		}
	}
	if at == "" {
		r.put(n.Refused("Nothing was recommended."))
		return
	}
	r.kind = at
	if unit, why := latencyUnit(r.d); latency > 0 {
		r.put(told("model_latency_best_s", "model latency of that one, at its highest load", unitSeconds, finding.Lower).Seen(latency*unit, 1, why))
	}
	r.put(n.Seen(best, 1, "On "+at+", at its highest load: a fleet that idles at night costs more."))
}

func (r *run) recommenderVerdict(n int) finding.Verdict {
	v := finding.Verdict{Reasons: r.found.reasons()}
	switch {
	case r.failed():
		v.Status, v.Summary = finding.Fail, "The job of Inference Recommender failed"
		if len(v.Reasons) > 0 {
			v.Summary, v.Reasons = v.Summary+": "+lowerFirst(v.Reasons[0]), v.Reasons[1:]
		}
	case n == 0:
		v.Status = finding.Insufficient
		v.Summary = fmt.Sprintf("The job of Inference Recommender is %s and recommends nothing", strings.ToLower(strings.ReplaceAll(orUnknown(r.status), "_", " ")))
	default:
		v.Status = finding.Pass
		v.Summary = fmt.Sprintf("Of %s, %s costs least for each inference", plural(n, "recommendation", "recommendations"), r.kind)
	}
	return v
}
