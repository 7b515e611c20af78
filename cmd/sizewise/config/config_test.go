package config

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// example is the commented example of docs/nightly.md.
func example(t testing.TB) []byte {
	t.Helper()
	text, err := os.ReadFile("../../../docs/nightly.md")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?s)```yaml\n(lake:.*?)```").FindSubmatch(text)
	if m == nil {
		t.Fatal("docs/nightly.md has no example")
	}
	return m[1]
}

func TestExample(t *testing.T) {
	got, err := Parse("sizewise.yaml", example(t), Checks{})
	if err != nil {
		t.Fatal(err)
	}
	common := Wish{SLO: "p99<500ms, errors<0.5%", Growth: 0.2, TargetUtilization: 0.7}
	own := common
	own.SLO, own.PeakRPS = "p99<200ms, errors<0.1%", 400
	want := Nightly{
		Lake: "/var/lib/sizewise/lake", Reports: "/var/lib/sizewise/reports",
		Targets: []Target{
			{Region: "eu-west-1", Profile: "prod"},
			{Region: "us-east-1", Roles: []string{"arn:aws:iam::123456789012:role/sizewise-read"}, ExternalID: "sizewise"},
		},
		Subjects: []Subject{
			{Name: "endpoint/resnet-g5", Wish: own},
			{Match: "endpoint/prod-*", Wish: common},
			{Tag: map[string]string{"team": "search", "stage": "prod*"}, Wish: common},
			{Match: "training/churn-*", Wish: common},
			{Name: "training/nightly-retrain", Wish: common},
		},
		Baseline: 28, Backfill: 14, Compact: true, KeepLake: 400, KeepPages: 90, Pages: AllPages,
		MaxCost: 2.5, MaxTime: 90 * time.Minute, Attempts: 10, Silence: 30 * time.Second, FailOn: []FailOn{FailSLO, FailRegression, FailSilence},
		Summary: "/var/lib/sizewise/summary.md", JUnit: "/var/lib/sizewise/junit.xml", Prices: "/var/lib/sizewise/prices.csv",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestMistakes(t *testing.T) {
	const good = "subjects: [{name: endpoint/a}]\n"
	for text, want := range map[string]string{
		"":                                   "f:1: the file is empty",
		"[]":                                 "f:1: want name: value pairs, found a list",
		"lake: a":                            "f:1: subjects: missing",
		"subjects: []":                       "f:1: subjects: an empty list",
		"subjects: {}":                       "f:1: subjects: want a list, found name: value pairs",
		"subjects: [endpoint/a]":             `f:1: subjects[0]: want name: value pairs, found "endpoint/a"`,
		"subjects:\n- name: a\n  na: b":      "f:3: subjects[0].na: no such setting",
		"subjects: [{}]":                     "f:1: subjects[0]: neither name, match nor tag is given",
		"subjects: [{match: 'endpoint/[a'}]": "f:1: subjects[0].match:",
		"subjects: [{tag: {}}]":              "f:1: subjects[0].tag: want tags and their values",
		good + "slo:":                        "f:2: slo: want text, found nothing",
		good + "lake: a\nlake: b":            "f:3: lake: given twice; keep one",
		good + "basline: 10":                 "f:2: basline: no such setting; did you mean baseline?",
		good + "baseline: 2":                 "f:2: baseline: \"2\" is not a whole number from 3 to 90",
		good + "compact: yes":                "f:2: compact: \"yes\" is neither true nor false",
		good + "max_time: 3":                 "f:2: max_time: \"3\" is not a time",
		good + "max_silence: 0s":             "f:2: max_silence: \"0s\" is not a time",
		good + "max_cost: free":              "f:2: max_cost: \"free\" is not a number",
		good + "growth: 2000%":               "f:2: growth: \"2000%\" is not a share",
		good + "keep: {lake: 28}":            "f:2: keep.lake: 28 days are fewer than",
		good + "pages: some":                 "f:2: pages: \"some\" is unknown",
		good + "targets: [{roles: [read]}]":  "f:2: targets[0].roles[0]: \"read\" is not the ARN of a role",
		good + "targets: [{external_id: x}]": "f:2: targets[0]: external_id belongs to no role",
		good + "---\nlake: b":                "a second document begins",
		good + "lake: [":                     "did not find expected node content",
		"a: &a [*a]\n" + good:                "f:1: a: no such setting",
		good + "lake: *b":                    "unknown anchor",
		"subjects: [{name: endpoint/a, peak_rps: .nan}]":        "f:1: subjects[0].peak_rps: \".nan\" is not a number",
		"subjects: [{name: endpoint/a, peak_rps: 1e9999}]":      "f:1: subjects[0].peak_rps:",
		"subjects: [{name: endpoint/a, target_utilization: 0}]": "f:1: subjects[0].target_utilization:",
	} {
		_, err := Parse("f", []byte(text), Checks{})
		var wrong Errors
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestChecks(t *testing.T) {
	no := func(string) error { return errors.New("no") }
	_, err := Parse("f", []byte("slo: x\nsubjects:\n- name: y\n  instance_type: z"), Checks{Subject: no, SLO: no, Type: no})
	want := "f:1: slo: no; for example slo: p99<200ms, errors<0.1%\nf:3: subjects[0].name: no\nf:4: subjects[0].instance_type: no; for example instance_type: ml.g5.xlarge"
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

// FuzzParse wants an answer or mistakes with a line, whatever the text.
func FuzzParse(f *testing.F) {
	f.Add(example(f))
	f.Add([]byte("a: &a [*a]\nsubjects: *a"))
	f.Add([]byte("subjects: [{name: endpoint/a}]\n<<: {lake: b}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		n, err := Parse("f", text, Checks{})
		var wrong Errors
		switch {
		case err == nil && (len(n.Subjects) == 0 || len(n.Targets) == 0 || n.Baseline < 3):
			t.Errorf("accepted %q as %+v", text, n)
		case err != nil && (!errors.As(err, &wrong) || len(wrong) == 0 || wrong[0].Line < 1):
			t.Errorf("%q: %v", text, err)
		}
	})
}
