package lake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/apache/arrow-go/v18/arrow/memory"
)

// Format is the version of the layout that this package reads and writes.
const Format = 1

// Options of Create.
type Options struct {
	Dir     string           // the lake's directory, made when it is not there
	Now     func() time.Time // required; stamps fetched_at and the lock
	Wait    time.Duration    // how long to wait for another writer; 0 fails at once
	Command string           // shown to whoever finds the lake locked, for example "sizewise ingest"
	Damaged func(Damage)     // if there is one, told of every file that is set aside; called by one goroutine at a time
}

// Lake is an open lake with this process as its one writer. Its methods may be
// called from several goroutines; writes happen one after the other.
type Lake struct {
	dir string
	now func() time.Time
	mem memory.Allocator // of writers

	damaged func(Damage) // may be nil; called while mu is held

	mu sync.Mutex // held while files of datasets are changed

	state sync.Mutex // of the two that follow
	lock  *os.File   // nil once closed
	temp  int        // numbers the files in .tmp

	limits   limits
	observer func(op, string) // of tests: told of every operation before it happens
}

// Create opens the lake at o.Dir for writing, making it when it is not there.
// It takes the writer's lock and removes what a crashed writer left in .tmp.
//
// Errors: *LockedError when another process writes the lake, *FormatError when
// a newer sizewise made it, *NotLakeError when o.Dir holds something else.
func Create(ctx context.Context, o Options) (*Lake, error) { return create(ctx, o, nil) }

// create is Create with an observer of what it does to the file system.
func create(ctx context.Context, o Options, observer func(op, string)) (*Lake, error) {
	if o.Now == nil {
		return nil, errors.New("opening lake: options have no clock")
	}
	if err := Check(o.Dir); err != nil && !isMissing(err) {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(o.Dir, tempDir), 0o755); err != nil {
		return nil, fmt.Errorf("making lake %s: %w", o.Dir, err)
	}
	lock, err := acquire(ctx, o)
	if err != nil {
		return nil, err
	}
	l := &Lake{dir: o.Dir, now: o.Now, lock: lock, mem: memory.DefaultAllocator, damaged: o.Damaged, limits: defaultLimits(), observer: observer}
	if err := l.prepare(); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return l, nil
}

// prepare brings a locked lake into order: interrupted changes completed, no
// leftovers, a lake.json.
func (l *Lake) prepare() error {
	if err := l.recoverIntent(); err != nil {
		return err
	}
	temp := filepath.Join(l.dir, tempDir)
	left, err := os.ReadDir(temp)
	if err != nil {
		return fmt.Errorf("looking for leftovers: %w", err)
	}
	for _, e := range left {
		l.observe(opRemove, filepath.Join(temp, e.Name()))
		if err := os.RemoveAll(filepath.Join(temp, e.Name())); err != nil {
			return fmt.Errorf("removing leftover: %w", err)
		}
	}
	err = Check(l.dir)
	if !isMissing(err) {
		return err
	}
	return l.replace(filepath.Join(l.dir, formatFile), func(w *os.File) error {
		_, err := fmt.Fprintf(w, "{\"format\":%d}\n", Format)
		return err
	})
}

// Close gives the lock back. The lake's files are complete at any time; Close
// writes nothing.
func (l *Lake) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state.Lock()
	defer l.state.Unlock()
	if l.lock == nil {
		return nil
	}
	err := release(l.lock)
	l.lock = nil
	if err != nil {
		return fmt.Errorf("unlocking lake %s: %w", l.dir, err)
	}
	return nil
}

// Dir is the directory that the lake was opened at.
func (l *Lake) Dir() string { return l.dir }

// Check tells whether a lake that this version can read is at dir, without
// locking it.
//
// Errors: *MissingError when nothing is there, *FormatError when a newer
// sizewise made it, *NotLakeError when dir holds something else.
func Check(dir string) error {
	data, err := os.ReadFile(filepath.Join(dir, formatFile))
	if errors.Is(err, fs.ErrNotExist) {
		return checkVacant(dir)
	}
	if err != nil {
		return checkNotLake(dir, err)
	}
	var header struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(data, &header); err != nil || header.Format < 1 {
		return &NotLakeError{Dir: dir, Why: formatFile + " is not {\"format\":1}"}
	}
	if header.Format > Format {
		return &FormatError{Dir: dir, Format: header.Format}
	}
	return nil
}

// checkVacant decides between nothing there and something else there. Files
// that start with a dot are not counted: a crash right after the first mkdir
// leaves .tmp and .lock.
func checkVacant(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return &MissingError{Dir: dir}
	}
	if err != nil {
		return checkNotLake(dir, err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			return &NotLakeError{Dir: dir, Why: fmt.Sprintf("it has no %s and holds %s", formatFile, e.Name())}
		}
	}
	return &MissingError{Dir: dir}
}

// checkNotLake turns the error of looking into dir into what is wrong with dir.
func checkNotLake(dir string, cause error) error {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return &NotLakeError{Dir: dir, Why: "it is a file, not a directory"}
	}
	return fmt.Errorf("looking at lake %s: %w", dir, cause)
}

// isMissing reports whether err says that there is no lake yet.
func isMissing(err error) bool {
	var missing *MissingError
	return errors.As(err, &missing)
}
