package ingest

import (
	"slices"
	"time"
)

// span is a half-open interval of time.
type span struct{ start, end time.Time }

func (s span) empty() bool { return !s.start.Before(s.end) }

func (s span) clip(to span) span {
	return span{start: later(s.start, to.start), end: earlier(s.end, to.end)}
}

// align moves the ends outward to multiples of period since the epoch, which is
// where CloudWatch's periods begin.
func (s span) align(period time.Duration) span {
	return span{start: floor(s.start, period), end: ceil(s.end, period)}
}

// subtract is what of s none of holes covers, ascending.
func (s span) subtract(holes []span) []span {
	holes = slices.Clone(holes)
	slices.SortFunc(holes, func(a, b span) int { return a.start.Compare(b.start) })
	var rest []span
	for _, h := range holes {
		if h = h.clip(s); h.empty() {
			continue
		}
		if before := (span{s.start, h.start}); !before.empty() {
			rest = append(rest, before)
		}
		s.start = later(s.start, h.end)
	}
	if !s.empty() {
		rest = append(rest, s)
	}
	return rest
}

// days cuts s at UTC midnights.
func (s span) days() []span {
	var out []span
	for !s.empty() {
		next := floor(s.start, day).Add(day)
		out = append(out, span{s.start, earlier(next, s.end)})
		s.start = next
	}
	return out
}

const day = 24 * time.Hour

// floor and ceil round to multiples of d since the Unix epoch, in UTC. Windows
// before 1970 do not occur.
func floor(t time.Time, d time.Duration) time.Time {
	step := int64(d / time.Second)
	return time.Unix(t.Unix()/step*step, 0).UTC()
}

func ceil(t time.Time, d time.Duration) time.Time {
	f := floor(t, d)
	if f.Before(t) {
		return f.Add(d)
	}
	return f
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
