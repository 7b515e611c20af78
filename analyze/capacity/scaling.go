package capacity

// invocationsMetric is the predefined metric that a recommended policy tracks.
const invocationsMetric = "SageMakerVariantInvocationsPerInstance"

// Scaling is what Application Auto Scaling said of the variant.
type Scaling struct {
	Asked      bool // it was asked, and answered
	Registered bool // the variant's instance count is a scalable target
	Suspended  bool // scaling out or in is switched off for now
	Min, Max   int  // of the scalable target
	Policies   []ScalingPolicy
}

// ScalingPolicy is one policy of a scalable target.
type ScalingPolicy struct {
	Name             string
	Type             string  // TargetTrackingScaling, StepScaling, PredictiveScaling
	Metric           string  // that target tracking follows: a predefined type, or namespace and name
	Target           float64 // 0 when it has none
	ScaleInCooldownS int     // seconds; negative when not said
	NoScaleIn        bool
}

// defaultCooldown is that of SageMaker's variants where a policy names none.
// Source: AWS, Application Auto Scaling API Reference,
// TargetTrackingScalingPolicyConfiguration.
const defaultCooldown = 300 // seconds

// replayable is the policy as replay takes it, or why it cannot be replayed.
func (s Scaling) replayable() (policy, string) {
	if s.Suspended {
		return policy{}, "scaling is suspended"
	}
	if len(s.Policies) != 1 {
		return policy{}, sprintf("the variant has %d policies, which act together", len(s.Policies))
	}
	p := s.Policies[0]
	switch {
	case p.Type != "TargetTrackingScaling":
		return policy{}, sprintf("%s is a policy of type %s", p.Name, p.Type)
	case p.Metric != invocationsMetric:
		return policy{}, sprintf("%s tracks %s, which the requests of a minute do not tell", p.Name, p.Metric)
	case !(p.Target > 0):
		return policy{}, sprintf("%s has no target", p.Name)
	}
	cooldown := p.ScaleInCooldownS
	if cooldown < 0 {
		cooldown = defaultCooldown
	}
	return policy{Target: p.Target, Min: s.Min, Max: s.Max, ScaleInCooldown: (cooldown + 59) / 60, NoScaleIn: p.NoScaleIn}, ""
}
