package analyze

import (
	"context"
	"time"

	"sizewise/analyze/capacity"
	"sizewise/analyze/engine"
)

// instanceBuckets is about how many buckets of each instance are looked at: enough
// for a line through them, and few enough for a month of a large fleet.
const instanceBuckets = 720

// readInstances reads what each instance did by itself, where that is published.
// Rates and utilization are means, which a longer bucket changes together.
// bucketS is the width that the rest is looked at with.
func (r *reader) readInstances(ctx context.Context, ev *evidence, bucketS int) error {
	span, width := ev.window.End.Sub(ev.window.Start), bucketS
	for _, w := range []int{300, 3600} {
		if span > time.Duration(instanceBuckets*width)*time.Second {
			width = max(width, w)
		}
	}
	err := r.each(ctx, "instance_minutes", map[string]any{
		"endpoint": r.options.Name, "variant": ev.variant,
		"start": ev.window.Start, "end": ev.window.End, "bucket_s": width,
	}, func(rows *engine.Rows) {
		ev.byInstance = append(ev.byInstance, capacity.InstanceMinute{
			ID: rows.String("instance_id"), Start: rows.Time("bucket_start").UTC(), Seconds: float64(width),
			Invocations: rows.Float64("invocations"), Errors5XX: rows.Float64("errors_5xx"),
			ModelMean: rows.Float64("model_mean_s"), CPU: rows.Float64("cpu_busy"), GPU: rows.Float64("gpu_busy"),
		})
	})
	if n := len(ev.byInstance); n > 0 && ev.byInstance[0].ID == ev.byInstance[n-1].ID {
		ev.byInstance = nil // ordered by ID: one instance is the fleet, which is looked at anyway
	}
	return err
}
