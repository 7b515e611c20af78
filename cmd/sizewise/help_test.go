package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// TestHelp: every help begins with an example and fits a screen of 80 columns
// and 50 lines.
func TestHelp(t *testing.T) {
	var names [][]string
	var collect func(c *cobra.Command, path []string)
	collect = func(c *cobra.Command, path []string) {
		names = append(names, path)
		for _, sub := range c.Commands() {
			collect(sub, append(path[:len(path):len(path)], sub.Name()))
		}
	}
	collect(newRootCommand(&app{con: console{getenv: func(string) string { return "" }}}), nil)
	for _, path := range names {
		if len(path) == 2 && path[0] == "completion" { // cobra's own words
			continue
		}
		name := "sizewise " + strings.Join(path, " ")
		text := sizewise(t, nil, append(path, "--help")...).out
		lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
		if !strings.HasPrefix(text, "  $ ") {
			t.Errorf("%s begins with %q, not with an example", name, lines[0])
		}
		if len(lines) > 50 {
			t.Errorf("%s has %d lines", name, len(lines))
		}
		for _, line := range lines {
			if utf8.RuneCountInString(line) > 80 {
				t.Errorf("%s: wider than 80: %q", name, line)
			}
		}
	}
}
