package analyze

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"sizewise/analyze/capacity"
	"sizewise/analyze/engine"
)

// readScaling reads what Application Auto Scaling said of the variant. A policy
// counts when it was said with the newest list of them: one that is older was
// deleted since.
func (r *reader) readScaling(ctx context.Context, ev *evidence) error {
	resource := "endpoint/" + r.options.Endpoint + "/variant/" + ev.variant
	var target, list scalingFacts
	policies := map[string]scalingFacts{}
	err := r.each(ctx, "resources_latest", map[string]any{"subject": r.subject()}, func(rows *engine.Rows) {
		name, attribute, value, asOf := rows.String("name"), rows.String("attribute"), rows.String("value"), rows.Time("as_of").UTC()
		switch rows.String("kind") {
		case "scalable_target":
			if name == resource {
				target.take(attribute, value, asOf)
			}
		case "scaling_policies":
			if name == resource {
				list.take(attribute, value, asOf)
			}
		case "scaling_policy":
			f := policies[name]
			f.take(attribute, value, asOf)
			policies[name] = f
		}
	})
	registered := target.said["registered"] == "true"
	if err != nil || target.said == nil || registered && list.asOf.Before(target.asOf) {
		return err // not asked, or only half answered
	}
	ev.scaling = capacity.Scaling{Asked: true, Registered: registered, Min: target.number("min_capacity"), Max: target.number("max_capacity")}
	for _, name := range slices.Sorted(maps.Keys(policies)) {
		if f := policies[name]; registered && f.said["resource_id"] == resource && f.asOf.Equal(list.asOf) {
			ev.scaling.Policies = append(ev.scaling.Policies, f.policy())
		}
	}
	return nil
}

// scalingFacts are the newest facts of one thing.
type scalingFacts struct {
	asOf time.Time
	said map[string]string
}

// take adds a fact. What was said before the newest word no longer holds.
func (f *scalingFacts) take(attribute, value string, asOf time.Time) {
	if f.said == nil || asOf.After(f.asOf) {
		f.said, f.asOf = map[string]string{}, asOf
	}
	if asOf.Equal(f.asOf) {
		f.said[attribute] = value
	}
}

func (f *scalingFacts) number(attribute string) int {
	n, err := strconv.Atoi(f.said[attribute])
	if err != nil {
		return 0
	}
	return n
}

func (f *scalingFacts) policy() capacity.ScalingPolicy {
	p := capacity.ScalingPolicy{
		Name: f.said["policy_name"], Type: f.said["policy_type"], Metric: f.said["metric"],
		NoScaleIn: f.said["disable_scale_in"] == "true", ScaleInCooldownS: -1,
	}
	if _, said := f.said["scale_in_cooldown_s"]; said {
		p.ScaleInCooldownS = f.number("scale_in_cooldown_s")
	}
	if v, err := strconv.ParseFloat(f.said["target_value"], 64); err == nil {
		p.Target = v
	}
	return p
}
