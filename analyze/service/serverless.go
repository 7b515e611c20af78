package service

import (
	"fmt"
	"math"
	"strconv"

	"sizewise/analyze/dossier"
	"sizewise/analyze/finding"
	"sizewise/analyze/measure"
	"sizewise/analyze/stat"
)

// Metrics of serverless endpoints.
const (
	metricInvocations   = "Invocations"
	metricSetup         = "ModelSetupTime"
	metricModel         = "ModelLatency"
	metricOverhead      = "OverheadLatency"
	metricConcurrency   = "ServerlessConcurrentExecutionsUtilization"
	metricProvisioned   = "ServerlessProvisionedConcurrencyInvocations"
	metricSpill         = "ServerlessProvisionedConcurrencySpilloverInvocations"
	metricClientErrors  = "Invocation4XXErrors"
	metricServerErrors  = "Invocation5XXErrors"
	microseconds        = 1e-6
	fullConcurrency     = 0.999 // of what is allowed: a request more is turned away
	tellingColdStarts   = 0.01  // share of requests from which cold starts are worth a warning
	tellingSpill        = 0.01
	tellingServerErrors = 0.01
	countsAgree         = 0.05 // by which two counts of the same requests may differ
)

// serverless is the evidence about a serverless endpoint.
type serverless struct {
	grid
	invocations []float64
	setups      []float64 // cold starts
	use         []float64 // highest share of the allowed concurrency
	allowed     float64   // executions at one time; NaN unknown
	provisioned float64   // NaN unknown or none
	measures    []finding.Measure
	finds       finds
}

// Serverless judges an endpoint without instances: its cold starts, how near it
// came to the executions that it may have at one time, and what its provisioned
// concurrency could not take.
func Serverless(d *dossier.Dossier) dossier.Result {
	s := &serverless{grid: newGrid(d, metricInvocations, metricModel)}
	s.invocations = s.sums(metricInvocations)
	s.setups, s.use = s.counts(metricSetup), s.maxima(metricConcurrency)
	s.allowed, s.provisioned = factNumber(d, "serverless_max_concurrency"), factNumber(d, "serverless_provisioned_concurrency")
	if !(total(s.invocations) > 0) {
		return dossier.Result{Verdict: insufficient("No request reached the endpoint in the window, so nothing can be said of it.")}
	}
	s.coldStarts()
	s.concurrency()
	s.spill()
	s.errors()
	s.latency()
	return dossier.Result{Verdict: s.verdict(), Measures: s.measures, Charts: s.charts(), Findings: s.finds}
}

// factNumber is a number that Describe told of the variant, NaN when it did not.
func factNumber(d *dossier.Dossier, attribute string) float64 {
	x, err := strconv.ParseFloat(d.Facts.Text("variant", attribute), 64)
	if err != nil {
		return math.NaN()
	}
	return x
}

func (s *serverless) coldStarts() {
	ratio := named("cold_start_ratio", "requests that met a cold start", unitRatio, finding.Lower)
	typical := named("cold_start_s", "a cold start takes, median", unitSeconds, finding.Lower)
	slow := named("cold_start_p90_s", "a cold start takes, 90 % under", unitSeconds, finding.Lower)
	longest := named("cold_start_max_s", "longest cold start", unitSeconds, finding.Lower)
	part := named("cold_start_time_share", "share of all waiting that is cold starts", unitRatio, finding.Lower)
	if !s.has(metricSetup) {
		why := "ModelSetupTime was not published."
		if !s.has(metricConcurrency) {
			why += " Nor was any other metric of serverless endpoints: it may not have been pulled."
			s.measures = append(s.measures, ratio.Refused(why), typical.Refused(why), slow.Refused(why))
			return
		}
		s.measures = append(s.measures, ratio.Share(nil, s.invocations, "ModelSetupTime is published for cold starts only, and there was none."))
		return
	}
	s.measures = append(s.measures,
		ratio.Share(s.setups, s.invocations, fmt.Sprintf("%s samples of ModelSetupTime, one a cold start, over %s Invocations.", amount(total(s.setups)), amount(total(s.invocations)))))
	times := s.setupTimes()
	s.measures = append(s.measures,
		quantileOf(typical, times, 0.5, "From the minima, percentiles and maxima of ModelSetupTime, minute by minute."),
		quantileOf(slow, times, 0.9, "From the minima, percentiles and maxima of ModelSetupTime, minute by minute."))
	if v, _ := top(times); !math.IsNaN(v) {
		s.measures = append(s.measures, longest.Seen(v, len(times), "The highest Maximum of ModelSetupTime."))
	}
	waiting := addColumns(s.totals(metricModel), s.totals(metricOverhead))
	if total(waiting) > total(s.setupTotals()) {
		s.measures = append(s.measures, part.Ratio(orZero(s.setupTotals()), waiting, "ModelSetupTime over ModelLatency and OverheadLatency, which holds it, all summed."))
	}
}

func (s *serverless) setupTotals() []float64 { return s.totals(metricSetup) }

// setupTimes are the times of cold starts, seconds: exact where a minute had one
// or two, else spread along the quantiles that the minute published.
func (s *serverless) setupTimes() []float64 {
	var out []float64
	for _, one := range s.find(metricSetup, nil) {
		for i := range one.Points {
			for _, v := range spread(&one.Points[i]) {
				out = append(out, v*microseconds)
			}
		}
	}
	return out
}

// spread are as many values as a point counts, along its quantiles.
func spread(p *dossier.Point) []float64 {
	n := int(p.Count)
	if !(p.Count >= 1) || n > mostSlots {
		return nil
	}
	if n == 1 {
		return []float64{p.Average}
	}
	var at, v []float64
	for _, q := range [][2]float64{{0, p.Minimum}, {0.5, p.P50}, {0.9, p.P90}, {0.99, p.P99}, {1, p.Maximum}} {
		if !math.IsNaN(q[1]) {
			at, v = append(at, q[0]), append(v, q[1])
		}
	}
	if len(at) < 2 {
		return []float64{p.Average}
	}
	out := make([]float64, n)
	for k := range out {
		out[k] = between(at, v, float64(k)/float64(n-1))
	}
	return out
}

// between reads v at x off the line through the points.
func between(at, v []float64, x float64) float64 {
	for i := 1; i < len(at); i++ {
		if x <= at[i] {
			return v[i-1] + (v[i]-v[i-1])*(x-at[i-1])/(at[i]-at[i-1])
		}
	}
	return v[len(v)-1]
}

// quantileOf is a quantile of independent values with its interval by order
// statistics, refused where the interval would need a value beyond the ends.
func quantileOf(n measure.Name, x []float64, p float64, why string) finding.Measure {
	count := float64(len(x))
	half := 1.96 * math.Sqrt(p*(1-p)/max(count, 1))
	if len(x) < measure.Least || p+half >= 1 {
		return n.Refused(fmt.Sprintf("%d values are too few for this quantile.", len(x)))
	}
	return n.Within(stat.Interval{Value: stat.Quantile(x, p), Lo: stat.Quantile(x, max(0, p-half)), Hi: stat.Quantile(x, p+half)}, len(x), "order_statistics", why)
}

func addColumns(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] + b[i]
	}
	return out
}

func (s *serverless) concurrency() {
	most := named("concurrency_max", "most executions at one time", "executions", "")
	usual := named("concurrency_typical", "busiest moment of a typical minute", "executions", "")
	full := named("concurrency_use_max", "highest use of the allowed concurrency", unitRatio, finding.Lower)
	v, at := top(s.use)
	if at < 0 {
		s.measures = append(s.measures, full.Refused("ServerlessConcurrentExecutionsUtilization was not published."))
		return
	}
	n := len(published(s.use))
	s.measures = append(s.measures, full.Seen(v, n, "The highest ServerlessConcurrentExecutionsUtilization, at "+clock(s.at(at))+"."))
	if math.IsNaN(s.allowed) {
		why := "The number of executions that the endpoint allows is not known: DescribeEndpoint was not read."
		s.measures = append(s.measures, most.Refused(why), usual.Refused(why))
		return
	}
	note := fmt.Sprintf("of the %s that the endpoint allows (MaxConcurrency)", amount(s.allowed))
	s.measures = append(s.measures,
		most.Seen(v*s.allowed, n, "The highest share "+note+"."),
		usual.Typical(scaled(s.use, s.allowed), "The median over minutes of the minute's highest share "+note+"."))
}

func (s *serverless) spill() {
	ratio := named("provisioned_spill_ratio", "requests that provisioned concurrency could not take", unitRatio, finding.Lower)
	if !(s.provisioned > 0) && !s.has(metricProvisioned) && !s.has(metricSpill) {
		return // nothing is provisioned
	}
	took, spilled := orZero(s.totals(metricProvisioned)), orZero(s.totals(metricSpill))
	both := addColumns(took, spilled)
	counted := total(both) / total(s.invocations)
	switch {
	case !s.has(metricProvisioned) && !s.has(metricSpill):
		s.measures = append(s.measures, ratio.Refused("The metrics of provisioned concurrency were not published."))
	case math.Abs(counted-1) > countsAgree:
		s.measures = append(s.measures, ratio.Refused(fmt.Sprintf(
			"The two metrics of provisioned concurrency add up to %s of Invocations, so they cannot be read as requests.", share(counted))))
	default:
		s.measures = append(s.measures, ratio.Share(spilled, both, fmt.Sprintf("%s of %s requests, by the two metrics of provisioned concurrency.", amount(total(spilled)), amount(total(both)))))
	}
}

// errors counts answers of status 4xx and 5xx, and of the former those of the
// minutes in which every allowed execution was busy.
func (s *serverless) errors() {
	client, server := s.sums(metricClientErrors), s.sums(metricServerErrors)
	s.measures = append(s.measures,
		named("error_ratio", "answers of status 5xx", unitRatio, finding.Lower).Share(server, s.invocations, "Invocation5XXErrors over Invocations."),
		named("client_error_ratio", "answers of status 4xx", unitRatio, finding.Lower).Share(client, s.invocations, "Invocation4XXErrors over Invocations."))
	throttled := named("throttle_ratio", "requests turned away for want of concurrency", unitRatio, finding.Lower)
	var inFull, elsewhere, inFullOf, elsewhereOf float64
	extra := make([]float64, s.n)
	for i := range s.invocations {
		c := zeroIfNaN(client[i])
		switch {
		case !(s.invocations[i] > 0):
		case s.use[i] >= fullConcurrency:
			inFull, inFullOf = inFull+c, inFullOf+s.invocations[i]
			extra[i] = c
		default:
			elsewhere, elsewhereOf = elsewhere+c, elsewhereOf+s.invocations[i]
		}
	}
	why := "The 4xx answers of the minutes in which every allowed execution was busy, less the share of 4xx in other minutes. A throttled request is answered 429; the metric does not tell it from other 4xx."
	switch {
	case !s.has(metricConcurrency):
		s.measures = append(s.measures, throttled.Refused("When all executions were busy is not known: their utilization was not published."))
	case inFullOf == 0:
		s.measures = append(s.measures, throttled.Share(nil, s.invocations, "In no minute were all allowed executions busy, so none can have been turned away."))
	default:
		base := elsewhere / max(elsewhereOf, 1)
		for i := range extra {
			if extra[i] > 0 {
				extra[i] = max(0, extra[i]-base*s.invocations[i])
			}
		}
		s.measures = append(s.measures, throttled.Share(extra, s.invocations, why))
	}
}

func zeroIfNaN(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}

func (s *serverless) latency() {
	s.measures = append(s.measures,
		named("p50_s", "model latency, median", unitSeconds, finding.Lower).Typical(scaled(s.p50s(metricModel), microseconds), "The median over minutes of the minute's p50 of ModelLatency, without SageMaker's own overhead."),
		named("p99_s", "model latency, p99", unitSeconds, finding.Lower).Typical(scaled(s.p99s(metricModel), microseconds), "The median over minutes of the minute's p99 of ModelLatency, without SageMaker's own overhead."),
		named("overhead_s", "SageMaker's overhead, mean", unitSeconds, finding.Lower).Ratio(scaled(s.totals(metricOverhead), microseconds), s.counts(metricOverhead), "OverheadLatency summed over its samples: cold starts are in it."),
		named("rps", "traffic", unitRate, "").Mean(scaled(orZero(s.invocations), 1/s.seconds()), "Invocations over the window, minutes without any taken for none."),
		named("memory_use", "memory in use", unitRatio, finding.Lower).Mean(scaled(s.averages("MemoryUtilization"), 0.01), "The mean of MemoryUtilization."))
}
