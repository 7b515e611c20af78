package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"sizewise/analyze"
	"sizewise/analyze/engine"
	"sizewise/analyze/finding"
)

// Exit codes, printed in every help.
const (
	exitOK           = 0
	exitFailure      = 1
	exitUsage        = 2
	exitVerdict      = 3
	exitInsufficient = 4
	exitInterrupted  = 130
)

const exitHelp = `Exit status: 0 ok; 1 failure, or a pull that could not be completed (what came
is kept); 2 usage; 3 the verdict failed: the SLO was missed or the peak does not
fit; 4 the data does not suffice to answer; 130 interrupted`

// exitHelpOf is the exit status of one command, in its help. Commands that do
// not judge never end with a verdict.
func exitHelpOf(command string) string {
	switch command {
	case "run":
		return exitHelp
	case "analyze", "report":
		return strings.Replace(exitHelp, ", or a pull that could not be completed (what came\nis kept)", "", 1)
	case "compare":
		return "Exit status: 0 ok; 1 failure; 2 usage; 3 worse than --max-regression; 4 nothing can be\ncompared; 130 interrupted"
	case "demo":
		return "Exit status: 0 ok, whatever the verdict about the simulated test; 1 failure; 2 usage; 130 interrupted"
	case "alarms", "dashboard":
		return "Exit status: 0 ok, whatever the verdict; 1 failure; 2 usage; 4 the lake has nothing of\nit; 130 interrupted"
	case "nightly":
		return `Exit status: 0 ok; 1 failure, or a pull that could not be completed (the next
night goes on); 2 usage or configuration; 3 what fail_on names; 4 no data at all;
130 interrupted`
	case "simulate":
		return "Exit status: 0 ok, also when interrupted; 1 failure; 2 usage"
	default:
		return "Exit status: 0 ok; 1 failure; 2 usage; 130 interrupted"
	}
}

// interruptedError ends a command that was interrupted.
type interruptedError struct{}

// Error is the whole story: what was done by then is kept.
func (interruptedError) Error() string { return "interrupted" }

// Is makes it a cancelled context.
func (interruptedError) Is(target error) bool { return target == context.Canceled }

// usageError is a command line that cannot be meant: what is wrong, and what
// would be right.
type usageError struct{ problem, hint string }

// Error says what is wrong and, where there is one, the hint.
func (e *usageError) Error() string {
	if e.hint == "" {
		return e.problem
	}
	return e.problem + "; " + e.hint
}

func usagef(hint, format string, args ...any) error {
	return &usageError{problem: fmt.Sprintf(format, args...), hint: hint}
}

// verdictError ends a command whose work succeeded and whose answer is no, or
// none. The answer itself is already on stdout or in the report.
type verdictError struct{ verdict finding.Verdict }

// Error is the verdict in a sentence.
func (e *verdictError) Error() string { return e.verdict.Summary }

// verdict turns the outcome of an analysis into the command's error.
func verdict(s finding.Set) error {
	if s.Verdict.Status == finding.Pass {
		return nil
	}
	return &verdictError{s.Verdict}
}

// exitCode is the one place that maps errors to codes.
func exitCode(err error) int {
	var usage *usageError
	var answer *verdictError
	var none *analyze.NoDataError
	var param *engine.ParamError
	var variant *analyze.AmbiguousError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, &usage), errors.As(err, &param), errors.As(err, &variant):
		return exitUsage
	case errors.As(err, &none):
		return exitInsufficient
	case errors.As(err, &answer) && answer.verdict.Status == finding.Insufficient:
		return exitInsufficient
	case errors.As(err, &answer):
		return exitVerdict
	default:
		return exitFailure
	}
}

// apart are the errors that err only joins, each to be said in a line of its own.
func apart(err error) []error {
	many, ok := err.(interface{ Unwrap() []error }) // what wraps says more than its parts
	if !ok {
		return []error{err}
	}
	parts := many.Unwrap()
	if errors.Join(parts...).Error() != err.Error() {
		return []error{err}
	}
	var out []error
	for _, one := range parts {
		out = append(out, apart(one)...)
	}
	return out
}
