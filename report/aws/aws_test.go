package aws

import (
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sizewise/analyze/finding"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func sampleSet(endpoint string) finding.Set {
	nan := math.NaN()
	at := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	missing := finding.Estimate{Value: finding.Missing(), Lo: finding.Missing(), Hi: finding.Missing()}
	return finding.Set{
		Subject: "endpoint/" + endpoint, Window: finding.Window{Start: at, End: at.Add(time.Hour)},
		Verdict: finding.Verdict{Summary: "Ready for 40 requests/s: 2 × ml.c5.xlarge hold p99<200ms."},
		Tested:  finding.Tested{Endpoint: endpoint, Variant: "main", VCPU: 4, PeriodS: 60},
		Answers: finding.Answers{AutoscalingTarget: finding.Estimate{Value: 1500}, SLORate: finding.Estimate{Lo: 33.3}, Capacity: missing},
		Minutes: []finding.Minute{{Start: at, Seconds: 60, CPU: 1, GPU: nan, GPUMemory: nan, Memory: nan, Disk: nan}},
	}
}

func sampleAlarms(endpoint string) []finding.Alarm {
	dims := []finding.Dimension{{Name: "EndpointName", Value: endpoint}, {Name: "VariantName", Value: "main"}}
	one := func(id, metric, stat string) finding.MetricQuery {
		return finding.MetricQuery{ID: id, Label: metric, Namespace: invocations, Metric: metric, Stat: stat, Dimensions: dims}
	}
	return []finding.Alarm{
		{
			Key: "LatencyP99", Name: "sizewise-web-main-LatencyP99", About: "The p99 misses p99<200ms.", Unit: "Microseconds",
			Queries: []finding.MetricQuery{one("latency", "ModelLatency", "p99")},
			PeriodS: 60, EvaluationPeriods: 5, DatapointsToAlarm: 3, OrEqual: true, Threshold: 200000, Missing: "notBreaching",
		},
		{
			Key: "Errors", Name: "sizewise-web-main-Errors", About: "Too many fail.", Unit: "Percent",
			Queries: []finding.MetricQuery{
				one("requests", "Invocations", "Sum"), one("errors5xx", "Invocation5XXErrors", "Sum"),
				{ID: "ratio", Label: "failed", Expression: "IF(requests >= 100, 100 * (FILL(errors5xx, 0)) / requests, 0)"},
			},
			PeriodS: 60, EvaluationPeriods: 5, DatapointsToAlarm: 3, Threshold: 1, Missing: "notBreaching",
		},
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func TestDashboard(t *testing.T) {
	got, err := Dashboard(sampleSet("web"), sampleAlarms("web"), Options{Region: "eu-west-1"})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "dashboard.json", got)
	for _, problem := range checkDashboard(got) {
		t.Error(problem)
	}
}

func TestTemplate(t *testing.T) {
	got, err := Template("endpoint/web", sampleAlarms("web"), Options{Region: "eu-west-1"})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "alarms.json", got)
	for _, problem := range checkTemplate(got) {
		t.Error(problem)
	}
}

// TestCrossAccount: every metric names the account, and nothing else does.
func TestCrossAccount(t *testing.T) {
	o := Options{Region: "eu-west-1", Account: "123456789012"}
	body, err := Dashboard(sampleSet("web"), sampleAlarms("web"), o)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(body), `"accountId": "123456789012"`); n != 13 {
		t.Errorf("%d metrics and logs name the account, want 13", n)
	}
	template, err := Template("endpoint/web", sampleAlarms("web"), o)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(template), `"AccountId": "123456789012"`); n != 3 {
		t.Errorf("%d metrics name the account, want 3", n)
	}
	for _, problem := range append(checkDashboard(body), checkTemplate(template)...) {
		t.Error(problem)
	}
}

// TestHostile: a name from a file cannot break out of where it is put.
func TestHostile(t *testing.T) {
	name := "a'b | stats count(*)\n\"}],\x1b[2J<script>${AWS::Region}[x](http://x)\u202e`" + strings.Repeat("é", 400)
	set := sampleSet(name)
	set.Verdict.Summary = name
	alarms := sampleAlarms(name)
	alarms[0].About = name
	body, err := Dashboard(set, alarms, Options{Region: "eu-west-1"})
	if err != nil {
		t.Fatal(err)
	}
	template, err := Template(set.Subject, alarms, Options{Region: "eu-west-1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range append(checkDashboard(body), checkTemplate(template)...) {
		t.Error(problem)
	}
	var d struct {
		Widgets []struct {
			Type       string
			Properties struct{ Markdown, Query string }
		}
	}
	if err := json.Unmarshal(body, &d); err != nil {
		t.Fatal(err)
	}
	for _, w := range d.Widgets {
		if w.Type == "log" && strings.Count(w.Properties.Query, "'") != 2 {
			t.Errorf("the log group's name is left: %s", w.Properties.Query)
		}
		if w.Type == "text" && (strings.Contains(w.Properties.Markdown, "<script>") || strings.Contains(w.Properties.Markdown, "[x](") || strings.ContainsAny(w.Properties.Markdown, "\x1b\u202e")) {
			t.Errorf("markup in the text: %q", w.Properties.Markdown)
		}
	}
	// An intrinsic function is an object; a string is only a string.
	if strings.Contains(string(template), `"Fn::Sub"`) {
		t.Error("the template substitutes text")
	}
}

// TestCheckers: what AWS would not take is noticed, so that the checks above
// could fail.
func TestCheckers(t *testing.T) {
	body, err := Dashboard(sampleSet("web"), sampleAlarms("web"), Options{Region: "eu-west-1"})
	if err != nil {
		t.Fatal(err)
	}
	template, err := Template("endpoint/web", sampleAlarms("web"), Options{Region: "eu-west-1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		check    func([]byte) []string
		text     string
		old, new string
	}{
		{checkDashboard, string(body), `"width": 24`, `"width": 25`},
		{checkDashboard, string(body), `"x": 12`, `"x": 0`},
		{checkDashboard, string(body), `"region": "eu-west-1",`, ``},
		{checkDashboard, string(body), `"markdown"`, `"text"`},
		{checkDashboard, string(body), `"view": "timeSeries"`, `"view": "lines"`},
		{checkDashboard, string(body), `"period": 60`, `"period": 61`},
		{checkDashboard, string(body), `"stat": "p99"`, `"stat": "p199"`},
		{checkDashboard, string(body), `"id": "e4"`, `"id": "E4"`},
		{checkDashboard, string(body), `FILL(e5`, `FILL(e6`},
		{checkDashboard, string(body), `"value": 1500`, `"value": "1500"`},
		{checkDashboard, string(body), `"VariantName",`, `"VariantName", "a",`},
		{checkDashboard, string(body), `"query"`, `"queryString"`},
		{checkTemplate, string(template), `"Threshold": 1`, `"Threshold": null`},
		{checkTemplate, string(template), `"DatapointsToAlarm": 3`, `"DatapointsToAlarm": 6`},
		{checkTemplate, string(template), `notBreaching`, `notbreaching`},
		{checkTemplate, string(template), `GreaterThanThreshold`, `Greater`},
		{checkTemplate, string(template), `"ReturnData": false`, `"ReturnData": true`},
		{checkTemplate, string(template), `"Period": 60`, `"Period": 90`},
		{checkTemplate, string(template), `"Ref": "Topic"`, `"Ref": "Topics"`},
		{checkTemplate, string(template), `FILL(errors5xx`, `FILL(errors`},
		{checkTemplate, string(template), `"AlarmName"`, `"Name"`},
	} {
		broken := strings.Replace(c.text, c.old, c.new, 1)
		if broken == c.text {
			t.Errorf("%s is nowhere", c.old)
		}
		if len(c.check([]byte(broken))) == 0 {
			t.Errorf("%s for %s is not noticed", c.new, c.old)
		}
	}
}
