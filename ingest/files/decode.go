package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"sizewise/ingest/lake"
	"sizewise/ingest/logline"
)

// maxUnknown is how many documents of unknown shape a file may start with
// before it is given up.
const maxUnknown = 1000

// notObject begins what is said of text that is no JSON.
const notObject = "not a JSON object"

// errShape says that a document has not the shape that was tried.
var errShape = errors.New("another shape")

// decoder turns documents into records.
type decoder struct {
	o      Options
	name   string
	p      parser
	format Format // of the last document, tried first for the next
	whole  Format // of the file, Auto when its documents tell theirs
	kept   int64

	metric  Metric
	series  *registry
	lines   logline.Parser
	ids     *identity
	scope   uint64            // of events without an id: this file
	stream  string            // of events without a stream, when known
	events  []lake.Log        // of the last record, reused
	lastTS  int64             // of the last event of an array
	seq     int64             // of it, among those of the same time
	units   map[string]string // of metrics that were looked up
	pending []*Malformed      // before the first document of a known shape
	shape   string            // what the first document of unknown shape is like
}

func newDecoder(name string, o Options) *decoder {
	return &decoder{
		o: o, name: name, format: o.Format, series: newRegistry(),
		ids: newIdentity(), scope: scopeOf(name), lastTS: -1,
		units: map[string]string{},
	}
}

// run reads in to its end. It stops early, without error, when yield says so.
func (d *decoder) run(ctx context.Context, in *input, yield func(Record) bool) error {
	f := d.o.Format
	if what := archive(in.head()); what != "" {
		return &FileError{File: d.name, Err: errors.New(what)}
	}
	if f == Auto {
		var err error
		if f, err = sniff(in.head()); err != nil {
			return &FileError{File: d.name, Err: err}
		}
	}
	d.whole = f
	switch {
	case f == LogsExport:
		return d.runExport(ctx, in, yield)
	case f == ConsoleCSV:
		return d.runConsole(ctx, in, yield)
	case isLoadTest(f):
		return d.runLoadTest(ctx, in, f, yield)
	}
	return d.runDocuments(ctx, in, yield)
}

// runDocuments reads JSON documents.
func (d *decoder) runDocuments(ctx context.Context, in io.Reader, yield func(Record) bool) error {
	split := newSplitter(in, d.o.MaxRecord)
	known := false
	for n := 0; ; n++ {
		if n&255 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		piece, err := split.next()
		if errors.Is(err, io.EOF) {
			return d.end(known)
		}
		if err != nil {
			return &FileError{File: d.name, Kept: d.kept, Err: err}
		}
		r, err := d.read(piece, known)
		if err != nil {
			return err
		}
		if m, ok := r.(*Malformed); ok && !known {
			d.pending = append(d.pending, m)
			if len(d.pending) >= maxUnknown {
				return d.end(false)
			}
			continue
		}
		if !known {
			known = true
			if !d.flush(yield) {
				return nil
			}
		}
		if r != nil && !yield(r) {
			return nil
		}
	}
}

// read reads a piece. The record is a *Malformed when it cannot be read; the
// error is one that none of the rest could escape.
func (d *decoder) read(p piece, known bool) (Record, error) {
	bad := p.bad
	if bad == "" {
		r, err := d.piece(p, known)
		if errors.Is(err, errNoGroup) {
			return nil, &FileError{File: d.name, Kept: d.kept, Err: err}
		}
		if err == nil {
			return r, nil
		}
		bad = err.Error()
	}
	return &Malformed{File: d.name, Line: p.at.line, Offset: p.at.offset, Reason: bad}, nil
}

// piece reads a document, or one element of its array.
func (d *decoder) piece(p piece, known bool) (Record, error) {
	switch {
	case p.array == "":
		return d.document(p.doc, p.at)
	case !d.wants(p.array):
		return nil, fmt.Errorf("not a %s document", d.o.Format)
	case p.around:
		return d.around(p.array, p.doc, known)
	case p.array == eventsKey:
		return d.eventDoc(p.doc)
	case p.array == resultsKey:
		return d.resultDoc(p.doc, p.at)
	}
	return d.queryDoc(p.doc, p.at)
}

// wants says whether the elements of an array may be what Options.Format says.
func (d *decoder) wants(array string) bool {
	switch f := d.o.Format; array {
	case eventsKey:
		return f == Auto || f == FilterLogEvents || f == GetLogEvents
	case resultsKey, queriesKey:
		return f == Auto || f == GetMetricData
	}
	return false
}

// flush hands out what was malformed before the first good document.
func (d *decoder) flush(yield func(Record) bool) bool {
	for _, m := range d.pending {
		if !yield(m) {
			return false
		}
	}
	d.pending = nil
	return true
}

// end judges a file that was read to its end.
func (d *decoder) end(known bool) error {
	if known || len(d.pending) == 0 {
		return nil
	}
	found := d.shape
	if found == "" {
		found = fmt.Sprintf("line %d: %s", d.pending[0].Line, d.pending[0].Reason)
	}
	foreign := d.o.Format == Auto && (d.shape != "" || strings.HasPrefix(d.pending[0].Reason, notObject))
	return &FileError{File: d.name, Err: &ShapeError{Found: found, Foreign: foreign}}
}

// document reads one document: in the shape of the last one, or, when it has
// not that, in the shape that its keys tell. A record may be nil: a document
// that says nothing.
func (d *decoder) document(doc []byte, at place) (Record, error) {
	if d.format != Auto {
		r, err := d.as(d.format, doc, at)
		if !errors.Is(err, errShape) || d.o.Format != Auto {
			if errors.Is(err, errShape) {
				err = fmt.Errorf("not a %s document", d.o.Format)
			}
			return r, err
		}
	}
	f, keys, err := d.classify(doc)
	if err != nil {
		return nil, err
	}
	if f == Auto {
		reason := "JSON of another shape: keys " + strings.Join(keys, ", ")
		if d.shape == "" {
			d.shape = reason
		}
		return nil, errors.New(reason)
	}
	d.format = f
	r, err := d.as(f, doc, at)
	if errors.Is(err, errShape) {
		err = fmt.Errorf("incomplete %s document", f)
	}
	return r, err
}

// as reads doc as f.
func (d *decoder) as(f Format, doc []byte, at place) (Record, error) {
	switch f {
	case MetricStream:
		return d.metricDoc(doc)
	case LogsSubscription:
		return d.logsDoc(doc)
	case DescribeEndpoint:
		return d.endpointDoc(doc)
	case DescribeEndpointConfig:
		return d.configDoc(doc)
	case FilterLogEvents, GetLogEvents:
		return d.bareEvent(doc)
	case GetMetricData:
		return d.bareMetricData(doc, at)
	default:
		return d.jobDoc(f, doc)
	}
}
