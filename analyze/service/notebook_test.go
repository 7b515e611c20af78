package service

import (
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
