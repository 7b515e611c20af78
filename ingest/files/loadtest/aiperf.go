package loadtest

import "errors"

// record is a line of profile_export.jsonl.
// https://docs.nvidia.com/aiperf/tutorials/metrics-analysis/working-with-profile-export-files
type aiperfRecord struct {
	start, end int64 // nanoseconds, -1 unknown
	cancelled  bool
	ttft       int64 // microseconds
	in, out    int64
	failed     bool
	code       int64
	kind, text []byte
}

// aiperfRecords reads a line per request.
func (d *decoder) aiperfRecords() error {
	return d.eachLine(func(line []byte, _ place) error {
		p := &d.p
		p.reset(line)
		r := aiperfRecord{start: -1, end: -1, ttft: -1, in: -1, out: -1}
		err := p.whole(func(key []byte) error {
			switch string(key) {
			case "metadata":
				return p.aiperfMetadata(&r)
			case "metrics":
				return p.aiperfMetrics(&r)
			case "error":
				return p.aiperfError(&r)
			}
			return p.skip()
		})
		if err != nil {
			return err
		}
		if r.start < 0 {
			return errTime
		}
		return d.aiperfAdd(&r)
	})
}

func (p *parser) aiperfMetadata(r *aiperfRecord) error {
	return p.object(func(key []byte) (err error) {
		switch string(key) {
		case "request_start_ns":
			r.start, err = p.scaled(0, -1)
		case "request_end_ns":
			r.end, err = p.scaled(0, -1)
		case "was_cancelled":
			r.cancelled = p.peek() == 't'
			err = p.skip()
		default:
			err = p.skip()
		}
		return err
	})
}

func (p *parser) aiperfMetrics(r *aiperfRecord) error {
	return p.object(func(key []byte) (err error) {
		switch string(key) {
		case "time_to_first_token":
			r.ttft, err = p.aiperfValue(true)
		case "input_sequence_length", "error_isl":
			r.in, err = p.aiperfValue(false)
		case "output_sequence_length":
			r.out, err = p.aiperfValue(false)
		default:
			err = p.skip()
		}
		return err
	})
}

func (p *parser) aiperfError(r *aiperfRecord) error {
	r.failed = p.peek() != 'n'
	return p.object(func(key []byte) (err error) {
		switch string(key) {
		case "code":
			r.code, err = p.scaled(0, 0)
		case "type":
			r.kind, err = p.str()
		case "message":
			r.text, err = p.str()
		default:
			err = p.skip()
		}
		return err
	})
}

// aiperfValue reads {"value": number, "unit": "..."}, as microseconds where it
// is a time.
func (p *parser) aiperfValue(isTime bool) (int64, error) {
	var number, unit []byte
	err := p.object(func(key []byte) (err error) {
		switch string(key) {
		case "value", "avg":
			number, err = p.number()
		case "unit":
			unit, err = p.str()
		default:
			err = p.skip()
		}
		return err
	})
	if err != nil || number == nil {
		return -1, err
	}
	exp := 0
	if isTime {
		var ok bool
		if exp, ok = timeUnit(unit); !ok {
			return -1, errors.New("time in an unknown unit")
		}
	}
	v, ok := scaled(number, exp)
	if !ok {
		return -1, errNumber
	}
	return v, nil
}

// timeUnit is the power of ten from a unit to microseconds.
func timeUnit(unit []byte) (int, bool) {
	switch string(unit) {
	case "ns", "nanoseconds":
		return -3, true
	case "us", "microseconds":
		return 0, true
	case "ms", "milliseconds":
		return 3, true
	case "s", "sec", "seconds":
		return 6, true
	}
	return 0, false
}

func (d *decoder) aiperfAdd(r *aiperfRecord) error {
	s := known()
	s.TS, s.TTFTUS, s.TokensIn, s.TokensOut = r.start/1000, r.ttft, r.in, r.out
	if r.end >= 0 && !r.cancelled {
		if r.end < r.start {
			return errDuration
		}
		s.DurationUS = (r.end - r.start + 500) / 1000
	}
	if r.failed || r.cancelled {
		if r.code >= 100 && r.code <= 599 {
			s.Status = int32(r.code)
		}
		s.Error = d.aiperfMessage(r)
	}
	return d.add(&s)
}

// aiperfMessage is the type and message of an error.
func (d *decoder) aiperfMessage(r *aiperfRecord) string {
	b := append([]byte(nil), r.kind...)
	if len(r.kind) > 0 && len(r.text) > 0 {
		b = append(b, ": "...)
	}
	if b = append(b, r.text...); len(b) > 0 {
		return d.texts.error(b)
	}
	if r.cancelled {
		return "cancelled"
	}
	return "failed"
}

// aiperfTotals are what profile_export_aiperf.json says of a run's requests.
// https://docs.nvidia.com/aiperf/reference/json-export-schema
type aiperfTotals struct {
	good, failed int64
	start, end   int64 // microseconds, -1 unknown
	first, last  int64 // of the requests
	unzoned      bool  // start and end have no zone, and none is known
}

// aiperfSummary reads the counts of a run. Its percentiles are no requests and
// are left alone.
func (d *decoder) aiperfSummary() error {
	return d.documents(func(place) error {
		p := &d.p
		t := aiperfTotals{good: -1, start: -1, end: -1, first: -1, last: -1}
		field := func(key []byte) error { return d.aiperfTotal(&t, key) }
		err := p.whole(func(key []byte) error {
			if string(key) == "records" { // AIPerf 0.1
				return p.object(field)
			}
			return field(key)
		})
		if err != nil {
			return err
		}
		if t.first >= 0 && t.last >= t.first {
			t.start, t.end = t.first, t.last
		}
		switch {
		case t.good < 0:
			return errors.New("no request_count")
		case t.start < 0 && t.unzoned:
			return errors.New("start_time has no zone: give that of the machine that ran AIPerf with --tz, or import profile_export.jsonl")
		case t.start < 0 || t.end < t.start:
			return errors.New("no start_time and end_time: import profile_export.jsonl")
		}
		return d.aiperfRun(&t)
	})
}

func (d *decoder) aiperfTotal(t *aiperfTotals, key []byte) (err error) {
	p := &d.p
	switch string(key) {
	case "request_count":
		t.good, err = p.aiperfValue(false)
	case "error_request_count":
		t.failed, err = p.aiperfValue(false)
	case "min_request_timestamp":
		t.first, err = p.aiperfValue(true)
	case "max_response_timestamp":
		t.last, err = p.aiperfValue(true)
	case "start_time":
		t.start, err = d.aiperfTime(t)
	case "end_time":
		t.end, err = d.aiperfTime(t)
	default:
		err = p.skip()
	}
	return err
}

// aiperfTime reads a Python datetime, with or without zone.
func (d *decoder) aiperfTime(t *aiperfTotals) (int64, error) {
	b, err := d.p.str()
	if err != nil || b == nil {
		return -1, err
	}
	if v, ok := rfc3339(b); ok {
		return v, nil
	}
	if v, ok := local(b, d.o.Zone); ok {
		return v, nil
	}
	t.unzoned = true
	return -1, nil
}

// aiperfRun hands out the requests of a run, evenly over its time.
func (d *decoder) aiperfRun(t *aiperfTotals) error {
	r := run{start: t.start, length: t.end - t.start}
	s := Sample{DurationUS: -1, TTFTUS: -1, TokensIn: -1, TokensOut: -1}
	r.add(s, t.good)
	s.Error = "failed"
	r.add(s, t.failed)
	return r.spread(d)
}
