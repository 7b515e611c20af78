package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// windowFlags are the flags that choose a span of time.
type windowFlags struct {
	start, end string
	last       time.Duration
}

// length is a flag's duration, in days too.
type length struct{ d *time.Duration }

// String is the value as it was set.
func (l length) String() string {
	if l.d == nil || *l.d == 0 {
		return ""
	}
	return l.d.String()
}

// Type is the flag's in help.
func (length) Type() string { return "duration" }

// Set reads 90m, 36h or 20d.
func (l length) Set(s string) error {
	d, err := parseLength(s)
	if err != nil || d <= 0 {
		return errors.New("want a duration such as 90m, 36h or 20d")
	}
	*l.d = d
	return nil
}

// parseLength is time.ParseDuration with days in front.
func parseLength(s string) (time.Duration, error) {
	number, rest, ok := strings.Cut(s, "d")
	if !ok {
		return time.ParseDuration(s)
	}
	days, err := strconv.ParseFloat(number, 64)
	if err != nil || math.Abs(days) > 100_000 || math.IsNaN(days) {
		return 0, fmt.Errorf("%q is not a duration", s)
	}
	d := time.Duration(days * float64(24*time.Hour))
	if rest == "" {
		return d, nil
	}
	more, err := time.ParseDuration(rest)
	if math.Signbit(days) {
		more = -more
	}
	return d + more, err
}

func (w *windowFlags) add(fs *pflag.FlagSet) {
	fs.StringVar(&w.start, "start", "", "2026-11-20T14:00, RFC 3339, -2h or -20d")
	fs.StringVar(&w.end, "end", "", "not included, as --start; default now")
	fs.Var(length{&w.last}, "last", "as long as this up to --end: 90m, 20d")
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
	case w.last > 0:
		start = end.Add(-w.last)
	case start.IsZero():
		return span{}, usagef(windowHint, "--end without a start")
	}
	switch {
	case start.After(now):
		return span{}, usagef("is the time zone right? see --tz", "the window starts in the future: %s", show(start))
	case start.Equal(end):
		return span{}, usagef(windowHint, "the window is empty: start and end are both %s", show(start))
	case start.After(end):
		return span{}, usagef("swap them?", "the window ends before it starts: %s is after %s", show(start), show(end))
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
		d, err := parseLength(s)
		if err != nil {
			return time.Time{}, usagef("for example -90m, -2h or -20d", "%s %q is not a duration before now", flag, s)
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
