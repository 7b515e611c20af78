package analyze

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"time"

	"sizewise/analyze/change"
	"sizewise/analyze/finding"
)

// level is a shift as a reader sees it.
func (n *nightReader) level(f *followed, m followedMetric, s change.Shift) finding.Change {
	at := func(hour int) time.Time { return n.o.start().Add(time.Duration(hour) * time.Hour) }
	c := finding.Change{
		Metric: m.name, Label: m.label, Kind: finding.ChangeLevel,
		Worse: m.costly && s.Effect > 0, Better: m.costly && s.Effect < 0,
		From: at(s.From), Lasting: s.Lasting,
		Before: finding.Number(s.Before), After: finding.Number(s.After), Unit: m.unit,
		Effect: finding.Number(s.Effect), Lo: finding.Number(s.Lo), Hi: finding.Number(s.Hi), Relative: m.scale == change.Ratio,
		Q: finding.Number(s.Q), N: s.N, Compared: s.Compared, Query: cmp.Or(m.query, "hourly_levels"),
	}
	if !s.Lasting {
		c.Until = at(s.To)
	}
	if m.unit == "ratio/h" && m.value != nil {
		if jump, ok := f.jump(m, s); ok {
			jump.From = at(s.From)
			c.Title = fmt.Sprintf("%s jumped by %s points to %s%% at once", m.label, signed(100*float64(jump.Effect), 1), number(100*float64(jump.After)))
			c.Metric, c.Before, c.After, c.Effect, c.Unit = m.name[:len(m.name)-len("_growth")], jump.Before, jump.After, jump.Effect, "ratio"
			c.Lo, c.Hi = finding.Missing(), finding.Missing()
			c.From, c.Until, c.Lasting = jump.From, time.Time{}, true
			c.Worse, c.Better = jump.Effect > 0, jump.Effect < 0
			return c
		}
	}
	c.Title = titleOf(m, s)
	return c
}

// jump says whether what looks like growth is one step: more than half of it
// within an hour or two.
func (f *followed) jump(m followedMetric, s change.Shift) (finding.Change, bool) {
	total, largest, where := 0.0, 0.0, -1
	var values []float64
	for h := s.From; h < s.To && h < len(f.hours); h++ {
		v := math.NaN()
		if h > 0 && f.hours[h].there && f.hours[h-1].there {
			v = m.value(f.hours[h], f.hours[h-1])
		}
		values = append(values, v)
		if v == v {
			total += v
		}
	}
	for i := range values {
		two := values[i]
		if i+1 < len(values) && values[i+1] == values[i+1] {
			two += values[i+1]
		}
		if two == two && math.Abs(two) > math.Abs(largest) {
			largest, where = two, s.From+i
		}
	}
	if where < 1 || len(values) < 4 || math.Abs(largest) < 0.6*math.Abs(total) {
		return finding.Change{}, false
	}
	of := map[string]func(hour) float64{
		"memory_growth": func(h hour) float64 { return h.memory }, "gpu_memory_growth": func(h hour) float64 { return h.gpuMemory },
		"disk_growth": func(h hour) float64 { return h.disk },
	}[m.name]
	before := of(f.hours[where-1])
	after := before + largest
	return finding.Change{Before: finding.Number(before), After: finding.Number(after), Effect: finding.Number(largest)}, true
}

// titleOf says a shift in a sentence.
func titleOf(m followedMetric, s change.Shift) string {
	moved := "went from %s to %s"
	switch {
	case m.unit == "ratio/h":
		return fmt.Sprintf("%s grows by %s points an hour, before %s", m.label, signed(100*s.After, 2), signed(100*s.Before, 2))
	case m.scale == change.Ratio:
		return fmt.Sprintf("%s "+moved+" (%s)", m.label, amount(s.Before, m.unit), amount(s.After, m.unit), relative(s.Effect, s.Lo, s.Hi))
	}
	if m.scale == change.Plain {
		return fmt.Sprintf("%s "+moved, m.label, amount(s.Before, m.unit), amount(s.After, m.unit))
	}
	return fmt.Sprintf("%s "+moved+" of the requests", m.label, amount(s.Before, m.unit), amount(s.After, m.unit))
}

// relative says a relative effect with its interval, where that has a width.
func relative(effect, lo, hi float64) string {
	text, low, high := signed(100*effect, 0)+" %", signed(100*lo, 0), signed(100*hi, 0)
	if low == high {
		return text
	}
	return text + ", 95 % from " + low + " to " + high
}

// amount prints a value with its unit as people say it.
func amount(v float64, unit string) string {
	switch unit {
	case "s":
		if v < 1 {
			return number(1000*v) + " ms"
		}
	case "ratio":
		return number(100*v) + " %"
	}
	return number(v) + " " + unit
}

// number prints three digits.
func number(v float64) string {
	if v == 0 {
		return "0"
	}
	digits := 2 - int(math.Floor(math.Log10(math.Abs(v))))
	if digits > 4 {
		digits = 4
	}
	if digits < 0 {
		digits = 0
	}
	s := strconv.FormatFloat(v, 'f', digits, 64)
	if digits > 0 {
		for s[len(s)-1] == '0' {
			s = s[:len(s)-1]
		}
		if s[len(s)-1] == '.' {
			s = s[:len(s)-1]
		}
	}
	return s
}

func signed(v float64, digits int) string {
	s := strconv.FormatFloat(v, 'f', digits, 64)
	if v > 0 {
		return "+" + s
	}
	return s
}
