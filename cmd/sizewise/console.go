package main

import (
	"fmt"
	"io"
	"log/slog"
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
	getenv   func(string) string
	now      func() time.Time
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
