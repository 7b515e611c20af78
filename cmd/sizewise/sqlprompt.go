package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"sizewise/analyze/engine"
)

// session answers statements and dot commands, from a prompt or a script.
type session struct {
	app    *app
	engine *engine.Engine
	output outputFlags
	limits limitFlags
	timing bool
	texts  splitter
	hidden bool // the statement began with a blank: as in a shell, it is not kept
	leave  bool // .quit was given

	mu   sync.Mutex // guards stop
	stop func()     // ends what runs; nil while nothing does
}

// errCancelled ends a statement that the user interrupted.
var errCancelled = errors.New("cancelled")

// ask is the prompt.
func (a *app) ask(ctx context.Context, e *engine.Engine, f outputFlags, l limitFlags, keep bool) (err error) {
	path := ""
	if keep {
		path = historyPath(a.con.getenv)
	}
	h, err := openHistory(path)
	if err != nil {
		a.con.notef("%s", oneLine(err.Error()))
	}
	words, err := newCompleter()
	if err != nil {
		return err
	}
	s := &session{app: a, engine: e, output: f, limits: l, timing: true}
	edit := newEditor(a.con, h, words, func() string { return s.texts.text.String() })
	defer func() { err = errors.Join(err, edit.release()) }()
	// All the time: an interrupt that comes a moment late must not end the session.
	defer a.con.interrupts.during(s.interrupt)()
	fmt.Fprintf(a.con.out, "%s: end a statement with ; and leave with ctrl-D. .help says more.\n", clean(a.common.lake))
	for !s.leave {
		prompt := "sql> "
		if s.texts.begun() {
			prompt = "...> "
		}
		line, err := edit.line(ctx, prompt)
		switch {
		case errors.Is(err, errCleared):
			s.texts = splitter{}
			continue
		case errors.Is(err, io.EOF):
			_, err := io.WriteString(a.con.out, "\r\n")
			return err
		case err != nil:
			return err
		}
		if err := s.take(ctx, edit, h, line); err != nil {
			return err
		}
	}
	return nil
}

// take runs what a line completes. An error of a statement is said, and only one
// of the terminal or the context is returned.
func (s *session) take(ctx context.Context, edit *editor, h *history, line string) error {
	var todo []func(context.Context) error
	if !s.texts.begun() {
		line = plainWord(line)
	}
	if !s.texts.begun() && strings.HasPrefix(strings.TrimSpace(line), ".") {
		todo = append(todo, func(ctx context.Context) error { return s.command(ctx, strings.TrimSpace(line)) })
		s.note(h.remember(strings.TrimRight(line, " ")))
	} else {
		if !s.texts.begun() {
			s.hidden = strings.HasPrefix(line, " ")
		}
		for _, done := range s.texts.add(line + "\n") {
			todo = append(todo, func(ctx context.Context) error { return s.run(ctx, done.text) })
			kept := done.flat + ";"
			if s.hidden {
				kept = ""
			}
			s.note(h.remember(kept))
		}
	}
	if len(todo) == 0 {
		return nil
	}
	if err := edit.release(); err != nil {
		return err
	}
	for _, do := range todo {
		s.note(s.interruptible(ctx, do))
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// plainWord makes the command of a word that other prompts know.
func plainWord(line string) string {
	switch word := strings.TrimSuffix(strings.TrimSpace(line), ";"); word {
	case "exit", "quit", `\q`:
		return ".quit"
	case "help", "?", `\?`:
		return ".help"
	default:
		return line
	}
}

// interruptible lets an interrupt end what do does, and not the session.
func (s *session) interruptible(ctx context.Context, do func(context.Context) error) error {
	inner, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s.running(func() { cancel(errCancelled) })
	defer s.running(nil)
	err := do(inner)
	if err != nil && ctx.Err() == nil && inner.Err() != nil {
		return errCancelled
	}
	return err
}

func (s *session) running(stop func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stop = stop
}

// interrupt ends what runs, if anything does.
func (s *session) interrupt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stop != nil {
		s.stop()
	}
}

// note says an error, with its lines: the engine draws an arrow under the place.
func (s *session) note(err error) {
	if err == nil {
		return
	}
	if errors.Is(err, errCancelled) {
		fmt.Fprintln(s.app.con.err) // after the ^C that the terminal shows
	}
	lines := strings.Split(strings.TrimRight(err.Error(), "\n"), "\n")
	s.app.con.notef("%s", clean(lines[0]))
	for _, line := range lines[1:] {
		fmt.Fprintln(s.app.con.err, clean(line))
	}
}

// script runs statements and dot commands, one after the other, until one fails.
func (a *app) script(ctx context.Context, e *engine.Engine, text string, f outputFlags, l limitFlags) error {
	s := &session{app: a, engine: e, output: f, limits: l}
	var all []statement
	for line := range strings.Lines(text) {
		if !s.texts.begun() && strings.HasPrefix(strings.TrimSpace(line), ".") {
			all = append(all, statement{text: strings.TrimSpace(line)})
			continue
		}
		all = append(all, s.texts.add(line)...)
	}
	all = append(all, s.texts.rest()...)
	switch {
	case len(all) == 0:
		return usagef(`for example sizewise sql "SELECT * FROM metrics LIMIT 5"`, "no statement given")
	case len(all) > 1 && f.out != "":
		return usagef("a file holds the rows of one", "--out with %d statements", len(all))
	}
	for _, one := range all {
		run := s.run
		if strings.HasPrefix(one.text, ".") {
			run = s.command
		}
		if err := run(ctx, one.text); err != nil || s.leave {
			return err
		}
	}
	return nil
}

// run runs one statement to its deadline and writes its rows.
func (s *session) run(ctx context.Context, text string) error {
	return s.timed(ctx, "statement", func(ctx context.Context) (int64, error) {
		if s.output.format == "parquet" {
			return 0, s.engine.WriteParquet(ctx, text, s.output.out)
		}
		rows, err := s.engine.SQL(ctx, strings.TrimSpace(text)) // so that LINE 1 of an error is the first
		if err != nil {
			return 0, knownTables(err)
		}
		return s.app.writeRows(rows, s.output)
	})
}

// timed runs do until the deadline, and says how long it took where that is wanted.
func (s *session) timed(ctx context.Context, what string, do func(context.Context) (int64, error)) error {
	ctx, cancel := context.WithTimeoutCause(ctx, s.limits.timeout, fmt.Errorf("the %s took longer than --timeout %s", what, s.limits.timeout))
	defer cancel()
	began := s.app.con.now()
	n, err := do(ctx)
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return context.Cause(ctx)
	}
	if err == nil && s.timing && !s.app.common.quiet {
		fmt.Fprintf(s.app.con.err, "%s, %.3f s\n", count(n, "row"), s.app.con.now().Sub(began).Round(time.Millisecond).Seconds())
	}
	return err
}
