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
	t.Chdir(dir)
	aws := serve(t, "cpu-bound", "my-endpoint")
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
func serve(t fataler, scenario, endpoint string) *simaws.Running {
	test, err := recentTest(scenario, endpoint, 1, time.Now())
	if err != nil {
		t.Fatalf("%v", err)
	}
	aws, err := simaws.Start(context.Background(), test.Account, simaws.Options{Server: server.Options{Now: time.Now}})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return aws
}

// scriptSimAWS is the script command "simaws SCENARIO ENDPOINT".
func scriptSimAWS(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: simaws SCENARIO ENDPOINT")
	}
	aws := serve(ts, args[0], args[1])
	ts.Defer(func() { aws.Close() })
	for _, line := range aws.Env() {
		name, value, _ := strings.Cut(line, "=")
		ts.Setenv(name, value)
	}
}
