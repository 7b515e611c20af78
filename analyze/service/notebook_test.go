package service

import (
	"math"
	"strings"
	"testing"
	"time"

	"sizewise/analyze/dossier"
	"sizewise/analyze/finding"
)

func TestNotebook(t *testing.T) {
	start := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	line := func(after time.Duration, level, text string) dossier.Message {
		at := start.Add(after)
		return dossier.Message{Minute: at.Truncate(time.Minute), Level: level, Example: text, Skeleton: text, Lines: 1, First: at, Last: at}
	}
	for name, one := range map[string]struct {
		status   string
		messages []dossier.Message
		verdict  finding.VerdictStatus
		checks   string
		quiet    float64 // s, negative refused
	}{
		"silent for three hours":       {"InService", []dossier.Message{line(7*time.Hour, "INFO", "Saving file")}, finding.Pass, "notebook_quiet", 3 * 3600},
		"silent for an hour":           {"InService", []dossier.Message{line(9*time.Hour, "INFO", "Saving file")}, finding.Pass, "", 3600},
		"stopped":                      {"Stopped", []dossier.Message{line(time.Hour, "INFO", "Saving file")}, finding.Pass, "", -1},
		"disk full":                    {"InService", []dossier.Message{line(10*time.Hour, "ERROR", "[Errno 28] No space left on device")}, finding.Fail, "notebook_disk_full", 0},
		"failed":                       {"Failed", nil, finding.Fail, "notebook_state", -1},
		"nothing known":                {"", nil, finding.Insufficient, "", -1},
		"a silent log, no status":      {"", []dossier.Message{line(time.Hour, "INFO", "Saving file")}, finding.Pass, "", 9 * 3600},
		"errors that are no full disk": {"InService", []dossier.Message{line(10*time.Hour, "ERROR", "Kernel died")}, finding.Pass, "notebook_state", 0},
	} {
		d := &dossier.Dossier{Kind: "notebook", Name: "n", Window: finding.Window{Start: start, End: start.Add(10 * time.Hour)}, Messages: one.messages, Lines: int64(len(one.messages))}
		if one.status != "" {
			d.Facts = append(d.Facts, dossier.Fact{Kind: "notebook_instance", Name: "n", Attribute: "status", Value: one.status})
		}
		got := Notebook(d)
		var checks []string
		for _, f := range got.Findings {
			checks = append(checks, f.Check)
		}
		quiet := -1.0
		if e := estimate(got.Measures, "quiet_s"); known(e) {
			quiet = float64(e.Value)
		}
		if got.Verdict.Status != one.verdict || strings.Join(checks, " ") != one.checks || quiet != one.quiet {
			t.Errorf("%s: %s %v, silent for %v s; want %s %q, %v: %s", name, got.Verdict.Status, checks, quiet, one.verdict, one.checks, one.quiet, got.Verdict.Summary)
		}
	}
}

// TestNotebookSilence: the figure climbs while nothing is heard, falls with each
// line, knows nothing before the first, and its limit is that of the check.
func TestNotebookSilence(t *testing.T) {
	start := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	at := func(minutes int) dossier.Message {
		m := start.Add(time.Duration(minutes) * time.Minute)
		return dossier.Message{Minute: m, Level: "INFO", Lines: 1, First: m, Last: m.Add(10 * time.Second)}
	}
	d := &dossier.Dossier{Kind: "notebook", Name: "n", Window: finding.Window{Start: start, End: start.Add(8 * time.Hour)}, Messages: []dossier.Message{at(60), at(61), at(300)}, Lines: 3}
	c := Notebook(d).Charts[0]
	hours := func(minute int) float64 { return c.Lines[0].Y[minute] }
	if !math.IsNaN(hours(30)) || hours(61) > 0.02 || math.Abs(hours(299)-238.0/60) > 0.02 || hours(301) > 0.02 || math.Abs(hours(480)-3) > 0.02 {
		t.Errorf("silent for %v, %v, %v, %v, %v h", hours(30), hours(61), hours(299), hours(301), hours(480))
	}
	if len(c.Limits) != 1 || c.Limits[0].Y != 2 || !strings.Contains(c.Read, "The longest silence here lasted 4.0 h, from 2026-11-20 09:01 UTC on.") {
		t.Errorf("limits %v, read %q", c.Limits, c.Read)
	}
	d.Messages, d.Window.End = []dossier.Message{at(0), at(1), at(2)}, start.Add(3*time.Minute)
	if c := Notebook(d).Charts[0]; !strings.Contains(c.Read, "It was never silent for a minute.") {
		t.Errorf("read %q", c.Read)
	}
	d.Facts = append(d.Facts, dossier.Fact{Kind: "notebook_instance", Name: "n", Attribute: "status", Value: "Stopped"})
	if c := Notebook(d).Charts[0]; c.Absent == "" || len(c.Lines) > 0 {
		t.Error("a stopped instance has a figure")
	}
}
