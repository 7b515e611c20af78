package lake

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// op is one operation on the file system that a crash can fall before or after.
type op string

const (
	opCreate  op = "create"
	opWrite   op = "write" // a whole block of a file
	opSync    op = "sync"
	opRename  op = "rename"
	opRemove  op = "remove"
	opMkdir   op = "mkdir"
	opSyncDir op = "syncdir"
)

// observe announces an operation to tests that interrupt or record them.
func (l *Lake) observe(o op, path string) {
	if l.observer != nil {
		l.observer(o, path)
	}
}

// createTemp makes a new file in .tmp.
func (l *Lake) createTemp(name string) (*os.File, error) {
	l.state.Lock()
	defer l.state.Unlock()
	if l.lock == nil {
		return nil, os.ErrClosed
	}
	l.temp++
	path := filepath.Join(l.dir, tempDir, strconv.Itoa(l.temp)+"-"+name)
	l.observe(opCreate, path)
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
}

// replace writes a file so that it appears whole or not at all: into .tmp,
// synced, renamed over path, the directory synced. The caller holds l.mu.
func (l *Lake) replace(path string, write func(*os.File) error) error {
	f, err := l.createTemp(filepath.Base(path))
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	err = errors.Join(write(f), l.finish(f))
	if err == nil {
		err = l.install(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, errors.Join(err, l.remove(f.Name())))
	}
	return nil
}

// finish makes a file's content durable and closes it.
func (l *Lake) finish(f *os.File) error {
	l.observe(opWrite, f.Name())
	l.observe(opSync, f.Name())
	return errors.Join(f.Sync(), f.Close())
}

// install renames temp over path and makes the name durable.
func (l *Lake) install(temp, path string) error {
	dir := filepath.Dir(path)
	if _, err := os.Stat(dir); err != nil {
		if err := l.makeDirs(dir); err != nil {
			return err
		}
	}
	l.observe(opRename, path)
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	return l.syncDir(dir)
}

// makeDirs is MkdirAll whose directories survive a power cut.
func (l *Lake) makeDirs(dir string) error {
	l.observe(opMkdir, dir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	parent := filepath.Dir(dir)
	return errors.Join(l.syncDir(parent), l.syncDir(filepath.Dir(parent)))
}

// syncDir makes the names in dir durable.
func (l *Lake) syncDir(dir string) error {
	l.observe(opSyncDir, dir)
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// remove removes a file that may be gone already.
func (l *Lake) remove(path string) error {
	l.observe(opRemove, path)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
