package report

import (
	"fmt"
	"strings"
	"time"

	"sizewise/analyze/finding"
)

// quality are the sentences that say how complete the data was.
func (s *scribe) quality() []string {
	c := s.set.Coverage
	lines := []string{s.presence()}
	lines = append(lines, s.drainSentence(), s.seriesSentence())
	if c.LogEvents > 0 {
		lines = append(lines, fmt.Sprintf("%s log events in %s.", whole(float64(c.LogEvents)), plural(float64(c.LogStreams), "stream")))
	} else {
		lines = append(lines, "No log events were read, so nothing here is known from logs.")
	}
	lines = append(lines, s.silenceSentence())
	for _, n := range c.Notes {
		lines = append(lines, sentence(n))
	}
	return nonEmpty(append(lines, s.ledgerSentence()))
}

// silenceSentence names the longest silence of a log stream. A container that
// has nothing to say is silent too, so it is told and not held against the data.
func (s *scribe) silenceSentence() string {
	all := s.set.Coverage.Silences
	if len(all) == 0 {
		return ""
	}
	longest := all[0]
	for _, one := range all[1:] {
		if one.To.Sub(one.From) > longest.To.Sub(longest.From) {
			longest = one
		}
	}
	return fmt.Sprintf("Log streams fell silent for an hour or more and went on %s; the longest is %s, %s.",
		plural(float64(len(all)), "time"), cellCode(longest.Stream), s.between(longest.From, longest.To))
}

func (s *scribe) presence() string {
	c := s.set.Coverage
	if c.Buckets == 0 {
		return "How many minutes were expected is unknown."
	}
	out := fmt.Sprintf("%s of %s carry data; %s could be used for capacity", fixed(float64(c.Present), 0), s.buckets(c.Buckets), fixed(float64(c.Usable), 0))
	switch c.Provisional {
	case 0:
		return out + "; no point is provisional."
	case 1:
		return out + "; 1 point is provisional and may still change."
	default:
		return out + fmt.Sprintf("; %s points are provisional and may still change.", whole(float64(c.Provisional)))
	}
}

func (s *scribe) seriesSentence() string {
	all := s.set.Coverage.Series
	short := len(s.shortSeries())
	switch {
	case len(all) == 0:
		return ""
	case short == 1:
		return fmt.Sprintf("1 of %d series has gaps; it is listed below.", len(all))
	case short == 0:
		return fmt.Sprintf("All %d series are complete.", len(all))
	default:
		return fmt.Sprintf("%d of %d series have gaps; they are listed below.", short, len(all))
	}
}

// shortSeries are the series with fewer points than expected.
func (s *scribe) shortSeries() []finding.SeriesCoverage {
	var out []finding.SeriesCoverage
	for _, c := range s.set.Coverage.Series {
		if c.Points < c.Want {
			out = append(out, c)
		}
	}
	return out
}

// ledgerSentence says what asking for the data took.
func (s *scribe) ledgerSentence() string {
	l := s.set.Ledger
	if l.Chunks == 0 && l.Calls == 0 {
		return ""
	}
	parts := []string{plural(float64(l.Calls), "API call")}
	if l.Retries > 0 {
		times := plural(float64(l.Retries), "time")
		parts = append(parts, "throttled or retried "+times)
	} else {
		parts = append(parts, "none throttled or retried")
	}
	out := strings.Join(parts, ", ") + "."
	if cost := costRange(l.CostLow, l.CostHigh); cost != "" {
		out += " CloudWatch cost " + cost + "."
	}
	if n := len(s.incomplete()); n > 0 {
		out += fmt.Sprintf(" %s not come complete; see below.", didCount(n))
	} else {
		out += " Nothing was refused or left out."
	}
	return out + s.lateSentence()
}

// incomplete are the chunks of which something is missing. What came whole and
// is young, and what there was nothing of, are not.
func (s *scribe) incomplete() []finding.LedgerEntry {
	var out []finding.LedgerEntry
	for _, p := range s.set.Ledger.Problems {
		if p.Status != "provisional" && p.Status != "empty" {
			out = append(out, p)
		}
	}
	return out
}

// lateSentence says for when log events may still arrive. Points that may still
// change are counted elsewhere.
func (s *scribe) lateSentence() string {
	var from, to time.Time
	for _, p := range s.set.Ledger.Problems {
		if p.Status != "provisional" || p.Dataset != "logs" {
			continue
		}
		if from.IsZero() || p.Start.Before(from) {
			from = p.Start
		}
		if p.End.After(to) {
			to = p.End
		}
	}
	if from.IsZero() {
		return ""
	}
	return fmt.Sprintf(" Log events of %s were still young: some may arrive late, and the next pull asks for them again.", s.between(from, to))
}

func didCount(n int) string {
	if n == 1 {
		return "1 part did"
	}
	return fmt.Sprintf("%d parts did", n)
}

func costRange[N number](lo, hi N) string {
	switch {
	case !known(lo) || !known(hi) || hi == 0:
		return ""
	case hi < 0.01:
		return "less than 0.01 USD"
	case fixed(lo, 2) == fixed(hi, 2):
		return fixed(hi, 2) + " USD"
	default:
		return fixed(lo, 2) + "–" + fixed(hi, 2) + " USD"
	}
}

// gaps is the table of series with missing points.
func (s *scribe) gaps() table {
	t := table{Head: []string{"series with gaps", "every", "points", "expected", "present"}, Right: []bool{false, true, true, true, true}}
	for _, c := range s.shortSeries() {
		share := unknownText
		if c.Want > 0 {
			share = percent(float64(c.Points) / float64(c.Want))
		}
		t.Rows = append(t.Rows, []string{cellCode(c.Metric), fmt.Sprintf("%d s", c.PeriodS), whole(float64(c.Points)), whole(float64(c.Want)), share})
	}
	return t
}

// maxProblems bounds the ledger's table.
const maxProblems = 20

// problems is the table of chunks that are not complete.
func (s *scribe) problems() table {
	t := table{Head: []string{"not complete", "what", "when", "status", "reason"}}
	all := s.incomplete()
	for _, p := range all[:min(len(all), maxProblems)] {
		t.Rows = append(t.Rows, []string{prose(p.Dataset), cellCode(p.Scope), s.between(p.Start, p.End), prose(p.Status), prose(p.Reason)})
	}
	if len(all) > maxProblems {
		t.Note = fmt.Sprintf("And %d more; findings.json lists them all.", len(all)-maxProblems)
	}
	return t
}
