package files

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// writeTest is the object by which a log export finds out that it may write.
const writeTest = "aws-logs-write-test"

// source is one file to read.
type source struct {
	name  string // path, s3://BUCKET/KEY, or - for Options.Stdin
	etag  string // of an object
	found bool   // in a folder, not named
}

// shown is the source's name in messages and in the ledger.
func (s source) shown() string {
	if s.name == "-" {
		return "stdin"
	}
	return s.name
}

// expand lists the files behind paths, each once. Below a directory, names with
// a dot in front are left out, and links to directories are not followed, so
// that a walk always ends.
func (im *importer) expand(ctx context.Context, paths []string) (out []source, failed []error) {
	seen := map[string]bool{}
	add := func(s source) {
		if s.name == "-" || !seen[s.name] {
			seen[s.name] = true
			out = append(out, s)
		}
	}
	for _, p := range paths {
		var err error
		if _, _, ok := splitS3(p); ok {
			var found []source
			found, err = im.listObjects(ctx, p)
			for _, s := range found {
				add(s)
			}
		} else if p == "-" {
			add(source{name: p})
		} else {
			err = walk(p, func(name string) { add(source{name: filepath.Clean(name), found: name != p}) })
		}
		if err != nil {
			failed = append(failed, &FileError{File: p, Err: withoutPath(err)})
		}
	}
	inParts(out)
	return out, failed
}

// inParts puts the parts of each exported log stream in their order, in the
// places that they have among the others: the events of equal time and text are
// numbered across them.
func inParts(all []source) {
	parts := map[string][]int{}
	for i, s := range all {
		if _, scope := exportPlace(s.name); scope != s.name {
			parts[scope] = append(parts[scope], i)
		}
	}
	for _, at := range parts {
		own := make([]source, len(at))
		for k, i := range at {
			own[k] = all[i]
		}
		slices.SortFunc(own, func(a, b source) int { return strings.Compare(a.name, b.name) })
		for k, i := range at {
			all[i] = own[k]
		}
	}
}

// walk calls each for root, or for the files below it in lexical order.
func walk(root string, each func(name string)) error {
	return filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name != root && strings.HasPrefix(e.Name(), ".") {
			if e.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if e.IsDir() && name != root && isLake(name) {
			return filepath.SkipDir
		}
		if e.IsDir() || e.Name() == writeTest {
			return nil
		}
		if e.Type()&fs.ModeSymlink != 0 && name != root {
			if to, err := os.Stat(name); err == nil && to.IsDir() {
				return nil
			}
		}
		each(name)
		return nil
	})
}

// isLake says whether a folder is a lake, which is nothing to import: the one
// that is imported into may lie among the files.
func isLake(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "lake.json"))
	return err == nil
}

// withoutPath is err without the path that it repeats.
func withoutPath(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// open opens a source.
func (im *importer) open(ctx context.Context, s source) (io.ReadCloser, error) {
	if bucket, key, ok := splitS3(s.name); ok {
		return im.o.Objects.Open(ctx, bucket, key)
	}
	if s.name != "-" {
		// Without O_NONBLOCK, opening a pipe that nobody writes to never returns.
		return os.OpenFile(s.name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	}
	if im.o.Stdin == nil {
		return nil, errors.New("there is none")
	}
	return io.NopCloser(im.o.Stdin), nil
}
