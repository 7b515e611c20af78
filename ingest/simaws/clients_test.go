package simaws_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sizewise/ingest/simaws"
	"sizewise/ingest/simaws/workload"
)

// startScenario serves the scenario that the clients judge.
func startScenario(t *testing.T) (*simaws.Running, questions) {
	t.Helper()
	scenario, err := workload.Scenario("never-saturated")
	if err != nil {
		t.Fatal(err)
	}
	running, result, err := simaws.StartScenario(context.Background(), scenario, 7, simaws.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := running.Close(); err != nil {
			t.Error(err)
		}
	})
	return running, questionsOf(result)
}

// installed is the programs among candidates that are there and pass a trial
// run, each once.
func installed(candidates []string, trial ...string) []string {
	var found []string
	for _, name := range candidates {
		path, err := exec.LookPath(name)
		if err != nil || slices.Contains(found, path) {
			continue
		}
		if exec.Command(path, trial...).Run() == nil {
			found = append(found, path)
		}
	}
	return found
}

// childEnv is the environment of a client: the server's, and nothing of the
// user's AWS settings.
func childEnv(t *testing.T, running *simaws.Running) []string {
	t.Helper()
	home := t.TempDir()
	return append(running.Env(), "PATH="+os.Getenv("PATH"), "HOME="+home, "LANG=C.UTF-8", "AWS_PAGER=", "AWS_CONFIG_FILE="+filepath.Join(home, "none"))
}

// TestClientsAgree asks the simulated AWS through clients that nobody here
// wrote, and compares with what aws-sdk-go-v2 gets.
func TestClientsAgree(t *testing.T) {
	if testing.Short() {
		t.Skip("starts Python a dozen times")
	}
	running, q := startScenario(t)
	want := askSDK(t, running.URL, q)
	plausible(t, want)
	pages := running.Server.Calls("GetMetricData")
	if pages < 4 {
		t.Fatalf("%d pages of metric data, want several", pages)
	}
	pythons := installed([]string{"python3", "/usr/bin/python3"}, "-c", "import boto3")
	commands := installed([]string{"aws", "/usr/bin/aws"}, "--version")
	if len(pythons)+len(commands) == 0 {
		t.Skip("neither boto3 nor the AWS command line is installed")
	}
	t.Cleanup(func() {
		if n, want := running.Server.Calls("GetMetricData"), pages*(1+len(pythons)+len(commands)); !t.Failed() && n != want {
			t.Errorf("%d calls of GetMetricData, want %d: some client did not page", n, want)
		}
	})
	for _, python := range pythons {
		t.Run("boto3 of "+python, func(t *testing.T) {
			t.Parallel()
			compare(t, askBoto3(t, python, running, q), want)
		})
	}
	for _, command := range commands {
		t.Run("command line "+command, func(t *testing.T) {
			t.Parallel()
			c := commandLine{path: command, url: running.URL, env: childEnv(t, running)}
			compare(t, c.ask(t, q), want)
		})
	}
}

func compare(t *testing.T, got, want answers) {
	t.Helper()
	slices.Sort(got.Metrics)
	slices.Sort(want.Metrics)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("differs from aws-sdk-go-v2 (-sdk +client):\n%s", d)
	}
}

// askBoto3 runs the probe script.
func askBoto3(t *testing.T, python string, running *simaws.Running, q questions) answers {
	t.Helper()
	cmd := exec.Command(python, "testdata/boto3_probe.py", running.URL, string(must(json.Marshal(q))(t)))
	cmd.Env = childEnv(t, running)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("boto3: %v\n%s", err, &stderr)
	}
	var a answers
	if err := json.Unmarshal(out, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// commandLine is one installed aws program.
type commandLine struct {
	path, url string
	env       []string
}

// run is the JSON that a command prints, decoded into out, and its stderr.
func (c commandLine) run(t *testing.T, out any, args ...string) (stderr string, ok bool) {
	t.Helper()
	cmd := exec.Command(c.path, append([]string{"--endpoint-url", c.url, "--output", "json", "--cli-read-timeout", "30"}, args...)...)
	cmd.Env = c.env
	var text bytes.Buffer
	cmd.Stderr = &text
	b, err := cmd.Output()
	if err != nil {
		return text.String(), false
	}
	if err := json.Unmarshal(b, out); err != nil {
		t.Fatalf("%v: %v in %.200s", args, err, b)
	}
	return text.String(), true
}

// need is run for a command that must succeed.
func (c commandLine) need(t *testing.T, out any, args ...string) {
	t.Helper()
	if stderr, ok := c.run(t, out, args...); !ok {
		t.Fatalf("%v: %s", args, stderr)
	}
}

func (c commandLine) ask(t *testing.T, q questions) answers {
	t.Helper()
	a := answers{Data: map[string]map[string]float64{}, Statistics: map[string][]float64{}}
	c.askMetrics(t, q, &a)
	c.askLogs(t, q, &a)
	c.askEndpoint(t, q, &a)
	return a
}

func (c commandLine) askMetrics(t *testing.T, q questions, a *answers) {
	t.Helper()
	var data struct {
		MetricDataResults []struct {
			ID         string `json:"Id"`
			Timestamps []cliTime
			Values     []float64
		}
	}
	c.need(t, &data, "cloudwatch", "get-metric-data", "--start-time", q.Start, "--end-time", q.End,
		"--page-size", fmt.Sprint(q.MaxDatapoints), "--metric-data-queries", string(must(json.Marshal(q.Queries))(t)))
	for _, r := range data.MetricDataResults {
		if a.Data[r.ID] == nil {
			a.Data[r.ID] = map[string]float64{}
		}
		for i, at := range r.Timestamps {
			a.Data[r.ID][stamp(at.Time)] = r.Values[i]
		}
	}
	var list struct{ Metrics []metricName }
	c.need(t, &list, "cloudwatch", "list-metrics", "--dimensions", "Name=EndpointName,Value="+q.Endpoint)
	for _, m := range list.Metrics {
		a.Metrics = append(a.Metrics, fmt.Sprintf("%s %s %d", m.Namespace, m.MetricName, len(m.Dimensions)))
	}
	var statistics struct {
		Datapoints []struct {
			Timestamp          cliTime
			Sum, Maximum       float64
			ExtendedStatistics map[string]float64
		}
	}
	m := q.Queries[0].MetricStat.Metric
	c.need(t, &statistics, "cloudwatch", "get-metric-statistics", "--namespace", m.Namespace, "--metric-name", m.MetricName, "--dimensions", string(must(json.Marshal(m.Dimensions))(t)),
		"--start-time", q.Start, "--end-time", q.End, "--period", "300", "--statistics", "Sum", "Maximum", "--extended-statistics", "p99")
	for _, p := range statistics.Datapoints {
		a.Statistics[stamp(p.Timestamp.Time)] = []float64{p.Sum, p.Maximum, p.ExtendedStatistics["p99"]}
	}
}

func (c commandLine) askLogs(t *testing.T, q questions, a *answers) {
	t.Helper()
	type event struct {
		EventID       string `json:"eventId"`
		Timestamp     int64  `json:"timestamp"`
		LogStreamName string `json:"logStreamName"`
		Message       string `json:"message"`
	}
	var filtered struct{ Events []event }
	c.need(t, &filtered, "logs", "filter-log-events", "--log-group-name", q.LogGroup, "--filter-pattern", q.Pattern)
	for _, e := range filtered.Events {
		a.Events = append(a.Events, fmt.Sprintf("%s %d %s %s", e.EventID, e.Timestamp, e.LogStreamName, e.Message))
	}
	var page struct {
		Events           []event
		NextForwardToken string
	}
	args := []string{"logs", "get-log-events", "--log-group-name", q.LogGroup, "--log-stream-name", q.LogStream, "--start-from-head"}
	for token := ""; ; token = page.NextForwardToken {
		page.Events = nil
		if token == "" {
			c.need(t, &page, args...)
		} else {
			c.need(t, &page, append(args, "--next-token", token)...)
		}
		for _, e := range page.Events {
			a.Stream = append(a.Stream, fmt.Sprintf("%d %s", e.Timestamp, e.Message))
		}
		if page.NextForwardToken == token {
			break
		}
	}
	var streams struct{ LogStreams []event }
	c.need(t, &streams, "logs", "describe-log-streams", "--log-group-name", q.LogGroup)
	for _, s := range streams.LogStreams {
		a.Streams = append(a.Streams, s.LogStreamName)
	}
}

// cliError is the last line of a command line's complaint.
var cliError = regexp.MustCompile(`An error occurred \((\w+)\) when calling the \w+ operation: (.*)`)

func (c commandLine) askEndpoint(t *testing.T, q questions, a *answers) {
	t.Helper()
	var endpoint struct {
		EndpointStatus, EndpointConfigName string
		CreationTime                       cliTime
		ProductionVariants                 []struct{ CurrentInstanceCount int }
	}
	c.need(t, &endpoint, "sagemaker", "describe-endpoint", "--endpoint-name", q.Endpoint)
	var config struct {
		ProductionVariants []struct{ InstanceType string }
	}
	c.need(t, &config, "sagemaker", "describe-endpoint-config", "--endpoint-config-name", endpoint.EndpointConfigName)
	a.Endpoint = fmt.Sprintf("%s %s %d %s", endpoint.EndpointStatus, stamp(endpoint.CreationTime.Time), endpoint.ProductionVariants[0].CurrentInstanceCount, config.ProductionVariants[0].InstanceType)
	stderr, ok := c.run(t, nil, "sagemaker", "describe-endpoint", "--endpoint-name", "gone")
	m := cliError.FindStringSubmatch(stderr)
	if ok || m == nil {
		t.Fatalf("unknown endpoint: %s", stderr)
	}
	a.Unknown = m[1] + ": " + m[2]
	var identity struct{ Account string }
	c.need(t, &identity, "sts", "get-caller-identity")
	a.Account = identity.Account
}

// cliTime is a time as command lines print it: ISO 8601, or epoch seconds by
// older ones.
type cliTime struct{ time.Time }

// UnmarshalJSON reads either form.
func (t *cliTime) UnmarshalJSON(b []byte) error {
	var seconds float64
	if err := json.Unmarshal(b, &seconds); err == nil {
		t.Time = time.UnixMicro(int64(seconds * 1e6))
		return nil
	}
	if err := json.Unmarshal(b, &t.Time); err != nil {
		return fmt.Errorf("time %s: %w", b, err)
	}
	return nil
}
