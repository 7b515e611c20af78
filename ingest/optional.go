package ingest

import "sizewise/ingest/cloudwatch"

// untold is the failure of a call that a pull can do without. In the ledger it is
// an answer without rows that says why, and not a pull that failed.
type untold struct{ err error }

// Error is that of the call.
func (u untold) Error() string { return u.err.Error() }

// Is makes it count as there being nothing.
func (u untold) Is(target error) bool { return target == cloudwatch.ErrNotFound }

// optional is err, or untold when the pull can do without the resource. What
// ends a run ends it here too.
func optional(r cloudwatch.Resource, err error) error {
	if err == nil || !r.Kind.Optional() || hopeless(err) {
		return err
	}
	return untold{err}
}
