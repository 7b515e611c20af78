package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// split cuts a whole text, line by line as the prompt does.
func split(text string) []statement {
	var s splitter
	var all []statement
	for line := range strings.Lines(text) {
		all = append(all, s.add(line)...)
	}
	return append(all, s.rest()...)
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		text string
		flat []string
	}{
		{"SELECT 1;", []string{"SELECT 1"}},
		{"SELECT 1; SELECT\n  2 ;", []string{"SELECT 1", "SELECT 2"}},
		{"SELECT ';' AS a;", []string{"SELECT ';' AS a"}},
		{"SELECT 'it''s;' ; x", []string{"SELECT 'it''s;'", "x"}},
		{`SELECT "a;b" FROM t;`, []string{`SELECT "a;b" FROM t`}},
		{`SELECT E'a\';b';c`, []string{`SELECT E'a\';b'`, "c"}},
		{`SELECT name'a\';c`, []string{`SELECT name'a\'`, "c"}},
		{"SELECT $$a;b$$, $x$;$$;$x$;y", []string{"SELECT $$a;b$$, $x$;$$;$x$", "y"}},
		{"SELECT $1;y", []string{"SELECT $1", "y"}},
		{"SELECT 1 -- one; two\n, 2;", []string{"SELECT 1 , 2"}},
		{"SELECT /* a; /* b; */ c; */ 1;", []string{"SELECT 1"}},
		{"SELECT 'two\nlines';", []string{"SELECT 'two\nlines'"}},
		{" ;; -- nothing\n /* ; */ ", nil},
		{"SELECT 'open;", []string{"SELECT 'open;"}},
	} {
		var got []string
		for _, s := range split(c.text) {
			got = append(got, s.flat)
		}
		if diff := cmp.Diff(c.flat, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.text, diff)
		}
	}
}

// FuzzSplit: nothing is lost but the semicolons that end statements, and what is
// cut stays cut.
func FuzzSplit(f *testing.F) {
	for _, seed := range []string{"SELECT 1;SELECT 'a;b' -- x\n;", "$a$;$a$;", "E'\\';", "/* /* */", "\"", "SELECT 'a'\\;"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		all := split(text)
		rest := text
		for _, s := range all {
			i := strings.Index(rest, s.text)
			if i < 0 {
				t.Fatalf("%q has no %q", text, s.text)
			}
			rest = rest[i+len(s.text):]
			again := split(s.text)
			if len(again) != 1 || again[0] != s {
				t.Fatalf("%q was cut again into %v", s.text, again)
			}
		}
	})
}
