package loadtest

import "errors"

// The columns of k6's CSV that matter.
// https://grafana.com/docs/k6/latest/results-output/real-time/csv/
const (
	k6Metric = iota
	k6Time
	k6Value
	k6Name
	k6URL
	k6Status
	k6Error
	k6Code
)

// k6CSV reads a row per point.
func (d *decoder) k6CSV() error {
	d.lines.quotes = true
	k := &k6{d: d}
	r := row{comma: ','}
	var h header
	err := d.eachLine(func(line []byte, _ place) error {
		fields, err := r.cut(line)
		if err != nil {
			return err
		}
		if string(fields[0]) == "metric_name" {
			h = newHeader(fields, "metric_name", "timestamp", "metric_value", "name", "url", "status", "error", "error_code")
			return nil
		}
		if h.names == nil {
			return errors.New("no header line before it")
		}
		if err := h.fits(fields); err != nil {
			return err
		}
		return d.k6Row(k, &h, fields)
	})
	if err != nil {
		return err
	}
	return k.flush()
}

func (d *decoder) k6Row(k *k6, h *header, fields [][]byte) error {
	p := point{metric: metricKind(h.get(fields, k6Metric))}
	if p.metric == otherMetric {
		return nil
	}
	var ok bool
	if p.end, ok = epochOrRFC3339(h.get(fields, k6Time)); !ok {
		return errTime
	}
	if p.value, ok = scaled(h.get(fields, k6Value), 3); !ok {
		return errDuration
	}
	p.tags = tags{
		name: h.get(fields, k6Name), url: h.get(fields, k6URL), status: h.get(fields, k6Status),
		error: h.get(fields, k6Error), code: h.get(fields, k6Code),
	}
	return k.add(&p)
}

// epochOrRFC3339 reads a time in any of the formats of K6_CSV_TIME_FORMAT: the
// digits tell seconds, milliseconds, microseconds and nanoseconds apart.
func epochOrRFC3339(b []byte) (int64, bool) {
	v, ok := integer(b)
	if !ok {
		return rfc3339(b)
	}
	switch {
	case v < 0:
		return 0, false
	case v < 1e11:
		return v * 1e6, true
	case v < 1e14:
		return v * 1e3, true
	case v < 1e17:
		return v, true
	}
	return v / 1e3, true
}
