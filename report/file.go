package report

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// writeFile makes a file appear whole: it is written beside its place, synced,
// and renamed. After an error nothing is left behind.
func writeFile(dir, name string, data []byte) (err error) {
	f, err := os.CreateTemp(dir, "."+name+".*")
	if err != nil {
		return fmt.Errorf("creating %s: %w", name, err)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("writing %s: %w", filepath.Join(dir, name), errors.Join(err, os.Remove(f.Name())))
		}
	}()
	if err = fill(f, data); err != nil {
		return err
	}
	return os.Rename(f.Name(), filepath.Join(dir, name))
}

// fill puts data on disk and closes f.
func fill(f *os.File, data []byte) error {
	_, err := f.Write(data)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
