package subject

import "strings"

// LogGroup is a CloudWatch Logs group and the streams of it that belong to a
// subject: those that begin with StreamPrefix, "" for all. A prefix can match
// more than the subject's own streams; FromLog tells.
type LogGroup struct {
	Name         string
	StreamPrefix string
}

// The log groups of SageMaker. Source: SageMaker developer guide, "Logs sent to
// CloudWatch"; the group of inference components is not in its table, but is
// what they write to.
const (
	endpointGroups  = "/aws/sagemaker/Endpoints/"
	componentGroups = "/aws/sagemaker/InferenceComponents/"
)

// sharedGroup is the one group in the account that all subjects of a kind write
// to, "" when the kind has none.
func (k Kind) sharedGroup() string {
	switch k {
	case Training:
		return "/aws/sagemaker/TrainingJobs"
	case Processing:
		return "/aws/sagemaker/ProcessingJobs"
	case Transform:
		return "/aws/sagemaker/TransformJobs"
	case Recommender:
		return "/aws/sagemaker/InferenceRecommendationsJobs"
	case Labeling:
		return "/aws/sagemaker/LabelingJobs"
	case Notebook:
		return "/aws/sagemaker/NotebookInstances"
	default:
		return ""
	}
}

// LogGroups are the groups that the subject's own containers write to; none for
// pipelines, feature groups, monitoring schedules and CloudWatch subjects, whose
// work is logged by jobs, if at all.
func (s Subject) LogGroups() []LogGroup {
	switch s.Kind {
	case Endpoint:
		g := LogGroup{Name: endpointGroups + s.Name}
		if s.Variant != "" {
			g.StreamPrefix = s.Variant + "/"
		}
		return []LogGroup{g}
	case Component:
		return []LogGroup{{Name: componentGroups + s.Name}}
	case Labeling: // its stream bears the bare name
		return []LogGroup{{Name: s.Kind.sharedGroup(), StreamPrefix: s.Name}}
	default:
		if group := s.Kind.sharedGroup(); group != "" {
			// With the slash, or job-1 would match the streams of job-10.
			return []LogGroup{{Name: group, StreamPrefix: s.Name + "/"}}
		}
		return nil
	}
}

// FromLog is the inverse of LogGroups: the subject that writes to a stream of a
// group, or false when it is none that sizewise knows. The groups of jobs are
// shared, so they need the stream; endpoints and components have their own and
// do not.
func FromLog(group, stream string) (Subject, bool) {
	if name, ok := strings.CutPrefix(group, endpointGroups); ok {
		return named(Endpoint, name)
	}
	if name, ok := strings.CutPrefix(group, componentGroups); ok {
		return named(Component, name)
	}
	for _, k := range Kinds() {
		if shared := k.sharedGroup(); shared == "" || shared != group {
			continue
		}
		name, _, inner := strings.Cut(stream, "/")
		if !inner && k != Labeling {
			return Subject{}, false
		}
		return named(k, name)
	}
	return Subject{}, false
}
