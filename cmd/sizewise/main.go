package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/term"
)

func main() {
	os.Exit(realMain())
}

// realMain gives run the process: arguments, streams, clock and signals. The
// first interrupt cancels the context, so that what is half done is removed;
// the second one kills, since the default action is restored.
func realMain() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A reader that goes away is an error of writing, so that what was opened is
	// closed, and not a signal that kills.
	signal.Ignore(syscall.SIGPIPE)
	context.AfterFunc(ctx, stop)
	return run(ctx, os.Args[1:], console{
		in:       os.Stdin,
		out:      pipe{os.Stdout},
		err:      os.Stderr,
		terminal: term.IsTerminal(int(os.Stderr.Fd())),
		prompt:   term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stdout.Fd())),
		noColor:  os.Getenv("NO_COLOR") != "",
		getenv:   os.Getenv,
		now:      time.Now,
	})
}
