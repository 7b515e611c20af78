package loadtest

import (
	"errors"
	"fmt"
)

// vegetaJSON reads a line per result: timestamp is when the request was sent,
// latency in nanoseconds until the body was read, dialling included.
// https://github.com/tsenart/vegeta#encode-command
func (d *decoder) vegetaJSON() error {
	return d.eachLine(func(line []byte, _ place) error {
		s := known()
		var url []byte
		timed, coded := false, false
		p := &d.p
		p.reset(line)
		err := p.whole(func(key []byte) error {
			switch string(key) {
			case "timestamp":
				b, err := p.str()
				s.TS, timed = rfc3339(b)
				return err
			case "latency":
				v, err := p.scaled(-3, -1)
				s.DurationUS = v
				return err
			case "code":
				v, err := p.scaled(0, 0)
				if v < 0 || v > 999 {
					return errStatus
				}
				s.Status, coded = int32(v), true
				return err
			case "error":
				b, err := p.str()
				s.Error = d.texts.error(b)
				return err
			case "url":
				var err error
				url, err = p.str()
				return err
			}
			return p.skip()
		})
		if err != nil {
			return err
		}
		if !timed {
			return errTime
		}
		if !coded {
			return errStatus
		}
		s.Route = d.texts.route(url)
		return d.vegetaAdd(&s)
	})
}

// vegetaCSV reads rows without header: 12 columns, or 9 in older versions.
func (d *decoder) vegetaCSV() error {
	d.lines.quotes = true
	r := row{comma: ','}
	return d.eachLine(func(line []byte, _ place) error {
		f, err := r.cut(line)
		if err != nil {
			return err
		}
		if len(f) != 12 && len(f) != 9 {
			return fmt.Errorf("%d columns, want 12 or 9", len(f))
		}
		s := known()
		ts, ok := integer(f[0])
		if !ok || ts < 0 {
			return errTime
		}
		s.TS = ts / 1000
		code, ok := integer(f[1])
		if !ok || code < 0 || code > 999 {
			return errStatus
		}
		s.Status = int32(code)
		latency, ok := integer(f[2])
		if !ok || latency < 0 {
			return errDuration
		}
		s.DurationUS = (latency + 500) / 1000
		for _, i := range [...]int{3, 4, 8} {
			if _, ok := integer(f[i]); !ok {
				return fmt.Errorf("column %d is not a number", i+1)
			}
		}
		s.Error = d.texts.error(f[5])
		if len(f) == 12 {
			s.Route = d.texts.route(f[10])
		}
		return d.vegetaAdd(&s)
	})
}

func (d *decoder) vegetaAdd(s *Sample) error {
	if s.DurationUS < 0 {
		return errors.New("latency is missing or negative")
	}
	if s.Status == 0 && s.Error == "" {
		s.Error = "no answer"
	}
	return d.add(s)
}
