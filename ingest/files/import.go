package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"sizewise/ingest/lake"
)

// Writer is what Import needs of a lake.
type Writer interface {
	PutMetrics(ctx context.Context, subject string, data []lake.SeriesPoints) (added, changed int64, err error)
	PutLogs(ctx context.Context, group string, events []lake.Log) (added int64, err error)
	PutResources(ctx context.Context, subject string, rows []lake.Resource) error
	Record(ctx context.Context, entries ...lake.Entry) error
}

// Summary is what an Import did.
type Summary struct {
	Files     int          `json:"files"`  // read, whole or in part
	Failed    int          `json:"failed"` // of which nothing, or not everything, could be read
	Points    int64        `json:"points"`
	Events    int64        `json:"events"`
	Documents int64        `json:"documents"` // Describe documents
	Malformed int64        `json:"malformed"` // records that were skipped
	Added     int64        `json:"added"`     // points and events that the lake did not have
	Changed   int64        `json:"changed"`   // points that the lake had with other values
	Bytes     int64        `json:"bytes"`     // as stored
	Subjects  []string     `json:"subjects"`
	Examples  []*Malformed `json:"examples"` // the first ten
}

const (
	maxExamples   = 10
	progressBytes = 16 << 20
)

// Import reads the files at paths into l: files, directories with everything
// below them that has no dot in front, and "-" for Options.Stdin. Files are
// read in order, and of two values for one point the last counts. Importing the
// same files again changes no row.
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
	names, failed := expand(paths)
	for i, name := range names {
		err := im.file(ctx, name, i, len(names))
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

// expand lists the files behind paths. Below a directory, names with a dot in
// front are left out.
func expand(paths []string) (names []string, failed []error) {
	for _, p := range paths {
		if p == "-" {
			names = append(names, p)
			continue
		}
		err := filepath.WalkDir(p, func(name string, e fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			hidden := name != p && strings.HasPrefix(e.Name(), ".")
			switch {
			case hidden && e.IsDir():
				return filepath.SkipDir
			case !hidden && !e.IsDir():
				names = append(names, name)
			}
			return nil
		})
		if err != nil {
			failed = append(failed, &FileError{File: p, Err: withoutPath(err)})
		}
	}
	return names, failed
}

// withoutPath is err without the path that it repeats.
func withoutPath(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// file reads one file.
func (im *importer) file(ctx context.Context, name string, index, of int) error {
	r, shown, err := im.open(name)
	if err != nil {
		return &FileError{File: shown, Err: withoutPath(err)}
	}
	defer r.Close() //nolint:errcheck // only read
	in := newInput(r, shown, im.o)
	d := newDecoder(shown, im.o)
	d.series = im.series
	t := newTally(shown, d)
	var wrote error
	shownBytes := int64(0)
	read := d.run(ctx, in, func(rec Record) bool {
		if im.o.Progress != nil && in.raw.n-shownBytes > progressBytes {
			shownBytes = in.raw.n
			im.o.Progress(Progress{File: shown, Index: index, Files: of, Bytes: shownBytes})
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
	t.digest = in.digest()
	im.sum.Files++
	im.sum.Bytes += in.raw.n
	t.err = read
	im.tallies = append(im.tallies, t)
	if im.o.Progress != nil {
		im.o.Progress(Progress{File: shown, Index: index, Files: of, Bytes: in.raw.n})
	}
	return read
}

// open opens a file, or the standard input for "-". The name is for errors.
func (im *importer) open(name string) (io.ReadCloser, string, error) {
	if name != "-" {
		// Without O_NONBLOCK, opening a pipe that nobody writes to never returns.
		f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
		return f, name, err
	}
	if im.o.Stdin == nil {
		return nil, "stdin", errors.New("there is none")
	}
	return io.NopCloser(im.o.Stdin), "stdin", nil
}
