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

// saidFact is one fact of the lake about how something is scaled.
type saidFact struct {
	kind, name, attribute, value string
	asOf                         time.Time
}

// readScaling reads what Application Auto Scaling said of the variant.
func (r *reader) readScaling(ctx context.Context, ev *evidence) error {
	var facts []saidFact
	err := r.each(ctx, "resources_latest", map[string]any{"subject": r.subject()}, func(rows *engine.Rows) {
		facts = append(facts, saidFact{
			rows.String("kind"), rows.String("name"), rows.String("attribute"), rows.String("value"), rows.Time("as_of").UTC(),
		})
	})
	ev.scaling = scalingOf("endpoint/"+r.options.Name+"/variant/"+ev.variant, facts)
	return err
}

// scalingOf is what the newest facts say of a resource. A policy counts when it
// was said with the newest list of them: one that is older was deleted since.
// Where the target was told and its policies were not, neither counts.
func scalingOf(resource string, facts []saidFact) capacity.Scaling {
	var target, list scalingFacts
	policies := map[string]*scalingFacts{}
	for _, f := range facts {
		switch {
		case f.kind == "scalable_target" && f.name == resource:
			target.take(f)
		case f.kind == "scaling_policies" && f.name == resource:
			list.take(f)
		case f.kind == "scaling_policy":
			if policies[f.name] == nil {
				policies[f.name] = &scalingFacts{}
			}
			policies[f.name].take(f)
		}
	}
	if target.said == nil {
		return capacity.Scaling{}
	}
	if target.said["registered"] != "true" {
		return capacity.Scaling{Asked: true}
	}
	if list.asOf.Before(target.asOf) {
		return capacity.Scaling{}
	}
	out := capacity.Scaling{
		Asked: true, Registered: true, Min: target.number("min_capacity"), Max: target.number("max_capacity"),
		Suspended: target.said["scale_in_suspended"] == "true" || target.said["scale_out_suspended"] == "true",
	}
	for _, name := range slices.Sorted(maps.Keys(policies)) {
		if p := policies[name]; p.said["resource_id"] == resource && p.asOf.Equal(list.asOf) {
			out.Policies = append(out.Policies, p.policy())
		}
	}
	// Facts are as of a day. Of more policies than were counted last, some were
	// deleted on that day, and which is not known.
	switch n := list.number("count"); {
	case n == 0:
		out.Policies = nil
	case len(out.Policies) > n:
		return capacity.Scaling{}
	}
	return out
}

// scalingFacts are the newest facts of one thing.
type scalingFacts struct {
	asOf time.Time
	said map[string]string
}

// take adds a fact. What was said before the newest word no longer holds.
func (f *scalingFacts) take(s saidFact) {
	if f.said == nil || s.asOf.After(f.asOf) {
		f.said, f.asOf = map[string]string{}, s.asOf
	}
	if s.asOf.Equal(f.asOf) {
		f.said[s.attribute] = s.value
	}
}

// number is a count, 0 where none was said.
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
