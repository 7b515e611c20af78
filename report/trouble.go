package report

import (
	"math"

	"sizewise/analyze/finding"
	"sizewise/report/plot"
)

func (s *scribe) errorsFigure() figure {
	f := figure{File: "errors.png", Alt: "Utilization, failed requests and log lines over time", Caption: s.errorsCaption()}
	if !s.drawable() {
		f.Absent = noMinutes
		return f
	}
	p := plot.Errors{
		Frame:     s.frame(),
		Errors4XX: s.series(func(m *finding.Minute) float64 { return errorRatio(m, "4xx") }),
		Errors5XX: s.series(func(m *finding.Minute) float64 { return errorRatio(m, "5xx") }),
	}
	if name, limit, ok := s.limits.errors(); ok {
		p.ErrorLimit = plot.Limit{Name: "SLO: " + name + " " + percent(limit), Y: limit}
	}
	if s.hasLogs() {
		p.LogErrors = s.series(func(m *finding.Minute) float64 { return float64(m.LogErrors) / m.Seconds * 60 })
		p.LogWarnings = s.series(func(m *finding.Minute) float64 { return float64(m.LogWarnings) / m.Seconds * 60 })
	}
	if r, ok := s.limitingResource(); ok {
		p.Busy = plot.Resource{Name: resourceName(r.name), Kind: r.kind, Y: s.ratios(r, r.busy)}
	}
	if f.Absent = s.nothingWrong(p); f.Absent == "" {
		f.Paint = p
	}
	return f
}

// nothingWrong is the sentence in place of a figure that would be empty.
func (s *scribe) nothingWrong(p plot.Errors) string {
	published := anyKnown(p.Errors4XX) || anyKnown(p.Errors5XX)
	failed := math.Max(greatest(p.Errors4XX), greatest(p.Errors5XX)) > 0
	logged := math.Max(greatest(p.LogErrors), greatest(p.LogWarnings)) > 0
	switch {
	case failed || logged:
		return ""
	case !published && !s.hasLogs():
		return "There is no figure of errors: neither error metrics nor logs are there."
	case !published:
		return "There is no figure of errors: error metrics were not published, and no line in the log is a warning or worse."
	case !s.hasLogs():
		return "There is no figure of errors: no request failed, and no log was read."
	default:
		return "There is no figure of errors: no request failed, and no line in the log is a warning or worse."
	}
}
