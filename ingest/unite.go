package ingest

import (
	"slices"

	"sizewise/ingest/cloudwatch"
)

// The dimensions that make publishers of an endpoint.
const (
	endpointDim = "EndpointName"
	variantDim  = "VariantName"
)

// unite makes the publishers of a subject: every metric that was listed, under
// every dimension set; and for the endpoint and each of its variants every
// metric that the catalogue knows under those dimensions. Publishers that only
// the ledger remembers are asked for the catalogue's metrics.
func (s *survey) unite(listed []cloudwatch.Metric) {
	ps := publishers{}
	variants := slices.Clone(s.variants)
	for _, m := range listed {
		if p := (publisher{dims: m.Dims}); s.ours(p) {
			s.listed = true
			ps.add(m, s.want(m.Namespace, m.Name))
			variants = append(variants, p.dim(variantDim))
		}
	}
	for _, e := range s.ledger {
		p, ok := parseScope(e.Scope)
		if e.Dataset != metricsData || !ok || !s.ours(p) {
			continue
		}
		variants = append(variants, p.dim(variantDim))
		s.addKnown(ps, p)
	}
	variants = slices.DeleteFunc(variants, func(v string) bool { return v == "" })
	switch {
	case s.subject.Variant != "":
		variants = []string{s.subject.Variant}
	case len(variants) == 0:
		variants = []string{defaultVariant}
	}
	own := []cloudwatch.Dim{{Name: endpointDim, Value: s.subject.Name}}
	for _, namespace := range namespaces() {
		s.addKnown(ps, publisher{namespace: namespace, dims: own})
		for _, v := range variants {
			s.addKnown(ps, publisher{namespace: namespace, dims: append(own[:1:1], cloudwatch.Dim{Name: variantDim, Value: v})})
		}
	}
	s.publishers = ps.sorted()
}

// ours says whether a publisher belongs to the subject.
func (s *survey) ours(p publisher) bool {
	if p.dim(endpointDim) != s.subject.Name {
		return false
	}
	variant := p.dim(variantDim)
	return s.subject.Variant == "" || variant == "" || variant == s.subject.Variant
}
