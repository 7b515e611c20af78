package main

import (
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"
)

// console is everything that a command may know of the process it runs in.
type console struct {
	in       io.Reader
	out      io.Writer // the product, and nothing else
	err      io.Writer // everything else
	terminal bool      // err is a terminal: progress may be drawn
	prompt   bool      // in and out are a terminal: sql may ask
	noColor  bool
	width    func() int // columns of out, 0 when it is no terminal; nil is 0

	// raw takes line editing from the terminal of in until restore; nil where
	// there is none to take.
	raw        func() (restore func() error, err error)
	interrupts *interrupts // nil: an interrupt always ends the command
	getenv     func(string) string
	now        func() time.Time
}

// columns is the width of out when that is a terminal, else 0.
func (c console) columns() int {
	if c.width == nil {
		return 0
	}
	return c.width()
}

// interrupts are those of the keyboard. They end the command, unless a part of
// it takes them for the time being, as the prompt does for a running statement.
type interrupts struct {
	mu   sync.Mutex // guards take
	take func()
}

// during has take called instead of ending the command, until release.
func (i *interrupts) during(take func()) (release func()) {
	if i == nil {
		return func() {}
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.take = take
	return func() {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.take = nil
	}
}

// taken reports whether somebody took an interrupt that came now.
func (i *interrupts) taken() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.take == nil {
		return false
	}
	i.take()
	return true
}

// notef tells the user something that is not the product.
func (c console) notef(format string, args ...any) {
	fmt.Fprintf(c.err, "sizewise: "+format+"\n", args...)
}

// logger writes at the level that -v asks for: nothing but errors, then
// information, then everything. What a user must know is not left to the log.
func (c console) logger(verbose int, format string) *slog.Logger {
	level := slog.LevelError
	switch {
	case verbose >= 2:
		level = slog.LevelDebug
	case verbose == 1:
		level = slog.LevelInfo
	}
	o := &slog.HandlerOptions{Level: level}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(c.err, o))
	}
	return slog.New(slog.NewTextHandler(c.err, o))
}
