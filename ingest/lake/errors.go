package lake

import (
	"fmt"
	"time"
)

// LockedError says that another process is writing the lake, and which.
type LockedError struct {
	Dir     string
	PID     int       // 0 when the holder had not signed yet
	Command string    // as its Options said
	Since   time.Time // UTC
}

// Error names the holder, so that one can wait for it or stop it.
func (e *LockedError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("lake %s is being written by another process", e.Dir)
	}
	return fmt.Sprintf("lake %s is being written by pid %d (%s) since %s",
		e.Dir, e.PID, e.Command, e.Since.UTC().Format(time.RFC3339))
}

// FormatError says that the lake was made by a newer sizewise.
type FormatError struct {
	Dir    string
	Format int // what lake.json says
}

// Error says what to do about it.
func (e *FormatError) Error() string {
	return fmt.Sprintf("lake %s has format %d, this sizewise knows up to %d: upgrade sizewise, or use another --lake",
		e.Dir, e.Format, Format)
}

// NotLakeError says that the path holds something that is not a lake.
type NotLakeError struct {
	Dir string
	Why string
}

// Error says what was found and what to do.
func (e *NotLakeError) Error() string {
	return fmt.Sprintf("%s is not a lake: %s; use another --lake", e.Dir, e.Why)
}

// MissingError says that there is no lake yet.
type MissingError struct{ Dir string }

// Error says what makes one.
func (e *MissingError) Error() string {
	return fmt.Sprintf("no lake at %s: sizewise ingest or sizewise import makes one", e.Dir)
}

// readError says that a file of the lake cannot be read, or a part of it.
type readError struct {
	path  string
	cause error
}

// Error names the file and the cause.
func (e *readError) Error() string { return "reading " + e.path + ": " + e.cause.Error() }

// Unwrap is the cause.
func (e *readError) Unwrap() error { return e.cause }
