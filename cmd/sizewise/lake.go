package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"sync"
	"time"

	"sizewise/ingest/lake"
)

// lazyLake is a lake that is made by the first thing that is written to it, so
// that a wrong name or an unreadable file leaves no empty lake behind. Ledger
// rows alone do not make one: they wait for data. A lake that is there already
// is opened, and locked, at once. Subjects are pulled side by side, so it may be
// used by several goroutines.
type lazyLake struct {
	mu   sync.Mutex // guards lake and held
	open func(context.Context) (*lake.Lake, error)
	lake *lake.Lake
	held []lake.Entry
}

// openLake opens or will make the lake of --lake.
func (a *app) openLake(ctx context.Context, now func() time.Time, wait time.Duration) (*lazyLake, error) {
	l := &lazyLake{open: func(ctx context.Context) (*lake.Lake, error) { return a.createLake(ctx, now, wait) }}
	if _, err := os.Stat(a.common.lake); errors.Is(err, os.ErrNotExist) {
		return l, nil
	}
	_, err := l.get(ctx)
	return l, err
}

// createLake opens the lake for writing and puts the catalogue in it.
func (a *app) createLake(ctx context.Context, now func() time.Time, wait time.Duration) (*lake.Lake, error) {
	l, err := lake.Create(ctx, lake.Options{
		Dir: a.common.lake, Now: now, Wait: wait, Command: a.command, Damaged: a.noteDamage,
	})
	var locked *lake.LockedError
	if errors.As(err, &locked) {
		return nil, fmt.Errorf("%w: wait for it with --wait 10m", err)
	}
	if err != nil {
		return nil, err
	}
	if err := l.PutCatalog(ctx, catalogRows()); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

func (l *lazyLake) get(ctx context.Context) (*lake.Lake, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lake != nil {
		return l.lake, nil
	}
	var err error
	if l.lake, err = l.open(ctx); err != nil {
		return nil, err
	}
	return l.lake, l.lake.Record(ctx, l.held...)
}

// opened is the lake when something was written to it, else nil.
func (l *lazyLake) opened() *lake.Lake {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lake
}

// Close gives the lock back, if the lake was opened.
func (l *lazyLake) Close() error {
	if l.lake == nil {
		return nil
	}
	return l.lake.Close()
}

// PutMetrics is that of lake.Lake.
func (l *lazyLake) PutMetrics(ctx context.Context, subject string, data []lake.SeriesPoints) (added, changed int64, err error) {
	w, err := l.get(ctx)
	if err != nil {
		return 0, 0, err
	}
	return w.PutMetrics(ctx, subject, data)
}

// PutLogs is that of lake.Lake.
func (l *lazyLake) PutLogs(ctx context.Context, group string, events []lake.Log) (int64, error) {
	w, err := l.get(ctx)
	if err != nil {
		return 0, err
	}
	return w.PutLogs(ctx, group, events)
}

// MergeLogs is that of lake.Lake.
func (l *lazyLake) MergeLogs(ctx context.Context, group string, batches iter.Seq[[]lake.Log]) (int64, error) {
	w, err := l.get(ctx)
	if err != nil {
		return 0, err
	}
	return w.MergeLogs(ctx, group, batches)
}

// PutResources is that of lake.Lake.
func (l *lazyLake) PutResources(ctx context.Context, subject string, rows []lake.Resource) error {
	w, err := l.get(ctx)
	if err != nil {
		return err
	}
	return w.PutResources(ctx, subject, rows)
}

// Record is that of lake.Lake.
func (l *lazyLake) Record(ctx context.Context, entries ...lake.Entry) error {
	l.mu.Lock()
	w := l.lake
	if w == nil {
		l.held = append(l.held, entries...)
	}
	l.mu.Unlock()
	if w == nil {
		return nil
	}
	return w.Record(ctx, entries...)
}

// Entries is that of lake.Lake; a lake that is not there has none.
func (l *lazyLake) Entries(ctx context.Context, subject string, start, end time.Time) ([]lake.Entry, error) {
	w := l.opened()
	if w == nil {
		return nil, nil
	}
	return w.Entries(ctx, subject, start, end)
}
