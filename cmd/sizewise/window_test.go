package main

import (
	"strings"
	"testing"
	"time"
)

func TestWindow(t *testing.T) {
	now := time.Date(2026, 11, 20, 16, 0, 0, 0, time.UTC)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name  string
		flags windowFlags
		zone  *time.Location
		want  string // start/end, or the start of the error
	}{
		{"none", windowFlags{}, time.UTC, "none"},
		{"last", windowFlags{last: 2 * time.Hour}, time.UTC, "2026-11-20T14:00:00Z/2026-11-20T16:00:00Z"},
		{"last with end", windowFlags{last: time.Hour, end: "2026-11-20T12:00"}, time.UTC, "2026-11-20T11:00:00Z/2026-11-20T12:00:00Z"},
		{"minutes", windowFlags{start: "2026-11-20T14:00", end: "2026-11-20T15:10"}, time.UTC, "2026-11-20T14:00:00Z/2026-11-20T15:10:00Z"},
		{"zone", windowFlags{start: "2026-11-20T14:00", end: "2026-11-20T15:10"}, berlin, "2026-11-20T13:00:00Z/2026-11-20T14:10:00Z"},
		{"offset beats zone", windowFlags{start: "2026-11-20T14:00:00+02:00", end: "2026-11-20T15:10:00Z"}, berlin, "2026-11-20T12:00:00Z/2026-11-20T15:10:00Z"},
		{"day", windowFlags{start: "2026-11-19", end: "2026-11-20"}, time.UTC, "2026-11-19T00:00:00Z/2026-11-20T00:00:00Z"},
		{"relative", windowFlags{start: "-3h", end: "-1h"}, time.UTC, "2026-11-20T13:00:00Z/2026-11-20T15:00:00Z"},
		{"open end", windowFlags{start: "-3h"}, time.UTC, "2026-11-20T13:00:00Z/2026-11-20T16:00:00Z"},
		{"now", windowFlags{start: "-3h", end: "now"}, time.UTC, "2026-11-20T13:00:00Z/2026-11-20T16:00:00Z"},
		{"empty", windowFlags{start: "-1h", end: "-1h"}, time.UTC, "the window is empty"},
		{"backwards", windowFlags{start: "-1h", end: "-2h"}, time.UTC, "the window ends before it starts"},
		{"future", windowFlags{start: "2027-01-01", end: "2027-01-02"}, time.UTC, "the window starts in the future"},
		{"both", windowFlags{start: "-1h", last: time.Hour}, time.UTC, "--start and --last"},
		{"only end", windowFlags{end: "-1h"}, time.UTC, "--end without a start"},
		{"days", windowFlags{start: "-20d", end: "-1d12h"}, time.UTC, "2026-10-31T16:00:00Z/2026-11-19T04:00:00Z"},
		{"future start", windowFlags{start: "2027-01-01"}, time.UTC, "the window starts in the future"},
		{"garbage", windowFlags{start: "yesterday"}, time.UTC, `--start "yesterday" is not a time`},
		{"bad duration", windowFlags{start: "-2x"}, time.UTC, `--start "-2x" is not a duration`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := tc.flags.resolve(now, tc.zone)
			text := show(got.start) + "/" + show(got.end)
			switch {
			case err != nil:
				text = err.Error()
			case got.isZero():
				text = "none"
			}
			if !strings.HasPrefix(text, tc.want) {
				t.Errorf("got %q, want %q", text, tc.want)
			}
		})
	}
}

func TestLength(t *testing.T) {
	for in, want := range map[string]time.Duration{
		"90m": 90 * time.Minute, "2h": 2 * time.Hour, "20d": 480 * time.Hour, "1d12h": 36 * time.Hour, "0.5d": 12 * time.Hour,
		"0s": -1, "-1h": -1, "d": -1, "3x": -1, "": -1, "1e9d": -1, "NaNd": -1,
	} {
		var got time.Duration
		err := length{&got}.Set(in)
		if want < 0 && err == nil || want >= 0 && (err != nil || got != want) {
			t.Errorf("%q is %v, %v", in, got, err)
		}
	}
}
