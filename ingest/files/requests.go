package files

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"sizewise/ingest/files/loadtest"
	"sizewise/ingest/lake"
	"sizewise/ingest/logline"
)

// requestBatch is how many requests a record holds.
const requestBatch = 1024

// seqHead is how much of a file tells its requests from those of another file
// of the same name.
const seqHead = 4 << 10

func isLoadTest(f Format) bool { return f != Auto && !slices.Contains(awsFormats(), f) }

// runLoadTest reads what a load tester wrote.
func (d *decoder) runLoadTest(ctx context.Context, in *input, f Format, yield func(Record) bool) error {
	if d.o.Subject == "" {
		return &FileError{File: d.name, Err: errors.New("results of a load test do not name what was tested: give it with --subject, for example --subject endpoint/NAME")}
	}
	rr := requestReader{
		d: d, yield: yield, mask: d.masked(),
		row: lake.Request{Subject: d.o.Subject, Origin: lake.OriginClient, Source: sourceOf(d.name), Seq: firstSeq(in.head())},
	}
	for r, err := range loadtest.Read(ctx, in, loadtest.Format(f), loadtest.Options{MaxRecord: d.o.MaxRecord, Zone: d.o.Zone}) {
		var shape *loadtest.ShapeError
		if errors.As(err, &shape) {
			return d.loadTestError(ctx, shape) // which says what is wrong with the records that wait
		}
		if err != nil {
			if !rr.tell() || !rr.flush() {
				return nil
			}
			return d.loadTestError(ctx, err)
		}
		if !rr.record(r) {
			return nil
		}
	}
	_ = rr.tell() && rr.flush()
	return nil
}

// requestReader turns what a load tester's file says into records.
type requestReader struct {
	d       *decoder
	yield   func(Record) bool
	mask    func(string) string
	row     lake.Request // what the next one has in common with the last
	out     Requests
	waiting []*Malformed // before the first request
	good    bool         // that has come
}

// mostWaiting bounds the malformed records that wait for a good one.
const mostWaiting = 1000

func (rr *requestReader) record(r loadtest.Record) bool {
	switch r := r.(type) {
	case *loadtest.Malformed:
		m := &Malformed{File: rr.d.name, Line: r.Line, Offset: r.Offset, Reason: r.Reason}
		if !rr.good && len(rr.waiting) < mostWaiting {
			rr.waiting = append(rr.waiting, m)
			return true
		}
		return rr.tell() && rr.flush() && rr.yield(m)
	case *loadtest.Note:
		return rr.flush() && rr.yield(&Note{File: rr.d.name, Line: r.Line, Reason: r.Reason})
	case *loadtest.Sample:
		rr.good = true
		if !rr.tell() {
			return false
		}
		q := request(rr.row, r)
		q.Route, q.Error = rr.mask(r.Route), rr.mask(r.Error)
		rr.out.Rows = append(rr.out.Rows, q)
		rr.row.Seq++
		return len(rr.out.Rows) < requestBatch || rr.flush()
	}
	return true
}

// tell hands out the malformed records that wait.
func (rr *requestReader) tell() bool {
	for _, m := range rr.waiting {
		if !rr.yield(m) {
			return false
		}
	}
	rr.waiting = nil
	return true
}

// flush hands out the requests that were read.
func (rr *requestReader) flush() bool {
	if len(rr.out.Rows) == 0 {
		return true
	}
	rr.d.kept += int64(len(rr.out.Rows))
	more := rr.yield(&rr.out)
	rr.out.Rows = rr.out.Rows[:0]
	return more
}

func (d *decoder) loadTestError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, io.ErrUnexpectedEOF) && d.kept == 0 {
		err = errors.New("file ends early")
	}
	return &FileError{File: d.name, Kept: d.kept, Err: err}
}

// mostMasked bounds the texts that are remembered with their masked form.
const mostMasked = 1000

// masked returns what masks the texts of a load test, most of which repeat.
func (d *decoder) masked() func(string) string {
	known := map[string]string{}
	return func(s string) string {
		if s == "" || d.o.NoRedact {
			return s
		}
		m, ok := known[s]
		if !ok {
			m = logline.Redact(s)
			if len(known) < mostMasked {
				known[s] = m
			}
		}
		return m
	}
}

// request is a sample as the lake has it, its texts left out.
func request(row lake.Request, s *loadtest.Sample) lake.Request {
	row.TS, row.DurationUS, row.Status = s.TS, s.DurationUS, s.Status
	row.Weight, row.SpanUS = s.Weight, s.SpanUS
	row.TTFTUS, row.TokensIn, row.TokensOut = s.TTFTUS, s.TokensIn, s.TokensOut
	return row
}

// sourceOf names a file as its requests do: by the path that was given, without
// what compression added to it, since the same file may be packed later.
func sourceOf(name string) string {
	name = filepathSlash(name)
	for _, ext := range [...]string{".gz", ".gzip"} {
		if base := strings.TrimSuffix(name, ext); path.Base(base) != "." && !strings.HasSuffix(base, "/") && base != "" {
			name = base
		}
	}
	return name
}

// firstSeq numbers a file's requests from a start that its first bytes decide:
// two generators may write results.csv in the same milliseconds, and importing a
// file again once it has grown must find the rows that are there.
func firstSeq(head []byte) int64 {
	sum := scopeOf(string(bytes.TrimSpace(head[:min(len(head), seqHead)])))
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], sum)
	return int64(binary.LittleEndian.Uint32(b[:4])&0x3fffffff) << 32
}
