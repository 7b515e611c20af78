package catalog

import "strings"

// FeaturePattern stands in a metric's name for the name of a feature of the
// monitored data: Model Monitor publishes one metric for each.
const FeaturePattern = "{feature}"

// The pages on the built-in container and on containers of one's own.
const (
	pageMonitor = guide + "model-monitor-interpreting-cloudwatch.html"
	pageOwn     = guide + "model-monitor-byoc-cloudwatch.html"
)

// monitorMetrics are those of Model Monitor's data quality jobs. The pages of
// the guide contradict each other about the namespaces and dimensions, and
// accounts have been seen with a fifth spelling, so all of them are here.
func monitorMetrics() []Metric {
	var out []Metric
	for _, at := range []struct {
		namespace, page string
		sets            [][]string
	}{
		{"/aws/sagemaker/Endpoints/data-metric", pageMonitor, [][]string{{"EndpointName", "ScheduleName"}}},
		{"/aws/sagemaker/ModelMonitoring/data-metric", pageMonitor, [][]string{{"MonitoringSchedule"}}},
		{"/aws/sagemaker/Endpoint/data-metrics", pageOwn, [][]string{{"Endpoint", "MonitoringSchedule"}}},
		{"/aws/sagemaker/ModelMonitoring/data-metrics", pageOwn, [][]string{{"MonitoringSchedule"}, {"Endpoint", "MonitoringSchedule"}}},
		{"aws/sagemaker/Endpoints/data-metrics", pageMonitor, [][]string{{"Endpoint", "MonitoringSchedule"}}},
	} {
		out = append(out, with(FamilyMonitor, at.namespace, at.page, func() [][]string { return at.sets }, []Metric{
			{
				Name: "feature_data_" + FeaturePattern, Unit: "None", Stats: plainStats(), Kind: Gauge, Better: None,
				About: "Values of a numerical feature in the data that were captured.",
			},
			{
				Name: "feature_non_null_" + FeaturePattern, Unit: "None", Stats: sumOnly(), Kind: Gauge, Better: Higher,
				About: "Completeness of a feature: how much of the captured data has a value for it.",
			},
			{
				Name: "feature_baseline_drift_" + FeaturePattern, Unit: "None", Stats: sumOnly(), Kind: Gauge, Better: Lower,
				About: "Distance of a feature's distribution from the baseline's.",
			},
		})...)
	}
	return out
}

// matches says whether name is the metric's, or what its pattern stands for.
func (m Metric) matches(name string) bool {
	prefix, isPattern := strings.CutSuffix(m.Name, FeaturePattern)
	return m.Name == name || isPattern && len(name) > len(prefix) && strings.HasPrefix(name, prefix)
}
