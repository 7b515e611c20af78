package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"sizewise/ingest/lake"
)

// Writer is what Import needs of a lake.
type Writer interface {
	PutMetrics(ctx context.Context, subject string, data []lake.SeriesPoints) (added, changed int64, err error)
	PutLogs(ctx context.Context, group string, events []lake.Log) (added int64, err error)
	PutResources(ctx context.Context, subject string, rows []lake.Resource) error
	ImportRequests(ctx context.Context, subject string, rows []lake.Request) (added, changed int64, err error)
	Record(ctx context.Context, entries ...lake.Entry) error
	// Entries are the ledger rows of a subject whose windows touch [start,end).
	Entries(ctx context.Context, subject string, start, end time.Time) ([]lake.Entry, error)
}

// Summary is what an Import did.
type Summary struct {
	Files       int          `json:"files"`  // read, whole or in part
	Failed      int          `json:"failed"` // of which nothing, or not everything, could be read
	Points      int64        `json:"points"`
	Events      int64        `json:"events"`
	Requests    int64        `json:"requests"`     // of load test results
	RequestRows int64        `json:"request_rows"` // that they are: one may stand for several requests
	Documents   int64        `json:"documents"`    // Describe documents
	Queries     int64        `json:"queries"`      // of GetMetricData
	Malformed   int64        `json:"malformed"`    // records that were skipped because they could not be read
	Skipped     int64        `json:"skipped"`      // well-formed records that could not be used; Notes say why
	Ignored     int          `json:"ignored"`      // files found in folders that are of no known kind
	Added       int64        `json:"added"`        // points, events and rows of requests that the lake did not have
	Changed     int64        `json:"changed"`      // points and rows of requests that the lake had with other values
	Bytes       int64        `json:"bytes"`        // as stored
	Subjects    []string     `json:"subjects"`
	Examples    []*Malformed `json:"examples"` // the first ten
	Notes       []*Note      `json:"notes"`    // the first hundred
}

const (
	maxExamples   = 10
	progressBytes = 16 << 20
)

// Import reads the files at paths into l: files, directories with everything
// below them that has no dot in front, s3://BUCKET/PREFIX for every object whose
// key begins so, and "-" for Options.Stdin. Files are read in order, and of two
// values for one point the last counts. Importing the same files again, also on
// another day, changes no row.
//
// A file that cannot be read, or not to its end, does not stop the others: what
// it had is kept, the ledger says so, and the returned error joins a *FileError
// for each. Any other error is the lake's, or ctx's, and ends the import.
// Malformed records are no error: they are in Summary and in the ledger.
func Import(ctx context.Context, l Writer, paths []string, o Options) (Summary, error) {
	if o.Now == nil {
		return Summary{}, errors.New("importing files: options have no clock")
	}
	im := &importer{w: l, o: o.defaults()}
	im.start()
	sources, failed := im.expand(ctx, paths)
	for i, s := range sources {
		err := im.file(ctx, s, i, len(sources))
		if err == nil {
			continue
		}
		var file *FileError
		if !errors.As(err, &file) {
			return im.sum, err
		}
		failed = append(failed, err)
		im.sum.Failed++
	}
	if err := im.finish(ctx); err != nil {
		return im.sum, err
	}
	return im.sum, errors.Join(failed...)
}

// file reads one file.
func (im *importer) file(ctx context.Context, s source, index, of int) error {
	shown := s.shown()
	r, err := im.open(ctx, s)
	if err != nil {
		return &FileError{File: shown, Err: withoutPath(err)}
	}
	defer r.Close() //nolint:errcheck // only read
	in := newInput(r, shown, im.o)
	d := newDecoder(shown, im.o)
	d.series, d.ids = im.series, im.ids
	t := newTally(s)
	var wrote error
	at := Progress{File: shown, Index: index, Files: of, Size: sizeOf(r)}
	read := d.run(ctx, in, func(rec Record) bool {
		if in.raw.n-at.Bytes > progressBytes {
			im.progress(&at, in)
		}
		wrote = im.add(ctx, t, rec)
		return wrote == nil
	})
	if wrote != nil {
		return fmt.Errorf("importing %s: %w", shown, wrote)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.found && unmeant(read) {
		im.sum.Ignored++
		im.tell(&Note{File: shown, Count: 1, Reason: "left alone: " + reasonOf(read)})
		return nil
	}
	im.pair(d.whole, shown)
	t.digest = in.digest()
	im.sum.Files++
	im.sum.Bytes += in.raw.n
	t.err = read
	im.tallies = append(im.tallies, t)
	im.progress(&at, in)
	return read
}

// progress says how much of in was read.
func (im *importer) progress(at *Progress, in *input) {
	at.Bytes = in.raw.n
	if im.o.Progress != nil {
		im.o.Progress(*at)
	}
}

// sizeOf is the length of a regular file, 0 of anything else.
func sizeOf(r io.Reader) int64 {
	f, ok := r.(*os.File)
	if !ok {
		return 0
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return 0
	}
	return info.Size()
}
