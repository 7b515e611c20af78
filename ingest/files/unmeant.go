package files

import (
	"errors"

	"sizewise/ingest/files/loadtest"
)

// unmeant says whether a file that was found in a folder is one that nobody
// would import: of no known kind, or what a load tester writes beside its
// results.
func unmeant(err error) bool {
	var shape *ShapeError
	if errors.As(err, &shape) {
		return shape.Foreign
	}
	var refused *loadtest.RefusedError
	if !errors.As(err, &refused) {
		return false
	}
	switch refused.Format {
	case loadtest.K6Summary, loadtest.LocustStats, loadtest.LocustFailures, loadtest.LocustExceptions, loadtest.VegetaReport:
		return true
	default:
		return false
	}
}

// reasonOf is why a file was not read, without its name and without what could
// have been.
func reasonOf(err error) string {
	var shape *ShapeError
	var refused *loadtest.RefusedError
	switch {
	case errors.As(err, &shape):
		return shape.Found
	case errors.As(err, &refused):
		return refused.Reason
	}
	return err.Error()
}

// pair warns when a folder has both files of one run of AIPerf.
func (im *importer) pair(f Format, name string) {
	if f != Format(loadtest.AIPerfRecords) && f != Format(loadtest.AIPerfSummary) {
		return
	}
	dir := dirOf(name)
	if im.aiperf == nil {
		im.aiperf = map[string]map[Format]string{}
	}
	if im.aiperf[dir] == nil {
		im.aiperf[dir] = map[Format]string{}
	}
	im.aiperf[dir][f] = name
	records, summary := im.aiperf[dir][Format(loadtest.AIPerfRecords)], im.aiperf[dir][Format(loadtest.AIPerfSummary)]
	if records != "" && summary != "" {
		im.tell(&Note{File: summary, Count: 1, Reason: "describes the requests of " + records + " again: they count twice; import only the latter"})
	}
}
