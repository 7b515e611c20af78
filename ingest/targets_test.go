package ingest_test

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sizewise/ingest"
	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/simaws/server"
	"sizewise/ingest/subject"
)

// TestATargetThatCannotBeAskedStopsNoOther: neither one that there is no way to
// nor one that refuses the credentials.
func TestATargetThatCannotBeAskedStopsNoOther(t *testing.T) {
	now := func() time.Time { return later }
	good, bad := serve(t, simulated(), now, server.Options{}, unlimited()), serve(t, simulated(), now, server.Options{}, unlimited())
	bad.aws.Inject(server.Fault{Action: server.ExpireCreds, Times: -1})
	o := good.options
	target := func(name string, r *rig) ingest.Target {
		return ingest.Target{Name: name, Region: name, Metrics: r.options.Metrics, Logs: r.options.Logs, Describe: r.options.Describe}
	}
	o.Targets = []ingest.Target{{Name: "lost", Err: cloudwatch.ErrNoCredentials}, target("refusing", bad), target("good", good)}
	o.Start, o.End = begin, begin.Add(time.Hour)
	o.Subjects = []subject.Subject{{Kind: subject.Endpoint, Name: "ep"}, {Kind: subject.Endpoint, Name: "ep"}}
	sum, err := ingest.Run(t.Context(), o)
	var which *ingest.TargetError
	if !errors.As(err, &which) || which.Target != "lost" || !errors.Is(err, cloudwatch.ErrExpired) || !strings.Contains(err.Error(), "refusing: ") {
		t.Errorf("error %v, want both targets named and why", err)
	}
	if len(sum.Subjects) != 1 || sum.Subjects[0].Target != "good" || sum.Subjects[0].PointsAdded != 180 {
		t.Errorf("subjects %+v, want ep of the good target, once", sum.Subjects)
	}
	o.Targets = o.Targets[:1]
	if _, err := ingest.Run(t.Context(), o); !errors.Is(err, cloudwatch.ErrNoCredentials) {
		t.Errorf("error %v, want that no target is left", err)
	}
}

// TestAnUnknownSubjectIsItsErrorAlone: there is nothing to tell of it, and the
// error calls it what SageMaker does.
func TestAnUnknownSubjectIsItsErrorAlone(t *testing.T) {
	r := serve(t, simulated(), func() time.Time { return later }, server.Options{}, unlimited())
	r.options.Start, r.options.End = begin, begin.Add(time.Hour)
	for text, want := range map[string]string{
		"endpoint/nope":         "no endpoint named nope in ",
		"training/nope":         "no training job named nope in ",
		"featuregroup/nope":     "no feature group named nope in ",
		"cloudwatch/Mine?A=b":   "no CloudWatch metrics of Mine?A=b in ",
		"labeling/nope":         "no labeling job named nope in ",
		"component/nope":        "no inference component named nope in ",
		"monitor/nope":          "no monitoring schedule named nope in ",
		"recommender/no-such-1": "no inference recommender job named no-such-1 in ",
	} {
		s, err := subject.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		r.options.Subjects = []subject.Subject{s}
		sum, err := ingest.Run(t.Context(), r.options)
		if err == nil || !strings.Contains(err.Error(), want) || len(sum.Subjects) != 0 {
			t.Errorf("%s: error %v, subjects %v; want %q alone", text, err, sum.Subjects, want)
		}
	}
}

// TestRowsAreOfTheRegionThatAnswers: one service that answers for two regions
// is two endpoints, and one that names another region than was asked is noted.
func TestRowsAreOfTheRegionThatAnswers(t *testing.T) {
	for _, c := range []struct {
		home bool
		want string
		note string
	}{{false, "us-east-1", ""}, {true, "eu-west-1", "us-east-1 was asked, and answered with an ARN of eu-west-1: the rows are of eu-west-1"}} {
		r := serve(t, simulated(), func() time.Time { return later }, server.Options{HomeRegion: c.home}, unlimited())
		elsewhere, err := cloudwatch.New(t.Context(), cloudwatch.Options{
			Region: "us-east-1", EndpointURL: r.url, Limits: unlimited(), Now: r.options.Now,
			Keys: cloudwatch.Keys{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"},
		})
		if err != nil {
			t.Fatal(err)
		}
		r.options.Targets = []ingest.Target{{Region: "us-east-1", Metrics: elsewhere, Logs: elsewhere, Describe: elsewhere}}
		r.options.Start, r.options.End = begin, begin.Add(time.Hour)
		r.options.Subjects = []subject.Subject{{Kind: subject.Endpoint, Name: "ep"}}
		sum, err := ingest.Run(t.Context(), r.options)
		if err != nil {
			t.Fatal(err)
		}
		if one := sum.Subjects[0]; one.Region != c.want || strings.Join(one.Notes, "\n") != c.note {
			t.Errorf("region %s, notes %q; want %s and %q", one.Region, one.Notes, c.want, c.note)
		}
	}
}

// TestALineForEveryStageAndChunk: what -v shows.
func TestALineForEveryStageAndChunk(t *testing.T) {
	r := serve(t, simulated(), func() time.Time { return later }, server.Options{}, unlimited())
	r.options.Start, r.options.End = begin, begin.Add(time.Hour)
	r.options.Subjects = []subject.Subject{{Kind: subject.Endpoint, Name: "ep"}}
	var log bytes.Buffer
	r.options.Logger = slog.New(slog.NewTextHandler(&log, nil))
	sum, err := ingest.Run(t.Context(), r.options)
	if err != nil {
		t.Fatal(err)
	}
	for _, stage := range []ingest.Stage{ingest.StageDescribe, ingest.StageList, ingest.StageMetrics, ingest.StageLogs} {
		if n := strings.Count(log.String(), "stage="+string(stage)+" "); n != 1 {
			t.Errorf("%d lines of stage %s, want 1", n, stage)
		}
	}
	if n := strings.Count(log.String(), "chunk done"); n < sum.Subjects[0].Chunks {
		t.Errorf("%d lines of chunks, want one for each of %d", n, sum.Subjects[0].Chunks)
	}
}

// TestWhatIsGoneFromTheLakeIsAskedForAgain: the ledger's word for a day whose
// file is gone counts for nothing.
func TestWhatIsGoneFromTheLakeIsAskedForAgain(t *testing.T) {
	r := serve(t, simulated(), func() time.Time { return later }, server.Options{}, unlimited())
	r.options.Start, r.options.End = begin, begin.Add(time.Hour)
	r.options.Subjects = []subject.Subject{{Kind: subject.Endpoint, Name: "ep"}}
	first, err := ingest.Run(t.Context(), r.options)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(r.dir, "logs", "dt=*", "*.parquet"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files %q, error %v", files, err)
	}
	if err := os.Remove(files[0]); err != nil {
		t.Fatal(err)
	}
	again, err := ingest.Run(t.Context(), r.options)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := again.Subjects[0].EventsAdded, first.Subjects[0].EventsAdded; got != want || want == 0 {
		t.Errorf("%d events came again of %d", got, want)
	}
}
