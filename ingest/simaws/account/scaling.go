package account

import "time"

// ScalableTarget is what Application Auto Scaling knows of one resource of
// SageMaker, for example a variant's instance count.
type ScalableTarget struct {
	ResourceID string // endpoint/NAME/variant/VARIANT or inference-component/NAME
	Dimension  string // "" is sagemaker:variant:DesiredInstanceCount
	Min, Max   int
	Created    time.Time
	Policies   []ScalingPolicy
}

// ScalingPolicy is one policy of a target.
type ScalingPolicy struct {
	Name    string
	Type    string // "" is TargetTrackingScaling
	Created time.Time
	// Config is the configuration of its type, for example
	// TargetTrackingScalingPolicyConfiguration, its values as in Described.Body.
	Config map[string]any
}
