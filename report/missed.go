package report

import (
	"fmt"
	"strings"

	"sizewise/analyze/finding"
)

// missedSentence is the analysis's own count of minutes that missed the SLO, or
// a count made here where the analysis has none. There is one count in a report.
func (s *scribe) missedSentence() string {
	if f := s.missedFinding(); f != nil {
		return sentence(f.Title)
	}
	missed, judged, first := s.missedMinutes()
	switch {
	case judged == 0:
		return ""
	case missed == 0:
		return fmt.Sprintf("The SLO was met in all %s that could be judged.", s.buckets(judged))
	default:
		return fmt.Sprintf("The SLO was missed in %s of %s, first at %s.", fixed(float64(missed), 0), s.buckets(judged), s.clock(first.Start))
	}
}

// missedFinding is the check that counts minutes that missed the SLO, if it
// found any.
func (s *scribe) missedFinding() *finding.Finding {
	for i := range s.set.Findings {
		if f := &s.set.Findings[i]; f.Check == "slo_rate" && strings.Contains(f.Title, "missed in") {
			return f
		}
	}
	return nil
}

// missedMinutes judges every minute by the latency and error objectives.
func (s *scribe) missedMinutes() (missed, judged int, first finding.Minute) {
	metric, latency, hasLatency := s.limits.latency()
	errorName, errorLimit, hasErrors := s.limits.errors()
	for i := range s.set.Minutes {
		m := &s.set.Minutes[i]
		var values, bounds []float64
		if hasLatency {
			values, bounds = append(values, metric.judged(m)), append(bounds, latency)
		}
		if hasErrors {
			values, bounds = append(values, errorRatio(m, errorName)), append(bounds, errorLimit)
		}
		seen, over := false, false
		for k, v := range values {
			seen = seen || known(v)
			over = over || v > bounds[k]
		}
		if seen {
			judged++
		}
		if over {
			if missed == 0 {
				first = *m
			}
			missed++
		}
	}
	return missed, judged, first
}

// errorRatio is failed requests of the named kind over all; NaN when either was
// not published or there were no requests.
func errorRatio(m *finding.Minute, kind string) float64 {
	failed := m.Errors4XX + m.Errors5XX
	switch kind {
	case "4xx":
		failed = m.Errors4XX
	case "5xx":
		failed = m.Errors5XX
	}
	return failed / m.Invocations
}
