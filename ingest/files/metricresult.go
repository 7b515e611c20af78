package files

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// resultDoc reads one MetricDataResult.
func (d *decoder) resultDoc(doc []byte, at place) (Record, error) {
	r := &Result{Line: at.line, Offset: at.offset}
	p := &d.p
	p.reset(doc)
	err := p.object(func(key string) (err error) {
		switch {
		case p.none():
		case key == "Id":
			r.ID, err = p.text()
		case key == "Label":
			r.Label, err = p.text()
		case key == "StatusCode":
			r.Status, err = p.text()
		case key == "Timestamps":
			err = p.list(func() error {
				ts, err := p.instant()
				r.TS = append(r.TS, ts)
				return err
			})
		case key == "Values":
			err = p.list(func() error {
				v, err := p.number()
				r.Values = append(r.Values, v)
				return err
			})
		default:
			err = p.skip()
		}
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case r.ID == "":
		return nil, errors.New("result: Id is missing")
	case len(r.TS) != len(r.Values):
		return nil, fmt.Errorf("result %.60s: %d timestamps and %d values", r.ID, len(r.TS), len(r.Values))
	}
	d.kept += int64(len(r.TS))
	return r, nil
}

// instant reads a time as the CLI prints it, ISO 8601 or seconds since 1970, in
// microseconds.
func (p *parser) instant() (int64, error) {
	var t timestamp
	if p.peek() != '"' {
		seconds, err := p.number()
		if err != nil {
			return 0, err
		}
		if err := t.seconds(seconds); err != nil {
			return 0, err
		}
		return t.UnixMicro(), nil
	}
	b, err := p.str()
	if err != nil {
		return 0, err
	}
	if us, ok := isoSeconds(b); ok {
		return us, nil
	}
	if err := t.iso(string(b)); err != nil {
		return 0, err
	}
	return t.UnixMicro(), nil
}

// isoSeconds reads 2026-11-20T18:00:00+00:00 and 2026-11-20T18:00:00Z, the
// forms that nearly all times have.
func isoSeconds(b []byte) (int64, bool) {
	if len(b) < 20 || string(b[19:]) != "Z" && string(b[19:]) != "+00:00" {
		return 0, false
	}
	var full [exportPrefix]byte
	copy(full[:], b[:19])
	copy(full[19:], ".000Z ")
	return exportTime(full[:])
}

// bareMetricData reads a query or a result that stands alone.
func (d *decoder) bareMetricData(doc []byte, at place) (Record, error) {
	keys, err := topKeys(&d.p, doc)
	if err != nil {
		return nil, err
	}
	switch has := func(k string) bool { return slices.Contains(keys, k) }; {
	case has("MetricStat") || has("Expression"):
		return d.queryDoc(doc, at)
	case has("Timestamps") && has("Values"):
		return d.resultDoc(doc, at)
	}
	return nil, errShape
}

// bareEvent reads an event that stands alone.
func (d *decoder) bareEvent(doc []byte) (Record, error) {
	keys, err := topKeys(&d.p, doc)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(keys, "message") || slices.Contains(keys, "messageType") {
		return nil, errShape
	}
	return d.eventDoc(doc)
}

// around judges the document that stood around an array: what CloudWatch says
// of the whole answer.
func (d *decoder) around(array string, doc []byte, known bool) (Record, error) {
	p := &d.p
	p.reset(doc)
	var said []string
	pages := false
	err := p.object(func(key string) error {
		switch {
		case key == "nextToken", key == "searchedLogStreams", key == "nextForwardToken", key == "nextBackwardToken":
			pages = true
		case key == "Messages" && array == resultsKey && !p.none():
			return p.list(func() error {
				return p.object(func(key string) error {
					if key != "Value" {
						return p.skip()
					}
					s, err := p.text()
					said = append(said, s)
					return err
				})
			})
		}
		return p.skip()
	})
	switch {
	case err != nil:
		return nil, err
	case len(said) > 0:
		return &Note{File: d.name, Reason: fmt.Sprintf("CloudWatch says: %.300s", strings.Join(said, "; "))}, nil
	case array == eventsKey && !known && !pages && len(d.pending) > 0:
		return nil, errors.New("events that are not those of aws logs")
	}
	return nil, nil
}
