package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// WriteParquet runs one ad hoc statement and writes its rows to a Parquet file
// at path, which appears whole or not at all. Errors are those of [Engine.SQL];
// EXPLAIN is refused, and so is a path within the lake, where the file would
// become part of the data.
//
// It does not open the sandbox of e: a second engine over the same lake runs
// the statement, with one more file that it may touch, the temporary file
// beside path, which is made empty just before. The statement passes the same
// gate, so it cannot name a COPY of its own, and reaches DuckDB as a string
// literal inside query(...), which takes a single SELECT: no text of the user
// becomes part of the COPY statement.
func (e *Engine) WriteParquet(ctx context.Context, text, path string) (err error) {
	dir, err := realDir(path)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if within, err := filepath.Rel(e.lake, dir); err == nil && filepath.IsLocal(within) {
		return &RefusedError{Why: path + " is within the lake"}
	}
	temp, err := emptyFile(dir)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(temp))
		}
	}()
	if err := e.copyTo(ctx, text, temp); err != nil {
		return err
	}
	if err := syncFile(temp); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if err := os.Rename(temp, path); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// realDir is the absolute directory of path, links resolved, as the sandbox
// compares it.
func realDir(path string) (string, error) {
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(dir)
}

// emptyFile makes an empty file in dir, under a name that no glob for Parquet
// matches.
func emptyFile(dir string) (string, error) {
	f, err := os.CreateTemp(dir, ".sizewise-*.tmp")
	if err != nil {
		return "", err
	}
	if err := errors.Join(f.Chmod(0o644), f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// copyTo writes the rows of text to the file temp.
func (e *Engine) copyTo(ctx context.Context, text, temp string) (err error) {
	writer, err := open(ctx, e.options, temp)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, writer.Close()) }()
	if explainForm.MatchString(text) {
		return &RefusedError{Why: "EXPLAIN has no rows to write"}
	}
	if _, err := writer.gate(ctx, text); err != nil {
		return err
	}
	statement := "COPY (SELECT * FROM query(" + literal(text) + ")) TO " + literal(temp) +
		" (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, USE_TMP_FILE false)"
	if _, err := writer.conn.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("writing Parquet: %w", writer.explain(err))
	}
	return nil
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
