package ingest

import (
	"fmt"
	"maps"
	"slices"

	"sizewise/ingest/catalog"
	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/subject"
)

// The dimensions that make publishers of a subject.
const (
	endpointDim  = "EndpointName"
	variantDim   = "VariantName"
	componentDim = "InferenceComponentName"
	hostDim      = "Host"
	featureDim   = "FeatureGroupName"
	operationDim = "OperationName"
	pipelineDim  = "PipelineName"
	trainingDim  = "TrainingJobName"
)

// mostHosts is up to how many hosts of a job are listed one by one; beyond, one
// listing of every job's hosts takes fewer calls.
const mostHosts = 20

// Resource is what Describe is asked first about a subject; false for what SageMaker does not
// know.
func Resource(s subject.Subject) (cloudwatch.Resource, bool) {
	kinds := map[subject.Kind]cloudwatch.ResourceKind{
		subject.Endpoint:     cloudwatch.KindEndpoint,
		subject.Component:    cloudwatch.KindInferenceComponent,
		subject.Training:     cloudwatch.KindTrainingJob,
		subject.Processing:   cloudwatch.KindProcessingJob,
		subject.Transform:    cloudwatch.KindTransformJob,
		subject.Recommender:  cloudwatch.KindRecommendationsJob,
		subject.Pipeline:     cloudwatch.KindPipeline,
		subject.FeatureGroup: cloudwatch.KindFeatureGroup,
		subject.Labeling:     cloudwatch.KindLabelingJob,
		subject.Monitor:      cloudwatch.KindMonitoringSchedule,
		subject.Notebook:     cloudwatch.KindNotebookInstance,
	}
	kind, ok := kinds[s.Kind]
	return cloudwatch.Resource{Kind: kind, Name: s.Name}, ok
}

// described are the kinds of what is described for subjects, sorted; none when
// that is nothing.
func described(subjects []subject.Subject) []cloudwatch.ResourceKind {
	var out []cloudwatch.ResourceKind
	for _, s := range subjects {
		r, ok := Resource(s)
		if !ok {
			continue
		}
		out = append(out, r.Kind)
		if s.Kind == subject.Component {
			out = append(out, cloudwatch.KindEndpoint, cloudwatch.KindEndpointConfig)
		}
		if s.Kind == subject.Endpoint {
			out = append(out, cloudwatch.KindEndpointConfig)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// families are those of the catalogue that a subject publishes, as far as what
// is known of it tells. Of an endpoint, the families that Describe does not tell
// (streaming, several models, components) are asked for only where ListMetrics
// shows them: each metric of each call has its price.
func (s *survey) families() []catalog.Family {
	switch s.subject.Kind {
	case subject.Endpoint:
		out := []catalog.Family{catalog.FamilyEndpoint}
		if s.async {
			out = append(out, catalog.FamilyAsync)
		}
		if s.serverless {
			out = append(out, catalog.FamilyServerless)
		}
		return out
	case subject.Component:
		return []catalog.Family{catalog.FamilyEndpoint, catalog.FamilyComponent}
	case subject.Training, subject.Processing, subject.Transform:
		return []catalog.Family{catalog.FamilyJob}
	case subject.Recommender:
		return []catalog.Family{catalog.FamilyRecommender}
	case subject.Labeling:
		return []catalog.Family{catalog.FamilyLabeling}
	case subject.FeatureGroup:
		// Feature Store's Invocations share a row with the endpoints'.
		return []catalog.Family{catalog.FamilyFeature, catalog.FamilyEndpoint}
	case subject.Pipeline:
		return []catalog.Family{catalog.FamilyPipeline}
	default:
		return nil
	}
}

// listing is one call of ListMetrics.
type listing struct {
	namespace string
	dims      []cloudwatch.Dim // "" for any value
}

// listings are the narrowest calls that find every series of a subject.
func (s *survey) listings() []listing {
	name := s.subject.Name
	by := func(dim string, namespaces ...string) []listing {
		var out []listing
		for _, n := range namespaces {
			out = append(out, listing{n, []cloudwatch.Dim{{Name: dim, Value: name}}})
		}
		return out
	}
	switch s.subject.Kind {
	case subject.Endpoint:
		return by(endpointDim, namespacesWith(endpointDim)...)
	case subject.Component:
		return by(componentDim, namespacesWith(componentDim)...)
	case subject.Training:
		return append(s.hostListings(), by(trainingDim, s.jobNamespace())...)
	case subject.Processing, subject.Transform:
		return s.hostListings()
	case subject.Recommender:
		return by("JobName", "/aws/sagemaker/InferenceRecommendationsJobs")
	case subject.Labeling:
		return by("LabelingJobName", "AWS/SageMaker")
	case subject.FeatureGroup:
		return by(featureDim, "AWS/SageMaker")
	case subject.Pipeline:
		return by(pipelineDim, "AWS/Sagemaker/ModelBuildingPipeline")
	case subject.Monitor:
		return s.monitorListings()
	case subject.CloudWatch:
		own := s.series()
		return []listing{{own.namespace, own.dims}}
	default:
		return nil
	}
}

func (s *survey) jobNamespace() string {
	switch s.subject.Kind {
	case subject.Training:
		return "/aws/sagemaker/TrainingJobs"
	case subject.Processing:
		return "/aws/sagemaker/ProcessingJobs"
	default:
		return "/aws/sagemaker/TransformJobs"
	}
}

// hostListings ask by the values of Host where they are known. The hosts of a
// transform job bear instance ids, which no other API tells.
func (s *survey) hostListings() []listing {
	if s.hosts == 0 || s.hosts > mostHosts || s.subject.Kind == subject.Transform {
		return []listing{{s.jobNamespace(), []cloudwatch.Dim{{Name: hostDim}}}}
	}
	var out []listing
	for _, h := range s.hostNames() {
		out = append(out, listing{s.jobNamespace(), []cloudwatch.Dim{{Name: hostDim, Value: h}}})
	}
	return out
}

// hostNames are the values of Host: one host is assumed where nobody tells.
func (s *survey) hostNames() []string {
	if s.subject.Kind == subject.Transform {
		return nil
	}
	out := make([]string, max(1, s.hosts))
	for i := range out {
		out[i] = fmt.Sprintf("%s/algo-%d", s.subject.Name, i+1)
	}
	return out
}

func (s *survey) monitorListings() []listing {
	var out []listing
	for _, namespace := range subject.MonitorNamespaces() {
		for _, dim := range subject.MonitorDims() {
			if slices.Contains(namespacesWith(dim), namespace) {
				out = append(out, listing{namespace, []cloudwatch.Dim{{Name: dim, Value: s.subject.Name}}})
			}
		}
	}
	return out
}

// namespacesWith are the catalogue's namespaces in which something is published
// under a dimension, in its order.
func namespacesWith(dim string) []string {
	var out []string
	for _, m := range catalog.All() {
		with := slices.ContainsFunc(m.DimSets, func(set []string) bool { return slices.Contains(set, dim) })
		recommended := m.Family == catalog.FamilyRecommender && dim == endpointDim // seen from the client, and of its job
		monitored := m.Family == catalog.FamilyMonitor && dim == endpointDim
		if with && !recommended && !monitored && !slices.Contains(out, m.Namespace) {
			out = append(out, m.Namespace)
		}
	}
	return out
}

// series is a CloudWatch subject as a publisher.
func (s *survey) series() publisher {
	namespace, dims, err := s.subject.Series()
	if err != nil {
		return publisher{}
	}
	p := publisher{namespace: namespace}
	for _, name := range slices.Sorted(maps.Keys(dims)) {
		p.dims = append(p.dims, cloudwatch.Dim{Name: name, Value: dims[name]})
	}
	return p
}

// ours says whether a publisher belongs to the subject.
func (s *survey) ours(p publisher) bool {
	if s.subject.Kind == subject.CloudWatch {
		return s.series().scope() == p.scope()
	}
	dims := make(map[string]string, len(p.dims))
	for _, d := range p.dims {
		dims[d.Name] = d.Value
	}
	owner, ok := subject.FromMetric(p.namespace, dims)
	if !ok || owner.Key() != s.subject.Key() {
		return false
	}
	variant := p.dim(variantDim)
	return s.subject.Variant == "" || variant == "" || variant == s.subject.Variant
}
