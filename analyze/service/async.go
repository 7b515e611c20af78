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

// Metrics of asynchronous endpoints. The guide spells one with three s, examples
// spell it with two: whichever is published is read.
const (
	metricBacklog    = "ApproximateBacklogSize"
	metricAge        = "ApproximateAgeOfOldestRequest"
	metricNoCapacity = "HasBacklogWithoutCapacity"
	metricCPU        = "CPUUtilization"
	metricExpired    = "ExpiredRequests"
	metricFailed     = "InvocationFailures"

	backlogEpisode = 4    // times the usual level, from which a backlog is worth a word
	backlogFloor   = 10   // requests, ditto
	backlogGone    = 0.05 // of the peak
	leastStretch   = 8    // minutes that a trend wants
)

// processedMetrics are the names under which requests done are counted.
func processedMetrics() []string { return []string{"InvocationsProcesssed", "InvocationsProcessed"} }

// async is the evidence about an asynchronous endpoint.
type async struct {
	grid
	backlog, age []float64
	processed    []float64 // requests of the slot
	growth       []float64 // of the backlog from this slot to the next, requests
	instances    []float64
	peak         float64
	peakAt       int
	usual        float64 // level of the backlog outside of episodes
	grows        bool    // at the end, beyond noise
	goneAt       int     // first slot after the peak without the backlog; -1 when it stayed
	measures     []finding.Measure
	parts        []finding.Part
	finds        finds
}

// Async judges an asynchronous endpoint: whether its queue grows, how long
// requests wait in it and when it would be empty.
func Async(d *dossier.Dossier) dossier.Result {
	a := &async{grid: newGrid(d, metricBacklog, "InvocationsProcesssed", "InvocationsProcessed")}
	a.backlog, a.age = a.averages(metricBacklog), a.maxima(metricAge)
	a.processed = a.firstSums(processedMetrics())
	if len(published(a.backlog)) == 0 {
		return dossier.Result{Verdict: insufficient("The size of the backlog was not published in the window, so nothing can be said of the queue.")}
	}
	a.follow()
	a.queue()
	a.rates()
	a.drain()
	a.fleet()
	a.times()
	a.failures()
	return dossier.Result{Verdict: a.verdict(), Measures: a.measures, Parts: a.parts, Charts: a.charts(), Findings: a.finds}
}

func (a *async) firstSums(metrics []string) []float64 {
	out := a.sums(metrics[0])
	for _, m := range metrics[1:] {
		for i, v := range a.sums(m) {
			if math.IsNaN(out[i]) {
				out[i] = v
			}
		}
	}
	return out
}

// follow finds the peak of the backlog, its usual level and when it was gone.
func (a *async) follow() {
	a.growth = make([]float64, a.n)
	for i := range a.growth {
		a.growth[i] = math.NaN()
		if i+1 < a.n {
			a.growth[i] = a.backlog[i+1] - a.backlog[i]
		}
	}
	a.peak, a.peakAt = top(a.backlog)
	a.usual = stat.Quantile(published(a.backlog), 0.1)
	a.goneAt = -1
	for i := a.peakAt; i < a.n; i++ {
		if a.backlog[i] <= a.gone() {
			a.goneAt = i
			break
		}
	}
	perMinute := 1.0
	if f, err := strconv.ParseFloat(a.d.Facts.Text("endpoint", "metric_publish_frequency_s"), 64); err == nil && f > 0 {
		perMinute = f / 60
	}
	a.instances = scaled(a.counts(metricCPU), perMinute*60/a.seconds())
}

func (a *async) gone() float64 { return max(backlogGone*a.peak, 1.2*a.usual+1) }

// episode reports whether there was a backlog to speak of.
func (a *async) episode() bool { return a.peak > backlogEpisode*a.usual+backlogFloor }

func (a *async) queue() {
	n := len(published(a.backlog))
	a.measures = append(a.measures,
		named("backlog_max", "largest backlog", unitRequests, finding.Lower).Seen(a.peak, n, "The highest ApproximateBacklogSize, at "+clock(a.at(a.peakAt))+"."),
		named("backlog_typical", "backlog in a typical minute", unitRequests, finding.Lower).Typical(a.backlog, "The median over minutes of ApproximateBacklogSize."))
	oldest := named("backlog_age_s", "age of the oldest request, at most", unitSeconds, finding.Lower)
	if v, at := top(a.age); at >= 0 {
		a.measures = append(a.measures, oldest.Seen(v, len(published(a.age)), "The highest ApproximateAgeOfOldestRequest, at "+clock(a.at(at))+"."))
	} else {
		a.measures = append(a.measures, oldest.Refused("ApproximateAgeOfOldestRequest was not published."))
	}
}

// rates are those of the requests that came and of those that were done. What
// comes is not published: it is what was done and by how much the queue grew.
func (a *async) rates() {
	done := named("service_rps", "requests done", unitRate, finding.Higher)
	came := named("arrival_rps", "requests that came", unitRate, "")
	most := named("capacity_rps_per_instance", "an instance does under backlog", "requests/s/instance", finding.Higher)
	fleet := named("capacity_rps", "the endpoint does under backlog", unitRate, finding.Higher)
	if len(published(a.processed)) == 0 {
		why := "InvocationsProcessed was not published."
		a.measures = append(a.measures, done.Refused(why), came.Refused(why), fleet.Refused(why), most.Refused(why))
		return
	}
	worked := orZero(a.processed)
	a.measures = append(a.measures,
		done.Mean(scaled(worked, 1/a.seconds()), "InvocationsProcessed over the window."),
		came.Mean(a.arrivals(), "What was done and by how much the backlog grew, minute by minute."))
	var all, each []float64
	for i := range a.n - 1 {
		if min(a.backlog[i], a.backlog[i+1]) > a.busyAbove() {
			all = append(all, worked[i]/a.seconds())
			each = append(each, worked[i]/a.seconds()/a.instances[i])
		}
	}
	if len(all) < leastStretch {
		why := fmt.Sprintf("In %d minutes only was there a backlog that kept every instance busy; %d are wanted.", len(all), leastStretch)
		a.measures = append(a.measures, fleet.Refused(why), most.Refused(why))
		return
	}
	a.measures = append(a.measures,
		fleet.Mean(all, "Requests done in the minutes in which the backlog kept every instance busy."),
		most.Mean(each, "Requests done in those minutes, divided by the instances that published CPUUtilization."))
}

// busyAbove is the backlog beyond which no instance waits for work.
func (a *async) busyAbove() float64 { return max(0.2*a.peak, backlogEpisode*a.usual+backlogFloor) }

// arrivals per second by slot.
func (a *async) arrivals() []float64 {
	out := make([]float64, a.n)
	for i := range out {
		out[i] = (a.growth[i] + zeroIfNaN(a.processed[i])) / a.seconds()
	}
	return out
}

// drain is the time in which the backlog went, or would go.
func (a *async) drain() {
	n := named("drain_s", "time to work the backlog off", unitSeconds, finding.Lower)
	if !a.episode() {
		a.measures = append(a.measures, n.Refused(fmt.Sprintf("There was no backlog to work off: it stayed within %s requests.", amount(a.peak))))
		return
	}
	if a.goneAt >= 0 {
		took := float64(a.goneAt-a.peakAt) * a.seconds()
		iv := stat.Interval{Value: took, Lo: max(0, took-1.5*a.seconds()), Hi: took + 1.5*a.seconds()}
		a.measures = append(a.measures, n.Within(iv, a.goneAt-a.peakAt, "observed",
			fmt.Sprintf("Seen: from %s at %s to %s at %s; the bounds are those of whole minutes.", amount(a.peak), clock(a.at(a.peakAt)), amount(a.backlog[a.goneAt]), clock(a.at(a.goneAt)))))
		return
	}
	a.measures = append(a.measures, a.forecast(n))
}

// last is the stretch at the end over which the queue grew or shrank evenly.
func (a *async) last() []float64 {
	x := published(a.growth)
	points := stat.ChangePoints(x, stat.ChangeOptions{MinSegment: leastStretch, MinSigma: 0.5})
	if len(points) > 0 {
		x = x[points[len(points)-1]:]
	}
	return x
}

func (a *async) forecast(n measure.Name) finding.Measure {
	stretch := a.last()
	trend := stat.BatchMeans(stretch, min(8, len(stretch)), measure.Confidence) // requests per slot
	left := lastOf(a.backlog)
	perMinute := func(v float64) string { return amount(math.Abs(v)*60/a.seconds()) + " requests a minute" }
	switch {
	case len(stretch) < leastStretch || math.IsNaN(trend.Lo):
		return n.Refused(fmt.Sprintf("The last %d minutes are too few to tell how fast the backlog goes.", len(stretch)))
	case trend.Lo > 0:
		a.grows = true
		return n.Refused(fmt.Sprintf("It grows: by %s over the last %d minutes, so it is never worked off at this rate.", perMinute(trend.Value), len(stretch)))
	case trend.Hi >= 0:
		return n.Refused(fmt.Sprintf("Over the last %d minutes the backlog neither grew nor shrank beyond noise.", len(stretch)))
	}
	iv := stat.Interval{Value: left / -trend.Value * a.seconds(), Lo: left / -trend.Lo * a.seconds(), Hi: left / -trend.Hi * a.seconds()}
	m := n.Within(iv, len(stretch), "trend", fmt.Sprintf("The %s requests left, over the %s by which the backlog shrank in the last %d minutes: holds while as many come as came then.",
		amount(left), perMinute(trend.Value), len(stretch)))
	m.Estimate.Status = finding.Extrapolated
	return m
}

func lastOf(x []float64) float64 {
	for i := len(x) - 1; i >= 0; i-- {
		if !math.IsNaN(x[i]) {
			return x[i]
		}
	}
	return math.NaN()
}

func (a *async) times() {
	wait, whole := scaled(a.totals("TimeInBacklog"), microseconds), scaled(a.totals("TotalProcessingTime"), 1e-3)
	a.measures = append(a.measures,
		named("wait_s", "a request waits, mean", unitSeconds, finding.Lower).Ratio(wait, a.counts("TimeInBacklog"), "TimeInBacklog summed over its samples."),
		named("wait_share", "share of the whole time that is waiting", unitRatio, finding.Lower).Ratio(wait, whole, "TimeInBacklog over TotalProcessingTime, both summed."),
		named("total_p99_s", "from request to answer, p99", unitSeconds, finding.Lower).Typical(scaled(a.p99s("TotalProcessingTime"), 1e-3), "The median over minutes of the minute's p99 of TotalProcessingTime."),
		named("p50_s", "model latency, median", unitSeconds, finding.Lower).Typical(scaled(a.p50s(metricModel), microseconds), "The median over minutes of the minute's p50 of ModelLatency."),
		named("p99_s", "model latency, p99", unitSeconds, finding.Lower).Typical(scaled(a.p99s(metricModel), microseconds), "The median over minutes of the minute's p99 of ModelLatency."),
		named("instances", "instances in service", "instances", "").Mean(a.instances, "The samples of CPUUtilization, one an instance."))
}

func (a *async) failures() {
	done := orZero(a.processed)
	of := func(name, label, metric string) {
		n := named(name, label, unitRatio, finding.Lower)
		if !a.has(metric) && total(done) > 0 {
			a.measures = append(a.measures, n.Share(nil, done, metric+" is published when there is one, and was not."))
			return
		}
		hits := orZero(a.sums(metric))
		tried := make([]float64, a.n)
		for i := range tried {
			tried[i] = max(done[i], hits[i])
		}
		a.measures = append(a.measures, n.Share(hits, tried, metric+" over the requests done."))
	}
	of("expired_ratio", "requests that waited too long and were dropped", metricExpired)
	of("failure_ratio", "requests whose invocation failed", metricFailed)
	of("download_failure_ratio", "inputs that could not be downloaded", "RequestDownloadFailures")
	of("upload_failure_ratio", "answers that could not be uploaded", "ResponseUploadFailures")
	none := named("no_capacity_share", "time with a backlog and no instance", unitRatio, finding.Lower)
	if x := a.maxima(metricNoCapacity); len(published(x)) > 0 {
		trials := make([]float64, a.n)
		for i := range x {
			if !math.IsNaN(x[i]) {
				trials[i] = 1
			}
		}
		a.measures = append(a.measures, none.Share(x, trials, "Minutes of HasBacklogWithoutCapacity at 1."))
	}
}
