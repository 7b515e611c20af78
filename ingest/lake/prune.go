package lake

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// PruneOptions say what Prune removes.
type PruneOptions struct {
	Before   time.Time // days that end by then; required
	Datasets []string  // metrics, logs, requests, resources; none means all
	Subjects []string  // kind/name; none means all
}

// Pruned is what Prune removed.
type Pruned struct {
	Files   int   `json:"files"` // removed whole
	Rows    int64 `json:"rows"`  // of data
	Bytes   int64 `json:"bytes"` // of the files that are gone or smaller now
	Entries int64 `json:"entries"`
}

// Prune removes whole UTC days that are over by o.Before, for good. The ledger
// rows of chunks that begin in those days go with them, first, so that a later
// ingest of such a window asks again instead of taking it for pulled. It happens
// as a whole, also when it is interrupted.
//
// Errors: an unknown dataset; a file that must be read to be pruned in part and
// cannot be. Nothing has changed then.
func (l *Lake) Prune(ctx context.Context, o PruneOptions) (Pruned, error) {
	if o.Before.IsZero() {
		return Pruned{}, errors.New("pruning: no date to prune before")
	}
	for _, name := range o.Datasets {
		if name == "ledger" || !slices.Contains(datasets(), name) {
			return Pruned{}, fmt.Errorf("pruning: there is no dataset %q; use metrics, logs, requests or resources", name)
		}
	}
	if len(o.Datasets) == 0 {
		o.Datasets = []string{"metrics", "logs", "requests", "resources"}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	p := &pruner{ctx: ctx, l: l, o: o, c: &change{l: l, intent: intent{Command: "prune"}}}
	if err := p.all(); err != nil {
		return Pruned{}, errors.Join(fmt.Errorf("pruning: %w", err), p.c.drop())
	}
	return p.done, p.c.commit()
}

type pruner struct {
	ctx  context.Context
	l    *Lake
	o    PruneOptions
	c    *change
	done Pruned
}

// all collects the change, ledger first.
func (p *pruner) all() error {
	end := dayDir(p.o.Before.UTC().Unix() / (24 * 60 * 60))
	for _, name := range append([]string{"ledger"}, p.o.Datasets...) {
		paths, err := dayFiles(p.l.dir, name)
		if err != nil {
			return err
		}
		for _, path := range paths {
			if filepath.Base(filepath.Dir(path)) >= end {
				continue
			}
			if err := errors.Join(p.ctx.Err(), p.file(name, path)); err != nil {
				return err
			}
		}
	}
	return nil
}

// file prunes one file of a day that goes.
func (p *pruner) file(dataset, path string) error {
	switch {
	case dataset == "ledger":
		gone, left, err := pruneRows(p, ledgerTable(), path, func(e *Entry) bool {
			return slices.Contains(p.o.Datasets, e.Dataset) && p.of(e.Subject)
		})
		if cause := damageOf(err, path); cause != nil {
			return p.l.shelve(p.ctx, dataset, path, cause)
		}
		p.done.Entries += gone
		return errors.Join(err, p.gone(path, gone, left))
	case len(p.o.Subjects) == 0:
		return p.whole(path, dataset)
	case dataset == "logs":
		gone, left, err := pruneRows(p, logTable(), path, func(r *Log) bool { return p.of(r.Subject) })
		p.done.Rows += gone
		return errors.Join(err, p.gone(path, gone, left))
	}
	// The other datasets have a file of its own for every subject.
	if slices.ContainsFunc(p.o.Subjects, func(s string) bool { return fileName(s) == filepath.Base(path) }) {
		return p.whole(path, dataset)
	}
	return nil
}

// of reports whether a subject is to be pruned.
func (p *pruner) of(subject string) bool {
	return len(p.o.Subjects) == 0 || slices.Contains(p.o.Subjects, subject)
}

// whole removes a file, readable or not.
func (p *pruner) whole(path, dataset string) error {
	if foot, err := readFooter(path, dataset); err == nil {
		p.done.Rows += foot.rows
	}
	return p.gone(path, 1, 0)
}

// gone counts a file of which so many rows go and stay, and removes it when none
// stays.
func (p *pruner) gone(path string, gone, left int64) error {
	if gone == 0 {
		return nil
	}
	at, err := os.Stat(path)
	if err != nil {
		return err
	}
	p.done.Bytes += at.Size()
	if left == 0 {
		p.done.Files++
		p.c.remove(path)
		return nil
	}
	staged := p.c.intent.Rename[len(p.c.intent.Rename)-1][0]
	if at, err = os.Stat(filepath.Join(p.l.dir, staged)); err != nil {
		return err
	}
	p.done.Bytes -= at.Size()
	return nil
}

// pruneRows stages path without the rows that go, if some go and some stay.
func pruneRows[R any](p *pruner, t table[R], path string, goes func(*R) bool) (gone, left int64, err error) {
	err = scan(p.ctx, t, path, everything(), func(r *R) error {
		if goes(r) {
			gone++
		} else {
			left++
		}
		return nil
	})
	if err != nil || gone == 0 || left == 0 {
		return gone, left, err
	}
	return gone, left, p.c.stage(path, func(f *os.File) error {
		w, err := newRowWriter(f, t, int(left), p.l.mem)
		if err != nil {
			return err
		}
		err = scan(p.ctx, t, path, everything(), func(r *R) error {
			if goes(r) {
				return nil
			}
			return w.add(r)
		})
		return errors.Join(err, w.close())
	})
}
