package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// history is what was asked at the prompt, the newest last. Statements are kept
// in a file that only its owner reads, one a line.
type history struct {
	path    string // "" keeps nothing
	entries []string
}

// historySize is how many statements are kept.
const historySize = 1000

// historyPath is where statements are kept: SIZEWISE_HISTORY, else the state
// directory of the XDG convention; "" for nowhere.
func historyPath(getenv func(string) string) string {
	if path := getenv("SIZEWISE_HISTORY"); path == "off" {
		return ""
	} else if path != "" {
		return path
	}
	state := getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(state) {
		home := getenv("HOME")
		if home == "" {
			return ""
		}
		state = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(state, "sizewise", "sql_history")
}

// openHistory reads what was kept and, where that is too much, shortens it.
func openHistory(path string) (*history, error) {
	h := &history{path: path}
	if path == "" {
		return h, nil
	}
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return &history{}, fmt.Errorf("reading the history: %w", err)
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimRight(line, "\n"); line != "" {
			h.entries = append(h.entries, line)
		}
	}
	if len(h.entries) <= 2*historySize {
		return h, nil
	}
	h.entries = h.entries[len(h.entries)-historySize:]
	err = os.WriteFile(path, []byte(strings.Join(h.entries, "\n")+"\n"), 0o600)
	if err != nil {
		return &history{}, fmt.Errorf("shortening the history: %w", err)
	}
	return h, nil
}

// remember keeps a statement, unless it begins with a blank, has several lines or
// is the last one again.
func (h *history) remember(text string) error {
	if text == "" || text[0] == ' ' || strings.ContainsAny(text, "\r\n") || len(h.entries) > 0 && h.entries[len(h.entries)-1] == text {
		return nil
	}
	h.entries = append(h.entries, text)
	if h.path == "" {
		return nil
	}
	err := os.MkdirAll(filepath.Dir(h.path), 0o700)
	if err == nil {
		err = appendLine(h.path, text)
	}
	if err != nil {
		h.path = "" // said once
		return fmt.Errorf("keeping the history: %w", err)
	}
	return nil
}

func appendLine(path, text string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text + "\n")
	return errors.Join(err, f.Close())
}

// Add does nothing: the editor calls it with every line, and a statement may have
// several.
func (h *history) Add(string) {}

// Len is the number of statements.
func (h *history) Len() int { return len(h.entries) }

// At is the statement i, counted back from the newest.
func (h *history) At(i int) string { return h.entries[len(h.entries)-1-i] }
