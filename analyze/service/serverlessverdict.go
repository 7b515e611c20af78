package service

import (
	"fmt"
	"math"

	"sizewise/analyze/finding"
)

func (s *serverless) verdict() finding.Verdict {
	s.findThrottles()
	s.findSpill()
	s.findColdStarts()
	s.findServerErrors()
	cold, length := estimate(s.measures, "cold_start_ratio"), estimate(s.measures, "cold_start_s")
	summary := "The endpoint took what it was asked for"
	switch {
	case above(estimate(s.measures, "throttle_ratio"), 0) && s.finds.judged() == finding.Fail:
		summary = fmt.Sprintf("The endpoint turned %s of the requests away for want of concurrency", ranged(estimate(s.measures, "throttle_ratio"), share))
	case s.finds.judged() == finding.Fail:
		summary = fmt.Sprintf("The endpoint failed %s of the requests", ranged(estimate(s.measures, "error_ratio"), share))
	case len(s.finds) > 0:
		summary += ", but not all of it in time"
	}
	if known(cold) {
		summary += fmt.Sprintf("; %s of the requests met a cold start", ranged(cold, share))
		if known(length) {
			summary += fmt.Sprintf(", typically of %s", took(float64(length.Value)))
		}
	}
	if spill := estimate(s.measures, "provisioned_spill_ratio"); known(spill) && spill.Value > 0 {
		summary += fmt.Sprintf("; %s ran beside the provisioned concurrency", ranged(spill, share))
	}
	return finding.Verdict{Status: s.finds.judged(), Summary: summary + ".", Reasons: s.finds.reasons()}
}

func (s *serverless) findThrottles() {
	e := estimate(s.measures, "throttle_ratio")
	if !above(e, 0) || e.Value < 1e-4 {
		return
	}
	what := "Raise MaxConcurrency of the variant (its quota is per account and region), or slow the callers down with retries that back off."
	s.finds.add("serverless_throttles", finding.Critical, querySeries,
		fmt.Sprintf("%s of the requests were turned away while every allowed execution was busy.", ranged(e, share)),
		e.Why, fmt.Sprintf("MaxConcurrency is %s; its use reached %s.", amount(s.allowed), share(float64(estimate(s.measures, "concurrency_use_max").Value))), what)
}

func (s *serverless) findSpill() {
	e := estimate(s.measures, "provisioned_spill_ratio")
	if !above(e, tellingSpill) {
		return
	}
	evidence := []string{e.Why}
	if !math.IsNaN(s.provisioned) {
		evidence = append(evidence, fmt.Sprintf("ProvisionedConcurrency is %s.", amount(s.provisioned)))
	}
	if usual := estimate(s.measures, "concurrency_typical"); known(usual) {
		evidence = append(evidence, fmt.Sprintf("The busiest moment of a typical minute had %s executions, the busiest of all %s: between the two lies what to provision.",
			ranged(usual, amount), amount(float64(estimate(s.measures, "concurrency_max").Value))))
	}
	s.finds.add("serverless_spillover", finding.Warning, querySeries,
		fmt.Sprintf("%s of the requests found the provisioned concurrency busy and ran on capacity that may have to start first.", ranged(e, share)), evidence...)
}

func (s *serverless) findColdStarts() {
	e, length, usual := estimate(s.measures, "cold_start_ratio"), estimate(s.measures, "cold_start_s"), estimate(s.measures, "p50_s")
	if !above(e, tellingColdStarts) {
		return
	}
	evidence := []string{e.Why}
	if known(length) {
		text := "A cold start takes " + ranged(length, took)
		if known(usual) && usual.Value > 0 {
			text += fmt.Sprintf(", %s times the model's median latency of %s", amount(math.Round(float64(length.Value/usual.Value))), took(float64(usual.Value)))
		}
		evidence = append(evidence, text+".")
	}
	if busy := estimate(s.measures, "concurrency_typical"); known(busy) && !(s.provisioned > 0) {
		evidence = append(evidence, fmt.Sprintf("No concurrency is provisioned. The busiest moment of a typical minute had %s executions: provisioning as many keeps that minute warm, and is paid for while idle too.", ranged(busy, amount)))
	}
	s.finds.add("serverless_cold_starts", finding.Warning, querySeries,
		fmt.Sprintf("%s of the requests waited for a cold start.", ranged(e, share)), evidence...)
}

func (s *serverless) findServerErrors() {
	e := estimate(s.measures, "error_ratio")
	if !above(e, 0) || e.Value < 1e-3 {
		return
	}
	severity := finding.Warning
	if above(e, tellingServerErrors) {
		severity = finding.Critical
	}
	s.finds.add("answers_5xx", severity, querySeries, fmt.Sprintf("%s of the answers had a status of 5xx.", ranged(e, share)), e.Why)
}

func (s *serverless) charts() []finding.Chart {
	use := finding.Chart{
		Name: "concurrency", Title: "Executions at one time", Axis: "share of the allowed concurrency, %", Percent: true, Query: querySeries,
		Lines:  []finding.ChartLine{s.line("highest of the minute", s.use, 1, true)},
		Limits: []finding.ChartLimit{{Name: "allowed", Y: 1}},
		Read:   "Below the line every request finds an execution; at the line further requests are turned away.",
	}
	if !s.has(metricConcurrency) {
		use.Absent = "The utilization of the allowed concurrency was not published."
	}
	ratio := make([]float64, s.n)
	for i := range ratio {
		ratio[i] = math.NaN()
		if s.invocations[i] > 0 {
			ratio[i] = zeroIfNaN(s.setups[i]) / s.invocations[i]
		}
	}
	cold := finding.Chart{
		Name: "cold-starts", Title: "Requests that met a cold start", Axis: "share of the minute's requests, %", Percent: true, Query: querySeries,
		Lines: []finding.ChartLine{s.line("cold starts", ratio, 1, true)},
		Read:  "Cold starts belong after pauses and where traffic climbs; a share that stays above zero means that executions are let go between requests.",
	}
	return []finding.Chart{use, cold}
}
