package cloudwatch

import "errors"

// eventDecoder decodes an answer of FilterLogEvents several times faster than
// the SDK: text goes into one string a page, stream names into one each, and
// nothing is allocated per event. It takes only what the service documents and
// refuses the rest with errShape, which is then the SDK's to judge: fractions
// for times, keys that come twice, text that is not UTF-8.
type eventDecoder struct {
	in      []byte
	at      int
	text    []byte // of ids and messages, one after the other
	events  []rawEvent
	streams map[string]int // index in names
	names   []string
	token   string
}

// rawEvent is an event whose text is still in eventDecoder.text.
type rawEvent struct {
	ts, ingested int64 // milliseconds
	stream       int
	id, message  span
}

// span is a stretch of eventDecoder.text.
type span struct{ from, to int }

// errShape refuses a document that the decoder does not take.
var errShape = errors.New("not a page of log events as documented")

// maxSkipDepth is how deeply a value may nest that is skipped over.
const maxSkipDepth = 64

// reset makes the decoder ready for another document, keeping its memory.
func (d *eventDecoder) reset(in []byte) {
	if d.streams == nil {
		d.streams = make(map[string]int)
	}
	clear(d.streams)
	clear(d.names)
	*d = eventDecoder{in: in, text: d.text[:0], events: d.events[:0], streams: d.streams, names: d.names[:0]}
}

// decode reads a whole document.
func (d *eventDecoder) decode() error {
	seen := 0
	err := d.object(func(key []byte) error {
		switch string(key) {
		case "events":
			if seen&1 != 0 {
				return errShape
			}
			seen |= 1
			return d.array(d.event)
		case "nextToken":
			if seen&2 != 0 {
				return errShape
			}
			seen |= 2
			s, err := d.str()
			if err != nil {
				return err
			}
			d.token = string(d.text[s.from:s.to])
			d.text = d.text[:s.from]
			return nil
		default:
			return d.skip(0)
		}
	})
	if err != nil {
		return err
	}
	if d.space(); d.at != len(d.in) {
		return errShape
	}
	return nil
}

// page is what was decoded.
func (d *eventDecoder) page() eventPage {
	p := eventPage{token: d.token}
	if len(d.events) == 0 {
		return p
	}
	text := string(d.text)
	p.events = make([]Event, len(d.events))
	for i, e := range d.events {
		p.events[i] = Event{
			TS: e.ts * 1000, Ingested: e.ingested * 1000,
			ID: text[e.id.from:e.id.to], Message: text[e.message.from:e.message.to],
		}
		if e.stream >= 0 {
			p.events[i].Stream = d.names[e.stream]
		}
	}
	return p
}

// event reads one element of events.
func (d *eventDecoder) event() error {
	e := rawEvent{stream: -1}
	seen := 0
	err := d.object(func(key []byte) (err error) {
		field := 0
		switch string(key) {
		case "eventId":
			field = 1
			e.id, err = d.str()
		case "message":
			field = 2
			e.message, err = d.str()
		case "logStreamName":
			field = 4
			e.stream, err = d.stream()
		case "timestamp":
			field = 8
			e.ts, err = d.integer()
		case "ingestionTime":
			field = 16
			e.ingested, err = d.integer()
		default:
			return d.skip(0)
		}
		if err == nil && seen&field != 0 {
			err = errShape
		}
		seen |= field
		return err
	})
	d.events = append(d.events, e)
	return err
}

// stream reads a stream's name, which most events share with others.
func (d *eventDecoder) stream() (int, error) {
	s, err := d.str()
	if err != nil {
		return 0, err
	}
	name := d.text[s.from:s.to]
	i, ok := d.streams[string(name)]
	if !ok {
		i = len(d.names)
		d.names = append(d.names, string(name))
		d.streams[d.names[i]] = i
	}
	d.text = d.text[:s.from]
	return i, nil
}
