package simaws_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sizewise/ingest/simaws"
	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/estate"
	"sizewise/ingest/simaws/server"
)

// findings is what a client that nobody here wrote got out of an estate.
type findings struct {
	Training, Component     string // instance type and seconds; the endpoint that hosts it
	NoJob, NoGroup, Refused string // error codes
	Quota                   float64
	Rows                    int // of an Insights query
	First                   string
	Caller                  string // at the end of a chain of two roles
}

// startEstate serves an estate in which endpoint logs are of infrequent access
// and a chain of two roles can be assumed. Sessions run on the real clock, since
// clients renew them by theirs.
func startEstate(t *testing.T) (*simaws.Running, *estate.Estate, findings) {
	t.Helper()
	e, clock := drawEstate(t, estate.Config{Seed: 5, LogEvents: 60, LogClass: "INFREQUENT_ACCESS"})
	const role = "arn:aws:iam::123456789012:role/"
	e.Account.Roles = []account.Role{{ARN: role + "hub"}, {ARN: role + "reader", ExternalID: "tenant-7", Trusts: []string{role + "hub"}}}
	running, err := simaws.Start(t.Context(), e.Account, simaws.Options{Server: server.Options{Now: clock, Wall: time.Now}})
	if err != nil {
		t.Fatal(err)
	}
	const group = "/aws/sagemaker/Endpoints/estate-000"
	first := time.Time{}
	for _, g := range e.Account.LogGroups {
		for _, s := range g.Streams {
			if at := s.Events[0].Time; g.Name == group && (first.IsZero() || at.Before(first)) {
				first = at
			}
		}
	}
	return running, e, findings{
		Training: "ml.g5.2xlarge 5760", Component: "estate-component-host",
		NoJob: "ValidationException", NoGroup: "ResourceNotFound", Refused: "InvalidOperationException",
		Quota: 500, Rows: int(e.Truth.Events[group]), First: first.Format("2006-01-02 15:04:05.000"),
		Caller: "arn:aws:sts::123456789012:assumed-role/reader/probe",
	}
}

// TestForeignClientsOnEstate asks for the newer operations through boto3 and
// the AWS command line.
func TestForeignClientsOnEstate(t *testing.T) {
	if testing.Short() {
		t.Skip("starts Python")
	}
	pythons := installed([]string{"python3", "/usr/bin/python3"}, "-c", "import boto3")
	commands := installed([]string{"aws", "/usr/bin/aws"}, "--version")
	if len(pythons)+len(commands) == 0 {
		t.Skip("neither boto3 nor the AWS command line is installed")
	}
	running, _, want := startEstate(t)
	end := day.Add(2 * time.Hour).Unix()
	for _, python := range pythons {
		t.Run("boto3 of "+python, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(python, "testdata/boto3_estate.py", running.URL, fmt.Sprint(day.Unix()), fmt.Sprint(end))
			cmd.Env = childEnv(t, running)
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			out, err := cmd.Output()
			if err != nil {
				if strings.Contains(stderr.String(), "has no attribute 'describe_inference_component'") {
					t.Skip("this boto3 is too old for inference components")
				}
				t.Fatalf("boto3: %v\n%s", err, &stderr)
			}
			var got findings
			if err := json.Unmarshal(out, &got); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("differs (-estate +client):\n%s", d)
			}
		})
	}
	for _, command := range commands {
		t.Run("command line "+command, func(t *testing.T) {
			t.Parallel()
			commandLine{path: command, url: running.URL, env: childEnv(t, running)}.askEstate(t, want)
		})
	}
}

func (c commandLine) askEstate(t *testing.T, want findings) {
	t.Helper()
	var job struct{ ResourceConfig struct{ InstanceType string } }
	c.need(t, &job, "sagemaker", "describe-training-job", "--training-job-name", "estate-training")
	if kind, _, _ := strings.Cut(want.Training, " "); job.ResourceConfig.InstanceType != kind {
		t.Errorf("training job on %s", job.ResourceConfig.InstanceType)
	}
	var keys struct {
		Credentials struct {
			AccessKeyID string `json:"AccessKeyId"`
		}
	}
	c.need(t, &keys, "sts", "assume-role", "--role-arn", "arn:aws:iam::123456789012:role/hub", "--role-session-name", "probe")
	if !strings.HasPrefix(keys.Credentials.AccessKeyID, "ASIA") {
		t.Errorf("session key %s", keys.Credentials.AccessKeyID)
	}
	stderr, ok := c.run(t, nil, "logs", "filter-log-events", "--log-group-name", "/aws/sagemaker/Endpoints/estate-000")
	if m := cliError.FindStringSubmatch(stderr); ok || m == nil || m[1] != want.Refused {
		t.Errorf("reading an infrequent access group: %s", stderr)
	}
	var quota struct{ Quota struct{ Value float64 } }
	c.need(t, &quota, "service-quotas", "get-service-quota", "--service-code", "monitoring", "--quota-code", "L-5E141212")
	if quota.Quota.Value != want.Quota {
		t.Errorf("quota %g", quota.Quota.Value)
	}
}
