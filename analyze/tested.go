package analyze

import (
	"context"
	"strconv"
	"time"

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
	var said describedType
	config, err := r.describe(ctx, r.subject(), &t, &said)
	if err == nil && said.name == "" && config != "" {
		_, err = r.describe(ctx, "endpoint_config/"+config, &t, &said)
	}
	if err != nil {
		return t, err
	}
	said.settle(&t, w)
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

// describedType is the instance type that Describe or a configuration named.
type describedType struct {
	name string
	asOf time.Time
}

// describedSoon is how long after a test Describe still tells of it: later, another
// type may run.
const describedSoon = 24 * time.Hour

// settle decides which type ran where the options name another one than Describe
// did. What was said of the test holds: the utilization is that type's, whatever
// another one would be asked for. What was said much later does not.
func (d describedType) settle(t *finding.Tested, w finding.Window) {
	if t.InstanceType == "" || d.name == "" || d.name == t.InstanceType {
		if t.InstanceType == "" {
			t.InstanceType = d.name
		}
		return
	}
	t.AskedType, t.DescribedType = t.InstanceType, d.name
	if d.asOf.Before(w.End.Add(describedSoon)) {
		t.InstanceType = d.name
	}
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
func (r *reader) describe(ctx context.Context, subject string, t *finding.Tested, said *describedType) (config string, err error) {
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
			*said = describedType{value, rows.Time("as_of").UTC()}
		case "current_instance_count":
			if n, err := strconv.Atoi(value); err == nil {
				t.DescribedCount, t.DescribedAsOf = n, rows.Time("as_of").UTC()
			}
		}
	})
	return config, err
}
