package main

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// block is one command of a document and the output that the document shows.
// An empty want says nothing about the output; "..." stands for any lines.
type block struct {
	line int
	args []string
	want string
}

// commandBlocks finds every line that starts with "$ sizewise" or "$ go run
// ./cmd/sizewise" inside a fenced or indented block, with what follows it.
func commandBlocks(t *testing.T, text string) []block {
	t.Helper()
	start := regexp.MustCompile(`^(\s*)\$ (?:sizewise|go run \./cmd/sizewise) (.*)$`)
	var blocks []block
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		m := start.FindStringSubmatch(lines[i])
		if m == nil {
			continue
		}
		b := block{line: i + 1}
		command, _, _ := strings.Cut(m[2], "  #")
		for strings.HasSuffix(command, "\\") && i+1 < len(lines) {
			i++
			command = strings.TrimSuffix(command, "\\") + strings.TrimSpace(lines[i])
		}
		b.args = shellWords(t, command)
		for i+1 < len(lines) {
			next, ok := strings.CutPrefix(lines[i+1], m[1])
			if !ok || next == "" || strings.HasPrefix(next, "$ ") || strings.HasPrefix(next, "```") {
				break
			}
			b.want += next + "\n"
			i++
		}
		blocks = append(blocks, b)
	}
	return blocks
}

// shellWords splits as a shell would, as far as the documents need it: blanks
// and single or double quotes.
func shellWords(t *testing.T, s string) []string {
	t.Helper()
	var words []string
	var word strings.Builder
	var quote rune
	in := false
	for _, r := range s {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			quote, in = r, true
		case r == ' ' || r == '\t':
			if in {
				words = append(words, word.String())
			}
			word.Reset()
			in = false
		default:
			word.WriteRune(r)
			in = true
		}
	}
	if quote != 0 {
		t.Fatalf("unbalanced quote in %q", s)
	}
	if in {
		words = append(words, word.String())
	}
	return words
}

// result is what one command left.
type result struct {
	code     int
	out, err string
}

// sizewise runs one command line in this process.
func sizewise(t *testing.T, env map[string]string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(context.Background(), args, console{
		in: strings.NewReader(""), out: &out, err: &errs,
		getenv: func(k string) string { return env[k] },
		now:    time.Now,
	})
	return result{code, out.String(), errs.String()}
}

// matches reports whether got is want, where a line "..." in want stands for
// any number of lines and "..." inside a line for any text.
func matches(got, want string) bool {
	pattern := regexp.QuoteMeta(strings.TrimRight(want, "\n"))
	pattern = strings.ReplaceAll(pattern, `\.\.\.`+"\n", `(?:.*\n)*?`)
	pattern = strings.ReplaceAll(pattern, `\.\.\.`, `(?s:.*)`)
	return regexp.MustCompile(`^` + pattern + `\n*$`).MatchString(strings.TrimRight(got, "\n"))
}

// TestDocuments runs the commands of the README and of the manual, in order,
// in a directory of their own, and compares what the documents show.
func TestDocuments(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	manual, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	documents := map[string]string{
		"README.md": string(readme),
		"doc.go":    strings.ReplaceAll(string(manual), "//\t", "\t"),
	}
	for name, text := range documents {
		t.Run(name, func(t *testing.T) {
			blocks := commandBlocks(t, text)
			if len(blocks) < 5 {
				t.Fatalf("only %d commands found in %s", len(blocks), name)
			}
			env := documentWorld(t)
			for _, b := range blocks {
				got := sizewise(t, env, b.args...)
				if got.code != exitOK && got.code != exitVerdict {
					t.Errorf("%s:%d: sizewise %s: exit %d: %s", name, b.line, strings.Join(b.args, " "), got.code, got.err)
				}
				if b.want != "" && !matches(got.out+got.err, b.want) {
					t.Errorf("%s:%d: sizewise %s printed\n%s%s\nthe document shows\n%s", name, b.line, strings.Join(b.args, " "), got.out, got.err, b.want)
				}
			}
		})
	}
}

// TestReadmeLength keeps the README to what a stranger reads.
func TestReadmeLength(t *testing.T) {
	for name, limit := range map[string]int{"../../README.md": 200, "../../CONTRIBUTING.md": 60} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(b, []byte("\n")); n > limit {
			t.Errorf("%s has %d lines, at most %d", name, n, limit)
		}
	}
}

// TestFaultTable: every test that docs/faults.md names is there.
func TestFaultTable(t *testing.T) {
	text, err := os.ReadFile("../../docs/faults.md")
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]bool{}
	err = filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		code, err := os.ReadFile(path)
		for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`).FindAllSubmatch(code, -1) {
			declared[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`(Test\\w+)`").FindAllSubmatch(text, -1)
	if len(named) < 50 {
		t.Errorf("only %d tests are named", len(named))
	}
	for _, m := range named {
		if !declared[string(m[1])] {
			t.Errorf("docs/faults.md names %s, which is nowhere", m[1])
		}
	}
}
