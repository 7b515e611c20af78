package service

import (
	"fmt"
	"math"
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
	unitRatio    = "ratio"
	unitSeconds  = "s"
	unitRate     = "requests/s"
	unitRequests = "requests"
)

func named(name, label, unit string, better finding.Direction) measure.Name {
	return measure.Name{Name: name, Label: label, Unit: unit, Better: better, Query: querySeries}
}

// share writes a ratio as a percentage of two digits.
func share(x float64) string {
	switch p := 100 * x; {
	case math.IsNaN(p):
		return "an unknown share"
	case p == 0:
		return "0 %"
	case p >= 99.95:
		return "100 %"
	case p >= 10:
		return fmt.Sprintf("%.0f %%", p)
	case p >= 0.1:
		return fmt.Sprintf("%.2g %%", p)
	default:
		return fmt.Sprintf("%.1g %%", p)
	}
}

// took writes a time.
func took(s float64) string {
	switch {
	case math.IsNaN(s):
		return "an unknown time"
	case s >= 5400:
		return fmt.Sprintf("%.1f h", s/3600)
	case s >= 90:
		return fmt.Sprintf("%.0f min", s/60)
	case s >= 1:
		return fmt.Sprintf("%.2g s", s)
	default:
		return fmt.Sprintf("%.2g ms", s*1000)
	}
}

// amount writes a number of three digits without an exponent.
func amount(x float64) string {
	switch a := math.Abs(x); {
	case math.IsNaN(x):
		return "unknown"
	case a >= 1000:
		return thousands(x)
	case a >= 100 || x == math.Trunc(x):
		return fmt.Sprintf("%.0f", x)
	default:
		return fmt.Sprintf("%.3g", x)
	}
}

// thousands writes a whole number in groups of three.
func thousands(x float64) string {
	text := fmt.Sprintf("%.0f", math.Abs(x))
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	if x < 0 {
		return "-" + text
	}
	return text
}

// ranged writes an estimate with its interval.
func ranged(e *finding.Estimate, write func(float64) string) string {
	if e.Status == finding.Unanswerable {
		return "cannot be told"
	}
	if !e.Lo.Known() || !e.Hi.Known() || e.Lo == e.Hi {
		return write(float64(e.Value))
	}
	return finding.Within(write(float64(e.Value)), write(float64(e.Lo)), write(float64(e.Hi)))
}

func known(e *finding.Estimate) bool { return e.Status != finding.Unanswerable && e.Value.Known() }

// above reports that the whole interval is above x.
func above(e *finding.Estimate, x float64) bool { return known(e) && float64(e.Lo) > x }

func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") + " UTC" }

// estimate is the estimate of a named measure, refused when it is not there.
func estimate(ms []finding.Measure, name string) *finding.Estimate {
	for i := range ms {
		if ms[i].Name == name {
			return &ms[i].Estimate
		}
	}
	return &finding.Estimate{Status: finding.Unanswerable, Value: finding.Missing()}
}

// finds collects findings of checks.
type finds []finding.Finding

func (f *finds) add(check string, severity finding.Severity, query, title string, evidence ...string) {
	*f = append(*f, finding.Finding{ID: check, Check: check, Severity: severity, Title: title, Evidence: evidence, Query: query})
}

// judged is pass unless a finding is critical.
func (f *finds) judged() finding.VerdictStatus {
	for i := range *f {
		if (*f)[i].Severity == finding.Critical {
			return finding.Fail
		}
	}
	return finding.Pass
}

// reasons are the titles, worst first, without their full stops.
func (f *finds) reasons() []string {
	var out []string
	for _, s := range []finding.Severity{finding.Critical, finding.Warning} {
		for i := range *f {
			if (*f)[i].Severity == s {
				out = append(out, strings.TrimSuffix((*f)[i].Title, "."))
			}
		}
	}
	return out
}

func insufficient(summary string) finding.Verdict {
	return finding.Verdict{Status: finding.Insufficient, Summary: summary}
}

func sprintf(format string, args ...any) string { return fmt.Sprintf(format, args...) }
