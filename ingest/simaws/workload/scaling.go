package workload

import (
	"time"

	"sizewise/ingest/simaws/account"
)

// scaling fills in what Application Auto Scaling answers about a policy.
func (t *test) scaling(acc *account.Account, created time.Time) {
	s := t.Autoscaling
	if s == nil {
		return
	}
	cooldown := int(s.Cooldown.Seconds())
	acc.Scaling = []account.ScalableTarget{{
		ResourceID: "endpoint/" + t.Endpoint + "/variant/" + t.Variant, Min: s.Min, Max: s.Max, Created: created.Add(10 * time.Minute),
		Policies: []account.ScalingPolicy{{
			Name: "invocations-per-instance", Created: created.Add(11 * time.Minute),
			Config: map[string]any{
				"TargetValue":                   s.Target,
				"PredefinedMetricSpecification": map[string]any{"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
				"ScaleOutCooldown":              cooldown, "ScaleInCooldown": cooldown, "DisableScaleIn": false,
			},
		}},
	}}
}
