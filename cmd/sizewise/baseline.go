package main

import (
	"strings"
	"time"

	"sizewise/analyze"
	"sizewise/analyze/finding"
)

const baselineHint = "for example --baseline -7d, or --baseline 2026-11-13T14:00/2026-11-13T15:10"

// setBaseline reads --baseline: START/END, or how long before the window a window
// of the same length lies.
func (a *app) setBaseline(o *analyze.Options, s string) error {
	if s == "" {
		return nil
	}
	from, to, isSpan := strings.Cut(s, "/")
	if !isSpan {
		d, err := parseLength(strings.TrimPrefix(s, "-"))
		if err != nil || d <= 0 {
			return usagef(baselineHint, "--baseline %q is neither a window nor a time before the window", s)
		}
		o.BaselineBefore = d
		return nil
	}
	zone, err := a.location()
	if err != nil {
		return err
	}
	var ends [2]time.Time
	for i, text := range [...]string{from, to} {
		if ends[i], err = parseTime("--baseline", text, a.began, zone); err != nil {
			return err
		}
	}
	switch {
	case ends[0].IsZero() || ends[1].IsZero() || !ends[0].Before(ends[1]):
		return usagef(baselineHint, "--baseline %q does not end after it starts", s)
	case !o.Start.IsZero() && ends[1].After(o.Start):
		return usagef("", "--baseline %q ends after the window starts, at %s", s, show(o.Start))
	}
	o.Baseline = finding.Window{Start: ends[0].UTC(), End: ends[1].UTC()}
	return nil
}
