package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sizewise/analyze/finding"
)

func nightOf(subjects ...finding.NightSubject) finding.Night {
	end := time.Date(2026, 11, 28, 1, 0, 0, 0, time.UTC)
	return finding.Night{
		Format: finding.Format, Tool: "sizewise test", Window: finding.Window{Start: end.Add(-24 * time.Hour), End: end}, Subjects: subjects,
		Options: finding.NightOptions{Nights: 28, MinNights: 3, MinRuns: 5, Rate: 0.01, Floor: 0.05},
	}
}

func TestQuietNightIsThreeLines(t *testing.T) {
	dir := t.TempDir()
	quiet := finding.NightSubject{Subject: "endpoint/a", Status: finding.NightQuiet, Hours: 24, Nights: 28}
	if err := WriteNight(t.Context(), nightOf(quiet, quiet), Options{Dir: dir}); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(dir, IndexFile))
	if err != nil {
		t.Fatal(err)
	}
	want := "# Nothing changed in the day to 28 Nov 2026 01:00 UTC\n\n" +
		"2 of 2 subjects compared with up to 28 nights before; 48 of 48 hours of data are there. [Every subject](subjects.md)\n"
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestNightSaysWhatChangedFirst(t *testing.T) {
	from := time.Date(2026, 11, 27, 3, 0, 0, 0, time.UTC)
	worse := finding.NightSubject{
		Subject: "endpoint/b", Status: finding.NightChanged, Hours: 24, Nights: 20, Page: "endpoint-b",
		Verdict: finding.Verdict{Status: finding.Fail, Summary: "p99<200ms is missed"},
		Changes: []finding.Change{
			{Metric: "latency_p99", Kind: finding.ChangeLevel, Worse: true, Title: "p99 went from 100 ms to 150 ms", From: from, Lasting: true, Q: 0.0002, N: 22, Compared: 480, Query: "hourly_levels"},
			{Metric: "log_message", Kind: finding.ChangeMessage, Worse: true, Title: "new: | <img src=x> [a](http://b) `c`\nx", From: from, Q: 0.001, Query: "log_messages_by_night"},
		},
	}
	lost := finding.NightSubject{Subject: "endpoint/c", Status: finding.NightIncomplete, Why: "CloudWatch did not answer for 24 of 24 hours"}
	got := NightSummary(nightOf(worse, lost), nil)
	for _, want := range []string{
		"# 1 of 2 subjects changed in the day to 28 Nov 2026 01:00 UTC\n",
		"### `endpoint/b`\n\n- **Worse:** p99 went from 100 ms to 150 ms. Since 27 Nov 03:00; 22 hours against 480, q < 0.001. `[hourly_levels]`\n",
		"\np99\\<200ms is missed.\n", "## What could not be judged\n\n- `endpoint/c`: CloudWatch did not answer",
	} {
		if !strings.Contains(got, want) && !strings.Contains(got, strings.ReplaceAll(want, "p99\\<200ms", "`p99<200ms`")) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	for _, never := range []string{"<img", "](http", "\nx"} {
		if strings.Contains(strings.NewReplacer(`\<`, "", `\]`, "").Replace(got), never) {
			t.Errorf("%q of a log line stands in\n%s", never, got)
		}
	}
	if got := NightSummary(nightOf(lost), nil); !strings.HasPrefix(got, "# Nothing could be judged") {
		t.Errorf("a night without data begins %.60q", got)
	}
}

// TestNightCountsWhatWasCompared: a subject that is too new, or did not come, is
// not one in which nothing changed.
func TestNightCountsWhatWasCompared(t *testing.T) {
	quiet := finding.NightSubject{Subject: "endpoint/a", Status: finding.NightQuiet, Hours: 24, Nights: 28}
	young := finding.NightSubject{Subject: "endpoint/b", Status: finding.NightNew, Hours: 24}
	bad := young
	bad.Verdict.Status = finding.Fail
	lost := finding.NightSubject{Subject: "endpoint/c", Status: finding.NightIncomplete, Why: "no answer"}
	for _, c := range []struct {
		night finding.Night
		want  string
	}{
		{nightOf(young, young), "# Nothing to compare with yet in "},
		{nightOf(young, bad), "# Nothing could be compared; 1 not good enough in "},
		{nightOf(quiet, bad), "# Nothing changed in 1 of 2 subjects, the rest could not be compared; 1 not good enough in "},
		{nightOf(young, lost), "# Nothing could be compared in "},
		{nightOf(quiet, young, lost), "# Nothing changed in 1 of 3 subjects, the rest could not be compared in "},
		{nightOf(quiet, young), "# Nothing changed in 1 of 2 subjects, the rest could not be compared in "},
		{nightOf(quiet, quiet), "# Nothing changed in the day"},
	} {
		if got := NightSummary(c.night, nil); !strings.HasPrefix(got, c.want) {
			t.Errorf("begins %.90q, want %q", got, c.want)
		}
	}
}

// TestNightCountsRunsThatWereCompared: a job with fewer earlier runs than a
// comparison takes was not compared, also where it changed for another reason.
func TestNightCountsRunsThatWereCompared(t *testing.T) {
	job := func(name string, earlier int, status finding.NightStatus) finding.NightSubject {
		return finding.NightSubject{
			Subject: "training/" + name, Status: status,
			Run: &finding.NightRun{Family: "training/" + name, Rule: "by its name", Status: "Completed", Compared: earlier},
		}
	}
	failed := job("c", 4, finding.NightChanged)
	failed.Changes = []finding.Change{{Metric: "status", Kind: finding.ChangeFailure, Worse: true, Title: "the run failed", Query: "job_runs"}}
	got := NightSummary(nightOf(job("a", 5, finding.NightQuiet), job("b", 12, finding.NightQuiet), failed), nil)
	for _, want := range []string{
		"2 of 3 jobs and pipelines compared with earlier runs of the same, which takes 5 earlier runs.",
		"Its numbers are not compared, which takes 5 earlier runs: there are 4 earlier runs of `training/c`",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	got = NightSummary(nightOf(job("a", 5, finding.NightQuiet)), nil)
	if want := "1 of 1 job or pipeline compared with earlier runs of the same."; !strings.Contains(got, want) {
		t.Errorf("no %q in\n%s", want, got)
	}
}

// TestNightSaysThatItIsIncomplete in its headline, which is all that stdout and a
// chat show, and why before anything else. The words of an error are text.
func TestNightSaysThatItIsIncomplete(t *testing.T) {
	n := nightOf(finding.NightSubject{Subject: "endpoint/a", Status: finding.NightQuiet, Hours: 24, Nights: 28})
	n.Gaps = []string{"no AWS region: give --region", "subjects[1] (training/<b>*) could not be listed"}
	got := NightSummary(n, nil)
	if !strings.HasPrefix(got, "# Nothing changed (incomplete) in the day to ") || strings.Contains(strings.ReplaceAll(got, `\<`, ""), "<b>") {
		t.Errorf("got\n%s", got)
	}
	if i, j := strings.Index(got, "## What could not be asked\n\n- "), strings.Index(got, "No AWS region"); i < 0 || j < i {
		t.Errorf("the reasons are not told:\n%s", got)
	}
}

// TestNightNamesRegionsWhereThereAreSeveral: a subject whose region is not known,
// such as a notebook that only has a log, is no other region.
func TestNightNamesRegionsWhereThereAreSeveral(t *testing.T) {
	at := func(name, region string) finding.NightSubject {
		return finding.NightSubject{Subject: name, Region: region, Status: finding.NightIncomplete, Why: "no answer"}
	}
	for want, n := range map[bool]finding.Night{
		false: nightOf(at("endpoint/a", "eu-west-1"), at("notebook/b", ""), at("endpoint/c", "eu-west-1")),
		true:  nightOf(at("notebook/b", ""), at("endpoint/a", "eu-west-1"), at("endpoint/c", "us-east-1")),
	} {
		if got := NightSummary(n, nil); strings.Contains(got, "`endpoint/a` in eu") != want {
			t.Errorf("regions named %v, want %v:\n%s", !want, want, got)
		}
	}
}
