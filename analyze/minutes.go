package analyze

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sizewise/analyze/engine"
	"sizewise/analyze/finding"
)

// Minutes reads the evidence behind a set again, in buckets of another width:
// what is published every few minutes has a place only in wider ones. Of o, what
// says where the lake is and how the engine runs is looked at.
func Minutes(ctx context.Context, o Options, set finding.Set, bucketS int) (minutes []finding.Minute, err error) {
	e, err := engine.Open(ctx, engine.Options{
		Lake: o.Lake, Region: set.Tested.Region, Account: set.Tested.Account,
		Threads: o.Threads, MemoryLimit: o.MemoryLimit, TempDir: o.TempDir,
	})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	o.Name = set.Tested.Endpoint
	r := &reader{engine: e, options: o}
	return r.minutes(ctx, set.Tested.Variant, set.Window, bucketS)
}

// minutes reads the evidence bucket by bucket and fills the gaps, so that a
// bucket without data is there and says so.
func (r *reader) minutes(ctx context.Context, variant string, w finding.Window, bucketS int) ([]finding.Minute, error) {
	width := time.Duration(bucketS) * time.Second
	next := w.Start.Truncate(width)
	minutes := make([]finding.Minute, 0, max(0, (w.End.Sub(next)+width-1)/width))
	err := r.each(ctx, "variant_minutes", map[string]any{
		"endpoint": r.options.Name, "variant": variant,
		"start": next, "end": w.End, "bucket_s": bucketS, "dim_set": r.dimSet,
	}, func(rows *engine.Rows) {
		m := minute(rows, float64(bucketS))
		for ; next.Before(m.Start); next = next.Add(width) {
			minutes = append(minutes, absent(next, float64(bucketS)))
		}
		minutes = append(minutes, m)
		next = m.Start.Add(width)
	})
	if err != nil {
		return nil, err
	}
	for ; next.Before(w.End); next = next.Add(width) {
		minutes = append(minutes, absent(next, float64(bucketS)))
	}
	return minutes, nil
}

// minute is one row of variant_minutes. NULL is NaN; log counts are 0 where
// there is no log, since coverage says whether there was one.
func minute(r *engine.Rows, seconds float64) finding.Minute {
	return finding.Minute{
		Start: r.Time("bucket_start").UTC(), Seconds: seconds,
		Instances:   r.Float64("live_instances"),
		Invocations: r.Float64("invocations"),
		PerInstance: r.Float64("invocations_per_instance"),
		Errors4XX:   r.Float64("errors_4xx"),
		Errors5XX:   r.Float64("errors_5xx"),
		ModelErrors: r.Float64("model_errors"),
		ModelMean:   r.Float64("model_mean_s"),
		ModelP50:    r.Float64("model_p50_s"),
		ModelP90:    r.Float64("model_p90_s"),
		ModelP95:    r.Float64("model_p95_s"),
		ModelP99:    r.Float64("model_p99_s"),
		ModelMax:    r.Float64("model_max_s"),
		ModelCount:  r.Float64("model_count"),

		OverheadMean: r.Float64("overhead_mean_s"),
		OverheadMax:  r.Float64("overhead_max_s"),

		CPU: r.Float64("cpu_busy"), CPUHot: r.Float64("cpu_busy_max"),
		GPU: r.Float64("gpu_busy"), GPUHot: r.Float64("gpu_busy_max"),
		GPUMemory: r.Float64("gpu_memory_busy"), GPUMemoryHot: r.Float64("gpu_memory_busy_max"),
		Memory: r.Float64("memory_ratio"), MemoryHot: r.Float64("memory_ratio_max"),
		Disk: r.Float64("disk_ratio"), DiskHot: r.Float64("disk_ratio_max"),
		Reporting:      r.Float64("reporting_instances"),
		Samples:        r.Float64("utilization_samples"),
		ConcurrencyMax: r.Float64("concurrency_max"),

		LogLines:    r.Int64("log_lines"),
		LogWarnings: r.Int64("log_warnings"),
		LogErrors:   r.Int64("log_errors"),
		Provisional: r.Bool("provisional"),
	}
}

// absent is a bucket in which nothing was published.
func absent(start time.Time, seconds float64) finding.Minute {
	nan := float64(finding.Missing())
	return finding.Minute{
		Start: start, Seconds: seconds,
		Instances: nan, Invocations: nan, PerInstance: nan,
		Errors4XX: nan, Errors5XX: nan, ModelErrors: nan,
		ModelMean: nan, ModelP50: nan, ModelP90: nan, ModelP95: nan, ModelP99: nan, ModelMax: nan,
		ModelCount: nan, OverheadMean: nan, OverheadMax: nan,
		CPU: nan, CPUHot: nan, GPU: nan, GPUHot: nan, GPUMemory: nan, GPUMemoryHot: nan,
		Memory: nan, MemoryHot: nan, Disk: nan, DiskHot: nan,
		Reporting: nan, Samples: nan, ConcurrencyMax: nan,
	}
}

// each runs a named query and calls f for every row.
func (r *reader) each(ctx context.Context, name string, params map[string]any, f func(*engine.Rows)) error {
	rows, err := r.engine.Query(ctx, name, params)
	if err != nil {
		return err
	}
	for rows.Next() {
		f(rows)
	}
	if err := rows.Close(); err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	return nil
}
