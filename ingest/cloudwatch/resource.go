package cloudwatch

import "strings"

// ResourceKind is a kind of thing that SageMaker can be asked about.
type ResourceKind string

// The kinds that Describe knows.
const (
	KindEndpoint           ResourceKind = "endpoint"
	KindEndpointConfig     ResourceKind = "endpoint_config"
	KindInferenceComponent ResourceKind = "inference_component"
	KindTrainingJob        ResourceKind = "training_job"
	KindProcessingJob      ResourceKind = "processing_job"
	KindTransformJob       ResourceKind = "transform_job"
	KindRecommendationsJob ResourceKind = "recommendations_job"
	KindLabelingJob        ResourceKind = "labeling_job"
	KindFeatureGroup       ResourceKind = "feature_group"
	KindPipeline           ResourceKind = "pipeline"
	KindMonitoringSchedule ResourceKind = "monitoring_schedule"
	KindNotebookInstance   ResourceKind = "notebook_instance"
)

// Resource names one thing that SageMaker can be asked about.
type Resource struct {
	Kind ResourceKind
	Name string
}

// ResourceKinds are all kinds, in the order of their names.
func ResourceKinds() []ResourceKind {
	return []ResourceKind{
		KindEndpoint, KindEndpointConfig, KindFeatureGroup, KindInferenceComponent, KindLabelingJob, KindMonitoringSchedule,
		KindNotebookInstance, KindPipeline, KindProcessingJob, KindRecommendationsJob, KindTrainingJob, KindTransformJob,
	}
}

// Operation is the operation of SageMaker that describes the kind.
func (k ResourceKind) Operation() string {
	if k == KindRecommendationsJob {
		return "DescribeInferenceRecommendationsJob"
	}
	operation := "Describe"
	for word := range strings.SplitSeq(string(k), "_") {
		operation += strings.ToUpper(word[:1]) + word[1:]
	}
	return operation
}

// arnType is the kind as ARNs have it.
func (k ResourceKind) arnType() string {
	if k == KindRecommendationsJob {
		return "inference-recommendations-job"
	}
	return strings.ReplaceAll(string(k), "_", "-")
}
