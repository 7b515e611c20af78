package server

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server/wire"
)

// listedKind is how a List operation is answered from what Describe answers.
type listedKind struct {
	describe string // operation whose resources are listed
	list     string // field of the answer with the summaries
	contains string // parameter that narrows by name
	prefix   bool   // by how names begin
	status   string // field of the description and of a summary, "" none
	ended    string // field with the time of a job's end, "" none
	changed  bool   // LastModifiedTimeAfter and -Before are known
}

// listedKinds is every List operation that is answered from account.Described.
func listedKinds() map[string]listedKind {
	const contains = "NameContains"
	return map[string]listedKind{
		"ListTrainingJobs":                 {"DescribeTrainingJob", "TrainingJobSummaries", contains, false, "TrainingJobStatus", "TrainingEndTime", true},
		"ListProcessingJobs":               {"DescribeProcessingJob", "ProcessingJobSummaries", contains, false, "ProcessingJobStatus", "ProcessingEndTime", true},
		"ListTransformJobs":                {"DescribeTransformJob", "TransformJobSummaries", contains, false, "TransformJobStatus", "TransformEndTime", true},
		"ListInferenceRecommendationsJobs": {"DescribeInferenceRecommendationsJob", "InferenceRecommendationsJobs", contains, false, "Status", "CompletionTime", true},
		"ListLabelingJobs":                 {"DescribeLabelingJob", "LabelingJobSummaryList", contains, false, "LabelingJobStatus", "", true},
		"ListPipelines":                    {"DescribePipeline", "PipelineSummaries", "PipelineNamePrefix", true, "", "", false},
		"ListFeatureGroups":                {"DescribeFeatureGroup", "FeatureGroupSummaries", contains, false, "FeatureGroupStatus", "", false},
		"ListMonitoringSchedules":          {"DescribeMonitoringSchedule", "MonitoringScheduleSummaries", contains, false, "MonitoringScheduleStatus", "", true},
		"ListNotebookInstances":            {"DescribeNotebookInstance", "NotebookInstances", contains, false, "NotebookInstanceStatus", "", true},
		"ListInferenceComponents":          {"DescribeInferenceComponent", "InferenceComponents", contains, false, "InferenceComponentStatus", "", true},
	}
}

// namesRequest is the input of any of them.
type namesRequest struct {
	Like        string
	After, Till time.Time
	Max         int
}

// listDescribed answers the List operations of listedKinds, newest first. What
// was not yet created is not listed, and a job that was not yet over then is in
// progress.
func (s *Server) listDescribed(c *call) (wire.Object, error) {
	kind, p := listedKinds()[c.Operation], c.Params
	r := namesRequest{Like: p.String(kind.contains)}
	r.After, _ = p.Time("LastModifiedTimeAfter")
	r.Till, _ = p.Time("LastModifiedTimeBefore")
	var err error
	if r.Max, err = pageSize(p); err != nil {
		return nil, err
	}
	came := p.String("NextToken")
	if err := p.Err(); err != nil {
		return nil, err
	}
	at, ok := c.resume(came, r)
	if !ok {
		return nil, invalidToken(c.Service)
	}
	found := s.describedLike(kind, r, c.now)
	from := min(int(at.Position), len(found))
	to := min(from+r.Max, len(found))
	list := []wire.Object{}
	for _, d := range found[from:to] {
		list = append(list, s.summary(c, kind, d))
	}
	out := wire.Object{{Name: kind.list, Value: list}}
	if to < len(found) {
		at.Position = int64(to)
		out = out.With("NextToken", at.encode())
	}
	return out, nil
}

// describedLike is what matches, newest first.
func (s *Server) describedLike(kind listedKind, r namesRequest, now time.Time) []account.Described {
	var found []account.Described
	for _, d := range s.acct.Described {
		name, like := strings.ToLower(d.Name), strings.ToLower(r.Like)
		fits := strings.Contains(name, like)
		if kind.prefix {
			fits = strings.HasPrefix(name, like)
		}
		if d.Operation != kind.describe || !fits || timeOf(d, "CreationTime").After(now) {
			continue
		}
		changed := lastChange(kind, d, now)
		if kind.changed && (!r.After.IsZero() && changed.Before(r.After) || !r.Till.IsZero() && !changed.Before(r.Till)) {
			continue
		}
		found = append(found, d)
	}
	slices.SortStableFunc(found, func(a, b account.Described) int {
		return cmp.Or(timeOf(b, "CreationTime").Compare(timeOf(a, "CreationTime")), cmp.Compare(a.Name, b.Name))
	})
	return found
}

func timeOf(d account.Described, field string) time.Time {
	at, _ := d.Body[field].(time.Time)
	return at
}

// lastChange is when a resource changed last, as seen at now.
func lastChange(kind listedKind, d account.Described, now time.Time) time.Time {
	last := timeOf(d, "CreationTime")
	for _, field := range []string{"LastModifiedTime", kind.ended} {
		if at := timeOf(d, field); at.After(last) && !at.After(now) {
			last = at
		}
	}
	return last
}

// summary is one row of the answer.
func (s *Server) summary(c *call, kind listedKind, d account.Described) wire.Object {
	described := describedKinds()[kind.describe]
	o := wire.Object{
		{Name: described.parameter, Value: d.Name},
		{Name: described.arnField, Value: s.arn(c.region, described.arnKind, d.Name)},
		{Name: "CreationTime", Value: timeOf(d, "CreationTime")},
		{Name: "LastModifiedTime", Value: lastChange(kind, d, c.now)},
	}
	ended := timeOf(d, kind.ended)
	over := !ended.IsZero() && !ended.After(c.now)
	if over {
		o = o.With(kind.ended, ended)
	}
	if status, ok := d.Body[kind.status].(string); ok {
		if kind.ended != "" && !over {
			status = "InProgress"
		}
		o = o.With(kind.status, status)
	}
	return o
}
