package files

import (
	"fmt"
)

// Malformed is a record that could not be read and was skipped.
type Malformed struct {
	File   string `json:"file"`
	Line   int64  `json:"line"`   // where it starts, from 1, after decompression
	Offset int64  `json:"offset"` // byte where it starts, from 0, after decompression
	Reason string `json:"reason"`
}

// String is file:line: reason.
func (m *Malformed) String() string {
	return fmt.Sprintf("%s:%d: %s", m.File, m.Line, m.Reason)
}

// FileError says why a file could not be read to its end, and what was kept.
type FileError struct {
	File string
	Kept int64 // metric points, log events and Describe documents read before
	Err  error
}

// Error names the file, the cause and how much was kept.
func (e *FileError) Error() string {
	if e.Kept == 0 {
		return fmt.Sprintf("reading %s: %v", e.File, e.Err)
	}
	if e.Kept == 1 {
		return fmt.Sprintf("reading %s: %v (1 record before it is kept)", e.File, e.Err)
	}
	return fmt.Sprintf("reading %s: %v (%d records before it are kept)", e.File, e.Err, e.Kept)
}

// Unwrap is the cause.
func (e *FileError) Unwrap() error { return e.Err }

// ShapeError says that a file has none of the known shapes.
type ShapeError struct {
	Found   string // what the first document is like
	Foreign bool   // it is not damaged, but something else: text, an image, or JSON of another shape
}

// Error says what was found and where it stands what would be read.
func (e *ShapeError) Error() string {
	return e.Found + "; docs/import.md names the formats that are read"
}

// LimitError says that a file unpacks to more than it may.
type LimitError struct {
	What  string // what was exceeded
	Limit int64
}

// Error names the limit.
func (e *LimitError) Error() string {
	return fmt.Sprintf("unpacks to more than %d %s: refused as a decompression bomb", e.Limit, e.What)
}

// size prints a limit in the unit that it was set in.
func size(bytes int) string {
	if bytes >= 1<<20 && bytes%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%d bytes", bytes)
}
