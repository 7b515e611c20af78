package main

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sizewise/analyze/finding"
	"sizewise/cmd/sizewise/config"
	"sizewise/report"
)

// nightLine is what --json says of a subject, a line each.
type nightLine struct {
	Night   string           `json:"night"` // end of the day
	Subject string           `json:"subject"`
	Account string           `json:"account,omitempty"`
	Region  string           `json:"region,omitempty"`
	Status  string           `json:"status"`
	Why     string           `json:"why,omitempty"`
	Verdict string           `json:"verdict,omitempty"` // pass, fail, insufficient
	Summary string           `json:"summary,omitempty"`
	Failed  []string         `json:"failed"` // reasons of fail_on that hold
	Changes []finding.Change `json:"changes"`
	Report  string           `json:"report,omitempty"`
	Pull    string           `json:"pull"` // ok, incomplete, not asked
	Problem string           `json:"problem,omitempty"`
}

// tell writes to stdout, the summary and the JUnit file.
func (n *night) tell(all []watched) error {
	zone, err := n.app.location()
	if err != nil {
		return err
	}
	for _, path := range []string{n.config.Summary, n.config.JUnit} {
		if path == "" {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("making the directory of %s: %w", path, err)
		}
	}
	if n.config.Summary != "" {
		text := report.NightSummary(n.found, zone)
		if err := writeWhole(n.config.Summary, func(w io.Writer) error { _, err := io.WriteString(w, text); return err }); err != nil {
			return err
		}
	}
	if n.config.JUnit != "" {
		if err := writeWhole(n.config.JUnit, n.junit); err != nil {
			return err
		}
	}
	index := filepath.Join(n.config.Reports, n.date(), report.IndexFile)
	if n.app.common.json {
		for _, line := range n.lines() {
			if err := json.NewEncoder(n.app.con.out).Encode(line); err != nil {
				return fmt.Errorf("writing the night: %w", err)
			}
		}
	} else {
		first, _, _ := strings.Cut(strings.TrimPrefix(report.NightSummary(n.found, zone), "# "), "\n")
		if _, err := fmt.Fprintf(n.app.con.out, "%s\n%s\n", clean(first), clean(index)); err != nil {
			return fmt.Errorf("writing the night: %w", err)
		}
	}
	n.app.note("%s and %s new, %s, %s", count(n.points, "point"), count(n.events, "log event"), count(n.usage.Calls, "call"), costText(n.usage.CostLow, n.usage.CostHigh))
	n.tellOpen(all)
	return nil
}

// tellOpen says on stderr what was not done.
func (n *night) tellOpen(all []watched) {
	for _, gap := range n.found.Gaps {
		n.app.con.notef("%s", clean(gap))
	}
	for _, w := range all {
		p := n.pulls[w.subject.String()]
		if p.problems > 0 || p.err != nil {
			why := p.first
			if why == "" && p.err != nil {
				why = oneLine(p.err.Error())
			}
			n.app.con.notef("%s: not complete, the next night asks again: %s", w.subject, clean(why))
		}
	}
}

// pullOf is how the pull of a night's subject ended.
func (n *night) pullOf(name string) (status, problem string) {
	for key, p := range n.pulls {
		if key != name && !strings.HasPrefix(name, key+"/") {
			continue
		}
		if p.problems > 0 || p.err != nil {
			if p.first == "" && p.err != nil {
				return "incomplete", oneLine(p.err.Error())
			}
			return "incomplete", p.first
		}
		return "ok", ""
	}
	return "not asked", n.stopped
}

func (n *night) lines() []nightLine {
	var out []nightLine
	for i := range n.found.Subjects {
		s := &n.found.Subjects[i]
		line := nightLine{
			Night: n.end.Format(time.RFC3339), Subject: s.Subject, Account: s.Account, Region: s.Region, Status: string(s.Status), Why: s.Why,
			Verdict: string(s.Verdict.Status), Summary: s.Verdict.Summary, Failed: n.failures(s), Changes: s.Changes,
		}
		if line.Changes == nil {
			line.Changes = []finding.Change{}
		}
		if s.Page != "" {
			line.Report = filepath.Join(n.config.Reports, n.date(), s.Page, report.MarkdownFile)
		}
		line.Pull, line.Problem = n.pullOf(s.Subject)
		out = append(out, line)
	}
	return out
}

// failures are the reasons of fail_on that hold for a subject.
func (n *night) failures(s *finding.NightSubject) []string {
	out := []string{}
	for _, f := range n.config.FailOn {
		holds := false
		switch f {
		case config.FailSLO:
			holds = s.Verdict.Status == finding.Fail
		case config.FailRegression:
			holds = slices.ContainsFunc(s.Changes, func(c finding.Change) bool { return c.Worse && c.Kind != finding.ChangeSilence })
		case config.FailChange:
			holds = len(s.Changes) > 0
		case config.FailSilence:
			holds = slices.ContainsFunc(s.Changes, func(c finding.Change) bool { return c.Kind == finding.ChangeSilence })
		}
		if holds {
			out = append(out, string(f))
		}
	}
	return out
}

// The parts of a JUnit file that its readers know.
type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"timestamp,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitMessage `xml:"failure,omitempty"`
	Error   *junitMessage `xml:"error,omitempty"`
	Skipped *junitMessage `xml:"skipped,omitempty"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// junit writes a test case for every subject: a failure for what fail_on names,
// an error for what was asked and did not come, skipped for what is too new.
func (n *night) junit(w io.Writer) error {
	suite := junitSuite{Name: "sizewise nightly", Time: n.end.Format("2006-01-02T15:04:05")}
	for i := range n.found.Subjects {
		s := &n.found.Subjects[i]
		kind, name, _ := strings.Cut(s.Subject, "/")
		c := junitCase{Class: "sizewise." + kind, Name: name}
		var titles []string
		for k := range s.Changes {
			titles = append(titles, clean(s.Changes[k].Title))
		}
		failed := n.failures(s)
		pull, problem := n.pullOf(s.Subject)
		switch {
		case len(failed) > 0:
			if slices.Contains(failed, string(config.FailSLO)) {
				titles = append(titles, clean(s.Verdict.Summary))
			}
			c.Failure = &junitMessage{strings.Join(failed, ", "), strings.Join(titles, "\n")}
			suite.Failures++
		case pull != "ok" || s.Status == finding.NightIncomplete:
			c.Error = &junitMessage{pull, clean(problem)}
			suite.Errors++
		case s.Status == finding.NightNew || s.Status == finding.NightAbsent:
			c.Skipped = &junitMessage{Message: clean(s.Why)}
			suite.Skipped++
		default:
			c.Out = strings.Join(titles, "\n")
		}
		suite.Cases = append(suite.Cases, c)
	}
	suite.Tests = len(suite.Cases)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("writing the JUnit file: %w", err)
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(suite); err != nil {
		return fmt.Errorf("writing the JUnit file: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// outcome is the error that the exit status tells: an incomplete pull first,
// then what fail_on names, then a night in which nothing could be judged.
func (n *night) outcome(all []watched) error {
	open := 0
	for _, w := range all {
		if p := n.pulls[w.subject.String()]; !p.asked || p.problems > 0 || p.err != nil {
			open++
		}
	}
	switch {
	case len(all) == 0 && len(n.broken) > 0:
		return errors.New("nothing could be asked, and the lake has no subject of the configuration")
	case open == 0 && len(n.broken) > 0:
		return errors.New("not everything could be asked; what came is kept")
	case open > 0:
		return fmt.Errorf("%d of %s not complete; what came is kept", open, count(len(all), "subject"))
	}
	failed, judged := []string{}, 0
	for i := range n.found.Subjects {
		s := &n.found.Subjects[i]
		if reasons := n.failures(s); len(reasons) > 0 {
			failed = append(failed, s.Subject+" ("+strings.Join(reasons, ", ")+")")
		}
		if s.Hours > 0 || s.Run != nil || s.Page != "" {
			judged++
		}
	}
	switch {
	case len(all) == 0 && len(n.found.Subjects) == 0:
		return errors.New("the configuration means no subject: nothing is like its patterns and tags")
	case len(failed) > 0:
		return &verdictError{finding.Verdict{Status: finding.Fail, Summary: "fail_on: " + joinNames(failed)}}
	case judged == 0 && len(n.found.Subjects) > 0:
		return &verdictError{finding.Verdict{Status: finding.Insufficient, Summary: "no subject has data in this day"}}
	}
	return nil
}
