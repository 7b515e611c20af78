package analyze

import (
	"cmp"
	"context"
	"slices"
	"time"

	"sizewise/analyze/engine"
	"sizewise/analyze/finding"
)

// mostTemplates bounds what the set carries; the query has the rest.
const mostTemplates = 40

// readLogs reads lines by level, messages that may say what went wrong, and
// exceptions.
func (r *reader) readLogs(ctx context.Context, ev *evidence) error {
	bucket := ev.tested.PeriodS
	params := func(more map[string]any) map[string]any {
		p := map[string]any{
			"endpoint": r.options.Name, "variant": ev.variant,
			"start": ev.window.Start, "end": ev.window.End,
		}
		for k, v := range more {
			p[k] = v
		}
		return p
	}
	ev.levels = map[string]int64{}
	err := r.each(ctx, "log_levels_by_minute", params(map[string]any{"bucket_s": bucket}), func(rows *engine.Rows) {
		ev.coverage.LogEvents += rows.Int64("lines")
		for level, column := range map[string]string{
			"DEBUG": "debug", "INFO": "info", "WARN": "warn", "ERROR": "error", "FATAL": "fatal", "": "unlevelled",
		} {
			if n := rows.Int64(column); n > 0 {
				ev.levels[level] += n
			}
		}
	})
	if err != nil {
		return err
	}
	err = r.each(ctx, "log_streams", params(nil), func(*engine.Rows) { ev.coverage.LogStreams++ })
	if err != nil {
		return err
	}
	gaps := map[string]any{"subject": r.subject(), "start": ev.window.Start, "end": ev.window.End}
	err = r.each(ctx, "log_gaps", gaps, func(rows *engine.Rows) {
		if rows.String("gap") == "silent" {
			ev.coverage.Silences = append(ev.coverage.Silences, finding.Silence{
				Stream: rows.String("scope"), From: rows.Time("from_ts").UTC(), To: rows.Time("to_ts").UTC(),
			})
		}
	})
	if err != nil {
		return err
	}
	err = r.each(ctx, "log_signals_by_minute", params(map[string]any{"bucket_s": bucket}), func(rows *engine.Rows) {
		ev.signals = append(ev.signals, signal{
			stream: rows.String("log_stream"), level: rows.String("level"),
			skeleton: rows.String("skeleton"), exception: rows.String("exception"),
			bucket: rows.Time("bucket_start").UTC(), lines: rows.Int64("lines"),
			first: rows.Time("first_seen").UTC(), last: rows.Time("last_seen").UTC(),
			example: rows.String("example"),
		})
	})
	if err != nil {
		return err
	}
	return r.each(ctx, "log_exceptions", params(nil), func(rows *engine.Rows) {
		ev.exceptions = append(ev.exceptions, finding.LogException{
			Type: rows.String("exception"), Lines: rows.Int64("lines"), First: rows.Time("first_seen").UTC(),
		})
	})
}

// logs sorts the templates by load step, now that the steps are known, and
// tells which of them go with errors and latency. It lists the most frequent
// templates that name a failure or warn, and whatever explains.
func (ev *evidence) logs(minutes []finding.Minute, steps int) finding.Logs {
	messages := merge(ev.signals)
	out := finding.Logs{Lines: ev.coverage.LogEvents, Levels: ev.levels, Exceptions: ev.exceptions, Explanations: ev.explain(messages)}
	stepOf := map[time.Time]int{}
	for i := range minutes {
		stepOf[minutes[i].Start] = minutes[i].Step
	}
	explains := map[string]bool{}
	for _, e := range out.Explanations {
		if !e.Exception {
			explains[e.Template] = true
		}
	}
	listed := 0
	slices.SortStableFunc(messages, func(a, b *message) int { return cmp.Compare(b.lines, a.lines) })
	for _, m := range messages {
		if m.exception || (!explains[m.text] && (m.weight() == 0 || listed >= mostTemplates)) {
			continue
		}
		listed++
		out.Templates = append(out.Templates, m.logTemplate(stepOf, steps))
	}
	slices.SortStableFunc(out.Templates, func(a, b finding.LogTemplate) int {
		return cmp.Or(cmp.Compare(b.Lines, a.Lines), cmp.Compare(a.Template, b.Template), cmp.Compare(a.Level, b.Level))
	})
	return out
}
