package files

import (
	"cmp"
	"fmt"

	"sizewise/ingest/lake"
	"sizewise/ingest/logline"
	"sizewise/ingest/subject"
)

// logsDoc reads one subscription record. A CONTROL_MESSAGE, with which
// CloudWatch probes the destination, says nothing: the record is nil.
func (d *decoder) logsDoc(doc []byte) (Record, error) {
	p := &d.p
	p.reset(doc)
	if err := p.expect('{'); err != nil {
		return nil, err
	}
	var kind, account, group, stream string
	var events []lake.Log
	hasEvents := false
	for first := true; ; first = false {
		k, err := p.key(first)
		if err != nil {
			return nil, err
		}
		if k == nil {
			break
		}
		switch string(k) {
		case "messageType":
			kind, err = p.text()
		case "owner":
			account, err = p.text()
		case "logGroup":
			group, err = p.text()
		case "logStream":
			stream, err = p.text()
		case "logEvents":
			hasEvents = true
			events, err = d.readEvents()
		default:
			err = p.skip()
		}
		if err != nil {
			return nil, fmt.Errorf("%.40s: %w", k, err)
		}
	}
	switch {
	case kind == "CONTROL_MESSAGE":
		return nil, nil
	case kind == "" && !hasEvents:
		return nil, errShape
	case kind != "" && kind != "DATA_MESSAGE":
		return nil, fmt.Errorf("messageType is %.40q, want DATA_MESSAGE or CONTROL_MESSAGE", kind)
	case !hasEvents:
		return nil, fmt.Errorf("logEvents is missing")
	}
	if group == "" {
		group = d.o.LogGroup
	}
	if group == "" {
		return nil, fmt.Errorf("logGroup is missing")
	}
	d.kept += int64(len(events))
	return &Logs{Group: group, Stream: stream, Events: d.own(events, d.scope, account, group, stream)}, nil
}

// text reads a string as one that outlives the document.
func (p *parser) text() (string, error) {
	b, err := p.str()
	return text(b), err
}

// readEvents reads the array of events.
func (d *decoder) readEvents() ([]lake.Log, error) {
	p := &d.p
	if err := p.expect('['); err != nil {
		return nil, err
	}
	out := d.events[:0]
	for first := true; ; first = false {
		more, err := p.element(first)
		if err != nil {
			return nil, err
		}
		if !more {
			d.events = out
			return out, nil
		}
		e, err := d.event()
		if err != nil {
			return nil, fmt.Errorf("event %d: %w", len(out), err)
		}
		e.Seq = int64(len(out))
		out = append(out, e)
	}
}

// event reads one event.
func (d *decoder) event() (lake.Log, error) {
	p := &d.p
	if err := p.expect('{'); err != nil {
		return lake.Log{}, err
	}
	e := lake.Log{TS: -1}
	hasMessage := false
	for first := true; ; first = false {
		k, err := p.key(first)
		if err != nil {
			return e, err
		}
		if k == nil {
			break
		}
		switch string(k) {
		case "id":
			e.EventID, err = p.text()
		case "message":
			hasMessage = true
			e.Message, err = p.text()
		case "timestamp":
			e.TS, err = p.millis()
		default:
			err = p.skip()
		}
		if err != nil {
			return e, fmt.Errorf("%.40s: %w", k, err)
		}
	}
	if e.TS < 0 {
		return e, fmt.Errorf("timestamp is missing or not milliseconds since 1970")
	}
	if !hasMessage {
		return e, fmt.Errorf("message is missing")
	}
	return e, nil
}

// own completes events with what their record says, and reads their messages.
// Among the events of one scope without an id, equal ones are counted.
func (d *decoder) own(events []lake.Log, scope uint64, account, group, stream string) []lake.Log {
	about := d.logSubject(group, stream)
	for i := range events {
		e := &events[i]
		e.Account, e.Region, e.Subject = cmp.Or(account, d.o.Account), d.o.Region, about
		e.LogGroup, e.LogStream = group, stream
		if e.EventID == "" {
			e.EventID = d.ids.of(scope, e)
		}
		if !d.o.NoRedact {
			e.Message = logline.Redact(e.Message)
		}
		l := d.lines.Parse(e.Message)
		e.Level, e.Logger, e.Thread = l.Level, l.Logger, l.Thread
		e.Skeleton, e.Exception, e.RequestID, e.Parser = l.Skeleton, l.Exception, l.RequestID, l.Parser
	}
	return events
}

// logSubject names whose log a stream of a group is.
func (d *decoder) logSubject(group, stream string) string {
	if s, ok := subject.FromLog(group, stream); ok {
		return s.Key()
	}
	if d.o.Subject != "" {
		return d.o.Subject
	}
	return "logs/" + group
}
