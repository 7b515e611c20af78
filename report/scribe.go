package report

import (
	"fmt"
	"strings"
	"time"

	"sizewise/analyze/finding"
)

// scribe words a set. Its methods build the sentences and tables that the
// templates arrange.
type scribe struct {
	set    finding.Set
	zone   *time.Location
	limits limits
	params []string

	drained bool // the last bucket was blanked
}

func newScribe(set finding.Set, o Options) *scribe {
	zone := o.Zone
	if zone == nil {
		zone = time.UTC
	}
	params := o.Params
	if params == nil {
		params = defaultParams(set)
	}
	drained := drains(set.Minutes)
	set.Minutes = withoutDrain(set.Minutes)
	return &scribe{drained: drained, set: set, zone: zone, limits: readLimits(set.Options.SLO), params: params}
}

// defaultParams names the endpoint and the window as named queries take them.
func defaultParams(set finding.Set) []string {
	var params []string
	if !set.HasAnswers() && set.Subject != "" {
		params = append(params, "subject="+set.Subject)
	}
	if set.Tested.Endpoint != "" {
		params = append(params, "endpoint="+set.Tested.Endpoint)
	}
	if set.Tested.Variant != "" {
		params = append(params, "variant="+set.Tested.Variant)
	}
	if !set.Window.Start.IsZero() {
		params = append(params,
			"start="+set.Window.Start.UTC().Format(time.RFC3339),
			"end="+set.Window.End.UTC().Format(time.RFC3339))
	}
	return params
}

// oneDay reports whether the window lies in one local day.
func (s *scribe) oneDay() bool {
	a := s.set.Window.Start.In(s.zone)
	b := s.set.Window.End.Add(-time.Nanosecond).In(s.zone)
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

// clock writes an instant, with its date where the window spans several.
func (s *scribe) clock(t time.Time) string { return s.format(t, "15:04") }

// clockSeconds is clock to the second.
func (s *scribe) clockSeconds(t time.Time) string { return s.format(t, "15:04:05") }

func (s *scribe) format(t time.Time, layout string) string {
	if t.IsZero() {
		return unknownText
	}
	if !s.oneDay() {
		layout = "2 Jan " + layout
	}
	return t.In(s.zone).Format(layout)
}

// dated writes an instant with its day, to the minute.
func (s *scribe) dated(t time.Time) string {
	if t.IsZero() {
		return unknownText
	}
	return t.In(s.zone).Format("2 Jan 15:04")
}

// between writes a span of time.
func (s *scribe) between(a, b time.Time) string {
	if a.IsZero() || b.IsZero() {
		return unknownText
	}
	return s.clock(a) + "–" + s.clock(b)
}

// window writes the whole window with dates and zone.
func (s *scribe) window() string {
	w := s.set.Window
	if w.Start.IsZero() || w.End.IsZero() {
		return "window unknown"
	}
	a, b := w.Start.In(s.zone), w.End.In(s.zone)
	zone, _ := a.Zone()
	if s.oneDay() {
		end := b.Format("15:04")
		if end == "00:00" {
			end = "24:00"
		}
		return fmt.Sprintf("%s, %s–%s %s", a.Format("2 Jan 2006"), a.Format("15:04"), end, zone)
	}
	return fmt.Sprintf("%s to %s %s", a.Format("2 Jan 2006 15:04"), b.Format("2 Jan 2006 15:04"), zone)
}

// buckets writes a number of buckets in words: minutes, where they are minutes.
func (s *scribe) buckets(n int) string {
	period := s.set.Tested.PeriodS
	switch {
	case (period == 60 || period == 0) && n == 1:
		return "1 minute"
	case period == 60 || period == 0:
		return fixed(float64(n), 0) + " minutes"
	case n == 1:
		return fmt.Sprintf("1 bucket of %d s", period)
	default:
		return fmt.Sprintf("%s buckets of %d s", fixed(float64(n), 0), period)
	}
}

// minuteWord is what one bucket is called.
func (s *scribe) minuteWord() string {
	if p := s.set.Tested.PeriodS; p != 60 && p != 0 {
		return fmt.Sprintf("%d-second bucket", p)
	}
	return "minute"
}

// resourceName is the word for a bottleneck or resource.
func resourceName(value string) string {
	switch value {
	case "cpu":
		return "CPU"
	case "gpu":
		return "GPU"
	case "gpu_memory":
		return "GPU memory"
	case "memory":
		return "memory"
	case "disk":
		return "disk"
	case "workers":
		return "number of workers"
	case "client":
		return "client"
	case "none":
		return "none"
	default:
		return prose(value)
	}
}

// instanceType is the type that ran, or a word for an unknown one.
func (s *scribe) instanceType() string {
	if t := s.set.Tested.InstanceType; t != "" {
		return prose(t)
	}
	if t := s.set.Options.InstanceType; t != "" {
		return prose(t)
	}
	return "of unknown type"
}

// list joins words with commas and a final "and".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// plural writes a count with its noun.
func plural(n float64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return whole(n) + " " + noun + "s"
}

// because appends the reason of an answer, as sentences of its own.
func because(why string) string {
	if r := sentence(why); r != "" {
		return ". " + r
	}
	return "."
}
