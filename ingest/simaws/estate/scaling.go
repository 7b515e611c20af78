package estate

import (
	"time"

	"sizewise/ingest/simaws/account"
)

// scale registers an endpoint's instances with Application Auto Scaling.
func (d *drawer) scale(e *endpoint, created time.Time) {
	d.Account.Scaling = append(d.Account.Scaling, account.ScalableTarget{
		ResourceID: "endpoint/" + e.name + "/variant/" + variantName, Min: e.hosts, Max: 2 * e.hosts, Created: created.Add(10 * time.Minute),
		Policies: []account.ScalingPolicy{{
			Name: "invocations", Created: created.Add(11 * time.Minute),
			Config: map[string]any{
				"TargetValue":                   6000.0,
				"PredefinedMetricSpecification": map[string]any{"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
				"ScaleInCooldown":               600, "ScaleOutCooldown": 60,
			},
		}},
	})
}
