package main

import (
	"context"
	"errors"
	"io"
	"syscall"

	"sizewise/analyze/engine"
	"sizewise/ingest/lake"
)

// noteDamage tells of a file that was set aside, also under --quiet: data is
// missing until it is asked for again.
func (a *app) noteDamage(d lake.Damage) {
	a.con.notef("%s could not be read (%s): set aside as %s, and %s forgotten: the next ingest of that day asks again, what was imported needs importing again",
		clean(d.Path), oneLine(d.Cause), clean(d.Aside), count(d.Entries, "ledger row"))
}

// nameDamage names the file that a query stumbled over where the engine cannot.
func (a *app) nameDamage(ctx context.Context, err error) error {
	var damaged *engine.DamagedError
	if !errors.As(err, &damaged) || damaged.File != "" {
		return err
	}
	broken, lookErr := lake.Broken(ctx, a.common.lake)
	if lookErr != nil || len(broken) == 0 {
		return err
	}
	return &engine.DamagedError{File: broken[0], Why: damaged.Why}
}

// pipe is stdout. An error of writing to it whose cause is that nobody reads any
// more is a goneError, unlike that of a connection.
type pipe struct{ out io.Writer }

// Write is that of the stream; its error is goneError when nobody reads it.
func (p pipe) Write(b []byte) (int, error) {
	n, err := p.out.Write(b)
	if errors.Is(err, syscall.EPIPE) {
		err = goneError{}
	}
	return n, err
}

// goneError says that the reader of stdout has gone.
type goneError struct{}

// Error is never shown.
func (goneError) Error() string { return "nobody reads the output any more" }

// readerGone reports whether a command ended because its reader did, as with
// "| head": it has had what it wanted.
func readerGone(err error) bool {
	var gone goneError
	return errors.As(err, &gone)
}
