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
	ev.levels, ev.signalQuery = map[string]int64{}, "log_signals_by_minute"
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
	if ev.signals, err = r.readSignals(ctx, params(map[string]any{"bucket_s": bucket})); err != nil {
		return err
	}
	err = r.each(ctx, "log_exceptions_by_minute", params(map[string]any{"bucket_s": bucket}), func(rows *engine.Rows) {
		ev.thrown = append(ev.thrown, thrown{
			signal: signal{
				stream: rows.String("log_stream"), skeleton: rows.String("skeleton"), exception: rows.String("exception"),
				bucket: rows.Time("bucket_start").UTC(), lines: rows.Int64("lines"),
				first: rows.Time("first_seen").UTC(), last: rows.Time("last_seen").UTC(), example: rows.String("example"),
			},
			frame: rows.String("frame"), cause: rows.String("cause"),
		})
	})
	if err != nil {
		return err
	}
	err = r.each(ctx, "access_latency", params(map[string]any{"bucket_s": bucket}), func(rows *engine.Rows) {
		ev.access = append(ev.access, accessMinute{
			start: rows.Time("bucket_start").UTC(), requests: rows.Int64("requests"), failed: rows.Int64("failed"), timed: rows.Int64("timed"),
			p50: rows.Float64("p50_s"), p90: rows.Float64("p90_s"), p99: rows.Float64("p99_s"), longest: rows.Float64("max_s"),
		})
	})
	if err != nil {
		return err
	}
	return r.readBaseline(ctx, ev)
}

// readSignals reads messages that may say what went wrong.
func (r *reader) readSignals(ctx context.Context, params map[string]any) ([]signal, error) {
	var out []signal
	err := r.each(ctx, "log_signals_by_minute", params, func(rows *engine.Rows) {
		out = append(out, signal{
			stream: rows.String("log_stream"), level: rows.String("level"),
			skeleton: rows.String("skeleton"), exception: rows.String("exception"),
			bucket: rows.Time("bucket_start").UTC(), lines: rows.Int64("lines"),
			first: rows.Time("first_seen").UTC(), last: rows.Time("last_seen").UTC(),
			example: rows.String("example"),
		})
	})
	return out, err
}

// logs sorts the templates by load step, now that the steps are known, and
// tells which of them go with errors and latency. It lists the most frequent
// templates that name a failure or warn, and whatever explains.
func (ev *evidence) logs(minutes []finding.Minute, steps int) finding.Logs {
	all := merge(ev.signals, ev.before.signals)
	messages := slices.DeleteFunc(slices.Clone(all), func(m *message) bool { return m.lines == 0 })
	stepOf := map[time.Time]int{}
	for i := range minutes {
		stepOf[minutes[i].Start] = minutes[i].Step
	}
	out := finding.Logs{
		Lines: ev.coverage.LogEvents, Levels: ev.levels, Exceptions: ev.kinds(stepOf, steps), Explanations: ev.explain(messages),
		Baseline: ev.compared(all), Access: ev.accessByStep(minutes, steps),
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
		t := m.logTemplate(stepOf, steps)
		t.OfStreams, t.Query = ev.coverage.LogStreams, ev.signalQuery
		out.Templates = append(out.Templates, t)
	}
	slices.SortStableFunc(out.Templates, func(a, b finding.LogTemplate) int {
		return cmp.Or(cmp.Compare(b.Lines, a.Lines), cmp.Compare(a.Template, b.Template), cmp.Compare(a.Level, b.Level))
	})
	return out
}
