package lake

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// damagedDir keeps files that could not be read, outside of what queries read.
const damagedDir = ".damaged"

// Damage is a file of the lake that could not be read when something was to be
// written to it. It is kept in LAKE/.damaged, and the lake goes on without it.
type Damage struct {
	Path    string `json:"path"`    // where it was, relative to the lake
	Aside   string `json:"aside"`   // where it is now, relative to the lake
	Cause   string `json:"cause"`   // why it could not be read
	Entries int64  `json:"entries"` // ledger rows that vouched for it and are gone, so that their windows are asked for again
}

// damageOf is what is wrong with a file as such, nil where err is something else:
// a file that may not be opened is not damaged.
func damageOf(err error, path string) error {
	var read *readError
	var system *fs.PathError
	if !errors.As(err, &read) || read.path != path || errors.As(read.cause, &system) {
		return nil
	}
	return read.cause
}

// mend calls merge, which reads and writes the file at path. Where the file is
// damaged it is set aside, and merge finds none. The caller holds l.mu.
func (l *Lake) mend(ctx context.Context, dataset, path string, merge func() error) error {
	if _, err := checkSum(path); errors.Is(err, errSum) {
		if err := l.shelve(ctx, dataset, path, err); err != nil {
			return err
		}
	}
	err := merge()
	cause := damageOf(err, path)
	if cause == nil {
		return err
	}
	if err := l.shelve(ctx, dataset, path, cause); err != nil {
		return err
	}
	return merge()
}

// shelve sets a damaged file aside. The ledger rows that vouch for it go first,
// so that a crash in between leaves a file that is found damaged again, and never
// a row that vouches for nothing. The caller holds l.mu.
func (l *Lake) shelve(ctx context.Context, dataset, path string, cause error) error {
	d := Damage{Path: l.relative(path), Cause: cause.Error()}
	if dataset != "ledger" {
		var err error
		if d.Entries, err = l.disown(ctx, dataset, path); err != nil {
			return fmt.Errorf("setting %s aside: %w", d.Path, err)
		}
	}
	aside, err := l.aside(d.Path)
	if err == nil {
		err = errors.Join(l.install(path, aside), l.syncDir(filepath.Dir(path)))
	}
	if err != nil {
		return fmt.Errorf("setting %s aside: %w", d.Path, err)
	}
	d.Aside = l.relative(aside)
	if l.damaged != nil {
		l.damaged(d)
	}
	return nil
}

// aside is a path in damagedDir that is free.
func (l *Lake) aside(relative string) (string, error) {
	base := filepath.Join(l.dir, damagedDir, strings.ReplaceAll(relative, "/", "-"))
	for n := 0; ; n++ {
		path := base
		if n > 0 {
			path += "." + strconv.Itoa(n)
		}
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			return path, nil
		} else if err != nil {
			return "", err
		}
	}
}

// disown drops the ledger rows that vouch for rows of a day's file, and says how
// many they were.
func (l *Lake) disown(ctx context.Context, dataset, path string) (dropped int64, err error) {
	day, err := time.Parse("dt="+time.DateOnly, filepath.Base(filepath.Dir(path)))
	if err != nil {
		return 0, nil //nolint:nilerr // a directory of another name is no day's: nothing vouches for it
	}
	name := filepath.Base(path)
	vouches := func(e *Entry) bool {
		if !concerns(e, dataset, name) {
			return false
		}
		if e.Start.IsZero() || e.End.IsZero() {
			return dataset == "resources"
		}
		return touches(*e, day, day.AddDate(0, 0, 1))
	}
	ledgers, err := dayFiles(l.dir, "ledger")
	if err != nil {
		return 0, err
	}
	for _, ledger := range ledgers {
		if dataset != "logs" && filepath.Base(ledger) != name {
			continue // of another subject
		}
		n, err := l.strike(ctx, ledger, vouches)
		if cause := damageOf(err, ledger); cause != nil {
			err = l.shelve(ctx, "ledger", ledger, cause)
		}
		if err != nil {
			return dropped, err
		}
		dropped += n
	}
	return dropped, nil
}

// concerns reports whether a ledger row speaks of what the file of a dataset and
// name holds. The requests of an access log come with its events.
func concerns(e *Entry, dataset, name string) bool {
	switch dataset {
	case "logs":
		return e.Dataset == dataset && fileName(groupOf(e)) == name
	case "requests":
		return (e.Dataset == dataset || e.Dataset == "logs") && fileName(e.Subject) == name
	default:
		return e.Dataset == dataset && fileName(e.Subject) == name
	}
}

// groupOf is the log group that a ledger row of logs is about.
func groupOf(e *Entry) string {
	group, _, _ := strings.Cut(e.Scope, "?prefix=")
	return group
}

// strike removes rows from a ledger file, and the file when none is left.
func (l *Lake) strike(ctx context.Context, path string, goes func(*Entry) bool) (gone int64, err error) {
	left, t := 0, ledgerTable()
	err = scan(ctx, t, path, everything(), func(e *Entry) error {
		if goes(e) {
			gone++
		} else {
			left++
		}
		return nil
	})
	if err != nil || gone == 0 {
		return 0, err
	}
	if left == 0 {
		return gone, errors.Join(l.remove(path), l.tidy(filepath.Dir(path)))
	}
	return gone, l.replace(path, func(f *os.File) error {
		w, err := newRowWriter(f, t, left, l.mem)
		if err != nil {
			return err
		}
		err = scan(ctx, t, path, everything(), func(e *Entry) error {
			if goes(e) {
				return nil
			}
			return w.add(e)
		})
		return errors.Join(err, w.close())
	})
}

// backed leaves out the rows that vouch for data that is gone or cannot be read,
// as far as the footers of its files tell.
func (l *Lake) backed(entries []Entry) []Entry {
	states := map[string]fileState{}
	out := entries[:0]
	for _, e := range entries {
		if e.Status != Complete || e.Rows == 0 || e.Start.IsZero() || e.End.IsZero() || l.holds(&e, states) {
			out = append(out, e)
		}
	}
	return out
}

// fileState is what is known of a file.
type fileState int

const (
	unseen fileState = iota
	absent
	broken
	whole
)

// holds reports whether all files of a row's days can be read and at least one
// is there.
func (l *Lake) holds(e *Entry, states map[string]fileState) bool {
	key := e.Subject
	switch e.Dataset {
	case "metrics", "requests":
	case "logs":
		key = groupOf(e)
	default:
		return true
	}
	found := false
	last := max(e.Start.UnixMicro(), e.End.UnixMicro()-1) / dayMicros
	for day := e.Start.UnixMicro() / dayMicros; day <= last; day++ {
		path := l.dayPath(e.Dataset, day, key)
		if states[path] == unseen {
			states[path] = stateOf(path, e.Dataset)
		}
		if states[path] == broken {
			return false
		}
		found = found || states[path] == whole
	}
	return found
}

// stateOf looks at the footer of a file.
func stateOf(path, dataset string) fileState {
	_, err := readFooter(path, dataset)
	var system *fs.PathError
	switch {
	case err == nil:
		return whole
	case errors.Is(err, fs.ErrNotExist):
		return absent
	case errors.As(err, &system):
		return whole // it is not the file that is at fault
	default:
		return broken
	}
}
