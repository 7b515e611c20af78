package main

import (
	"context"
	"errors"
	"io"
	"strings"

	"golang.org/x/term"
)

// errCleared says that the user left the statement begun, with ctrl-C.
var errCleared = errors.New("cleared")

// editor reads lines from a terminal: history with the arrows, completion with
// Tab. The terminal is its own from the first line of a statement until release.
type editor struct {
	con     console
	history *history
	words   *completer
	before  func() string // what stands on earlier lines of the statement

	input   *keys
	term    *term.Terminal
	restore func() error
}

func newEditor(con console, h *history, words *completer, before func() string) *editor {
	e := &editor{con: con, history: h, words: words, before: before, input: &keys{in: con.in}}
	e.reset()
	return e
}

// reset begins with an empty line.
func (e *editor) reset() {
	e.term = term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{e.input, e.con.out}, "")
	e.term.History = e.history
	e.term.AutoCompleteCallback = e.tab
}

// line is the next line, without its end. Errors: io.EOF when the user leaves,
// errCleared, and the context's.
func (e *editor) line(ctx context.Context, prompt string) (string, error) {
	if err := e.take(); err != nil {
		return "", err
	}
	e.term.SetPrompt(prompt)
	type result struct {
		text string
		err  error
	}
	read := make(chan result, 1)
	go func() {
		text, err := e.term.ReadLine()
		read <- result{text, err}
	}()
	select {
	case <-ctx.Done():
		return "", errors.Join(ctx.Err(), e.release())
	case r := <-read:
		if errors.Is(r.err, term.ErrPasteIndicator) {
			r.err = nil
		}
		if errors.Is(r.err, io.EOF) && e.input.interrupted() {
			_, err := io.WriteString(e.con.out, "^C\r\n")
			e.reset()
			return "", errors.Join(errCleared, err)
		}
		return r.text, r.err
	}
}

// take has the terminal give every key, and tells the editor its width.
func (e *editor) take() (err error) {
	if e.restore == nil && e.con.raw != nil {
		if e.restore, err = e.con.raw(); err != nil {
			return err
		}
		e.term.SetBracketedPasteMode(true)
	}
	if width := e.con.columns(); width > 0 {
		return e.term.SetSize(width, 24)
	}
	return nil
}

// release gives the terminal back, so that output and ctrl-C work as usual.
func (e *editor) release() error {
	if e.restore == nil {
		return nil
	}
	restore := e.restore
	e.restore = nil
	e.term.SetBracketedPasteMode(false)
	return restore()
}

// tab completes the word before the cursor, or shows what it could become.
func (e *editor) tab(line string, pos int, key rune) (newLine string, newPos int, ok bool) {
	if key != '\t' {
		return "", 0, false
	}
	newLine, newPos, options := e.words.complete(e.before(), line, pos)
	if len(options) > 1 {
		// What cannot be shown is not worth leaving the line for.
		_, _ = io.WriteString(e.term, wrapped(options, e.con.columns())+"\n")
	}
	return newLine, newPos, true
}

// wrapped sets words in lines of at most width characters.
func wrapped(words []string, width int) string {
	if width <= 0 {
		width = lineWidth
	}
	var b strings.Builder
	column := 0
	for _, w := range words {
		switch {
		case column == 0:
		case column+2+len(w) > width:
			b.WriteByte('\n')
			column = 0
		default:
			b.WriteString("  ")
			column += 2
		}
		b.WriteString(w)
		column += len(w)
	}
	return b.String()
}

// keys is the keyboard. It notices ctrl-C, which the editor takes for the end of
// input, and makes pasted tabs blanks, so that they do not complete anything.
type keys struct {
	in    io.Reader
	last  byte   // ctrlC when that ended what was read last
	tail  string // the last bytes read, as many as a mark of pasting has
	paste bool
}

const (
	ctrlC      = 3
	pasteStart = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
)

// Read is that of the keyboard.
func (k *keys) Read(b []byte) (int, error) {
	n, err := k.in.Read(b)
	k.last = 0
	for i, c := range b[:n] {
		k.tail += string(rune(c))
		if len(k.tail) > len(pasteStart) {
			k.tail = k.tail[len(k.tail)-len(pasteStart):]
		}
		switch {
		case k.tail == pasteStart:
			k.paste = true
		case k.tail == pasteEnd:
			k.paste = false
		case c == '\t' && k.paste:
			b[i] = ' '
		case c == ctrlC && !k.paste:
			k.last = c
			return i + 1, err // what was typed ahead goes with the line
		}
	}
	return n, err
}

func (k *keys) interrupted() bool { return k.last == ctrlC }
