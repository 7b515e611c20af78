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
	// fineS is the publish period in seconds where that is below a minute, and 0
	// otherwise. Such points live three hours.
	fineS int32
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

// scope is the publisher in the ledger: NAMESPACE?Dim=Value&Dim=Value.
func (p publisher) scope() string {
	var b strings.Builder
	b.WriteString(p.namespace)
	for i, d := range p.dims {
		b.WriteByte("?&"[min(i, 1)])
		b.WriteString(url.QueryEscape(d.Name) + "=" + url.QueryEscape(d.Value))
	}
	return b.String()
}

// parseScope is the inverse of scope, without metrics.
func parseScope(s string) (publisher, bool) {
	namespace, query, ok := strings.Cut(s, "?")
	if !ok || namespace == "" {
		return publisher{}, false
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return publisher{}, false
	}
	p := publisher{namespace: namespace}
	for name, v := range values {
		if len(v) != 1 {
			return publisher{}, false
		}
		p.dims = append(p.dims, cloudwatch.Dim{Name: name, Value: v[0]})
	}
	sortDims(p.dims)
	return p, true
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

// publishers unites lists of metrics into publishers, sorted by scope.
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
