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

	// What Application Auto Scaling can be asked about an endpoint's variant or an
	// inference component, by its resource id: endpoint/NAME/variant/VARIANT.
	KindScalableTarget ResourceKind = "scalable_target"
	KindScalingPolicy  ResourceKind = "scaling_policy"
)

// Optional says whether a pull can do without what is said of the kind: whether
// a variant is scaled is good to know, and its permission is another service's.
func (k ResourceKind) Optional() bool { return k == KindScalableTarget || k == KindScalingPolicy }

// Resource names one thing that SageMaker can be asked about.
type Resource struct {
	Kind ResourceKind
	Name string
}

// ResourceKinds are all kinds, in the order of their names.
func ResourceKinds() []ResourceKind {
	return []ResourceKind{
		KindEndpoint, KindEndpointConfig, KindFeatureGroup, KindInferenceComponent, KindLabelingJob, KindMonitoringSchedule,
		KindNotebookInstance, KindPipeline, KindProcessingJob, KindRecommendationsJob, KindScalableTarget, KindScalingPolicy,
		KindTrainingJob, KindTransformJob,
	}
}

// Operation is the operation that describes the kind.
func (k ResourceKind) Operation() string {
	switch k {
	case KindRecommendationsJob:
		return "DescribeInferenceRecommendationsJob"
	case KindScalableTarget:
		return "DescribeScalableTargets"
	case KindScalingPolicy:
		return "DescribeScalingPolicies"
	default: // named after the kind
	}
	operation := "Describe"
	for word := range strings.SplitSeq(string(k), "_") {
		operation += strings.ToUpper(word[:1]) + word[1:]
	}
	return operation
}

// Action is the permission that Operation needs.
func (k ResourceKind) Action() string {
	if k.Optional() {
		return "application-autoscaling:" + k.Operation()
	}
	return "sagemaker:" + k.Operation()
}

// arnType is the kind as ARNs have it.
func (k ResourceKind) arnType() string {
	if k == KindRecommendationsJob {
		return "inference-recommendations-job"
	}
	return strings.ReplaceAll(string(k), "_", "-")
}
