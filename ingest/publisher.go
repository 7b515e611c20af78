package ingest

import (
	"net/url"
	"slices"
	"strings"

	"sizewise/ingest/cloudwatch"
)

// wanted is one metric to ask of a publisher.
type wanted struct {
	name  string
	unit  string   // as published; "" not known
	stats []string // CloudWatch's names
	// publishS is the publish period in seconds, 0 for the usual minute. Points
	// of less than a minute live three hours.
	publishS int32
}

// publisher is one source of metrics: a namespace and the values of a set of
// dimensions, for example a variant, an instance of it, or the share of it in
// one availability zone. It is the unit that the ledger remembers, so that a
// publisher which appears later is asked for all of the window.
type publisher struct {
	namespace string
	dims      []cloudwatch.Dim // sorted by name
	metrics   []wanted         // sorted by name
}

// scope is the publisher in the keys of the ledger: NAMESPACE?Dim=Value&Dim=Value.
func (p publisher) scope() string {
	var b strings.Builder
	b.WriteString(p.namespace)
	for i, d := range p.dims {
		b.WriteByte("?&"[min(i, 1)])
		b.WriteString(url.QueryEscape(d.Name) + "=" + url.QueryEscape(d.Value))
	}
	return b.String()
}

// scopeOf is the publisher and the metrics that a row of the ledger answers
// for: NAMESPACE?Dim=Value#Metric,Metric. A metric that is new to a publisher is
// in no row, so it is asked for also where the others are sealed.
func (p publisher) scopeOf(names []string) string {
	escaped := make([]string, len(names))
	for i, n := range names {
		escaped[i] = url.QueryEscape(n)
	}
	return p.scope() + "#" + strings.Join(escaped, ",")
}

// parseScope is the inverse of scopeOf.
func parseScope(s string) (publisher, []string, bool) {
	whole, list, ok := cutLast(s, "#")
	if !ok || list == "" {
		return publisher{}, nil, false
	}
	namespace, query, _ := strings.Cut(whole, "?")
	values, err := url.ParseQuery(query)
	if err != nil || namespace == "" {
		return publisher{}, nil, false
	}
	p := publisher{namespace: namespace}
	for name, v := range values {
		if len(v) != 1 {
			return publisher{}, nil, false
		}
		p.dims = append(p.dims, cloudwatch.Dim{Name: name, Value: v[0]})
	}
	sortDims(p.dims)
	names := strings.Split(list, ",")
	for i := range names {
		if names[i], err = url.QueryUnescape(names[i]); err != nil {
			return publisher{}, nil, false
		}
	}
	return p, names, true
}

// cutLast is strings.Cut at the last sep: a namespace may hold a #.
func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// dim is the value of a dimension, "" when the publisher has none of the name.
func (p publisher) dim(name string) string {
	for _, d := range p.dims {
		if d.Name == name {
			return d.Value
		}
	}
	return ""
}

// dimNames are the names of the dimensions, sorted.
func (p publisher) dimNames() []string {
	names := make([]string, len(p.dims))
	for i, d := range p.dims {
		names[i] = d.Name
	}
	return names
}

func (p publisher) metric(name string) cloudwatch.Metric {
	return cloudwatch.Metric{Namespace: p.namespace, Name: name, Dims: p.dims}
}

// publishers unites lists of metrics into publishers.
type publishers map[string]*publisher

func (ps publishers) add(m cloudwatch.Metric, w wanted) {
	p := publisher{namespace: m.Namespace, dims: slices.Clone(m.Dims)}
	sortDims(p.dims)
	have := ps[p.scope()]
	if have == nil {
		have = &p
		ps[p.scope()] = have
	}
	at, found := slices.BinarySearchFunc(have.metrics, w.name, func(a wanted, name string) int {
		return strings.Compare(a.name, name)
	})
	if !found {
		have.metrics = slices.Insert(have.metrics, at, w)
	}
}

// sorted are the publishers by scope.
func (ps publishers) sorted() []publisher {
	out := make([]publisher, 0, len(ps))
	for _, p := range ps {
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b publisher) int { return strings.Compare(a.scope(), b.scope()) })
	return out
}

func sortDims(dims []cloudwatch.Dim) {
	slices.SortFunc(dims, func(a, b cloudwatch.Dim) int { return strings.Compare(a.Name, b.Name) })
}
