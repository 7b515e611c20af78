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

// errShape says that a document has not the shape that was tried.
var errShape = errors.New("another shape")

// decoder turns documents into records.
type decoder struct {
	o      Options
	name   string
	p      parser
	format Format // of the last document, tried first for the next
	kept   int64

	metric  Metric
	series  *registry
	lines   logline.Parser
	events  []lake.Log   // of the last subscription record, reused
	pending []*Malformed // before the first document of a known shape
	shape   string       // what the first document of unknown shape is like
}

func newDecoder(name string, o Options) *decoder {
	return &decoder{o: o, name: name, format: o.Format, series: newRegistry()}
}

// run reads in to its end. It stops early, without error, when yield says so.
func (d *decoder) run(ctx context.Context, in *input, yield func(Record) bool) error {
	split := newSplitter(in, d.o.MaxRecord)
	known := false
	for n := 0; ; n++ {
		if n&255 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		doc, at, bad, err := split.next()
		if err == io.EOF { //nolint:errorlint // next returns io.EOF itself
			return d.end(known)
		}
		if err != nil {
			return &FileError{File: d.name, Kept: d.kept, Err: err}
		}
		var r Record
		if bad == "" {
			r, err = d.document(doc)
			if err != nil {
				bad = err.Error()
			}
		}
		if bad != "" {
			m := &Malformed{File: d.name, Line: at.line, Offset: at.offset, Reason: bad}
			if !known {
				d.pending = append(d.pending, m)
				if len(d.pending) >= maxUnknown {
					return d.end(false)
				}
				continue
			}
			r = m
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
	return &FileError{File: d.name, Err: &ShapeError{Found: found}}
}

// document reads one document: in the shape of the last one, or, when it has
// not that, in the shape that its keys tell. A record may be nil: a document
// that says nothing.
func (d *decoder) document(doc []byte) (Record, error) {
	if d.format != Auto {
		r, err := d.as(d.format, doc)
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
	r, err := d.as(f, doc)
	if errors.Is(err, errShape) {
		err = fmt.Errorf("incomplete %s document", f)
	}
	return r, err
}

// as reads doc as f.
func (d *decoder) as(f Format, doc []byte) (Record, error) {
	switch f {
	case MetricStream:
		return d.metricDoc(doc)
	case LogsSubscription:
		return d.logsDoc(doc)
	case DescribeEndpoint:
		return d.endpointDoc(doc)
	case DescribeEndpointConfig:
		return d.configDoc(doc)
	case Auto:
	}
	return nil, fmt.Errorf("unknown format %q", f)
}

// classify tells a document's format by its top-level keys, and returns the
// first of them.
func (d *decoder) classify(doc []byte) (Format, []string, error) {
	d.p.reset(doc)
	if err := d.p.expect('{'); err != nil {
		return Auto, nil, err
	}
	has := map[string]bool{}
	var keys []string
	for first := true; ; first = false {
		k, err := d.p.key(first)
		if err != nil {
			return Auto, nil, err
		}
		if k == nil {
			break
		}
		if len(keys) < 6 {
			keys = append(keys, fmt.Sprintf("%.40q", k))
		}
		if len(has) < 100 {
			has[string(k)] = true
		}
		if err := d.p.skip(); err != nil {
			return Auto, nil, err
		}
	}
	switch {
	case has["metric_stream_name"], has["metric_name"] && has["namespace"]:
		return MetricStream, keys, nil
	case has["messageType"], has["logEvents"]:
		return LogsSubscription, keys, nil
	case has["EndpointName"] && (has["EndpointStatus"] || has["EndpointArn"]):
		return DescribeEndpoint, keys, nil
	case has["EndpointConfigName"] && (has["ProductionVariants"] || has["EndpointConfigArn"]):
		return DescribeEndpointConfig, keys, nil
	}
	return Auto, keys, nil
}
