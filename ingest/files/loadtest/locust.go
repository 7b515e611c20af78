package loadtest

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// The columns of Locust's history that matter. The counts are of the whole run
// so far, for Name, or for all names in the row called Aggregated.
// https://docs.locust.io/en/stable/retrieving-stats.html
const (
	locustTime = iota
	locustType
	locustName
	locustRequests
	locustFailures
)

// maxNames bounds how many names of requests are told apart.
const maxNames = 100_000

// counts are requests and failures so far.
type counts struct{ requests, failures int64 }

// history turns counts so far into counts of windows. Each time that Locust
// writes, it writes the rows of all names, if at all, and then Aggregated.
type history struct {
	seen  map[string]counts // by type and name
	last  int64             // time of the previous rows, -1 none
	now   int64             // time of the current rows
	named bool              // rows with names stand before Aggregated
	begun bool              // a row Aggregated was read: later counts are of a known window
	key   []byte
}

// locustHistory reads PREFIX_stats_history.csv.
func (d *decoder) locustHistory() error {
	d.lines.quotes = true
	r := row{comma: ','}
	var h header
	w := &history{seen: map[string]counts{}, last: -1, now: -1}
	return d.eachLine(func(line []byte, at place) error {
		fields, err := r.cut(line)
		if err != nil {
			return err
		}
		if string(fields[0]) == "Timestamp" {
			*w = history{seen: map[string]counts{}, last: -1, now: -1}
			h = newHeader(fields, "timestamp", "type", "name", "total request count", "total failure count")
			if slices.Min(h.index) < 0 {
				h.names = nil
				return errors.New("header without Timestamp, Type, Name, Total Request Count and Total Failure Count: Locust before 1.0?")
			}
			return nil
		}
		if h.names == nil {
			return errors.New("no header line before it")
		}
		if err := h.fits(fields); err != nil {
			return err
		}
		return d.locustRow(&h, w, fields, at)
	})
}

// locustRow hands out what a row counts since the one before it.
func (d *decoder) locustRow(h *header, w *history, fields [][]byte, at place) error {
	sec, ok := integer(h.get(fields, locustTime))
	if !ok || sec < 1 || sec > maxTS/1_000_000 {
		return errTime
	}
	requests, ok := integer(h.get(fields, locustRequests))
	failures, ok2 := integer(h.get(fields, locustFailures))
	if !ok || !ok2 || requests < 0 || failures < 0 {
		return errCount
	}
	ts := sec * 1_000_000
	if ts != w.now {
		w.last, w.now, w.named = w.now, ts, false
	}
	name := h.get(fields, locustName)
	kind := h.get(fields, locustType)
	total := string(name) == "Aggregated" && len(kind) == 0
	w.key = append(append(append(w.key[:0], kind...), 0), name...)
	old, ok := w.seen[string(w.key)]
	if !ok && len(w.seen) >= maxNames {
		return fmt.Errorf("more than %d names", maxNames)
	}
	w.seen[string(w.key)] = counts{requests, failures}
	if requests < old.requests || failures < old.failures {
		old = counts{} // the counts were reset when all users had started
	}
	begun := w.begun
	w.begun = begun || total
	if total && w.named {
		return nil // the rows before it hold the same requests
	}
	w.named = w.named || !total
	if !begun && requests > 0 {
		return d.note(at, fmt.Sprintf("%d requests from before the first row are left out: the file does not say when they were sent", requests))
	}
	s := Sample{DurationUS: -1, TTFTUS: -1, TokensIn: -1, TokensOut: -1, TS: w.last, SpanUS: ts - w.last}
	if w.last < 0 || w.last > ts {
		s.TS, s.SpanUS = ts-1_000_000, 1_000_000
	}
	if !total {
		s.Route = d.texts.route(name)
	}
	return d.locustAdd(&s, requests-old.requests, failures-old.failures)
}

// locustAdd hands out the requests of a window: those that passed and those
// that failed.
func (d *decoder) locustAdd(s *Sample, requests, failures int64) error {
	failures = min(failures, requests)
	if s.Weight = requests - failures; s.Weight > 0 {
		s.Error = ""
		if err := d.add(s); err != nil {
			return err
		}
	}
	if s.Weight = failures; s.Weight > 0 {
		s.Error = "failed"
		return d.add(s)
	}
	return nil
}

// locustJSON reads the array of entries that locust --json prints.
// https://docs.locust.io/en/stable/configuration.html
func (d *decoder) locustJSON() error {
	s := stream{lines: d.lines}
	c, err := s.next()
	if err != nil {
		return err
	}
	if c != '[' {
		return &ShapeError{Format: d.f, Found: fmt.Sprintf("starts with %q, not with an array", c)}
	}
	err = s.array(func() error {
		return d.streamed(&s, d.locustEntry)
	})
	if err != nil {
		return err
	}
	return d.behind(&s)
}

// behind rejects what stands behind the document of a file.
func (d *decoder) behind(s *stream) error {
	_, err := s.next()
	if err == io.ErrUnexpectedEOF { //nolint:errorlint // next returns it itself
		return nil
	}
	if err != nil {
		return err
	}
	return d.reject(s.here(), "text behind the JSON document")
}

// documents reads the documents of a file, most often one.
func (d *decoder) documents(do func(at place) error) error {
	s := stream{lines: d.lines}
	for n := 0; ; n++ {
		_, err := s.next()
		if n > 0 && err == io.ErrUnexpectedEOF { //nolint:errorlint // next returns it itself
			return nil
		}
		if err != nil {
			return err
		}
		at := s.here()
		if err := d.streamed(&s, func() error { return do(at) }); err != nil {
			return err
		}
	}
}

// streamed reads one value of s as a record.
func (d *decoder) streamed(s *stream, do func() error) error {
	if err := d.alive(); err != nil {
		return err
	}
	raw, at, bad, err := s.value(true)
	if err != nil {
		return err
	}
	if bad == "" {
		d.p.reset(raw)
		if err := do(); err != nil {
			if d.stopped || d.check() != nil {
				return err
			}
			bad = err.Error()
		}
	}
	if bad != "" {
		return d.reject(at, bad)
	}
	d.good = true
	return nil
}

// entry is one name of Locust's JSON.
type entry struct {
	name        []byte
	requests    int64
	failures    int64
	start, last int64
	perSec      []second
	failPerSec  map[int64]int64
}

type second struct{ sec, count int64 }

// locustEntry reads one entry: counts per second, and a histogram of response
// times that belongs to no second and is left alone.
func (d *decoder) locustEntry() error {
	p := &d.p
	e := entry{requests: -1, start: -1, last: -1, failPerSec: map[int64]int64{}}
	err := p.whole(func(key []byte) (err error) {
		switch string(key) {
		case "name":
			e.name, err = p.str()
		case "num_requests":
			e.requests, err = p.scaled(0, -1)
		case "num_failures":
			e.failures, err = p.scaled(0, 0)
		case "start_time":
			e.start, err = p.scaled(6, -1)
		case "last_request_timestamp":
			e.last, err = p.scaled(6, -1)
		case "num_reqs_per_sec":
			err = p.perSecond(func(sec, count int64) { e.perSec = append(e.perSec, second{sec, count}) })
		case "num_fail_per_sec":
			err = p.perSecond(func(sec, count int64) { e.failPerSec[sec] = count })
		default:
			err = p.skip()
		}
		return err
	})
	if err != nil {
		return err
	}
	if e.requests < 0 || e.name == nil {
		return errors.New("no name or num_requests")
	}
	s := Sample{DurationUS: -1, TTFTUS: -1, TokensIn: -1, TokensOut: -1, Route: d.texts.route(e.name)}
	if len(e.perSec) == 0 {
		s.TS, s.SpanUS = e.start, max(0, e.last-e.start)
		return d.locustAdd(&s, e.requests, e.failures)
	}
	slices.SortFunc(e.perSec, func(a, b second) int { return int(a.sec - b.sec) })
	for _, sec := range e.perSec {
		s.TS, s.SpanUS = sec.sec*1_000_000, 1_000_000
		if err := d.locustAdd(&s, sec.count, e.failPerSec[sec.sec]); err != nil {
			return err
		}
	}
	return nil
}

// perSecond reads an object of counts by epoch second.
func (p *parser) perSecond(add func(sec, count int64)) error {
	return p.object(func(key []byte) error {
		sec, ok := integer(key)
		if !ok || sec < 0 || sec > maxTS/1_000_000 {
			return errTime
		}
		count, err := p.scaled(0, 0)
		if err == nil && count < 0 {
			err = errCount
		}
		add(sec, count)
		return err
	})
}
