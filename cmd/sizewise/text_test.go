package main

import (
	"strings"
	"testing"
)

func TestWrap(t *testing.T) {
	text := strings.Repeat("word ", 40) + strings.Repeat("x", 120) + " end"
	for line := range strings.Lines(wrap(text, "    ")) {
		line = strings.TrimRight(line, "\n")
		if !strings.HasPrefix(line, "    ") {
			t.Errorf("no indent: %q", line)
		}
		if len(line) > lineWidth && strings.Contains(strings.TrimSpace(line), " ") {
			t.Errorf("%d wide: %q", len(line), line)
		}
	}
	if got := strings.Join(strings.Fields(wrap(text, "  ")), " "); got != strings.TrimSpace(text) {
		t.Error("words were lost")
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 files", 1: "1 file", 999: "999 files", 1000: "1,000 files", 1234567: "1,234,567 files", -4200: "-4,200 files"} {
		if got := count(n, "file"); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}

func TestCleanIsSafeForTerminals(t *testing.T) {
	got := clean("a\x1b[31mred\x07\u202eevil\u2066\x9b2J\nb")
	if strings.ContainsAny(got, "\x1b\x07\u202e\u2066\n") || strings.ContainsRune(got, 0x9b) {
		t.Errorf("got %q", got)
	}
}
