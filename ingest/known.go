package ingest

import (
	"slices"
	"strings"

	"sizewise/ingest/catalog"
	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/subject"
)

// concurrentS is how often every endpoint and component publishes its concurrent
// requests, in seconds. Source: SageMaker developer guide, "Metrics for
// monitoring".
const concurrentS = 10

// defaultVariant is the variant name that consoles and most examples use. It is
// tried when nothing tells the variants of an endpoint that is gone.
const defaultVariant = "AllTraffic"

// unite makes the publishers of a subject: every metric that was listed, under
// every dimension set; every metric that the ledger remembers; and under the
// dimensions of both, and the subject's own, every metric that the catalogue
// knows. ListMetrics hides what had no data for two weeks, and for up to fifteen
// minutes what is new, so it alone would lose both. A second pull of a window asks
// for nothing that the first, whose ledger it has, did not ask for.
func (s *survey) unite(listed []cloudwatch.Metric) {
	ps := publishers{}
	done := map[string]bool{} // a ledger's row of each day says the same
	for _, m := range listed {
		if p := (publisher{namespace: m.Namespace, dims: m.Dims}); s.ours(p) {
			s.listed = true
			ps.add(m, s.want(m.Namespace, m.Name))
			if scope := p.scope(); !done[scope] { // of each metric it would be the same
				done[scope] = true
				s.addKnown(ps, p)
			}
			s.addVariantOf(p)
		}
	}
	for _, e := range s.ledger {
		if e.Dataset != metricsData || done[e.Scope] {
			continue
		}
		done[e.Scope] = true
		p, names, ok := parseScope(e.Scope)
		if !ok || !s.ours(p) {
			continue
		}
		for _, name := range names {
			ps.add(p.metric(name), s.want(p.namespace, name))
		}
		s.addKnown(ps, p)
		s.addVariantOf(p)
	}
	if s.subject.Kind == subject.Endpoint && len(s.seen) == 0 && len(s.variants) == 0 {
		s.seen = append(s.seen, defaultVariant)
	}
	for _, p := range s.own(ps) {
		s.addKnown(ps, p)
	}
	s.publishers = ps.sorted()
}

// addVariantOf remembers a variant that only its series tell.
func (s *survey) addVariantOf(p publisher) {
	if v := p.dim(variantDim); v != "" && !slices.Contains(s.seen, v) {
		s.seen = append(s.seen, v)
	}
}

// own are the publishers that the subject has by its name alone. found are the
// others, whose operations and steps it shares.
func (s *survey) own(found publishers) []publisher {
	var sets [][]cloudwatch.Dim
	own := func(dim, value string) []cloudwatch.Dim { return []cloudwatch.Dim{{Name: dim, Value: value}} }
	name := s.subject.Name
	switch s.subject.Kind {
	case subject.Endpoint:
		sets = append(sets, own(endpointDim, name))
		for _, v := range s.askedVariants() {
			sets = append(sets, append(own(endpointDim, name), cloudwatch.Dim{Name: variantDim, Value: v}))
		}
	case subject.Component:
		sets = append(sets, own(componentDim, name))
	case subject.Training, subject.Processing:
		for _, h := range s.hostNames() {
			sets = append(sets, own(hostDim, h))
		}
	case subject.Recommender:
		sets = append(sets, own("JobName", name))
	case subject.Labeling:
		sets = append(sets, own("LabelingJobName", name))
	case subject.FeatureGroup:
		for _, op := range operations(found) {
			sets = append(sets, append(own(featureDim, name), cloudwatch.Dim{Name: operationDim, Value: op}))
		}
	case subject.Pipeline:
		sets = append(sets, own(pipelineDim, name))
	case subject.CloudWatch:
		return []publisher{s.series()}
	default: // nothing without what only a listing tells: instances, features
	}
	var out []publisher
	for _, namespace := range s.namespaces() {
		for _, dims := range sets {
			out = append(out, publisher{namespace: namespace, dims: dims})
		}
	}
	return out
}

// askedVariants are the variants to ask about: the subject's own, or all that
// anything tells.
func (s *survey) askedVariants() []string {
	if s.subject.Variant != "" {
		return []string{s.subject.Variant}
	}
	out := slices.Clone(s.variants)
	for _, v := range s.seen {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// operations are those of Feature Store that were seen, or the usual ones.
// Source: SageMaker developer guide, "Feature Store metrics".
func operations(found publishers) []string {
	var out []string
	for _, p := range found.sorted() {
		if op := p.dim(operationDim); op != "" && !slices.Contains(out, op) {
			out = append(out, op)
		}
	}
	if len(out) > 0 {
		return out
	}
	return []string{"BatchGetRecord", "DeleteRecord", "GetRecord", "PutRecord"}
}

// namespaces are those in which the subject's families publish.
func (s *survey) namespaces() []string {
	families := s.families()
	var out []string
	for _, m := range catalog.All() {
		if slices.Contains(families, m.Family) && !slices.Contains(out, m.Namespace) {
			out = append(out, m.Namespace)
		}
	}
	return out
}

// addKnown adds what subjects like this one publish under the publisher's
// dimension names.
func (s *survey) addKnown(ps publishers, p publisher) {
	families := s.families()
	for _, m := range catalog.All() {
		if m.Namespace != p.namespace || !under(m, p.dimNames()) || strings.Contains(m.Name, catalog.FeaturePattern) {
			continue
		}
		if s.subject.Kind == subject.CloudWatch || slices.Contains(families, m.Family) {
			ps.add(p.metric(m.Name), s.want(m.Namespace, m.Name))
		}
	}
}

func under(m catalog.Metric, names []string) bool {
	return slices.ContainsFunc(m.DimSets, func(set []string) bool { return slices.Equal(set, names) })
}

// want is how to ask for a metric: with the statistics that AWS lists as valid,
// or with all of the lake's columns when the catalogue does not know it.
func (s *survey) want(namespace, name string) wanted {
	w := wanted{name: name, stats: allStats()}
	if m, ok := catalog.Lookup(namespace, name); ok {
		w.unit, w.stats = m.Unit, m.Stats
	}
	switch {
	case name == "ConcurrentRequestsPerModel" || name == "ConcurrentRequestsPerCopy":
		w.publishS = concurrentS
	case s.publishS > 0 && (s.enhanced || utilization(namespace)):
		w.publishS = s.publishS
	}
	return w
}

// utilization says whether a namespace is one of utilization, which an endpoint
// can publish at another period than its invocation metrics.
func utilization(namespace string) bool {
	return namespace == "/aws/sagemaker/Endpoints" || namespace == "/aws/sagemaker/InferenceComponents"
}

// allStats are the statistics with columns in the lake, but for p99.9, which
// few metrics have enough values for.
func allStats() []string {
	return []string{"SampleCount", "Sum", "Average", "Minimum", "Maximum", "p50", "p90", "p95", "p99"}
}
