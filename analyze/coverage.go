package analyze

import (
	"context"
	"fmt"
	"time"

	"sizewise/analyze/engine"
	"sizewise/analyze/finding"
)

// readCoverage says how complete the evidence is.
func readCoverage(ev *evidence) {
	c := &ev.coverage
	c.Buckets = len(ev.minutes)
	for i := range ev.minutes {
		if anyPublished(ev.minutes[i : i+1]) {
			c.Present++
		}
	}
	for _, p := range ev.published {
		c.Provisional += p.provisional
		if p.dimSet == "EndpointName,VariantName" {
			c.Series = append(c.Series, ownSpacing(finding.SeriesCoverage{
				Metric: p.metric, PeriodS: p.periodS, Points: p.points, Want: p.wanted,
			}, p.spacingS, p.last.Sub(p.first)))
		}
	}
	if ev.tested.InstanceType == "" {
		c.Notes = append(c.Notes, "Describe did not tell the instance type: without --instance-type CPU and GPU have no known limit.")
	} else if ev.tested.VCPU == 0 {
		c.Notes = append(c.Notes, fmt.Sprintf("The instance type %s is not in the table of instance types: CPU and GPU have no known limit.", ev.tested.InstanceType))
	}
}

// evenly is the share of the places between the first and the last point that
// must be filled for a spacing to be the metric's own and not that of its gaps.
const evenly = 0.75

// ownSpacing judges a metric that is published every few periods by the spacing
// of its points, in seconds, and not by the period that was asked for. span is
// the time from the first point to the last. Points that are not spaced at a
// multiple of the period, or do not fill it, stay gaps.
func ownSpacing(c finding.SeriesCoverage, spacing float64, span time.Duration) finding.SeriesCoverage {
	step := int(spacing)
	if c.PeriodS <= 0 || c.Points < 3 || float64(step) != spacing || step <= c.PeriodS || step%c.PeriodS != 0 {
		return c
	}
	places := 1 + span.Seconds()/spacing
	if float64(c.Points) < evenly*places {
		return c
	}
	every := step / c.PeriodS
	c.Want = (c.Want + every - 1) / every
	c.PeriodS = step
	return c
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
