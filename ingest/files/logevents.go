package files

import (
	"errors"
	"fmt"

	"sizewise/ingest/lake"
)

// What aws logs filter-log-events and get-log-events print is one document with
// an array of events, however many pages were read. The events of
// filter-log-events name their stream and have an id, those of get-log-events
// neither. Source: CloudWatch Logs API reference, FilteredLogEvent and
// OutputLogEvent.

// errNoGroup ends a file: none of its events can be used.
var errNoGroup = errors.New("the output of aws logs does not name its log group: give it with --log-group")

// eventDoc reads one event of such an array.
func (d *decoder) eventDoc(doc []byte) (Record, error) {
	p := &d.p
	p.reset(doc)
	if err := p.expect('{'); err != nil {
		return nil, err
	}
	e := lake.Log{TS: -1}
	hasMessage := false
	stream := ""
	for first := true; ; first = false {
		k, err := p.key(first)
		if err != nil {
			return nil, err
		}
		if k == nil {
			break
		}
		switch string(k) {
		case "eventId":
			e.EventID, err = p.text()
		case "logStreamName":
			stream, err = p.text()
		case "message":
			hasMessage = true
			e.Message, err = p.text()
		case "timestamp":
			e.TS, err = p.millis()
		case "ingestionTime":
			if e.IngestedAt, err = p.millis(); e.IngestedAt < 0 {
				e.IngestedAt = 0
			}
		default:
			err = p.skip()
		}
		if err != nil {
			return nil, fmt.Errorf("%.40s: %w", k, err)
		}
	}
	switch {
	case e.TS < 0:
		return nil, errors.New("event: timestamp is missing or not milliseconds since 1970")
	case !hasMessage:
		return nil, errors.New("event: message is missing")
	case d.o.LogGroup == "":
		return nil, errNoGroup
	case d.o.Format == FilterLogEvents && e.EventID == "":
		return nil, errors.New("not an event of filter-log-events: eventId is missing")
	}
	if stream == "" {
		stream = d.defaultStream()
	}
	if e.TS == d.lastTS {
		d.seq++
	} else {
		d.seq, d.lastTS = 0, e.TS
	}
	e.Seq = d.seq
	d.events = append(d.events[:0], e)
	d.kept++
	return &Logs{Group: d.o.LogGroup, Stream: stream, Events: d.own(d.events, d.scope, "", d.o.LogGroup, stream)}, nil
}

// defaultStream names the stream of events that name none: as given, or as the
// file is called.
func (d *decoder) defaultStream() string {
	if d.o.LogStream != "" {
		return d.o.LogStream
	}
	if d.stream == "" {
		stream, _ := exportPlace(d.name)
		d.stream = streamName(d.o.LogGroup, stream)
	}
	return d.stream
}

// millis reads milliseconds since 1970 as microseconds; -1 when out of range.
func (p *parser) millis() (int64, error) {
	ms, err := p.number()
	if err != nil {
		return -1, err
	}
	if !(ms >= 0 && ms <= maxTS) {
		return -1, nil
	}
	return int64(ms) * 1000, nil
}
