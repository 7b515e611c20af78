package ingest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
	"sizewise/ingest/subject"
)

// UnknownError says that nothing in the account and region bears the subject's
// name: SageMaker does not know it, no metric has points in the window, and
// there are no log events. Nothing was written.
type UnknownError struct {
	Subject  subject.Subject
	Region   string
	Account  string   // "" when no answer named it
	Variants []string // the endpoint's, when only the variant is unknown
}

// Error says what was looked for and where.
func (e *UnknownError) Error() string {
	where := e.Region
	if e.Account != "" {
		where += " (account " + e.Account + ")"
	}
	if len(e.Variants) > 0 {
		return fmt.Sprintf("endpoint %s in %s has no variant %s: it has %s",
			e.Subject.Name, where, e.Subject.Variant, strings.Join(e.Variants, ", "))
	}
	if e.Subject.Kind == subject.CloudWatch {
		return fmt.Sprintf("no CloudWatch metrics of %s in %s: check namespace and dimensions, --region and --profile", e.Subject.Name, where)
	}
	return fmt.Sprintf("no %s named %s in %s: check the name, --region and --profile", noun(e.Subject.Kind), e.Subject.Name, where)
}

// noun is what SageMaker calls a kind of subject.
func noun(k subject.Kind) string {
	switch k {
	case subject.Component:
		return "inference component"
	case subject.Training:
		return "training job"
	case subject.Processing:
		return "processing job"
	case subject.Transform:
		return "transform job"
	case subject.Recommender:
		return "inference recommender job"
	case subject.FeatureGroup:
		return "feature group"
	case subject.Labeling:
		return "labeling job"
	case subject.Monitor:
		return "monitoring schedule"
	case subject.Notebook:
		return "notebook instance"
	default:
		return string(k)
	}
}

// TargetError says that one of several targets could not be asked. The others
// were.
type TargetError struct {
	Target string // its name
	Err    error
}

// Error names the target.
func (e *TargetError) Error() string { return e.Target + ": " + e.Err.Error() }

// Unwrap is why.
func (e *TargetError) Unwrap() error { return e.Err }

// WindowError says that nobody knows when a job ran, so that its window has to
// be given.
type WindowError struct{ Subject subject.Subject }

// Error says what to do.
func (e *WindowError) Error() string {
	return "SageMaker does not tell when " + e.Subject.String() + " ran: give --start and --end"
}

// PartialError says that a pull could not be completed. What came is in the
// lake, and the ledger says what did not.
type PartialError struct {
	Problems []lake.Entry // partial, failed and denied chunks, never empty
	Asked    int          // chunks and Describe calls in all
	causes   []error
}

// Error names the number of problems and the first of them on one line.
func (e *PartialError) Error() string {
	p := e.Problems[0]
	what := p.Subject + " " + p.Dataset
	if p.Dataset == resourcesData {
		what = p.Subject + " " + p.Scope
	}
	text := fmt.Sprintf("%d of %d requests did not come whole; first: %s %s/%s %s: %s", len(e.Problems), e.Asked,
		what, stamp(p.Start), stamp(p.End), p.Status, p.Reason)
	if e.Asked == 1 {
		text = fmt.Sprintf("%s %s/%s %s: %s", what, stamp(p.Start), stamp(p.End), p.Status, p.Reason)
	}
	return text
}

// Unwrap gives the errors behind the problems, for errors.Is.
func (e *PartialError) Unwrap() []error { return e.causes }

// hopeless says whether err would meet every further call of the run too.
func hopeless(err error) bool { return cancelled(err) || refused(err) }

// refused says whether err would meet every further call of the target.
func refused(err error) bool {
	return errors.Is(err, cloudwatch.ErrExpired) || errors.Is(err, cloudwatch.ErrRejected) || errors.Is(err, cloudwatch.ErrNoCredentials)
}

// sticky says whether err would meet every further call of the operation too.
func sticky(err error) bool {
	return hopeless(err) || errors.Is(err, cloudwatch.ErrDenied) || errors.Is(err, cloudwatch.ErrUnreachable) ||
		errors.Is(err, cloudwatch.ErrGaveUp)
}

func cancelled(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// outcome is the ledger status of a call that failed with err.
func outcome(err error) lake.Status {
	if errors.Is(err, cloudwatch.ErrDenied) {
		return lake.Denied
	}
	return lake.Failed
}
