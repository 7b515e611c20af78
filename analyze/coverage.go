package analyze

import (
	"context"
	"fmt"

	"sizewise/analyze/engine"
	"sizewise/analyze/finding"
)

// readCoverage says how complete the evidence is.
func (r *reader) readCoverage(ctx context.Context, ev *evidence) error {
	c := &ev.coverage
	c.Buckets = len(ev.minutes)
	for i := range ev.minutes {
		if anyPublished(ev.minutes[i : i+1]) {
			c.Present++
		}
	}
	err := r.each(ctx, "coverage_by_series", map[string]any{
		"endpoint": r.options.Endpoint, "variant": ev.variant, "start": ev.window.Start, "end": ev.window.End,
	}, func(rows *engine.Rows) {
		c.Provisional += int(rows.Int64("provisional_points"))
		if rows.String("dim_set") != "EndpointName,VariantName" {
			return
		}
		c.Series = append(c.Series, finding.SeriesCoverage{
			Metric: rows.String("metric"), PeriodS: int(rows.Int64("period_s")),
			Points: int(rows.Int64("points")), Want: int(rows.Int64("wanted")),
		})
	})
	if err != nil {
		return err
	}
	if ev.tested.InstanceType == "" {
		c.Notes = append(c.Notes, "Describe did not tell the instance type: without --instance-type CPU and GPU have no known limit.")
	} else if ev.tested.VCPU == 0 {
		c.Notes = append(c.Notes, fmt.Sprintf("The instance type %s is not in the table of instance types: CPU and GPU have no known limit.", ev.tested.InstanceType))
	}
	return nil
}

// readLedger says what was asked of the source and what did not come.
func (r *reader) readLedger(ctx context.Context, ev *evidence) error {
	params := map[string]any{"subject": r.subject(), "start": ev.window.Start, "end": ev.window.End}
	err := r.each(ctx, "ledger_summary", params, func(rows *engine.Rows) {
		ev.ledger.Chunks += int(rows.Int64("chunks"))
		ev.ledger.Calls += rows.Int64("calls")
		ev.ledger.Retries += rows.Int64("retries")
		ev.ledger.CostLow += finding.Number(rows.Float64("cost_low"))
		ev.ledger.CostHigh += finding.Number(rows.Float64("cost_high"))
	})
	if err != nil {
		return err
	}
	return r.each(ctx, "ledger_problems", params, func(rows *engine.Rows) {
		ev.ledger.Problems = append(ev.ledger.Problems, finding.LedgerEntry{
			Dataset: rows.String("dataset"), Scope: rows.String("scope"),
			Start: rows.Time("window_start").UTC(), End: rows.Time("window_end").UTC(),
			Status: rows.String("status"), Reason: rows.String("reason"),
		})
	})
}
