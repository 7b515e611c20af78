package service

import (
	"fmt"
	"math"

	"sizewise/analyze/dossier"
	"sizewise/analyze/finding"
)

// Metrics of endpoints that load models on demand.
const (
	metricCacheHit = "ModelCacheHit"
	metricLoadWait = "ModelLoadingWaitTime"
	metricLoad     = "ModelLoadingTime"
	metricDownload = "ModelDownloadingTime"
	metricUnload   = "ModelUnloadingTime"
	metricLoaded   = "LoadedModelCount"

	tellingMisses  = 0.02 // share of requests
	thrashingShare = 0.5  // unloads to loads, from which models push each other out
)

// MultiModelMetrics are those that only an endpoint that loads models on demand
// publishes.
func MultiModelMetrics() []string {
	return []string{metricCacheHit, metricLoadWait, metricLoad, metricDownload, metricUnload, metricLoaded}
}

// multiModel is the evidence about models that are loaded on demand.
type multiModel struct {
	grid
	measures []finding.Measure
	finds    finds
}

// MultiModel says how often a request found its model loaded, what it waited
// for when not, and how many models an instance holds. It has no verdict of its
// own, only reasons: what the instances can take is asked elsewhere.
func MultiModel(d *dossier.Dossier) dossier.Result {
	m := &multiModel{grid: newGrid(d, metricCacheHit, metricLoadWait, metricLoaded)}
	m.hits()
	m.loads()
	m.held()
	m.find()
	return dossier.Result{
		Verdict: finding.Verdict{Reasons: m.finds.reasons()}, Measures: m.measures, Charts: m.charts(), Findings: m.finds,
	}
}

func (m *multiModel) hits() {
	n := named("model_cache_hit_ratio", "requests that found their model loaded", unitRatio, finding.Higher)
	if !m.has(metricCacheHit) {
		m.measures = append(m.measures, n.Refused("ModelCacheHit was not published."))
		return
	}
	hits, all := m.totals(metricCacheHit), m.counts(metricCacheHit)
	m.measures = append(m.measures, n.Share(hits, all, fmt.Sprintf("%s of %s samples of ModelCacheHit are 1.", amount(total(hits)), amount(total(all)))))
}

func (m *multiModel) loads() {
	mean := func(name, label, metric, why string) {
		m.measures = append(m.measures, named(name, label, unitSeconds, finding.Lower).Ratio(scaled(m.totals(metric), microseconds), m.counts(metric), why))
	}
	mean("model_wait_s", "a request waits for its model, mean of those that wait", metricLoadWait, "ModelLoadingWaitTime summed over its samples.")
	mean("model_download_s", "a model takes to download, mean", metricDownload, "ModelDownloadingTime summed over its samples.")
	mean("model_load_s", "a model takes to load, mean", metricLoad, "ModelLoadingTime summed over its samples.")
	mean("model_unload_s", "a model takes to unload, mean", metricUnload, "ModelUnloadingTime summed over its samples.")
	m.waitShare()
	rate := named("model_loads_per_minute", "models loaded", "loads/minute", finding.Lower)
	if m.has(metricLoad) {
		m.measures = append(m.measures, rate.Mean(scaled(orZero(m.counts(metricLoad)), 60/m.seconds()), "Samples of ModelLoadingTime, minutes without any taken for none."))
	} else {
		m.measures = append(m.measures, rate.Refused("ModelLoadingTime was not published."))
	}
}

// waitShare is how much of the time of all requests is waiting for models.
func (m *multiModel) waitShare() {
	n := named("model_wait_share", "share of all latency that is waiting for models", unitRatio, finding.Lower)
	wait, whole := orZero(m.totals(metricLoadWait)), addColumns(m.totals(metricModel), m.totals(metricOverhead))
	switch {
	case !m.has(metricLoadWait):
		m.measures = append(m.measures, n.Refused("ModelLoadingWaitTime was not published."))
	case total(wait) > total(whole):
		m.measures = append(m.measures, n.Refused("The waits add up to more than ModelLatency and OverheadLatency, so these do not hold them."))
	default:
		m.measures = append(m.measures, n.Ratio(wait, whole, "ModelLoadingWaitTime over ModelLatency and OverheadLatency, all summed."))
	}
}

func (m *multiModel) held() {
	held := named("models_loaded_per_instance", "models that an instance holds", "models", "")
	most := named("models_loaded_max", "most models on one instance", "models", "")
	if !m.has(metricLoaded) {
		m.measures = append(m.measures, held.Refused("LoadedModelCount was not published."))
		return
	}
	m.measures = append(m.measures, held.Typical(m.averages(metricLoaded), "The median over minutes of LoadedModelCount, one sample an instance."))
	if v, at := top(m.maxima(metricLoaded)); at >= 0 {
		m.measures = append(m.measures, most.Seen(v, len(published(m.maxima(metricLoaded))), "The highest LoadedModelCount, at "+clock(m.at(at))+"."))
	}
}

func (m *multiModel) find() {
	e := estimate(m.measures, "model_cache_hit_ratio")
	if !known(e) || float64(e.Hi) > 1-tellingMisses {
		return
	}
	evidence := []string{e.Why}
	if w := estimate(m.measures, "model_wait_s"); known(w) {
		text := "A request that finds its model missing waits " + ranged(w, took)
		if s := estimate(m.measures, "model_wait_share"); known(s) {
			text += fmt.Sprintf("; over all requests that is %s of the latency", ranged(s, share))
		}
		evidence = append(evidence, text+".")
	}
	loads, unloads := total(m.counts(metricLoad)), total(m.counts(metricUnload))
	title := "Only %s of the requests found their model loaded."
	switch pushed := unloads / loads; {
	case math.IsNaN(pushed):
		evidence = append(evidence, "Whether models push each other out is not known: loads and unloads were not both published.")
	case pushed > thrashingShare:
		title = "Only %s of the requests found their model loaded: models push each other out of memory."
		evidence = append(evidence, fmt.Sprintf("%s loads went with %s unloads. An instance holds %s models at a time.", amount(loads), amount(unloads), ranged(estimate(m.measures, "models_loaded_per_instance"), amount)),
			"Use instances with more memory, more instances of the same (a model is kept on some of them only), or split the models over several endpoints; keep models that are always asked for on an endpoint of their own.")
	default:
		evidence = append(evidence, fmt.Sprintf("%s loads went with only %s unloads: models are being loaded for the first time, which passes.", amount(loads), amount(unloads)))
	}
	m.finds.add("model_cache", finding.Warning, querySeries, fmt.Sprintf(title, ranged(e, share)), evidence...)
}

func (m *multiModel) charts() []finding.Chart {
	hits, all := m.totals(metricCacheHit), m.counts(metricCacheHit)
	ratio := make([]float64, m.n)
	for i := range ratio {
		ratio[i] = hits[i] / all[i]
	}
	cache := finding.Chart{
		Name: "model-cache", Title: "Requests that found their model loaded", Axis: "share of the minute's requests, %", Percent: true, Query: querySeries,
		Lines: []finding.ChartLine{m.line("found loaded", ratio, 1, true)},
		Read:  "After the first minutes the line should lie near the top; where it stays lower, models are loaded again and again.",
	}
	if !m.has(metricCacheHit) {
		cache.Absent = "ModelCacheHit was not published."
	}
	return []finding.Chart{cache}
}
