package service

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"sizewise/analyze/dossier"
	"sizewise/analyze/finding"
	"sizewise/analyze/measure"
	"sizewise/analyze/stat"
)

// Metrics of labeling jobs. Those of data set objects only grow.
const (
	metricLabeled       = "TotalDatasetObjectsLabeled"
	metricLabelFailed   = "DatasetObjectsLabelingFailed"
	metricActiveWorkers = "ActiveWorkers"

	labelBins     = 36 // stretches that a job is cut into, to see its pace
	leastBin      = 10 * time.Minute
	paceFell      = 0.7 // of the pace before, from which a job counts as slower
	tellingFailed = 0.02
)

// labeling is the evidence about a labeling job.
type labeling struct {
	grid
	bin      time.Duration
	pace     []float64 // objects an hour, by bin
	workers  []float64 // by bin
	changed  int       // bin from which the last pace holds; 0 when it never changed
	measures []finding.Measure
	finds    finds
}

// Labeling judges a job of Ground Truth: how many objects it labels an hour,
// when it would be through, and what its workers did.
func Labeling(d *dossier.Dossier) dossier.Result {
	l := &labeling{grid: newGrid(d, metricLabeled)}
	labeled := l.maxima(metricLabeled)
	if len(published(labeled)) < 2 {
		return dossier.Result{Verdict: insufficient("No labeled object was counted in the window, so the pace of the job cannot be told.")}
	}
	l.cut(labeled)
	l.rates()
	l.left()
	l.people()
	return dossier.Result{Verdict: l.verdict(), Measures: l.measures, Charts: l.charts(labeled), Findings: l.finds}
}

// cut reads the pace off a count that only grows, stretch by stretch.
func (l *labeling) cut(labeled []float64) {
	l.bin = max(leastBin, (time.Duration(l.n) * l.step / labelBins).Truncate(l.step))
	width := int(l.bin / l.step)
	active := l.maxima(metricActiveWorkers)
	last := math.NaN()
	for from := 0; from+width <= l.n; from += width {
		end := lastOf(labeled[from : from+width])
		if !math.IsNaN(end) && !math.IsNaN(last) && end >= last {
			l.pace = append(l.pace, (end-last)/l.bin.Hours())
			l.workers = append(l.workers, stat.Mean(published(active[from:from+width])))
		}
		if !math.IsNaN(end) {
			last = end
		}
	}
	points := stat.ChangePoints(l.pace, stat.ChangeOptions{MinSegment: 4, MinSigma: math.Sqrt(max(1, stat.Median(l.pace)) / l.bin.Hours())})
	if len(points) > 0 {
		l.changed = points[len(points)-1]
	}
}

func (l *labeling) rates() {
	whole := named("labeled_per_hour", "objects labeled an hour, whole window", "objects/hour", finding.Higher)
	now := named("labeled_per_hour_now", "objects labeled an hour, at last", "objects/hour", finding.Higher)
	l.measures = append(l.measures, whole.Mean(l.pace, fmt.Sprintf("The growth of %s, in stretches of %s.", metricLabeled, took(l.bin.Seconds()))))
	why := "The pace never changed beyond noise, so all of the window counts."
	if l.changed > 0 {
		why = fmt.Sprintf("Since %s, when the pace last changed.", clock(l.binAt(l.changed)))
	}
	if len(l.pace) == 0 {
		l.measures = append(l.measures, now.Refused("The window is too short."))
		return
	}
	l.measures = append(l.measures, now.Mean(l.pace[l.changed:], why))
}

// binAt is the start of a stretch; the first one only begins the count.
func (l *labeling) binAt(i int) time.Time { return l.start.Add(time.Duration(i+1) * l.bin) }

// left is what remains, and the time for it at the last pace.
func (l *labeling) left() {
	n := named("remaining_s", "time for what is left, at the last pace", unitSeconds, finding.Lower)
	rate := estimate(l.measures, "labeled_per_hour_now")
	rest, err := strconv.ParseFloat(l.d.Facts.Text("labeling_job", "unlabeled"), 64)
	switch {
	case err != nil:
		l.measures = append(l.measures, n.Refused("How many objects are left is not known: DescribeLabelingJob was not read."))
	case rest == 0:
		l.measures = append(l.measures, n.Seen(0, 1, "No object is left."))
	case !known(rate):
		l.measures = append(l.measures, n.Refused("The pace is not known."))
	case rate.Lo <= 0:
		l.measures = append(l.measures, n.Refused(fmt.Sprintf("%s objects are left, and the last pace cannot be told from none.", amount(rest))))
	default:
		iv := stat.Interval{Value: 3600 * rest / float64(rate.Value), Lo: 3600 * rest / float64(rate.Hi), Hi: 3600 * rest / float64(rate.Lo)}
		m := n.Within(iv, rate.N, "formula", fmt.Sprintf("%s objects left over %s an hour: holds while the pace does.", amount(rest), ranged(rate, amount)))
		m.Estimate.Status = finding.Extrapolated
		l.measures = append(l.measures, m)
	}
	failed, labeled := lastOf(l.maxima(metricLabelFailed)), lastOf(l.maxima(metricLabeled))
	if !math.IsNaN(failed) && labeled+failed > 0 {
		l.measures = append(l.measures, named("label_failure_ratio", "objects that could not be labeled", unitRatio, finding.Lower).Within(
			stat.Wilson(failed, labeled+failed, measure.Confidence), int(labeled+failed), "wilson", fmt.Sprintf("%s failed, %s labeled.", amount(failed), amount(labeled))))
	}
}

func (l *labeling) people() {
	l.measures = append(l.measures, named("active_workers", "workers at it, at last", "workers", finding.Higher).Mean(l.workers[min(l.changed, len(l.workers)):], "ActiveWorkers since the pace last changed."))
	submitted, back := total(l.sums("TasksSubmitted")), zeroIfNaN(total(l.sums("TasksDeclined")))+zeroIfNaN(total(l.sums("TasksReturned")))
	if submitted+back > 0 {
		l.measures = append(l.measures, named("task_return_ratio", "tasks given back or declined", unitRatio, finding.Lower).Within(
			stat.Wilson(back, submitted+back, measure.Confidence), int(submitted+back), "wilson", fmt.Sprintf("%s declined or returned, %s submitted.", amount(back), amount(submitted))))
	}
	l.measures = append(l.measures, named("task_s", "time spent on a task", unitSeconds, finding.Lower).Typical(l.averages("TimeSpent"), "The median over minutes of TimeSpent."))
}

func (l *labeling) verdict() finding.Verdict {
	now, rest := estimate(l.measures, "labeled_per_hour_now"), estimate(l.measures, "remaining_s")
	if l.changed > 0 {
		before := stat.Mean(l.pace[:l.changed])
		if known(now) && float64(now.Hi) < paceFell*before {
			was, is := stat.Mean(published(l.workers[:l.changed])), stat.Mean(published(l.workers[l.changed:]))
			evidence := []string{fmt.Sprintf("Before it was %s an hour.", amount(before))}
			if is < paceFell*was {
				evidence = append(evidence, fmt.Sprintf("Workers went with it: %s at it before, %s after. Invite more, or raise what a task pays.", amount(was), amount(is)))
			} else {
				evidence = append(evidence, "As many workers were at it as before: the objects may have become harder, or the work less wanted.")
			}
			l.finds.add("labeling_slower", finding.Warning, querySeries,
				fmt.Sprintf("Since %s the job labels only %s objects an hour.", clock(l.binAt(l.changed)), ranged(now, amount)), evidence...)
		}
	}
	if known(now) && now.Value == 0 {
		l.finds.add("labeling_stalled", finding.Critical, querySeries, "No object has been labeled since "+clock(l.binAt(l.changed))+".",
			"Look whether workers are left, whether tasks wait for acceptance, and what the job's log says.")
	}
	if e := estimate(l.measures, "label_failure_ratio"); above(e, tellingFailed) {
		l.finds.add("labeling_failures", finding.Warning, querySeries, fmt.Sprintf("%s of the objects could not be labeled.", ranged(e, share)), e.Why,
			"The job's log names the objects and why.")
	}
	summary := fmt.Sprintf("The job labels %s objects an hour", ranged(now, amount))
	if known(rest) {
		summary += fmt.Sprintf("; what is left takes another %s at that pace", ranged(rest, took))
	}
	status := l.finds.judged()
	if !known(now) {
		status, summary = finding.Insufficient, "The pace of the job cannot be told: "+now.Why
		return finding.Verdict{Status: status, Summary: summary, Reasons: l.finds.reasons()}
	}
	return finding.Verdict{Status: status, Summary: summary + ".", Reasons: l.finds.reasons()}
}

func (l *labeling) charts(labeled []float64) []finding.Chart {
	times := make([]time.Time, len(l.pace))
	for i := range times {
		times[i] = l.binAt(i)
	}
	pace := finding.Chart{
		Name: "pace", Title: "Pace of the job", Axis: "objects labeled an hour", Query: querySeries,
		Lines: []finding.ChartLine{{Name: "objects an hour", Heavy: true, Times: times, Y: l.pace}},
		Read:  "A level line means that the end can be reckoned; steps down go with workers that left.",
	}
	done := finding.Chart{
		Name: "labeled", Title: "Objects labeled so far", Axis: "objects", Query: querySeries,
		Lines: []finding.ChartLine{l.line("labeled", labeled, 1, true)},
		Read:  "The steeper, the faster; a flat stretch is one in which nothing was done.",
	}
	return []finding.Chart{pace, done}
}
