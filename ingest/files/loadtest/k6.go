package loadtest

import (
	"bytes"
	"errors"
)

// k6 joins the points of one request, which k6 writes one behind the other
// with the same time: the duration first, sending and waiting behind it.
// https://grafana.com/docs/k6/latest/using-k6/metrics/reference/
// https://grafana.com/docs/k6/latest/results-output/real-time/json/
type k6 struct {
	d        *decoder
	open     bool // s waits for its other points
	s        Sample
	end      int64 // time of the request's points
	sending  int64 // -1 unknown
	waiting  int64
	answered bool // a status other than 0 came, or is unknown
}

// point is one measurement of k6, before its place in a request is known.
type point struct {
	metric kind
	end    int64
	value  int64 // microseconds
	tags   tags
}

// tags are the tags of a point that matter, empty where there is none.
type tags struct{ name, url, status, error, code []byte }

// kind is a metric of k6.
type kind uint8

const (
	otherMetric kind = iota
	httpRequests
	httpDuration
	httpSending
	httpWaiting
	grpcDuration
)

func metricKind(b []byte) kind {
	switch string(b) {
	case "http_reqs":
		return httpRequests
	case "http_req_duration":
		return httpDuration
	case "http_req_sending":
		return httpSending
	case "http_req_waiting":
		return httpWaiting
	case "grpc_req_duration":
		return grpcDuration
	}
	return otherMetric
}

// add takes the next point in file order.
func (k *k6) add(p *point) error {
	switch p.metric {
	case httpSending, httpWaiting:
		if k.open && p.end == k.end {
			if p.metric == httpSending {
				k.sending = p.value
			} else {
				k.waiting = p.value
			}
		}
		return nil
	case httpRequests:
		return k.flush()
	case httpDuration, grpcDuration:
	default:
		return nil
	}
	s := known()
	s.TS, s.DurationUS = p.end-p.value, p.value
	status := int64(0)
	if len(p.tags.status) > 0 {
		var ok bool
		if status, ok = integer(p.tags.status); !ok || status < 0 || status > 999 {
			return errStatus
		}
	}
	name := p.tags.name
	if len(name) == 0 {
		name = p.tags.url
	}
	s.Status, s.Error = int32(status), k.d.texts.error(p.tags.error)
	tagged := len(p.tags.status) > 0 // it can be switched off: then the status is unknown
	if p.metric == grpcDuration {
		s.Route = k.d.texts.route(method(name))
		if tagged {
			s.Status, s.Error = grpcStatus(status, s.Error)
		}
	} else {
		s.Route = k.d.texts.route(name)
		if tagged && status == 0 && s.Error == "" {
			s.Error = k.d.noAnswer(p.tags.code)
		}
	}
	if p.value < 0 {
		return errDuration
	}
	if err := valid(&s); err != nil {
		return err
	}
	if err := k.flush(); err != nil {
		return err
	}
	k.open, k.s, k.end, k.sending, k.waiting, k.answered = true, s, p.end, -1, -1, status != 0 || !tagged
	return nil
}

// noAnswer is the error of a request without status, by k6's code for it.
// https://grafana.com/docs/k6/latest/javascript-api/error-codes/
func (d *decoder) noAnswer(code []byte) string {
	if len(code) == 0 {
		return "no answer"
	}
	return d.texts.error(append([]byte("k6 error code "), code...))
}

// flush hands out the request whose points are complete.
func (k *k6) flush() error {
	if !k.open {
		return nil
	}
	k.open = false
	if k.waiting >= 0 && k.answered {
		k.s.TTFTUS = k.waiting + max(k.sending, 0)
	}
	return k.d.add(&k.s)
}

// k6JSON reads lines of {"metric":...,"type":"Point","data":{...}}.
func (d *decoder) k6JSON() error {
	k := &k6{d: d}
	var p point
	err := d.eachLine(func(line []byte, _ place) error {
		if uninteresting(line) {
			return k6Line(line)
		}
		p = point{}
		isPoint, err := d.k6Point(line, &p)
		if err != nil || !isPoint {
			return err
		}
		return k.add(&p)
	})
	if err != nil {
		return err
	}
	return k.flush()
}

// uninteresting reports that a line, as newer versions of k6 write them, is a point
// of a metric that is not read. Most are.
func uninteresting(line []byte) bool {
	rest, ok := bytes.CutPrefix(line, []byte(`{"metric":"`))
	if !ok {
		return !bytes.Contains(line, []byte("http_req")) && !bytes.Contains(line, []byte("grpc_req"))
	}
	n := bytes.IndexByte(rest, '"')
	return n >= 0 && metricKind(rest[:n]) == otherMetric
}

// k6Line checks the outside of a line whose contents do not matter.
func k6Line(line []byte) error {
	if line[0] != '{' || line[len(line)-1] != '}' {
		return errObject
	}
	if !bytes.Contains(line, []byte(`"metric"`)) {
		return errors.New("not a line of k6: no metric")
	}
	return nil
}

// k6Point reads one line; false for the definition of a metric.
func (d *decoder) k6Point(line []byte, out *point) (bool, error) {
	p := &d.p
	p.reset(line)
	isPoint, timed, valued := false, false, false
	err := p.whole(func(key []byte) error {
		switch string(key) {
		case "metric":
			s, err := p.str()
			out.metric = metricKind(s)
			return err
		case "type":
			s, err := p.str()
			isPoint = string(s) == "Point"
			return err
		case "data":
			var err error
			timed, valued, err = p.k6Data(out)
			return err
		}
		return p.skip()
	})
	if err != nil || !isPoint {
		return false, err
	}
	if !timed {
		return false, errTime
	}
	if !valued {
		return false, errDuration
	}
	return true, nil
}

// k6Data reads the data of a point.
func (p *parser) k6Data(out *point) (timed, valued bool, err error) {
	err = p.object(func(key []byte) error {
		switch string(key) {
		case "time":
			s, err := p.str()
			out.end, timed = rfc3339(s)
			return err
		case "value":
			b, err := p.number()
			out.value, valued = scaled(b, 3)
			return err
		case "tags":
			return p.k6Tags(&out.tags)
		}
		return p.skip()
	})
	return timed, valued, err
}

func (p *parser) k6Tags(t *tags) error {
	return p.object(func(key []byte) (err error) {
		switch string(key) {
		case "name":
			t.name, err = p.str()
		case "url":
			t.url, err = p.str()
		case "status":
			t.status, err = p.str()
		case "error":
			t.error, err = p.str()
		case "error_code":
			t.code, err = p.str()
		default:
			err = p.skip()
		}
		return err
	})
}
