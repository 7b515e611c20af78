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
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var taken interrupts
	listen(cancel, &taken)
	// A reader that goes away is an error of writing, so that what was opened is
	// closed, and not a signal that kills.
	signal.Ignore(syscall.SIGPIPE)
	in, out := int(os.Stdin.Fd()), int(os.Stdout.Fd())
	return run(ctx, os.Args[1:], console{
		in:         os.Stdin,
		out:        pipe{os.Stdout},
		err:        os.Stderr,
		terminal:   term.IsTerminal(int(os.Stderr.Fd())),
		prompt:     term.IsTerminal(in) && term.IsTerminal(out),
		noColor:    os.Getenv("NO_COLOR") != "",
		width:      func() int { return terminalWidth(out) },
		raw:        func() (func() error, error) { return takeTerminal(in) },
		interrupts: &taken,
		getenv:     os.Getenv,
		now:        time.Now,
	})
}

// listen cancels at the first signal that nobody takes.
func listen(cancel func(), taken *interrupts) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		for s := range signals {
			if s == os.Interrupt && taken.taken() {
				continue
			}
			signal.Stop(signals)
			cancel()
			return
		}
	}()
}

// terminalWidth is 0 for a file that is no terminal or does not know.
func terminalWidth(fd int) int {
	width, _, err := term.GetSize(fd)
	if err != nil {
		return 0
	}
	return width
}

func takeTerminal(fd int) (restore func() error, err error) {
	state, err := term.MakeRaw(fd)
	if err != nil {
		return nil, err
	}
	return func() error { return term.Restore(fd, state) }, nil
}
