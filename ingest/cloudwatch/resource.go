package cloudwatch

import (
	"context"
	"fmt"
)

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

// Describe asks SageMaker what it knows of one resource. The error wraps
// ErrNotFound when there is none, which a deleted one is not either.
func (c *Client) Describe(ctx context.Context, r Resource) (Description, Usage, error) {
	switch r.Kind {
	case KindEndpoint:
		return c.Endpoint(ctx, r.Name)
	case KindEndpointConfig:
		return c.EndpointConfig(ctx, r.Name)
	}
	return Description{}, Usage{}, fmt.Errorf("describing %s %s: no such kind of resource", r.Kind, r.Name)
}
