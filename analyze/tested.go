package analyze

import (
	"context"
	"strconv"

	"sizewise/analyze/engine"
	"sizewise/analyze/finding"
)

// tested says what ran, as far as Describe, the options and the table of
// instance types tell. A configuration that was imported by itself is found
// through the endpoint that names it.
func (r *reader) tested(ctx context.Context, v variantSpan, w finding.Window) (finding.Tested, error) {
	t := finding.Tested{
		Endpoint: r.options.Name, Variant: v.name,
		Account: v.account, Region: v.region, InstanceType: r.options.InstanceType,
	}
	config, err := r.describe(ctx, r.subject(), &t)
	if err == nil && t.InstanceType == "" && config != "" {
		_, err = r.describe(ctx, "endpoint_config/"+config, &t)
	}
	if err != nil {
		return t, err
	}
	if t.InstanceType == "" {
		if t.InstanceType, err = r.typeSeen(ctx, v.name, w); err != nil {
			return t, err
		}
	}
	if i, ok := r.options.InstanceTypes.Lookup(t.InstanceType); ok {
		t.VCPU, t.GPUs, t.MemoryGiB, t.Accelerator = i.VCPU, i.GPUs(), finding.Number(i.MemoryGiB), i.Accelerator
	}
	return t, nil
}

// typeSeen is the instance type that the metrics name in a dimension, "" when
// they name none or several.
func (r *reader) typeSeen(ctx context.Context, variant string, w finding.Window) (string, error) {
	var types []string
	err := r.each(ctx, "instance_types_seen", map[string]any{
		"endpoint": r.options.Name, "variant": variant, "start": w.Start, "end": w.End,
	}, func(rows *engine.Rows) { types = append(types, rows.String("instance_type")) })
	if len(types) != 1 {
		return "", err
	}
	return types[0], err
}

// describe fills in what the facts about a subject say of the variant, and
// returns the name of the configuration that the endpoint uses.
func (r *reader) describe(ctx context.Context, subject string, t *finding.Tested) (config string, err error) {
	err = r.each(ctx, "resources_latest", map[string]any{"subject": subject}, func(rows *engine.Rows) {
		attribute, value := rows.String("attribute"), rows.String("value")
		if rows.String("kind") == "endpoint" && attribute == "endpoint_config_name" {
			config = value
		}
		if rows.String("kind") != "variant" || rows.String("name") != t.Variant {
			return
		}
		switch attribute {
		case "instance_type":
			if t.InstanceType == "" {
				t.InstanceType = value
			}
		case "current_instance_count":
			if n, err := strconv.Atoi(value); err == nil {
				t.DescribedCount, t.DescribedAsOf = n, rows.Time("as_of").UTC()
			}
		}
	})
	return config, err
}
