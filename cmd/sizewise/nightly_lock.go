package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// nightLock is what the one nightly of a directory of reports leaves in its
// lock file for others to read. The lock is the flock: who died holds nothing.
type nightLock struct {
	PID     int       `json:"pid"`
	Command string    `json:"command"`
	Since   time.Time `json:"since"`
}

// lockReports makes the directory and takes its lock, which lasts until the
// file is closed.
func lockReports(dir, command string, now time.Time) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("making the directory of reports: %w", err)
	}
	path := filepath.Join(dir, ".lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("opening the lock of %s: %w", dir, err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err != nil {
		defer f.Close() //nolint:errcheck // nothing was written
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("locking %s: %w", dir, err)
		}
		return nil, nightHeldBy(dir, path)
	}
	text, err := json.Marshal(nightLock{PID: os.Getpid(), Command: command, Since: now.UTC()})
	if err == nil {
		err = f.Truncate(0)
	}
	if err == nil {
		_, err = f.WriteAt(append(text, '\n'), 0)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("signing the lock of %s: %w", dir, err), f.Close())
	}
	return f, nil
}

func nightHeldBy(dir, path string) error {
	var l nightLock
	text, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(text, &l) != nil {
		return fmt.Errorf("another nightly is at work in %s: it goes on, this one ends", dir)
	}
	return fmt.Errorf("another nightly is at work in %s: %s, process %d, since %s: it goes on, this one ends", dir, l.Command, l.PID, show(l.Since))
}
