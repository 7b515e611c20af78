package files

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"sizewise/ingest/catalog"
	"sizewise/ingest/lake"
)

// What aws cloudwatch get-metric-data prints names its results by the Id of
// their queries and by a label, nothing else. So the queries must be imported
// with them: the file of --cli-input-json, {"MetricDataQueries": [...]}, or that
// of --metric-data-queries, which is the array alone. Source: CloudWatch API
// reference, MetricDataQuery and MetricDataResult.

// mostQueries bounds the queries of one import.
const mostQueries = 200_000

// queryDoc reads one MetricDataQuery.
func (d *decoder) queryDoc(doc []byte, at place) (Record, error) {
	q := queryParser{p: &d.p}
	q.p.reset(doc)
	if err := q.query(); err != nil {
		return nil, err
	}
	switch {
	case q.id == "":
		return nil, errors.New("query: Id is missing")
	case !q.stat && !q.expression:
		return nil, fmt.Errorf("query %.60s: neither MetricStat nor Expression", q.id)
	}
	out := &Query{ID: q.id, Stat: q.name, Line: at.line, definition: "expression"}
	d.kept++
	if !q.stat {
		return out, nil
	}
	if q.f.namespace == nil || q.f.metric == nil || q.name == "" || !(q.period >= 1 && q.period <= 86400*365 && q.period == float64(int32(q.period))) {
		return nil, fmt.Errorf("query %.60s: Namespace, MetricName, Stat or Period is missing or wrong", q.id)
	}
	s, err := d.metricSeries(&q.f, q.dims, int32(q.period))
	if err != nil {
		return nil, fmt.Errorf("query %.60s: %w", q.id, err)
	}
	out.Series = s
	out.definition = seriesKey(s) + "\x00" + q.name
	return out, nil
}

// metricSeries is the series of a metric that is named without a unit, account
// and region: the unit is the catalogue's, the rest as the options say.
func (d *decoder) metricSeries(f *fields, dims []lake.Dim, periodS int32) (*lake.Series, error) {
	slices.SortStableFunc(dims, func(a, b lake.Dim) int { return strings.Compare(a.Name, b.Name) })
	for i := 1; i < len(dims); i++ {
		if dims[i].Name == dims[i-1].Name {
			return nil, fmt.Errorf("dimension %.60q is there twice", dims[i].Name)
		}
	}
	s := lake.Series{
		Account: text(f.account), Region: text(f.region), Namespace: text(f.namespace),
		Metric: text(f.metric), Unit: text(f.unit), PeriodS: periodS, Dims: dims,
	}
	if s.Account == "" {
		s.Account = d.o.Account
	}
	if s.Region == "" {
		s.Region = d.o.Region
	}
	if s.Unit == "" {
		s.Unit = d.unitOf(s.Namespace, s.Metric)
	}
	s.Subject = d.metricSubject(s)
	return d.series.shared(&s), nil
}

// unitOf is the unit that the catalogue gives a metric.
func (d *decoder) unitOf(namespace, metric string) string {
	key := namespace + "\x00" + metric
	unit, ok := d.units[key]
	if !ok {
		m, _ := catalog.Lookup(namespace, metric)
		unit = m.Unit
		if len(d.units) < mostQueries {
			d.units[key] = unit
		}
	}
	return unit
}

// queryParser reads a MetricDataQuery. The fields point into the document.
type queryParser struct {
	p                *parser
	id, name         string
	f                fields
	dims             []lake.Dim
	period           float64
	stat, expression bool
}

// object reads an object's keys with each, which must consume their values.
func (p *parser) object(each func(key string) error) error {
	if err := p.expect('{'); err != nil {
		return err
	}
	for first := true; ; first = false {
		k, err := p.key(first)
		if err != nil || k == nil {
			return err
		}
		name := string(k)
		if err := each(name); err != nil {
			return fmt.Errorf("%.40s: %w", name, err)
		}
	}
}

// list reads an array's elements with each.
func (p *parser) list(each func() error) error {
	if err := p.expect('['); err != nil {
		return err
	}
	for first := true; ; first = false {
		more, err := p.element(first)
		if err != nil || !more {
			return err
		}
		if err := each(); err != nil {
			return err
		}
	}
}

// none reads null, and says whether it was there.
func (p *parser) none() bool { return p.peek() == 'n' && p.word("null") == nil }

func (q *queryParser) query() error {
	return q.p.object(func(key string) (err error) {
		switch {
		case q.p.none():
		case key == "Id":
			q.id, err = q.p.text()
		case key == "AccountId":
			q.f.account, err = q.p.str()
		case key == "Expression":
			q.expression = true
			err = q.p.skip()
		case key == "MetricStat":
			q.stat = true
			err = q.p.object(q.metricStat)
		default:
			err = q.p.skip()
		}
		return err
	})
}

func (q *queryParser) metricStat(key string) (err error) {
	switch {
	case q.p.none():
	case key == "Metric":
		err = q.p.object(q.metric)
	case key == "Period":
		q.period, err = q.p.number()
	case key == "Stat":
		q.name, err = q.p.text()
	case key == "Unit":
		q.f.unit, err = q.p.str()
	default:
		err = q.p.skip()
	}
	return err
}

func (q *queryParser) metric(key string) (err error) {
	switch {
	case q.p.none():
	case key == "Namespace":
		q.f.namespace, err = q.p.str()
	case key == "MetricName":
		q.f.metric, err = q.p.str()
	case key == "Dimensions":
		err = q.p.list(q.dim)
	default:
		err = q.p.skip()
	}
	return err
}

func (q *queryParser) dim() error {
	var d lake.Dim
	err := q.p.object(func(key string) (err error) {
		switch key {
		case "Name":
			d.Name, err = q.p.text()
		case "Value":
			d.Value, err = q.p.text()
		default:
			err = q.p.skip()
		}
		return err
	})
	if err == nil && d.Name == "" {
		err = errors.New("a dimension has no Name")
	}
	q.dims = append(q.dims, d)
	return err
}
