package files

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"regexp"
	"strings"
	"time"

	"sizewise/ingest/lake"
)

// An export task of CloudWatch Logs writes PREFIX/TASKID/STREAM/000000.gz, where
// STREAM is the log stream's name with '-' for '/', and in it a line per event:
// 2026-11-20T18:00:00.123Z, a space, the message. A message with line breaks
// goes on in lines without a time. Nothing in it names the log group.
// Source: CloudWatch Logs user guide, "Exporting log data to Amazon S3".

var partName = regexp.MustCompile(`^\d{6}(\.gz)?$`)

const (
	exportBatch      = 256
	exportBatchBytes = 256 << 10
)

// exportPlace is the log stream that a file of an export is of, and the scope
// that its parts share.
func exportPlace(name string) (stream, scope string) {
	dir, base := path.Split(filepathSlash(name))
	if partName.MatchString(base) && strings.Trim(dir, "/.") != "" {
		return path.Base(dir), dir + path.Ext(base)
	}
	return withoutExt(base), name
}

// filepathSlash is name with slashes only, whatever system wrote it.
func filepathSlash(name string) string { return strings.ReplaceAll(name, `\`, "/") }

// withoutExt is a file's name without the endings of exports.
func withoutExt(base string) string {
	for {
		ext := path.Ext(base)
		switch ext {
		case ".gz", ".json", ".log", ".txt":
			base = strings.TrimSuffix(base, ext)
			continue
		}
		return base
	}
}

// exportReader turns lines into events.
type exportReader struct {
	d      *decoder
	stream string
	scope  uint64
	yield  func(Record) bool

	open    bool // message belongs to an event
	over    bool // it is longer than the limit
	ts      int64
	seq     int64 // among events of equal time
	at      place
	message []byte
	events  []lake.Log
	bytes   int
	orphan  bool // inside lines that follow no event
}

// runExport reads a file of an export task.
func (d *decoder) runExport(ctx context.Context, in *input, yield func(Record) bool) error {
	if d.o.LogGroup == "" {
		return &FileError{File: d.name, Err: errors.New("a log export does not name its log group: give it with --log-group")}
	}
	stream, scope := exportPlace(d.name)
	if d.o.LogStream != "" {
		stream = d.o.LogStream
	}
	x := &exportReader{d: d, stream: streamName(d.o.LogGroup, stream), scope: scopeOf(scope), yield: yield, ts: -1}
	src := newLines(in)
	for n := 0; ; n++ {
		if n&255 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		line, at, long, err := src.next()
		if err != nil {
			if !x.finish() || !x.flush() || err == io.EOF { //nolint:errorlint // next returns io.EOF itself
				return nil
			}
			return &FileError{File: d.name, Kept: d.kept, Err: err}
		}
		if !x.line(line, at, long) {
			return nil
		}
	}
}

// line takes one line: the first of an event, or more of the last one.
func (x *exportReader) line(line []byte, at place, long bool) bool {
	if ts, ok := exportTime(line); ok {
		if !x.finish() {
			return false
		}
		if x.seq++; ts != x.ts {
			x.seq = 0
		}
		x.open, x.over, x.orphan, x.ts, x.at = true, long, false, ts, at
		x.message = append(x.message[:0], line[exportPrefix:]...)
		return true
	}
	switch {
	case !x.open && x.orphan:
		return true
	case !x.open:
		x.orphan = true
		return x.bad(at, "text before the first time stamp")
	case long || len(x.message)+len(line) >= x.d.o.lineLimit():
		x.over = true
	case !x.over:
		x.message = append(append(x.message, '\n'), line...)
	}
	return true
}

func (x *exportReader) bad(at place, reason string) bool {
	return x.flush() && x.yield(&Malformed{File: x.d.name, Line: at.line, Offset: at.offset, Reason: reason})
}

// finish ends the event that is open.
func (x *exportReader) finish() bool {
	if !x.open {
		return true
	}
	x.open = false
	if x.over {
		return x.bad(x.at, "event is longer than "+size(x.d.o.lineLimit()))
	}
	x.events = append(x.events, lake.Log{TS: x.ts, Seq: x.seq, Message: text(x.message)})
	x.bytes += len(x.message)
	if len(x.events) >= exportBatch || x.bytes >= exportBatchBytes {
		return x.flush()
	}
	return true
}

// flush hands out the events that were read.
func (x *exportReader) flush() bool {
	if len(x.events) == 0 {
		return true
	}
	group := x.d.o.LogGroup
	x.d.kept += int64(len(x.events))
	r := &Logs{Group: group, Stream: x.stream, Events: x.d.own(x.events, x.scope, "", group, x.stream)}
	x.events, x.bytes = x.events[:0], 0
	return x.yield(r)
}

// exportPrefix is the length of a time stamp and the space behind it.
const exportPrefix = len("2006-01-02T15:04:05.000Z ")

// exportTime reads the time stamp at the start of an event, microseconds.
func exportTime(line []byte) (int64, bool) {
	const form = "0000-00-00T00:00:00.000Z "
	if len(line) < exportPrefix {
		return 0, false
	}
	for i := range form {
		if c := line[i]; form[i] == '0' && (c < '0' || c > '9') || form[i] != '0' && c != form[i] {
			return 0, false
		}
	}
	n := func(from, to int) int {
		v := 0
		for _, c := range line[from:to] {
			v = v*10 + int(c-'0')
		}
		return v
	}
	year, month, day, hour, minute, second := n(0, 4), n(5, 7), n(8, 10), n(11, 13), n(14, 16), n(17, 19)
	if year < 1970 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, n(20, 23)*1e6, time.UTC)
	return t.UnixMicro(), t.Day() == day
}

// looksExported says whether one of the first lines starts an event of an
// export.
func looksExported(head []byte) bool {
	for range 3 {
		line, rest, more := bytes.Cut(head, []byte("\n"))
		if _, ok := exportTime(line); ok {
			return true
		}
		if !more {
			break
		}
		head = rest
	}
	return false
}
