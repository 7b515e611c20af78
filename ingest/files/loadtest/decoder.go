package loadtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
)

// maxUnknown is how many malformed records a file may start with before it is
// given up.
const maxUnknown = 1000

// errStopped says that the caller wants no more.
var errStopped = errors.New("stopped")

// decoder turns a stream into records of one format.
type decoder struct {
	f     Format
	o     Options
	check func() error // of the context
	yield func(Record, error) bool

	lines  *lines
	p      parser
	texts  *texts
	asked  int
	good   bool // a record of the format was seen
	bad    int
	first  Malformed // of all
	sample Sample
	broken Malformed

	stopped bool
}

func newDecoder(ctx context.Context, r io.Reader, f Format, o Options, yield func(Record, error) bool) *decoder {
	return &decoder{
		f: f, o: o, check: ctx.Err, yield: yield,
		lines: newLines(r, o.MaxRecord), texts: newTexts(),
	}
}

// run reads the stream to its end.
func (d *decoder) run() error {
	var err error
	switch d.f {
	case K6JSON:
		err = d.k6JSON()
	case K6CSV:
		err = d.k6CSV()
	case LocustHistory:
		err = d.locustHistory()
	case LocustJSON:
		err = d.locustJSON()
	case VegetaJSON:
		err = d.vegetaJSON()
	case VegetaCSV:
		err = d.vegetaCSV()
	case JMeterCSV:
		err = d.jmeterCSV()
	case FortioJSON:
		err = d.fortio()
	case AIPerfRecords:
		err = d.aiperfRecords()
	case AIPerfSummary:
		err = d.aiperfSummary()
	case GuideLLM:
		err = d.guideLLM()
	default:
		return fmt.Errorf("unknown format %q", d.f)
	}
	if err != nil {
		return err
	}
	return d.end()
}

// end judges a file that was read to its end.
func (d *decoder) end() error {
	if d.good || d.bad == 0 {
		return nil
	}
	return &ShapeError{Format: d.f, Found: d.first.String()}
}

// emit hands out s, which d keeps.
func (d *decoder) emit(s Sample) error {
	d.sample, d.good = s, true
	if !d.yield(&d.sample, nil) {
		d.stopped = true
		return errStopped
	}
	return nil
}

// reject hands out a malformed record; too many before the first good one end
// the file.
func (d *decoder) reject(at place, reason string) error {
	d.broken = Malformed{Line: at.line, Offset: at.offset, Reason: reason}
	if d.bad == 0 {
		d.first = d.broken
	}
	d.bad++
	if !d.yield(&d.broken, nil) {
		d.stopped = true
		return errStopped
	}
	if !d.good && d.bad >= maxUnknown {
		return d.end()
	}
	return nil
}

// note hands out what the file does not tell.
func (d *decoder) note(at place, reason string) error {
	if !d.yield(&Note{Line: at.line, Reason: reason}, nil) {
		d.stopped = true
		return errStopped
	}
	return nil
}

// alive asks the context now and then.
func (d *decoder) alive() error {
	if d.asked++; d.asked&255 == 1 {
		return d.check()
	}
	return nil
}

// eachLine calls do for every line that is not blank. An error of do rejects
// the line, except errStopped, which ends the reading.
func (d *decoder) eachLine(do func(line []byte, at place) error) error {
	for {
		if err := d.alive(); err != nil {
			return err
		}
		line, at, bad, err := d.lines.next()
		if err == io.EOF { //nolint:errorlint // next returns io.EOF itself
			return nil
		}
		if err != nil {
			return err
		}
		if bad == "" {
			if len(bytes.TrimSpace(line)) == 0 {
				continue
			}
			err := do(line, at)
			if err == nil {
				d.good = true
				continue
			}
			if d.stopped {
				return err
			}
			bad = err.Error()
		}
		if err := d.reject(at, bad); err != nil {
			return err
		}
	}
}

// known is a sample of one request of which nothing is known yet.
func known() Sample {
	return Sample{DurationUS: -1, Weight: 1, TTFTUS: -1, TokensIn: -1, TokensOut: -1}
}

// maxTS is the last microsecond of the year 9999.
const maxTS = 253402300800*1_000_000 - 1

// maxDurationUS bounds a response time: one year.
const maxDurationUS = 366 * 86400 * 1_000_000

var (
	errTime     = errors.New("time is missing or out of range")
	errDuration = errors.New("response time is negative or longer than a year")
	errStatus   = errors.New("status is not a number from 0 to 999")
	errCount    = errors.New("count is negative or out of range")
)

// valid checks what every format must hold.
func valid(s *Sample) error {
	switch {
	case s.TS < 0 || s.TS > maxTS || s.SpanUS < 0 || s.SpanUS > maxTS:
		return errTime
	case s.DurationUS < -1 || s.DurationUS > maxDurationUS:
		return errDuration
	case s.Status < 0 || s.Status > 999:
		return errStatus
	case s.Weight < 1:
		return errCount
	}
	if s.TTFTUS < 0 || s.TTFTUS > maxDurationUS {
		s.TTFTUS = -1
	}
	if s.TokensIn < 0 {
		s.TokensIn = -1
	}
	if s.TokensOut < 0 {
		s.TokensOut = -1
	}
	return nil
}

// add checks s and hands it out.
func (d *decoder) add(s *Sample) error {
	if err := valid(s); err != nil {
		return err
	}
	return d.emit(*s)
}
