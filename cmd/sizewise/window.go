package main

import (
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// windowFlags are the flags that choose a span of time.
type windowFlags struct {
	start, end string
	last       time.Duration
}

func (w *windowFlags) add(fs *pflag.FlagSet) {
	fs.StringVar(&w.start, "start", "", "start of the window: 2026-11-20T14:00, RFC 3339, or -2h before now")
	fs.StringVar(&w.end, "end", "", "end of the window, not included; default now")
	fs.DurationVar(&w.last, "last", 0, "the window that ends at --end and is this long, for example 90m")
}

// span is a half-open window in UTC. Both ends are zero when none was asked for.
type span struct{ start, end time.Time }

func (s span) isZero() bool { return s.start.IsZero() && s.end.IsZero() }

const windowHint = "for example --start 2026-11-20T14:00 --end 2026-11-20T15:10, or --last 2h"

// resolve reads the flags in zone at time now. With no flag at all the span is
// zero: the command decides what that means.
func (w *windowFlags) resolve(now time.Time, zone *time.Location) (span, error) {
	if w.start == "" && w.end == "" && w.last == 0 {
		return span{}, nil
	}
	if w.start != "" && w.last != 0 {
		return span{}, usagef("give one of them", "--start and --last both say where the window starts")
	}
	end, err := parseTime("--end", w.end, now, zone)
	if err != nil {
		return span{}, err
	}
	if end.IsZero() {
		end = now
	}
	start, err := parseTime("--start", w.start, now, zone)
	if err != nil {
		return span{}, err
	}
	switch {
	case w.last < 0:
		return span{}, usagef(windowHint, "--last %s is negative", w.last)
	case w.last > 0:
		start = end.Add(-w.last)
	case start.IsZero():
		return span{}, usagef(windowHint, "--end without a start")
	}
	switch {
	case start.Equal(end):
		return span{}, usagef(windowHint, "the window is empty: start and end are both %s", show(start))
	case start.After(end):
		return span{}, usagef("swap them?", "the window ends before it starts: %s is after %s", show(start), show(end))
	case start.After(now):
		return span{}, usagef("is the time zone right? see --tz", "the window starts in the future: %s", show(start))
	}
	return span{start.UTC(), end.UTC()}, nil
}

func show(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// layouts without a zone are read in --tz.
func layouts() []string {
	return []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"}
}

// parseTime reads one end of a window: empty (zero), now, -2h, RFC 3339, or
// local time in zone.
func parseTime(flag, s string, now time.Time, zone *time.Location) (time.Time, error) {
	switch {
	case s == "":
		return time.Time{}, nil
	case s == "now":
		return now, nil
	case strings.HasPrefix(s, "-"):
		d, err := time.ParseDuration(s)
		if err != nil {
			return time.Time{}, usagef("for example -90m or -2h", "%s %q is not a duration before now", flag, s)
		}
		return now.Add(d), nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	for _, layout := range layouts() {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, usagef("for example 2026-11-20T14:00, 2026-11-20T14:00:00Z, -2h or now", "%s %q is not a time", flag, s)
}
