package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestInterrupted cancels the demo at several moments: it ends with 130, says
// so in one line, and leaves no half-made report.
func TestInterrupted(t *testing.T) {
	for _, after := range []time.Duration{0, 20 * time.Millisecond, 150 * time.Millisecond, 400 * time.Millisecond} {
		t.Run(after.String(), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "demo")
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			defer time.AfterFunc(after, cancel).Stop()
			var out, errs bytes.Buffer
			code := run(ctx, []string{"demo", "--scenario", "client-errors", "--out", dir}, console{
				in: strings.NewReader(""), out: &out, err: &errs,
				getenv: func(string) string { return "" }, now: time.Now,
			})
			if code == exitOK && after > 0 {
				return // done before the interrupt
			}
			if code != exitInterrupted {
				t.Errorf("exit %d: %s", code, errs.String())
			}
			if lines := strings.Count(strings.TrimSpace(errs.String()), "\n"); lines > 1 {
				t.Errorf("more than a line about it:\n%s", errs.String())
			}
			leftovers, err := filepath.Glob(filepath.Join(dir, "*.md"))
			if err != nil || len(leftovers) > 0 {
				t.Errorf("left behind: %v %v", leftovers, err)
			}
			if entries, err := os.ReadDir(filepath.Join(dir, "lake", ".tmp")); err == nil && len(entries) > 0 {
				t.Errorf("half-made files in the lake: %v", entries)
			}
		})
	}
}
