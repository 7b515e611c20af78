package analyze

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sizewise/analyze/capacity"
)

// TestScalingIsWhatWasSaidLast: policies that were deleted, attributes that went
// away, other variants, and a target whose policies may not be seen.
func TestScalingIsWhatWasSaidLast(t *testing.T) {
	const a, b = "endpoint/ep/variant/a", "endpoint/ep/variant/b"
	old, now := time.Date(2026, 11, 19, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	later := now.Add(time.Second)
	target := func(at time.Time) []saidFact {
		return []saidFact{
			{"scalable_target", a, "registered", "true", at},
			{"scalable_target", a, "min_capacity", "2", at},
			{"scalable_target", a, "max_capacity", "8", at},
			{"scalable_target", b, "registered", "false", at},
		}
	}
	policies := []saidFact{
		{"scaling_policies", a, "count", "1", later},
		{"scaling_policy", a + "/new", "resource_id", a, later},
		{"scaling_policy", a + "/new", "policy_name", "new", later},
		{"scaling_policy", a + "/new", "policy_type", "TargetTrackingScaling", later},
		{"scaling_policy", a + "/new", "metric", "M", later},
		{"scaling_policy", a + "/new", "target_value", "700.5", later},
		{"scaling_policy", a + "/new", "disable_scale_in", "true", old},
		{"scaling_policy", a + "/gone", "resource_id", a, old},
		{"scaling_policy", a + "/gone", "policy_name", "gone", old},
		{"scaling_policy", b + "/other", "resource_id", b, later},
	}
	both := append(target(now), policies...)
	for name, tt := range map[string]struct {
		resource string
		facts    []saidFact
		want     capacity.Scaling
	}{
		"never asked":                    {a, nil, capacity.Scaling{}},
		"not registered":                 {b, both, capacity.Scaling{Asked: true}},
		"policies unseen":                {a, target(now), capacity.Scaling{}},
		"policies of before, unseen now": {a, append(target(later.Add(time.Hour)), policies...), capacity.Scaling{}},
		"one policy": {a, both, capacity.Scaling{Asked: true, Registered: true, Min: 2, Max: 8, Policies: []capacity.ScalingPolicy{
			{Name: "new", Type: "TargetTrackingScaling", Metric: "M", Target: 700.5, ScaleInCooldownS: -1},
		}}},
		"suspended": {a, append([]saidFact{
			{"scalable_target", a, "registered", "true", now}, {"scalable_target", a, "scale_out_suspended", "true", now},
		}, saidFact{"scaling_policies", a, "count", "0", now}), capacity.Scaling{Asked: true, Registered: true, Suspended: true}},
	} {
		if d := cmp.Diff(tt.want, scalingOf(tt.resource, tt.facts)); d != "" {
			t.Errorf("%s (-want +got)\n%s", name, d)
		}
	}
}
