package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"sizewise/ingest/simaws"
	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/estate"
	"sizewise/ingest/simaws/server"
)

// documentWorld is a directory as a reader of the documents has it: the
// repository's exported files beside him, and an account with an endpoint
// called my-endpoint that was tested a moment ago.
func documentWorld(t *testing.T) map[string]string {
	t.Helper()
	root, err := filepath.Abs("../../testdata/export")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "testdata", "export"), 0o755); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(root, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, to := range []string{filepath.Join(dir, f.Name()), filepath.Join(dir, "testdata", "export", f.Name())} {
			if err := os.WriteFile(to, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "sizewise.yaml"), []byte("subjects: [{name: endpoint/my-endpoint}]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	aws := serve(t, "cpu-bound", "my-endpoint", trainingJob(t, "bert-2026-11-20"))
	t.Cleanup(func() { aws.Close() })
	for _, line := range aws.Env() {
		name, value, _ := strings.Cut(line, "=")
		t.Setenv(name, value)
	}
	return nil
}

// fataler is what testing.T and testscript.TestScript share.
type fataler interface{ Fatalf(string, ...any) }

// serve simulates a recent test and serves it with the real clock.
// More subjects can stand beside its endpoint.
func serve(t fataler, scenario, endpoint string, beside ...*account.Account) *simaws.Running {
	test, err := recentTest(scenario, endpoint, 1, time.Now())
	if err != nil {
		t.Fatalf("%v", err)
	}
	for _, more := range beside {
		test.Account.Metrics = append(test.Account.Metrics, more.Metrics...)
		test.Account.LogGroups = append(test.Account.LogGroups, more.LogGroups...)
		test.Account.Described = append(test.Account.Described, more.Described...)
	}
	aws, err := simaws.Start(context.Background(), test.Account, simaws.Options{Server: server.Options{Now: time.Now}})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return aws
}

// trainingJob is an account with a training job of that name, which ran in the
// last hours.
func trainingJob(t fataler, name string) *account.Account {
	now := time.Now().Truncate(time.Minute)
	drawn, err := estate.New(estate.Config{
		Seed: 1, Start: now.Add(-3 * time.Hour), End: now.Add(-time.Hour), Kinds: []string{"training"}, LogEvents: 60,
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	acct, old := drawn.Account, drawn.Subjects[0].Name
	for i := range acct.Metrics {
		for j := range acct.Metrics[i].Dims {
			d := &acct.Metrics[i].Dims[j]
			d.Value = strings.Replace(d.Value, old, name, 1)
		}
	}
	for i := range acct.LogGroups {
		for j := range acct.LogGroups[i].Streams {
			s := &acct.LogGroups[i].Streams[j]
			s.Name = strings.Replace(s.Name, old, name, 1)
		}
	}
	for i := range acct.Described {
		acct.Described[i].Name = name
		acct.Described[i].Body["TrainingJobName"] = name
	}
	return acct
}

// serveEstate serves one of every kind of subject, over the last hours.
func serveEstate(t fataler) *simaws.Running {
	end := time.Now().Truncate(time.Minute).Add(-time.Hour)
	drawn, err := estate.New(estate.Config{Seed: 1, Start: end.Add(-3 * time.Hour), End: end, LogEvents: 60, Brief: true})
	if err != nil {
		t.Fatalf("%v", err)
	}
	aws, err := simaws.Start(context.Background(), drawn.Account, simaws.Options{Server: server.Options{Now: time.Now}})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return aws
}

// scriptSimAWS is the script command "simaws SCENARIO ENDPOINT", or "simaws
// estate -" for one of every kind of subject.
func scriptSimAWS(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: simaws SCENARIO ENDPOINT")
	}
	var aws *simaws.Running
	if args[0] == "estate" {
		aws = serveEstate(ts)
	} else {
		aws = serve(ts, args[0], args[1])
	}
	ts.Defer(func() { aws.Close() })
	for _, line := range aws.Env() {
		name, value, _ := strings.Cut(line, "=")
		ts.Setenv(name, value)
	}
}
