package lake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// lockPoll is how often a waiting writer tries again.
const lockPoll = 50 * time.Millisecond

// holder is what the writer leaves in the lock file for others to read. The
// lock itself is the flock: a holder that died holds nothing.
type holder struct {
	PID     int       `json:"pid"`
	Command string    `json:"command"`
	Since   time.Time `json:"since"`
}

// acquire takes the writer's lock of the lake, waiting up to o.Wait.
func acquire(ctx context.Context, o Options) (*os.File, error) {
	path := filepath.Join(o.Dir, lockFile)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("opening the lock of lake %s: %w", o.Dir, err)
	}
	if err := waitFlock(ctx, f, o.Wait); err != nil {
		defer f.Close() //nolint:errcheck // nothing was written
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("locking lake %s: %w", o.Dir, err)
		}
		return nil, lockedBy(o.Dir, path)
	}
	if err := sign(f, o); err != nil {
		return nil, errors.Join(fmt.Errorf("signing the lock of lake %s: %w", o.Dir, err), f.Close())
	}
	return f, nil
}

// waitFlock returns EWOULDBLOCK when the lock is still held after wait.
func waitFlock(ctx context.Context, f *os.File, wait time.Duration) error {
	deadline := time.NewTimer(wait)
	defer deadline.Stop()
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) || wait <= 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-deadline.C:
			return err
		case <-time.After(lockPoll):
		}
	}
}

// sign writes who holds the lock into it.
func sign(f *os.File, o Options) error {
	command := o.Command
	if command == "" {
		command = "sizewise"
	}
	data, err := json.Marshal(holder{PID: os.Getpid(), Command: command, Since: o.Now().UTC()})
	if err != nil {
		return err
	}
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err = f.WriteAt(append(data, '\n'), 0)
	return err
}

// release unsigns and unlocks. Closing the file drops the flock.
func release(f *os.File) error {
	return errors.Join(f.Truncate(0), f.Close())
}

// lockedBy reads the holder's signature.
func lockedBy(dir, path string) *LockedError {
	locked := &LockedError{Dir: dir}
	var h holder
	data, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(data, &h) != nil {
		return locked
	}
	locked.PID, locked.Command, locked.Since = h.PID, h.Command, h.Since
	return locked
}
