package job

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"sizewise/analyze/finding"
	"sizewise/analyze/measure"
)

// The named queries that show the rows behind what is said here.
const (
	querySeries = "subject_series"
	queryFacts  = "resources_latest"
	queryLines  = "subject_messages"
)

// Units of measures.
const (
	unitRatio   = "ratio"
	unitSeconds = "s"
	unitUSD     = "USD"
)

func named(name, label, unit string, better finding.Direction) measure.Name {
	return measure.Name{Name: name, Label: label, Unit: unit, Better: better, Query: querySeries}
}

// told is a number that Describe says.
func told(name, label, unit string, better finding.Direction) measure.Name {
	return measure.Name{Name: name, Label: label, Unit: unit, Better: better, Query: queryFacts}
}

func share(x float64) string {
	if p := 100 * x; p < 9.5 {
		return fmt.Sprintf("%.2g %%", p)
	}
	return fmt.Sprintf("%.0f %%", 100*x)
}

// took writes a time in seconds.
func took(s float64) string {
	switch {
	case s >= 5400:
		return fmt.Sprintf("%.1f h", s/3600)
	case s >= 90:
		return fmt.Sprintf("%.0f min", s/60)
	case s > 0 && s < 1:
		return fmt.Sprintf("%.3g ms", 1000*s)
	default:
		return fmt.Sprintf("%.2g s", s)
	}
}

func ranged(e finding.Estimate, write func(float64) string) string {
	if !e.Lo.Known() || !e.Hi.Known() || e.Lo == e.Hi {
		return write(float64(e.Value))
	}
	return finding.Within(write(float64(e.Value)), write(float64(e.Lo)), write(float64(e.Hi)))
}

func known(e finding.Estimate) bool {
	return e.Status != finding.Unanswerable && e.Status != "" && e.Value.Known()
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// number reads a fact, NaN when it is none.
func number(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

// instant reads a fact's time, zero when it is none.
func instant(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// estimate is that of a named measure, refused when it is not there.
func estimate(ms []finding.Measure, name string) finding.Estimate {
	for i := range ms {
		if ms[i].Name == name {
			return ms[i].Estimate
		}
	}
	return finding.Estimate{Status: finding.Unanswerable, Value: finding.Missing()}
}

// finds collects findings of checks.
type finds []finding.Finding

func (f *finds) add(check string, severity finding.Severity, query, title string, evidence ...string) {
	var kept []string
	for _, e := range evidence {
		if e != "" {
			kept = append(kept, e)
		}
	}
	*f = append(*f, finding.Finding{ID: check, Check: check, Severity: severity, Title: title, Evidence: kept, Query: query})
}

func (f finds) has(severity finding.Severity) bool {
	for i := range f {
		if f[i].Severity == severity {
			return true
		}
	}
	return false
}

// reasons are the titles, worst first, without their full stops.
func (f finds) reasons() []string {
	var out []string
	for _, s := range []finding.Severity{finding.Critical, finding.Warning, finding.Info} {
		for i := range f {
			if f[i].Severity == s {
				out = append(out, strings.TrimSuffix(f[i].Title, "."))
			}
		}
	}
	return out
}

// shorten cuts a text that somebody else wrote.
func shorten(s string) string {
	const most = 240
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + " ..."
	}
	return s
}
