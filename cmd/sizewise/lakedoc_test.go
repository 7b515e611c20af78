package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sizewise/queries"
)

const lakeDocument = "../../docs/lake.md"

// TestLakeDocument holds docs/lake.md to the program: its views are those of the
// queries' headers, and each of its questions is run over the lake of the demo
// that it names last and must give just the rows that the document shows. With
// -update it writes both.
func TestLakeDocument(t *testing.T) {
	text, err := os.ReadFile(lakeDocument)
	if err != nil {
		t.Fatal(err)
	}
	got := questionOutputs(t, viewReference(t, string(text)))
	if *updateFlag {
		if err := os.WriteFile(lakeDocument, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(text), got); diff != "" {
		t.Errorf("%s is not what the program says; -update writes it (-document +program):\n%s", lakeDocument, diff)
	}
}

// viewReference puts the views' headers between their marks.
func viewReference(t *testing.T, text string) string {
	t.Helper()
	marks := regexp.MustCompile(`(?s)(<!-- views: [^\n]* -->\n).*(<!-- /views -->)`)
	if !marks.MatchString(text) {
		t.Fatal("the document has no marks for the views")
	}
	views, err := queries.Views()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, v := range views {
		fmt.Fprintf(&b, "### `%s`\n\n%s\n\nGrain: %s.\n\n| column | type | unit | what |\n|---|---|---|---|\n", v.Name, capital(v.Purpose), v.Grain)
		for _, c := range v.Columns {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", c.Name, c.Type, c.Unit, c.About)
		}
		b.WriteByte('\n')
	}
	return marks.ReplaceAllStringFunc(text, func(old string) string {
		m := marks.FindStringSubmatch(old)
		return m[1] + "\n" + b.String() + m[2]
	})
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// demoLake makes the lake that a sentence names: of sizewise demo --scenario NAME.
func demoLake(t *testing.T, command string) string {
	t.Helper()
	dir := t.TempDir()
	args := []string{"demo", "--out", dir, "--quiet"}
	if _, scenario, ok := strings.Cut(command, "--scenario "); ok {
		args = append(args, "--scenario", strings.Fields(scenario)[0])
	}
	if got := sizewise(t, nil, args...); got.code != exitOK {
		t.Fatalf("%v: exit %d: %s", args, got.code, got.err)
	}
	return filepath.Join(dir, "lake")
}

// questionOutputs runs every SQL block and puts what came into the block after it.
func questionOutputs(t *testing.T, text string) string {
	t.Helper()
	lake := ""
	questions := regexp.MustCompile("(?s)(Over the lake of `sizewise demo [^`]*`)|(### \\d+\\. [^\\n]+\\n\\n```sql\\n)(.*?)(```\\n\\n```text\\n)(.*?)(```\\n\\n)")
	n := 0
	out := questions.ReplaceAllStringFunc(text, func(old string) string {
		if strings.HasPrefix(old, "Over the lake") {
			lake = demoLake(t, old)
			return old
		}
		n++
		m := questions.FindStringSubmatch(old)[1:]
		title, _, _ := strings.Cut(m[1], "\n")
		if want := fmt.Sprintf("### %d. ", n); !strings.HasPrefix(title, want) {
			t.Errorf("%s is question %d", title, n)
		}
		file := filepath.Join(t.TempDir(), "question.sql")
		if err := os.WriteFile(file, []byte(m[2]), 0o600); err != nil {
			t.Fatal(err)
		}
		got := sizewise(t, nil, "--lake", lake, "sql", "-f", file)
		if got.code != exitOK || got.err != "" {
			t.Errorf("%s: exit %d: %s", title, got.code, got.err)
		}
		rows := strings.Split(strings.TrimRight(got.out, "\n"), "\n")[1:]
		if len(rows) == 0 || strings.Trim(strings.Join(rows, ""), " NUL") == "" {
			t.Errorf("%s: nothing came", title)
		}
		return m[1] + m[2] + m[3] + got.out + m[5]
	})
	if n < 15 {
		t.Errorf("only %d questions", n)
	}
	return out
}
