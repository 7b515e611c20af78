package server

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server/wire"
)

// describedKind is what a Describe operation asks for and how it says that
// there is no such thing.
type describedKind struct {
	parameter string // of the request
	arnField  string // of the answer
	arnKind   string // resource type in the ARN
	missing   func(name, arn string) error
}

// describedKinds is every Describe operation that is answered from
// account.Described.
//
// The API reference documents ResourceNotFound for most of them. Jobs answer
// ValidationException nonetheless (boto3 issue 2808, and the code of AWS's own
// controllers), and so do models, components and notebooks, for which no error
// is documented; that is what clients have to live with, and is done here.
func describedKinds() map[string]describedKind {
	requested := func(string, string) error { return fail("ValidationException", "Requested resource not found.") }
	job := func(name, _ string) error {
		return fail("ValidationException", "Could not find requested job with name: %s", name)
	}
	couldNot := func(what string) func(string, string) error {
		return func(_, arn string) error { return fail("ValidationException", "Could not find %s %q.", what, arn) }
	}
	notFound := func(format string) func(string, string) error {
		return func(name, arn string) error {
			return fail("ResourceNotFound", "%s", strings.NewReplacer("NAME", name, "ARN", arn).Replace(format))
		}
	}
	return map[string]describedKind{
		"DescribeTrainingJob":                 {"TrainingJobName", "TrainingJobArn", "training-job", requested},
		"DescribeProcessingJob":               {"ProcessingJobName", "ProcessingJobArn", "processing-job", job},
		"DescribeTransformJob":                {"TransformJobName", "TransformJobArn", "transform-job", job},
		"DescribeInferenceComponent":          {"InferenceComponentName", "InferenceComponentArn", "inference-component", couldNot("inference component")},
		"DescribeInferenceRecommendationsJob": {"JobName", "JobArn", "inference-recommendations-job", notFound("Could not find inference recommendations job with name NAME.")},
		"DescribeLabelingJob":                 {"LabelingJobName", "LabelingJobArn", "labeling-job", notFound("Requested resource not found.")},
		"DescribeFeatureGroup":                {"FeatureGroupName", "FeatureGroupArn", "feature-group", notFound("Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name NAME")},
		"DescribePipeline":                    {"PipelineName", "PipelineArn", "pipeline", notFound("Pipeline 'ARN' does not exist.")},
		"DescribePipelineExecution":           {"PipelineExecutionArn", "PipelineExecutionArn", "", notFound("Pipeline execution 'NAME' does not exist.")},
		"DescribeMonitoringSchedule":          {"MonitoringScheduleName", "MonitoringScheduleArn", "monitoring-schedule", notFound("Monitoring Schedule ARN not found")},
		"DescribeNotebookInstance":            {"NotebookInstanceName", "NotebookInstanceArn", "notebook-instance", func(string, string) error { return fail("ValidationException", "RecordNotFound") }},
		"DescribeModel":                       {"ModelName", "ModelArn", "model", couldNot("model")},
	}
}

// describe answers the Describe operations of describedKinds.
func (s *Server) describe(c *call) (wire.Object, error) {
	kind := describedKinds()[c.Operation]
	name := c.Params.String(kind.parameter)
	if err := c.Params.Err(); err != nil {
		return nil, err
	}
	if name == "" {
		return nil, required(kind.parameter)
	}
	arn := name
	if kind.arnKind != "" {
		arn = s.arn(c.region, kind.arnKind, name)
		name = strings.TrimPrefix(name, s.arn(c.region, kind.arnKind, "")) // pipelines can be named by ARN
	}
	found, ok := s.described(c.Operation, name)
	if !ok {
		return nil, kind.missing(name, arn)
	}
	body := maps.Clone(found.Body)
	if body == nil {
		body = map[string]any{}
	}
	for field, value := range map[string]string{kind.parameter: name, kind.arnField: arn} {
		if _, set := body[field]; !set {
			body[field] = value
		}
	}
	if c.Operation == "DescribeFeatureGroup" && body["NextToken"] == nil {
		body["NextToken"] = "" // the model requires it
	}
	return object(body), nil
}

func (s *Server) described(operation, name string) (account.Described, bool) {
	i := slices.IndexFunc(s.acct.Described, func(d account.Described) bool { return d.Operation == operation && d.Name == name })
	if i < 0 {
		return account.Described{}, false
	}
	return s.acct.Described[i], true
}

// required is SageMaker's complaint about a parameter that is not there.
func required(parameter string) error {
	return fail("ValidationException", "1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not be null",
		strings.ToLower(parameter[:1])+parameter[1:])
}

// listPipelineSteps answers ListPipelineExecutionSteps, from a Described of that
// operation whose body holds PipelineExecutionSteps.
func (s *Server) listPipelineSteps(c *call) (wire.Object, error) {
	arn := c.Params.String("PipelineExecutionArn")
	came := c.Params.String("NextToken")
	limit, limited := c.Params.Int("MaxResults")
	if err := c.Params.Err(); err != nil {
		return nil, err
	}
	if !limited {
		limit = 100
	}
	if limit < 1 || limit > 100 {
		return nil, fail("ValidationException", "1 validation error detected: Value '%d' at 'maxResults' failed to satisfy constraint: Member must have value between 1 and 100", limit)
	}
	found, ok := s.described(c.Operation, arn)
	if !ok {
		return nil, fail("ResourceNotFound", "Pipeline execution '%s' does not exist.", arn)
	}
	at, ok := c.resume(came, arn)
	if !ok {
		return nil, invalidToken(c.Service)
	}
	steps, _ := value(found.Body["PipelineExecutionSteps"]).(wire.List)
	from := min(at.Position, int64(len(steps)))
	to := min(from+limit, int64(len(steps)))
	out := wire.Object{{Name: "PipelineExecutionSteps", Value: steps[from:to]}}
	if to < int64(len(steps)) {
		at.Position = to
		out = out.With("NextToken", at.encode())
	}
	return out, nil
}

// object is a map as wire.Object, its fields sorted by name.
func object(m map[string]any) wire.Object {
	out := make(wire.Object, 0, len(m))
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if m[name] != nil {
			out = out.With(name, value(m[name]))
		}
	}
	return out
}

// value is one value of a Described body in wire's terms.
func value(v any) any {
	switch v := v.(type) {
	case string, bool, int64, float64, time.Time, []string:
		return v
	case int:
		return int64(v)
	case map[string]any:
		return object(v)
	case []map[string]any:
		return listOf(v, func(m map[string]any) any { return object(m) })
	case []any:
		return listOf(v, value)
	}
	panic(fmt.Sprintf("server: account.Described holds a %T, which it must not", v))
}

func listOf[T any](list []T, one func(T) any) wire.List {
	out := make(wire.List, 0, len(list))
	for _, v := range list {
		out = append(out, one(v))
	}
	return out
}
