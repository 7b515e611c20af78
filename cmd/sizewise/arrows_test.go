package main

import (
	"os/exec"
	"strings"
	"testing"
)

// rooms are the packages and what each may import of this module, by prefix.
// An empty list allows nothing of ours.
func rooms() map[string][]string {
	return map[string][]string{
		"sizewise/queries":                     nil,
		"sizewise/ingest":                      {"sizewise/ingest/"},
		"sizewise/ingest/subject":              nil,
		"sizewise/ingest/catalog":              nil,
		"sizewise/ingest/logline":              nil,
		"sizewise/ingest/lake":                 nil,
		"sizewise/ingest/cloudwatch":           {"sizewise/ingest/"},
		"sizewise/ingest/cloudwatch/plainbody": nil,
		"sizewise/ingest/files":                {"sizewise/ingest/"},
		"sizewise/ingest/files/loadtest":       nil,
		"sizewise/ingest/simaws":               {"sizewise/ingest/simaws/"},
		"sizewise/ingest/simaws/account":       nil,
		"sizewise/ingest/simaws/estate":        {"sizewise/ingest/simaws/account", "sizewise/ingest/simaws/workload/container"},
		"sizewise/ingest/simaws/scene":         {"sizewise/ingest/simaws/account"},
		"sizewise/ingest/simaws/server":        {"sizewise/ingest/simaws/account", "sizewise/ingest/simaws/server/"},
		"sizewise/ingest/simaws/workload":      {"sizewise/ingest/simaws/account", "sizewise/ingest/simaws/workload/"},

		"sizewise/ingest/simaws/server/statistic":   nil,
		"sizewise/ingest/simaws/server/wire":        nil,
		"sizewise/ingest/simaws/workload/container": {"sizewise/ingest/simaws/account"},
		"sizewise/analyze":                          {"sizewise/analyze/", "sizewise/queries"},
		"sizewise/analyze/alarm":                    {"sizewise/analyze/finding", "sizewise/analyze/slo"},
		"sizewise/analyze/compare":                  {"sizewise/analyze/finding", "sizewise/analyze/slo", "sizewise/analyze/stat"},
		"sizewise/analyze/engine":                   {"sizewise/queries"},
		"sizewise/analyze/finding":                  nil,
		"sizewise/analyze/slo":                      nil,
		"sizewise/analyze/stat":                     nil,
		"sizewise/analyze/capacity":                 {"sizewise/analyze/finding", "sizewise/analyze/price", "sizewise/analyze/queue", "sizewise/analyze/slo", "sizewise/analyze/stat"},
		"sizewise/analyze/dossier":                  {"sizewise/analyze/capacity", "sizewise/analyze/finding", "sizewise/analyze/price"},
		"sizewise/analyze/measure":                  {"sizewise/analyze/finding", "sizewise/analyze/stat"},
		"sizewise/analyze/queue":                    nil,
		"sizewise/analyze/change":                   {"sizewise/analyze/stat"},
		"sizewise/analyze/price":                    nil,
		"sizewise/analyze/service":                  {"sizewise/analyze/capacity", "sizewise/analyze/dossier", "sizewise/analyze/finding", "sizewise/analyze/measure", "sizewise/analyze/stat"},
		"sizewise/analyze/job":                      {"sizewise/analyze/capacity", "sizewise/analyze/dossier", "sizewise/analyze/finding", "sizewise/analyze/measure", "sizewise/analyze/price", "sizewise/analyze/stat"},
		"sizewise/analyze/pattern":                  {"sizewise/analyze/finding", "sizewise/analyze/stat"},
		"sizewise/report":                           {"sizewise/report/", "sizewise/analyze/finding"},
		"sizewise/report/aws":                       {"sizewise/analyze/finding"},
		"sizewise/report/plot":                      nil,
	}
}

// owners are the only packages that may import a heavy dependency.
func owners() map[string][]string {
	return map[string][]string{
		"github.com/duckdb/":          {"sizewise/analyze/engine"},
		"github.com/apache/arrow-go/": {"sizewise/ingest/lake"},
		"github.com/aws/":             {"sizewise/ingest/cloudwatch", "sizewise/ingest/simaws"},
		"gonum.org/v1/plot":           {"sizewise/report/plot"},
	}
}

func TestArrows(t *testing.T) {
	imports := listImports(t)
	known := rooms()
	for pkg, list := range imports {
		if strings.HasPrefix(pkg, "sizewise/cmd/") {
			continue
		}
		allowed, ok := known[pkg]
		if !ok {
			t.Errorf("package %s is in no room: add it to the table, and to DESIGN section 2", pkg)
			continue
		}
		for _, dep := range list {
			if strings.HasPrefix(dep, "sizewise/") && !hasAnyPrefix(dep, allowed) {
				t.Errorf("%s imports %s, which its room does not allow", pkg, dep)
			}
			for heavy, own := range owners() {
				if strings.HasPrefix(dep, heavy) && !hasAnyPrefix(pkg, own) {
					t.Errorf("%s imports %s, which only %s may", pkg, dep, strings.Join(own, " and "))
				}
			}
		}
	}
}

// TestReportDoesNotLinkDuckDB keeps the report's tests quick to build: direct
// imports could be clean while a child pulls the engine in.
func TestReportDoesNotLinkDuckDB(t *testing.T) {
	for _, pkg := range []string{"sizewise/report", "sizewise/ingest", "sizewise/analyze/capacity"} {
		out, err := exec.Command("go", "list", "-deps", pkg).Output()
		if err != nil {
			t.Fatalf("go list -deps %s: %v", pkg, err)
		}
		if strings.Contains(string(out), "github.com/duckdb/") {
			t.Errorf("%s links DuckDB", pkg)
		}
	}
}

// listImports maps every package of the module to what it imports directly,
// tests left out.
func listImports(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "sizewise/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	imports := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		imports[f[0]] = f[1:]
	}
	return imports
}

func hasAnyPrefix(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}
