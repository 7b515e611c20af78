package files

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sizewise/ingest/lake"
	"sizewise/ingest/subject"
)

// maxTS is the last millisecond of the year 9999, the last day that a lake has
// a partition for.
const maxTS = 253402300800*1000 - 1

// maxSeries bounds how many spellings of series a registry remembers, and how
// many series an importer keeps between batches.
const maxSeries = 1 << 17

// registry gives equal series one pointer.
type registry struct {
	raw   map[string]*lake.Series // by the bytes of the document that name it
	byKey map[string]*lake.Series // by its sorted contents
	buf   []byte
}

func newRegistry() *registry {
	return &registry{raw: map[string]*lake.Series{}, byKey: map[string]*lake.Series{}}
}

// fields are the parts of a metric document that name its series, as they
// stand in it.
type fields struct {
	account, region, namespace, metric, unit, dims []byte
}

// of returns the series that f names. A unit that it does not tell is that of
// unitOf.
func (r *registry) of(f *fields, pick func(lake.Series) string, unitOf func(namespace, metric string) string) (*lake.Series, error) {
	r.buf = r.buf[:0]
	for _, part := range [...][]byte{f.account, f.region, f.namespace, f.metric, f.unit, f.dims} {
		r.buf = append(append(r.buf, part...), 0)
	}
	if s, ok := r.raw[string(r.buf)]; ok {
		return s, nil
	}
	dims, err := parseDims(f.dims)
	if err != nil {
		return nil, err
	}
	s := lake.Series{
		Account: text(f.account), Region: text(f.region), Namespace: text(f.namespace),
		Metric: text(f.metric), Unit: text(f.unit), Dims: dims,
	}
	if s.Unit == "" {
		s.Unit = unitOf(s.Namespace, s.Metric)
	}
	s.Subject = pick(s)
	if len(r.raw) >= maxSeries {
		clear(r.raw)
	}
	raw := string(r.buf)
	known := r.shared(&s)
	r.raw[raw] = known
	return known, nil
}

// shared is the one series that equals s.
func (r *registry) shared(s *lake.Series) *lake.Series {
	key := seriesKey(s)
	known, ok := r.byKey[key]
	if !ok {
		known = s
		r.byKey[key] = known
	}
	return known
}

// text copies b as valid UTF-8, with U+FFFD for each byte that is none, as
// encoding/json reads it.
func text(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	return string([]rune(string(b)))
}

// seriesKey is a series' contents as one string.
func seriesKey(s *lake.Series) string {
	parts := []string{s.Account, s.Region, s.Namespace, s.Metric, s.Unit, strconv.Itoa(int(s.PeriodS))}
	for _, d := range s.Dims {
		parts = append(parts, d.Name, d.Value)
	}
	return strings.Join(parts, "\x00")
}

// parseDims reads the dimensions object, sorted by name.
func parseDims(raw []byte) ([]lake.Dim, error) {
	if raw == nil {
		return nil, nil
	}
	var p parser
	p.reset(raw)
	if p.peek() == 'n' {
		return nil, p.word("null")
	}
	if err := p.expect('{'); err != nil {
		return nil, fmt.Errorf("dimensions: %w", err)
	}
	var dims []lake.Dim
	for first := true; ; first = false {
		k, err := p.key(first)
		if err != nil {
			return nil, fmt.Errorf("dimensions: %w", err)
		}
		if k == nil {
			break
		}
		v, err := p.str()
		if err != nil {
			return nil, fmt.Errorf("dimensions: %w", err)
		}
		dims = append(dims, lake.Dim{Name: text(k), Value: text(v)})
	}
	slices.SortStableFunc(dims, func(a, b lake.Dim) int { return strings.Compare(a.Name, b.Name) })
	for i := 1; i < len(dims); i++ {
		if dims[i].Name == dims[i-1].Name {
			return nil, fmt.Errorf("dimension %.60q is there twice", dims[i].Name)
		}
	}
	return dims, nil
}

// metricDoc reads one metric stream document.
func (d *decoder) metricDoc(doc []byte) (Record, error) {
	p := &d.p
	p.reset(doc)
	if err := p.expect('{'); err != nil {
		return nil, err
	}
	var f fields
	ts, hasValue := math.NaN(), false
	pt := &d.metric.Point
	clearPoint(pt)
	for first := true; ; first = false {
		k, err := p.key(first)
		if err != nil {
			return nil, err
		}
		if k == nil {
			break
		}
		switch string(k) {
		case "account_id":
			f.account, err = p.str()
		case "region":
			f.region, err = p.str()
		case "namespace":
			f.namespace, err = p.str()
		case "metric_name":
			f.metric, err = p.str()
		case "unit":
			f.unit, err = p.str()
		case "timestamp":
			ts, err = p.number()
		case "dimensions":
			p.peek()
			from := p.i
			err = p.skip()
			f.dims = p.b[from:p.i]
		case "value":
			hasValue = true
			err = p.value(pt)
		default:
			err = p.skip()
		}
		if err != nil {
			return nil, fmt.Errorf("%.40s: %w", k, err)
		}
	}
	if len(f.metric) == 0 || len(f.namespace) == 0 || !hasValue {
		return nil, missing(&f, hasValue)
	}
	if !(ts >= 0 && ts <= maxTS) {
		return nil, fmt.Errorf("timestamp %v is not milliseconds since 1970", ts)
	}
	pt.TS = int64(ts) * 1000
	s, err := d.series.of(&f, d.metricSubject, d.unitOf)
	if err != nil {
		return nil, err
	}
	d.metric.Series = s
	d.kept++
	return &d.metric, nil
}

// missing says what a metric document lacks; it is of another shape when it
// lacks everything.
func missing(f *fields, hasValue bool) error {
	switch {
	case f.metric == nil && f.namespace == nil:
		return errShape
	case len(f.metric) == 0:
		return fmt.Errorf("metric_name is missing")
	case len(f.namespace) == 0:
		return fmt.Errorf("namespace is missing")
	case !hasValue:
		return fmt.Errorf("value is missing")
	}
	return errShape
}

func clearPoint(pt *lake.Point) {
	for i := range pt.Stats {
		pt.Stats[i] = math.NaN()
	}
	pt.Other = nil
}

// value reads the statistics of one point. The average is not streamed; it is
// sum by count, as CloudWatch has it.
func (p *parser) value(pt *lake.Point) error {
	if err := p.expect('{'); err != nil {
		return err
	}
	n := 0
	for first := true; ; first = false {
		k, err := p.key(first)
		if err != nil {
			return err
		}
		if k == nil {
			break
		}
		v, err := p.number()
		if err != nil {
			return fmt.Errorf("%.40s: %w", k, err)
		}
		n++
		if stat, ok := statOf(string(k)); ok {
			pt.Stats[stat] = v
			continue
		}
		if pt.Other == nil {
			pt.Other = map[string]float64{}
		}
		pt.Other[text(k)] = v
	}
	if n == 0 {
		return fmt.Errorf("no statistic")
	}
	count, sum := pt.Stats[lake.SampleCount], pt.Stats[lake.Sum]
	if count < 0 {
		return fmt.Errorf("count %v is negative", count)
	}
	if count > 0 {
		pt.Stats[lake.Average] = sum / count
	}
	return nil
}

// metricSubject names what a series is about: the subject of its namespace and
// dimensions, or Options.Subject, or its namespace, so that nothing is lost.
func (d *decoder) metricSubject(s lake.Series) string {
	dims := make(map[string]string, len(s.Dims))
	for _, dim := range s.Dims {
		dims[dim.Name] = dim.Value
	}
	if sub, ok := subject.FromMetric(s.Namespace, dims); ok {
		return sub.Key()
	}
	if d.o.Subject != "" {
		return d.o.Subject
	}
	return "cloudwatch/" + s.Namespace
}
