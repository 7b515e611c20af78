package ingest_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"sizewise/ingest"
	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server"
	"sizewise/ingest/subject"
)

// trained is an account with the training jobs job-1 and job-10 of an hour
// each, the second begun ten minutes after the first. job-10 runs on while
// ended is false.
func trained(ended bool) *account.Account {
	acct := &account.Account{ID: "123456789012", Region: "eu-west-1"}
	group := account.LogGroup{Name: "/aws/sagemaker/TrainingJobs", Created: begin}
	for i, name := range []string{"job-1", "job-10"} {
		start := begin.Add(time.Duration(i) * 10 * time.Minute)
		body := map[string]any{
			"TrainingJobName": name, "TrainingJobStatus": "Completed", "CreationTime": start.Add(-time.Minute),
			"TrainingStartTime": start, "TrainingEndTime": start.Add(time.Hour), "LastModifiedTime": start.Add(time.Hour),
			"ResourceConfig": map[string]any{"InstanceType": "ml.g5.xlarge", "InstanceCount": 2, "VolumeSizeInGB": 50},
		}
		if !ended && i == 1 {
			delete(body, "TrainingEndTime")
			body["TrainingJobStatus"] = "InProgress"
		}
		acct.Described = append(acct.Described, account.Described{Operation: "DescribeTrainingJob", Name: name, Body: body})
		for host := 1; host <= 2; host++ {
			series := account.Series{
				Namespace: "/aws/sagemaker/TrainingJobs", Name: "CPUUtilization", Unit: "Percent", Resolution: time.Minute,
				Dims: []account.Dim{{Name: "Host", Value: fmt.Sprintf("%s/algo-%d", name, host)}},
			}
			stream := account.LogStream{Name: fmt.Sprintf("%s/algo-%d-1700000000", name, host), Created: start}
			for m := range 60 {
				at := start.Add(time.Duration(m) * time.Minute)
				series.Points = append(series.Points, account.Point{Time: at, Values: []float32{50}})
				stream.Events = append(stream.Events, account.LogEvent{Time: at, Ingested: at, Message: fmt.Sprintf("step %d", m)})
			}
			acct.Metrics = append(acct.Metrics, series)
			group.Streams = append(group.Streams, stream)
		}
	}
	acct.LogGroups = []account.LogGroup{group}
	return acct
}

func trainingRig(t *testing.T, acct *account.Account, now time.Time, name string) *rig {
	t.Helper()
	r := serve(t, acct, func() time.Time { return now }, server.Options{}, unlimited())
	r.options.Subjects = []subject.Subject{{Kind: subject.Training, Name: name}}
	return r
}

// TestJobTakesItsWindowFromDescribe: padded by five minutes, and with nothing
// of the job whose name begins alike.
func TestJobTakesItsWindowFromDescribe(t *testing.T) {
	r := trainingRig(t, trained(true), later, "job-1")
	plan, err := ingest.NewPlan(t.Context(), r.options)
	if err != nil {
		t.Fatal(err)
	}
	if p := plan.Subjects[0]; !p.Start.Equal(begin.Add(-5*time.Minute)) || !p.End.Equal(begin.Add(65*time.Minute)) {
		t.Errorf("the window is %v to %v, want the job's with five minutes around", p.Start, p.End)
	}
	sum, err := ingest.Run(t.Context(), r.options)
	if err != nil {
		t.Fatal(err)
	}
	if one := sum.Subjects[0]; one.Points != 120 || one.Events != 120 {
		t.Errorf("%d points and %d events, want 120 of each: the other job's are not this one's", one.Points, one.Events)
	}
}

// TestWindowBesideTheJob: nothing comes, and the reason is said.
func TestWindowBesideTheJob(t *testing.T) {
	r := trainingRig(t, trained(true), later, "job-1")
	r.options.Start, r.options.End = begin.Add(2*time.Hour), begin.Add(3*time.Hour)
	sum, err := ingest.Run(t.Context(), r.options)
	if err != nil {
		t.Fatal(err)
	}
	if one := sum.Subjects[0]; one.Points != 0 || len(one.Notes) != 1 || !strings.Contains(one.Notes[0], "outside of the window") {
		t.Errorf("%d points, notes %q; want to be told when the job ran", one.Points, one.Notes)
	}
}

// TestRunningJobEndsNow: and the next run goes on from there.
func TestRunningJobEndsNow(t *testing.T) {
	r := trainingRig(t, trained(false), begin.Add(40*time.Minute), "job-10")
	sum, err := ingest.Run(t.Context(), r.options)
	if err != nil {
		t.Fatal(err)
	}
	if one := sum.Subjects[0]; one.Points != 60 || one.Events < 60 {
		t.Errorf("%d points and %d events, want what there is after half an hour of two hosts", one.Points, one.Events)
	}
}

// TestDeletedJobWorksByNameAndWindow: its metrics are listed or guessed, its
// events are in the group of all jobs.
func TestDeletedJobWorksByNameAndWindow(t *testing.T) {
	acct := trained(true)
	acct.Described = nil
	r := trainingRig(t, acct, begin.Add(30*24*time.Hour), "job-1")
	r.options.Start, r.options.End = begin, begin.Add(time.Hour)
	sum, err := ingest.Run(t.Context(), r.options)
	if err != nil {
		t.Fatal(err)
	}
	one := sum.Subjects[0]
	if one.Points != 12 || one.Events != 120 || !strings.Contains(strings.Join(one.Notes, " "), "SageMaker does not know it") {
		t.Errorf("%d points, %d events, notes %q; want 12 of five minutes of the first host, 120 events and a note", one.Points, one.Events, one.Notes)
	}
	r.options.Subjects[0].Name = "job-2"
	_, err = ingest.Run(t.Context(), r.options)
	var unknown *ingest.UnknownError
	if !errors.As(err, &unknown) {
		t.Errorf("error %v, want that there is no such job", err)
	}
}

// TestWindowIsNeeded: where SageMaker does not tell it.
func TestWindowIsNeeded(t *testing.T) {
	r := trainingRig(t, trained(true), later, "job-1")
	r.aws.Inject(server.Fault{Action: server.Deny, Operation: "DescribeTrainingJob", Times: -1})
	_, err := ingest.Run(t.Context(), r.options)
	var window *ingest.WindowError
	if !errors.As(err, &window) {
		t.Errorf("error %v, want that nobody tells when the job ran", err)
	}
	r.options.Subjects[0] = subject.Subject{Kind: subject.Endpoint, Name: "ep"}
	if _, err := ingest.Run(t.Context(), r.options); err == nil || !strings.Contains(err.Error(), "endpoint/ep needs a window") {
		t.Errorf("error %v, want that an endpoint needs a window", err)
	}
	r.options.Subjects[0] = subject.Subject{Kind: subject.Training, Name: "nobody"}
	r.aws.ClearFaults()
	_, err = ingest.Run(t.Context(), r.options)
	var unknown *ingest.UnknownError
	if !errors.As(err, &unknown) {
		t.Errorf("error %v, want that there is no such job", err)
	}
}

// TestLabelingStreamsOfLikeNames: the stream of a labeling job bears the bare
// name, so a prefix finds those of other jobs too.
func TestLabelingStreamsOfLikeNames(t *testing.T) {
	acct := &account.Account{ID: "123456789012", Region: "eu-west-1"}
	group := account.LogGroup{Name: "/aws/sagemaker/LabelingJobs", Created: begin}
	for _, name := range []string{"l", "l-2", "lx"} {
		acct.Described = append(acct.Described, account.Described{Operation: "DescribeLabelingJob", Name: name, Body: map[string]any{
			"LabelingJobName": name, "LabelingJobStatus": "Completed", "CreationTime": begin, "LastModifiedTime": begin.Add(time.Hour),
		}})
		group.Streams = append(group.Streams, account.LogStream{Name: name, Created: begin, Events: []account.LogEvent{
			{Time: begin.Add(time.Minute), Ingested: begin.Add(time.Minute), Message: "of " + name},
		}})
	}
	acct.LogGroups = []account.LogGroup{group}
	r := serve(t, acct, func() time.Time { return later }, server.Options{}, unlimited())
	r.options.Subjects = []subject.Subject{{Kind: subject.Labeling, Name: "l"}}
	r.options.Start, r.options.End = begin, begin.Add(time.Hour)
	sum, err := ingest.Run(t.Context(), r.options)
	if err != nil || sum.Subjects[0].Events != 1 {
		t.Errorf("%d events, error %v; want the job's own", sum.Subjects[0].Events, err)
	}
}
