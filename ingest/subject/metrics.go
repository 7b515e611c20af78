package subject

import (
	"slices"
	"strings"
)

// MonitorNamespaces are those of Model Monitor. The pages of the guide
// contradict each other, and accounts have been seen with the last of these, so
// all are asked. Source: SageMaker developer guide, "CloudWatch Metrics for
// Model Monitor" and the page about own containers.
func MonitorNamespaces() []string {
	return []string{
		"/aws/sagemaker/Endpoints/data-metric",
		"/aws/sagemaker/Endpoint/data-metrics",
		"/aws/sagemaker/ModelMonitoring/data-metric",
		"/aws/sagemaker/ModelMonitoring/data-metrics",
		"aws/sagemaker/Endpoints/data-metrics",
	}
}

// MonitorDims are the dimensions that name a monitoring schedule there.
func MonitorDims() []string { return []string{"MonitoringSchedule", "ScheduleName"} }

// FromMetric is the subject that a series belongs to, by its namespace and all
// of its dimensions, or false when the series is nobody's in particular, such as
// the totals of an account. FromSeries makes a subject of any series.
func FromMetric(namespace string, dims map[string]string) (Subject, bool) {
	if slices.Contains(MonitorNamespaces(), namespace) {
		return byDim(dims, Monitor, MonitorDims()...)
	}
	switch namespace {
	case "/aws/sagemaker/TrainingJobs":
		return byHost(dims, Training, "TrainingJobName")
	case "/aws/sagemaker/ProcessingJobs":
		return byHost(dims, Processing, "ProcessingJobName")
	case "/aws/sagemaker/TransformJobs":
		return byHost(dims, Transform, "TransformJobName")
	case "/aws/sagemaker/InferenceRecommendationsJobs":
		if s, ok := byDim(dims, Recommender, "JobName"); ok {
			return s, true
		}
		return byDim(dims, Endpoint, "EndpointName")
	case "AWS/Sagemaker/ModelBuildingPipeline":
		return byDim(dims, Pipeline, "PipelineName")
	case "AWS/SageMaker", "/aws/sagemaker/Endpoints", "/aws/sagemaker/InferenceComponents":
		return serving(dims)
	}
	return Subject{}, false
}

// serving is the subject of a series in the namespaces that several kinds share.
func serving(dims map[string]string) (Subject, bool) {
	for _, d := range []struct {
		name string
		kind Kind
	}{
		{"EndpointName", Endpoint},
		{"InferenceComponentName", Component},
		{"LabelingJobName", Labeling},
		{"FeatureGroupName", FeatureGroup},
	} {
		if _, has := dims[d.name]; has {
			return byDim(dims, d.kind, d.name)
		}
	}
	return Subject{}, false
}

func byDim(dims map[string]string, k Kind, names ...string) (Subject, bool) {
	for _, name := range names {
		if value, ok := dims[name]; ok {
			return named(k, value)
		}
	}
	return Subject{}, false
}

// byHost reads Host = job/algo-1 or job/i-0abc, and the dimension that metrics
// of the training script bear.
func byHost(dims map[string]string, k Kind, own string) (Subject, bool) {
	host, ok := dims["Host"]
	if !ok {
		return byDim(dims, k, own)
	}
	job, _, ok := strings.Cut(host, "/")
	if !ok {
		return Subject{}, false
	}
	return named(k, job)
}
