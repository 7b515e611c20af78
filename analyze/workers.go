package analyze

import (
	"context"
	"strings"
	"time"

	"sizewise/analyze/engine"
)

// bootSpan is how far apart the workers of one container start.
const bootSpan = time.Minute

// workerLine is a start-up line about workers.
type workerLine struct {
	stream, message string
	at              time.Time
	stated          int // number that the line states, 0 for none
}

// readWorkers takes the number of workers per instance from the start-up lines.
func (r *reader) readWorkers(ctx context.Context, ev *evidence) error {
	var lines []workerLine
	err := r.each(ctx, "worker_lines", map[string]any{
		"endpoint": r.options.Name, "variant": ev.variant, "end": ev.window.End,
	}, func(rows *engine.Rows) {
		lines = append(lines, workerLine{
			stream: rows.String("log_stream"), message: rows.String("message"),
			at: rows.Time("ts"), stated: int(rows.Int64("workers")),
		})
	})
	ev.workers = workers(lines)
	return err
}

// workers is what all instances say alike: the number where lines state one,
// else the processes that a stream reports to boot within a minute. A later
// boot replaces a worker and adds none. It is 0 where they differ, and where
// each worker holds more than one request.
func workers(lines []workerLine) int {
	stated, booted, first := map[int]bool{}, map[string]int{}, map[string]time.Time{}
	for _, l := range lines {
		kind, isKind := strings.CutPrefix(l.message[max(0, strings.Index(l.message, "Using worker: ")):], "Using worker: ")
		switch {
		case l.stated > 0:
			stated[l.stated] = true
		case isKind && strings.TrimSpace(kind) != "sync":
			return 0
		case isKind:
		default:
			if _, ok := first[l.stream]; !ok {
				first[l.stream] = l.at
			}
			if l.at.Sub(first[l.stream]) <= bootSpan {
				booted[l.stream]++
			}
		}
	}
	if len(stated) == 0 {
		for _, n := range booted {
			stated[n] = true
		}
	}
	if len(stated) != 1 {
		return 0
	}
	for n := range stated {
		return n
	}
	return 0
}
