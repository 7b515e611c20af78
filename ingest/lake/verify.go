package lake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// VerifyOptions of Verify.
type VerifyOptions struct {
	// Progress, if there is one, is told how many of the files were read.
	Progress func(done, total int)
}

// Report is what Verify found.
type Report struct {
	Files    int       `json:"files"` // Parquet files read
	Rows     int64     `json:"rows"`
	Bytes    int64     `json:"bytes"`
	Entries  int64     `json:"entries"` // ledger rows held against the data
	Findings []Finding `json:"findings"`
	SetAside []string  `json:"set_aside,omitempty"` // damaged files that were replaced, kept beside the data; relative to the lake
}

// Finding is one thing that is not as it should be.
type Finding struct {
	Kind   Flaw   `json:"kind"`
	Path   string `json:"path"`             // relative to the lake
	Detail string `json:"detail"`           // what is wrong, in words
	Repair string `json:"repair,omitempty"` // of a file that cannot be read: the command that brings back what it held
}

// Flaw is a kind of finding.
type Flaw string

// Flaws. Those of Unreadable, Damaged, Missing and Stray may mean lost data; the
// others are put right by Compact.
const (
	Unreadable Flaw = "unreadable" // a file, or a part of it, cannot be read
	Damaged    Flaw = "damaged"    // a file's bytes are not those that were written
	Schema     Flaw = "schema"     // columns are missing, foreign or of another type
	Order      Flaw = "order"      // rows are not sorted
	Duplicate  Flaw = "duplicate"  // two rows of one key
	Misplaced  Flaw = "misplaced"  // rows of another day, subject or log group than the file's
	Missing    Flaw = "missing"    // the ledger vouches for rows that are not there
	Stray      Flaw = "stray"      // a file that is not the lake's, or was left behind
	ManyOfThem Flaw = "many_files" // so many that every query pays for listing them
)

// maxFlaws is how many findings of one kind are reported of one file.
const maxFlaws = 3

// verifier collects findings.
type verifier struct {
	ctx    context.Context
	dir    string
	report Report
	flaws  map[Flaw]int      // of the file at hand
	held   map[string][]span // of files, by dataset and subject
	vouch  []Entry
}

// Verify reads every file of the lake at dir to its end: whether it can be read,
// has the columns and the number of rows that it should, is sorted, holds no key
// twice and nothing of another day or subject; whether the rows that the ledger
// vouches for are there; and whether something lies about that is not the
// lake's. It does not stop at a finding, and takes no lock: a file that a writer
// replaces meanwhile is read as it was.
//
// Errors: those of Check, the end of ctx, and directories that cannot be listed.
func Verify(ctx context.Context, dir string, o VerifyOptions) (Report, error) {
	if err := Check(dir); err != nil {
		return Report{}, err
	}
	v := &verifier{ctx: ctx, dir: dir, held: map[string][]span{}, flaws: map[Flaw]int{}}
	files := map[string][]string{}
	total, done := 0, 0
	for _, name := range datasets() {
		paths, err := dayFiles(dir, name)
		if err != nil {
			return v.report, err
		}
		files[name] = paths
		total += len(paths)
		if len(paths) > ManyFiles {
			v.find(ManyOfThem, filepath.Join(dir, name), "%d files cost every query about %d ms: prune what is old", len(paths), len(paths)/10)
		}
	}
	for _, name := range datasets() {
		for _, path := range files[name] {
			if err := ctx.Err(); err != nil {
				return v.report, err
			}
			v.file(name, path)
			if done++; o.Progress != nil {
				o.Progress(done, total)
			}
		}
	}
	v.ledger()
	v.catalog()
	v.repairs()
	err := v.strays()
	return v.report, errors.Join(ctx.Err(), err)
}

func (v *verifier) find(kind Flaw, path, format string, args ...any) {
	v.flaws[kind]++
	if v.flaws[kind] <= maxFlaws {
		v.report.Findings = append(v.report.Findings, Finding{
			Kind: kind, Path: relativeTo(v.dir, path), Detail: fmt.Sprintf(format, args...),
		})
	}
}

// file verifies one file.
func (v *verifier) file(dataset, path string) {
	v.flaws = map[Flaw]int{}
	v.report.Files++
	if at, err := os.Stat(path); err == nil {
		v.report.Bytes += at.Size()
	}
	known, sumErr := checkSum(path)
	foot, err := readFooter(path, dataset)
	if err != nil {
		v.find(Unreadable, path, "%v", err)
		return
	}
	if foot.ours && !known {
		v.find(Schema, path, "it carries no checksum: sizewise lake compact gives it one")
	}
	v.columns(dataset, path, foot)
	c := &checker{v: v, path: path, dataset: dataset, day: filepath.Base(filepath.Dir(path)), subjects: map[string]*span{}}
	switch dataset {
	case "metrics":
		err = c.metrics()
	case "logs":
		err = checkRows(c, logTable(), func(r *Log) (string, string) { return r.LogGroup, r.Subject })
	case "requests":
		err = checkRows(c, requestTable(), func(r *Request) (string, string) { return r.Subject, r.Subject })
	case "resources":
		err = checkRows(c, resourceTable(), func(r *Resource) (string, string) { return r.Subject, r.Subject })
	case "ledger":
		err = checkRows(c, ledgerTable(), func(r *Entry) (string, string) {
			v.vouch = append(v.vouch, *r)
			return r.Subject, r.Subject
		})
	}
	v.report.Rows += c.rows
	for s, at := range c.subjects {
		v.held[dataset+" "+s] = append(v.held[dataset+" "+s], *at)
	}
	switch {
	case err != nil:
		v.find(Unreadable, path, "%v", err)
	case c.rows != foot.rows:
		v.find(Unreadable, path, "it has %d rows and its footer says %d", c.rows, foot.rows)
	case sumErr != nil:
		v.find(Damaged, path, "%v", sumErr)
	}
	for _, kind := range slices.Sorted(maps.Keys(v.flaws)) {
		if n := v.flaws[kind]; n > maxFlaws {
			v.flaws[kind] = 0
			v.find(kind, path, "and %d more of this kind", n-maxFlaws)
		}
	}
}

// catalog verifies the file of the catalogue, where there is one.
func (v *verifier) catalog() {
	v.flaws = map[Flaw]int{}
	path := filepath.Join(v.dir, catalogFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return
	}
	if known, err := checkSum(path); err != nil || !known {
		v.find(Damaged, path, "%v", cmp.Or(err, errSum))
	}
}

// columns compares a file's columns with those that this version writes.
func (v *verifier) columns(dataset, path string, foot footer) {
	want, err := columnsNow(dataset)
	if err != nil {
		v.find(Schema, path, "%v", err)
		return
	}
	for _, c := range want {
		if !slices.Contains(foot.columns, c) {
			v.find(Schema, path, "it has no column %s", c)
		}
	}
	for _, c := range foot.columns {
		if !slices.Contains(want, c) {
			v.find(Schema, path, "it has a column %s", c)
		}
	}
}

// ledger holds what the ledger vouches for against what is there: a chunk that
// brought rows has some of its subject in its window.
func (v *verifier) ledger() {
	for _, e := range v.vouch {
		v.flaws = map[Flaw]int{}
		if e.Rows == 0 || e.Start.IsZero() || e.End.IsZero() || e.Dataset == "resources" {
			continue
		}
		v.report.Entries++
		first, last := e.Start.UnixMicro(), e.End.UnixMicro()
		found := slices.ContainsFunc(v.held[e.Dataset+" "+e.Subject], func(s span) bool {
			return s.first <= last && s.last >= first
		})
		if !found {
			v.find(Missing, filepath.Join(v.dir, e.Dataset), "chunk %q brought %d rows of %s from %s to %s, and none is there",
				e.Chunk, e.Rows, e.Subject, e.Start.Format(time.RFC3339), e.End.Format(time.RFC3339))
		}
	}
}

// strays looks for files that are not the lake's.
func (v *verifier) strays() error {
	return filepath.WalkDir(v.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel := relativeTo(v.dir, path)
		v.flaws = map[Flaw]int{}
		switch {
		case d.IsDir() || rel == formatFile || rel == lockFile || rel == catalogFile || isDayFile(rel):
		case rel == intentFile:
			v.find(Stray, path, "a change was interrupted: the next writer completes it")
		case strings.HasPrefix(rel, damagedDir+"/"):
			v.report.SetAside = append(v.report.SetAside, rel)
		case strings.HasPrefix(rel, tempDir+"/"):
			v.find(Stray, path, "a writer is at work, or left it behind")
		default:
			v.find(Stray, path, "it is not the lake's")
		}
		return nil
	})
}
