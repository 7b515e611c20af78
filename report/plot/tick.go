package plot

import (
	"fmt"
	"time"
)

// timeTick is a labelled instant. Strong ticks start a day.
type timeTick struct {
	at     time.Time
	label  string
	strong bool
}

// tickUnit is a distance between ticks: a duration within the day, whole days,
// or whole months.
type tickUnit struct {
	within time.Duration
	days   int
	months int
}

// approx is the length of a unit, for choosing one.
func (u tickUnit) approx() time.Duration {
	return u.within + time.Duration(u.days)*24*time.Hour + time.Duration(u.months)*30*24*time.Hour
}

func tickUnits() []tickUnit {
	var units []tickUnit
	for _, s := range []int{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200} {
		units = append(units, tickUnit{within: time.Duration(s) * time.Second})
	}
	for _, d := range []int{1, 2, 5, 7, 14} {
		units = append(units, tickUnit{days: d})
	}
	for _, m := range []int{1, 2, 3, 6, 12} {
		units = append(units, tickUnit{months: m})
	}
	return units
}

// timeTicks are at most n ticks in [start, end], on round local times.
func timeTicks(start, end time.Time, zone *time.Location, n int) []timeTick {
	var unit tickUnit
	for _, unit = range tickUnits() {
		if end.Sub(start) <= unit.approx()*time.Duration(n) {
			break
		}
	}
	var ticks []timeTick
	for t := firstTick(start.In(zone), unit); !t.After(end); t = nextTick(t, unit) {
		if !t.Before(start) {
			ticks = append(ticks, label(t, unit))
		}
	}
	return ticks
}

// firstTick is a round time at or before t.
func firstTick(t time.Time, u tickUnit) time.Time {
	y, m, d := t.Date()
	midnight := time.Date(y, m, d, 0, 0, 0, 0, t.Location())
	switch {
	case u.months > 0:
		return time.Date(y, 1, 1, 0, 0, 0, 0, t.Location())
	case u.days > 0:
		return midnight
	default:
		return midnight.Add(t.Sub(midnight) / u.within * u.within)
	}
}

// nextTick steps by the wall clock from an hour up, so that ticks stay on round
// times when the clock changes.
func nextTick(t time.Time, u tickUnit) time.Time {
	if u.within > 0 && u.within < time.Hour {
		return t.Add(u.within)
	}
	y, m, d := t.Date()
	next := time.Date(y, m+time.Month(u.months), d+u.days, t.Hour()+int(u.within.Hours()), 0, 0, 0, t.Location())
	if !next.After(t) {
		return t.Add(u.approx())
	}
	return next
}

func label(t time.Time, u tickUnit) timeTick {
	tick := timeTick{at: t}
	h, m, s := t.Clock()
	midnight := h == 0 && m == 0 && s == 0
	switch {
	case u.months > 0:
		tick.label, tick.strong = t.Format("Jan 2006"), t.Month() == 1
	case u.days > 0:
		tick.label, tick.strong = t.Format("2 Jan"), t.Day() == 1
	case midnight:
		tick.label, tick.strong = t.Format("2 Jan"), true
	case u.within < time.Minute:
		tick.label = t.Format("15:04:05")
	default:
		tick.label = t.Format("15:04")
	}
	return tick
}

// timeTitle names a time axis: its date or dates, and its zone.
func timeTitle(start, end time.Time, zone *time.Location) string {
	a, b := start.In(zone), end.Add(-time.Nanosecond).In(zone)
	dates := a.Format("2 Jan 2006")
	switch {
	case a.Year() != b.Year():
		dates += " to " + b.Format("2 Jan 2006")
	case a.YearDay() != b.YearDay():
		dates = a.Format("2 Jan") + " to " + b.Format("2 Jan 2006")
	}
	return fmt.Sprintf("time, %s, %s", zoneName(a, b), dates)
}

// zoneName is the abbreviation of the zone in use; both, where the window
// crosses a change of the clock.
func zoneName(a, b time.Time) string {
	from, _ := a.Zone()
	to, _ := b.Zone()
	if from == to {
		return from
	}
	return from + " then " + to
}
