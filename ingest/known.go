package ingest

import (
	"slices"

	"sizewise/ingest/catalog"
)

// instanceSpace is the namespace of utilization, which an endpoint can publish
// more often than its invocation metrics.
const instanceSpace = "/aws/sagemaker/Endpoints"

// concurrentS is how often every endpoint publishes its concurrent requests, in
// seconds. Source: SageMaker developer guide, "Metrics for monitoring".
const concurrentS = 10

// addKnown adds what endpoints like this one publish under the publisher's
// dimension names.
func (s *survey) addKnown(ps publishers, p publisher) {
	for _, m := range catalog.Endpoint() {
		if m.Namespace == p.namespace && s.publishes(m.Family) && under(m, p.dimNames()) {
			ps.add(p.metric(m.Name), s.want(m.Namespace, m.Name))
		}
	}
}

func under(m catalog.Metric, names []string) bool {
	return slices.ContainsFunc(m.DimSets, func(set []string) bool { return slices.Equal(set, names) })
}

// publishes says whether the endpoint is of a make that publishes the family.
// The families that Describe does not tell (streaming, several models,
// components) are asked for only where ListMetrics shows them: each metric of
// each call has its price.
func (s *survey) publishes(f catalog.Family) bool {
	switch f {
	case catalog.FamilyEndpoint:
		return true
	case catalog.FamilyAsync:
		return s.async
	case catalog.FamilyServerless:
		return s.serverless
	default:
		return false
	}
}

// want is how to ask for a metric: with the statistics that AWS lists as valid,
// or with all of the lake's columns when the catalogue does not know it.
func (s *survey) want(namespace, name string) wanted {
	w := wanted{name: name, stats: allStats()}
	if m, ok := catalog.Lookup(namespace, name); ok {
		w.unit, w.stats = m.Unit, m.Stats
	}
	switch {
	case name == "ConcurrentRequestsPerModel":
		w.fineS = concurrentS
	case s.publishS > 0 && s.publishS < 60 && (s.enhanced || namespace == instanceSpace):
		w.fineS = s.publishS
	}
	return w
}

// allStats are the statistics with columns in the lake, but for p99.9, which
// few metrics have enough values for.
func allStats() []string {
	return []string{"SampleCount", "Sum", "Average", "Minimum", "Maximum", "p50", "p90", "p95", "p99"}
}

// namespaces are those in which something is published by endpoint name.
func namespaces() []string {
	var out []string
	for _, m := range catalog.Endpoint() {
		byEndpoint := slices.ContainsFunc(m.DimSets, func(set []string) bool { return slices.Contains(set, endpointDim) })
		if byEndpoint && !slices.Contains(out, m.Namespace) {
			out = append(out, m.Namespace)
		}
	}
	return out
}
