package analyze

import (
	"testing"
	"time"
)

func TestWorkers(t *testing.T) {
	at := func(s int) time.Time { return time.Date(2026, 11, 20, 14, 0, s, 0, time.UTC) }
	boot := func(stream string, second int) workerLine {
		return workerLine{stream: stream, message: "[2026-11-20 14:00:00 +0000] [9] [INFO] Booting worker with pid: 9", at: at(second)}
	}
	using := func(kind string) workerLine {
		return workerLine{stream: "v/i-1", message: "[2026-11-20 14:00:00 +0000] [1] [INFO] Using worker: " + kind, at: at(0)}
	}
	stated := func(n int) workerLine {
		return workerLine{stream: "v/i-1", message: "Default workers per model", at: at(0), stated: n}
	}
	for name, tc := range map[string]struct {
		lines []workerLine
		want  int
	}{
		"none":                     {nil, 0},
		"stated":                   {[]workerLine{stated(4), stated(4)}, 4},
		"stated differently":       {[]workerLine{stated(4), stated(8)}, 0},
		"stated beats boots":       {[]workerLine{boot("v/i-1", 0), stated(4)}, 4},
		"booted":                   {[]workerLine{using("sync"), boot("v/i-1", 0), boot("v/i-1", 0), boot("v/i-1", 1)}, 3},
		"booted on two":            {[]workerLine{boot("v/i-1", 0), boot("v/i-1", 0), boot("v/i-2", 5), boot("v/i-2", 6)}, 2},
		"booted unequally":         {[]workerLine{boot("v/i-1", 0), boot("v/i-1", 0), boot("v/i-2", 5)}, 0},
		"a later boot replaces":    {[]workerLine{boot("v/i-1", 0), boot("v/i-1", 1), boot("v/i-1", 600)}, 2},
		"workers with threads":     {[]workerLine{using("gthread"), boot("v/i-1", 0), boot("v/i-1", 0)}, 0},
		"workers that do not wait": {[]workerLine{using("gevent"), boot("v/i-1", 0)}, 0},
	} {
		if got := workers(tc.lines); got != tc.want {
			t.Errorf("%s: got %d, want %d", name, got, tc.want)
		}
	}
}
