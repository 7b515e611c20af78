package loadtest

import (
	"cmp"
	"fmt"
)

// guideRequest is a request of GuideLLM's report, as versions up to 0.3 and
// from 0.4 on write it. Times are microseconds, -1 unknown.
// https://github.com/vllm-project/guidellm/blob/main/src/guidellm/schemas/request_stats.py
type guideRequest struct {
	start, end, first int64 // of the request
	began, done       int64 // of the worker that handled it
	ttft              int64
	in, out           int64
	kind, error       []byte
}

// guideLLM reads benchmarks[].requests.successful, errored and incomplete.
func (d *decoder) guideLLM() error {
	s := stream{lines: d.lines}
	c, err := s.next()
	if err != nil {
		return err
	}
	if c != '{' {
		return &ShapeError{Format: d.f, Found: fmt.Sprintf("starts with %q, not with an object", c)}
	}
	err = s.object(func(key string) error {
		if key != "benchmarks" {
			return s.skip()
		}
		return s.array(func() error { return d.guideBenchmark(&s) })
	})
	if err == nil {
		err = d.behind(&s)
	}
	if err == nil && !d.good && d.bad == 0 {
		return &ShapeError{Format: d.f, Found: "no requests in benchmarks"}
	}
	return err
}

// guideCount is how many requests of a kind there were and how many are in
// the file, which may hold only a sample of them.
type guideCount struct{ total, read map[string]int64 }

func (d *decoder) guideBenchmark(s *stream) error {
	if _, err := s.next(); err != nil {
		return err
	}
	at := s.here()
	n := guideCount{total: map[string]int64{}, read: map[string]int64{}}
	err := s.object(func(key string) error {
		switch key {
		case "requests":
			return d.guideRequests(s, &n)
		case "request_totals":
			return d.guideTotals(s, &n)
		case "metrics":
			return s.object(func(key string) error {
				if key == "request_totals" {
					return d.guideTotals(s, &n)
				}
				return s.skip()
			})
		}
		return s.skip()
	})
	if err != nil {
		return err
	}
	for _, kind := range [...]string{"successful", "errored", "incomplete"} {
		if n.total[kind] > n.read[kind] {
			err := d.note(at, fmt.Sprintf("only %d of %d %s requests are in the file: run GuideLLM without --sample-requests", n.read[kind], n.total[kind], kind))
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// guideTotals reads the counts of a benchmark.
func (d *decoder) guideTotals(s *stream, n *guideCount) error {
	raw, _, bad, err := s.value(true)
	if err != nil || bad != "" {
		return err
	}
	d.p.reset(raw)
	_ = d.p.object(func(key []byte) error { // totals of another shape are none
		v, err := d.p.scaled(0, 0)
		if err == nil && len(n.total) < 10 {
			n.total[string(key)] = v
		}
		return err
	})
	return nil
}

func (d *decoder) guideRequests(s *stream, n *guideCount) error {
	return s.object(func(kind string) error {
		if kind != "successful" && kind != "errored" && kind != "incomplete" {
			return s.skip()
		}
		return s.array(func() error {
			n.read[kind]++
			return d.streamed(s, func() error { return d.guideRequest(kind) })
		})
	})
}

func (d *decoder) guideRequest(kind string) error {
	p := &d.p
	r := guideRequest{start: -1, end: -1, first: -1, began: -1, done: -1, ttft: -1, in: -1, out: -1}
	var info guideRequest
	err := p.whole(func(key []byte) (err error) {
		switch string(key) {
		case "start_time", "request_start_time":
			r.start, err = p.scaled(6, -1)
		case "end_time", "request_end_time":
			r.end, err = p.scaled(6, -1)
		case "first_token_time":
			r.first, err = p.scaled(6, -1)
		case "time_to_first_token_ms":
			r.ttft, err = p.scaled(3, -1)
		case "prompt_tokens":
			r.in, err = p.scaled(0, -1)
		case "output_tokens":
			r.out, err = p.scaled(0, -1)
		case "request_type":
			r.kind, err = p.str()
		case "error":
			r.error, err = p.str()
		case "info":
			info, err = p.guideInfo()
		default:
			err = p.skip()
		}
		return err
	})
	if err != nil {
		return err
	}
	r.merge(&info)
	return d.guideAdd(kind, &r)
}

// guideInfo reads the timings and the error of version 0.4 and later.
func (p *parser) guideInfo() (guideRequest, error) {
	r := guideRequest{start: -1, end: -1, first: -1, began: -1, done: -1}
	err := p.object(func(key []byte) (err error) {
		switch string(key) {
		case "error":
			r.error, err = p.str()
			return err
		case "timings":
		default:
			return p.skip()
		}
		return p.object(func(key []byte) (err error) {
			switch string(key) {
			case "request_start":
				r.start, err = p.scaled(6, -1)
			case "request_end":
				r.end, err = p.scaled(6, -1)
			case "resolve_start":
				r.began, err = p.scaled(6, -1)
			case "resolve_end":
				r.done, err = p.scaled(6, -1)
			case "first_token_iteration", "first_iteration":
				r.first, err = p.scaled(6, -1)
			default:
				err = p.skip()
			}
			return err
		})
	})
	return r, err
}

// merge fills in from the timings what the request itself does not say.
func (r *guideRequest) merge(info *guideRequest) {
	if r.start <= 0 {
		if r.start = info.start; r.start <= 0 {
			r.start = info.began
		}
	}
	if r.end <= 0 {
		if r.end = info.end; r.end <= 0 {
			r.end = info.done
		}
	}
	if r.first <= 0 {
		r.first = info.first
	}
	if r.error == nil {
		r.error = info.error
	}
}

func (d *decoder) guideAdd(kind string, r *guideRequest) error {
	if r.start <= 0 {
		if kind == "incomplete" {
			return nil // never sent
		}
		return errTime
	}
	s := known()
	s.TS, s.TTFTUS, s.TokensIn, s.TokensOut = r.start, r.ttft, r.in, r.out
	s.Route = d.texts.route(r.kind)
	if r.end > 0 && kind != "incomplete" {
		if s.DurationUS = r.end - r.start; s.DurationUS < 0 {
			return errDuration
		}
	}
	if s.TTFTUS <= 0 {
		s.TTFTUS = -1
		if r.first > r.start {
			s.TTFTUS = r.first - r.start
		}
	}
	switch kind {
	case "errored":
		s.Error = cmp.Or(d.texts.error(r.error), "failed")
	case "incomplete":
		s.Error = cmp.Or(d.texts.error(r.error), "cut off when the benchmark ended")
	}
	return d.add(&s)
}
