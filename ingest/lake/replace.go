package lake

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// replace writes a file so that it appears whole or not at all: into .tmp,
// synced, renamed over path, the directory synced. The caller holds l.mu.
func (l *Lake) replace(path string, write func(*os.File) error) error {
	if l.lock == nil {
		return fmt.Errorf("writing %s: %w", path, os.ErrClosed)
	}
	l.temp++
	temp := filepath.Join(l.dir, tempDir, strconv.Itoa(l.temp)+"-"+filepath.Base(path))
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	err = errors.Join(write(f), f.Sync(), f.Close())
	if err == nil {
		err = install(temp, path)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, errors.Join(err, removeIfThere(temp)))
	}
	return nil
}

// install renames temp over path and makes the name durable.
func install(temp, path string) error {
	dir := filepath.Dir(path)
	if _, err := os.Stat(dir); err != nil {
		if err := makeDirs(dir); err != nil {
			return err
		}
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	return syncDir(dir)
}

// makeDirs is MkdirAll whose directories survive a power cut.
func makeDirs(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	parent := filepath.Dir(dir)
	return errors.Join(syncDir(parent), syncDir(filepath.Dir(parent)))
}

// syncDir makes the names in dir durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
