package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sizewise/analyze/engine"
)

// TestFold: no line is too wide and no letter is lost.
func TestFold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-z ]{0,200}`).Draw(t, "text")
		width := rapid.IntRange(1, 40).Draw(t, "width")
		lines := fold(text, width)
		for _, line := range lines {
			if len(line) > width {
				t.Fatalf("%q is wider than %d", line, width)
			}
		}
		without := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if without(strings.Join(lines, "")) != without(text) {
			t.Fatalf("%q became %q", text, lines)
		}
	})
	if got := fold("worker 3 died of thirst", 14); !slices.Equal(got, []string{"worker 3 died", "of thirst"}) {
		t.Errorf("%q", got)
	}
}

// TestColumnsShareTheCut: of two long texts one is not cut to nothing while the
// other keeps its length.
func TestColumnsShareTheCut(t *testing.T) {
	rows := &fakeRows{
		columns: []engine.Column{{Name: "a", Type: "VARCHAR"}, {Name: "b", Type: "VARCHAR"}, {Name: "c", Type: "VARCHAR"}},
		rows:    [][]any{{strings.Repeat("a", 90), strings.Repeat("b", 60), strings.Repeat("c", 33)}},
	}
	line := strings.Split(drawTable(t, rows, screen{width: 80}), "\n")[1]
	for _, cell := range strings.Fields(line) {
		if n := len([]rune(cell)); n < 24 || n > 27 {
			t.Errorf("a cell of %d in %q", n, line)
		}
	}
}

// TestPlainWord: what other prompts end with, ends this one.
func TestPlainWord(t *testing.T) {
	for word, want := range map[string]string{
		"exit": ".quit", " quit; ": ".quit", `\q`: ".quit", "help": ".help", "?": ".help",
		"SELECT 1": "SELECT 1", "exit 1": "exit 1", ".tables": ".tables",
	} {
		if got := plainWord(word); got != want {
			t.Errorf("%q is taken for %q, want %q", word, got, want)
		}
	}
}

// TestApart: what is only joined is said line by line; what wraps stays whole.
func TestApart(t *testing.T) {
	a, b := errors.New("a"), errors.New("b")
	for _, c := range []struct {
		err  error
		want []string
	}{
		{a, []string{"a"}},
		{errors.Join(a, errors.Join(b, a)), []string{"a", "b", "a"}},
		{fmt.Errorf("doing: %w", errors.Join(a, b)), []string{"doing: a\nb"}},
		{fmt.Errorf("%w and %w", a, b), []string{"a and b"}},
	} {
		var got []string
		for _, one := range apart(c.err) {
			got = append(got, one.Error())
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
