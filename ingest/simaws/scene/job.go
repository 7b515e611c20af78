package scene

import (
	"fmt"
	"math"
	"time"

	"sizewise/ingest/simaws/account"
)

const (
	trainingSpace   = "/aws/sagemaker/TrainingJobs"
	processingSpace = "/aws/sagemaker/ProcessingJobs"
	transformSpace  = "/aws/sagemaker/TransformJobs"
)

// stretch is a state of a training job and how many minutes it lasts.
type stretch struct {
	status  string
	minutes int
	message string
}

// jobSketch draws a job: its minutes are counted from its creation.
type jobSketch struct {
	*sketch
	instance  string
	hosts     int
	stretches []stretch
	state     []string // of each minute
	work      []int    // since the program began, -1 while it does not run
	reason    string   // of failure
	extra     map[string]any
}

// newJob lays the stretches out minute by minute.
func newJob(scenario, kind, name, instance string, hosts int, seed uint64) *jobSketch {
	return &jobSketch{sketch: newSketch(scenario, kind, name, 0, seed), instance: instance, hosts: hosts, extra: map[string]any{}}
}

func (j *jobSketch) lay(stretches ...stretch) {
	j.stretches = stretches
	for _, s := range stretches {
		for range s.minutes {
			j.state = append(j.state, s.status)
			at := -1
			if s.status == "Training" {
				at = j.worked()
			}
			j.work = append(j.work, at)
		}
	}
	j.minutes = len(j.state)
}

// worked is how many minutes the program ran so far.
func (j *jobSketch) worked() int {
	n := 0
	for _, w := range j.work {
		if w >= 0 {
			n++
		}
	}
	return n
}

func (j *jobSketch) host(h int) string {
	if j.kind == "transform" {
		return fmt.Sprintf("%s/i-0%015d1", j.name, h+1)
	}
	return fmt.Sprintf("%s/algo-%d", j.name, h+1)
}

func (j *jobSketch) space() string {
	switch j.kind {
	case "processing":
		return processingSpace
	case "transform":
		return transformSpace
	}
	return trainingSpace
}

// use publishes a metric of every host for the minutes in which the program
// ran: units of 100 percent times a share, which wanders about its middle as
// utilization does, a minute resembling the one before.
func (j *jobSketch) use(metric string, units int, noise float64, middle func(host, minute int) float64) {
	for h := range j.hosts {
		wander := 0.0
		j.draw(published{space: j.space(), name: metric, unit: "Percent", dims: j.dims("Host", j.host(h))}, func(i int) []float64 {
			if j.work[i] < 0 {
				return nil
			}
			wander = 0.6*wander + noise*j.r.NormFloat64()
			v := middle(h, j.work[i]) + wander
			return []float64{100 * float64(units) * min(1, max(0, v))}
		})
	}
}

// lines writes the log of one host.
func (j *jobSketch) lines(h int, line func(minute int) []string) {
	stream := account.LogStream{Name: fmt.Sprintf("%s-%d", j.host(h), j.start.Unix()), Created: j.start}
	for i := range j.minutes {
		if j.work[i] < 0 {
			continue
		}
		texts := line(j.work[i])
		for n, text := range texts {
			at := j.at(i).Add(time.Duration(20+n) * time.Second)
			stream.Events = append(stream.Events, account.LogEvent{Time: at, Ingested: at.Add(2 * time.Second), Message: text})
		}
	}
	for i := range j.account.LogGroups {
		if g := &j.account.LogGroups[i]; g.Name == j.space() {
			g.Streams = append(g.Streams, stream)
			return
		}
	}
	j.account.LogGroups = append(j.account.LogGroups, account.LogGroup{Name: j.space(), Created: j.start.Add(-48 * time.Hour), Streams: []account.LogStream{stream}})
}

// finish describes the job and hands it out.
func (j *jobSketch) finish(status string) *Test {
	started := 0
	for started < j.minutes && (j.state[started] == "Starting" || j.state[started] == "Pending") {
		started++
	}
	from, to := j.at(started), j.end()
	body := map[string]any{"CreationTime": j.start, "LastModifiedTime": to.Add(5 * time.Second)}
	if j.reason != "" {
		body["FailureReason"] = j.reason
	}
	switch j.kind {
	case "training":
		j.training(body, status, from, to)
		j.described("DescribeTrainingJob", body)
	case "processing":
		body["ProcessingJobStatus"], body["ProcessingStartTime"], body["ProcessingEndTime"] = status, from, to
		body["ProcessingResources"] = map[string]any{"ClusterConfig": map[string]any{"InstanceType": j.instance, "InstanceCount": j.hosts, "VolumeSizeInGB": 100}}
		body["AppSpecification"] = map[string]any{"ImageUri": accountID + ".dkr.ecr." + regionName + ".amazonaws.com/process:1"}
		j.described("DescribeProcessingJob", body)
	case "transform":
		delete(body, "LastModifiedTime")
		body["TransformJobStatus"], body["TransformStartTime"], body["TransformEndTime"] = status, from, to
		body["ModelName"], body["MaxConcurrentTransforms"], body["BatchStrategy"] = j.name+"-model", 4, "MultiRecord"
		body["TransformInput"] = map[string]any{"DataSource": map[string]any{"S3DataSource": map[string]any{"S3DataType": "S3Prefix", "S3Uri": "s3://batches/in/"}}}
		body["TransformOutput"] = map[string]any{"S3OutputPath": "s3://batches/out/"}
		body["TransformResources"] = map[string]any{"InstanceType": j.instance, "InstanceCount": j.hosts}
		j.described("DescribeTransformJob", body)
	}
	j.truth.Values["duration_s"] = to.Sub(from).Seconds()
	t := j.test()
	t.Start, t.End = time.Time{}, time.Time{}
	return t
}

func (j *jobSketch) described(operation string, body map[string]any) {
	for k, v := range j.extra {
		body[k] = v
	}
	j.describe(operation, j.name, body)
}

func (j *jobSketch) training(body map[string]any, status string, from, to time.Time) {
	second := status
	seconds := int(to.Sub(from).Seconds())
	var transitions []map[string]any
	at := j.start
	for _, s := range j.stretches {
		end := at.Add(time.Duration(s.minutes) * time.Minute)
		transitions = append(transitions, map[string]any{"Status": s.status, "StartTime": at, "EndTime": end, "StatusMessage": s.message})
		at = end
	}
	transitions = append(transitions, map[string]any{"Status": second, "StartTime": at, "EndTime": at, "StatusMessage": "Training job " + status})
	body["TrainingJobStatus"], body["SecondaryStatus"] = status, second
	body["TrainingStartTime"], body["TrainingEndTime"] = from, to
	body["TrainingTimeInSeconds"], body["BillableTimeInSeconds"] = seconds, seconds
	body["AlgorithmSpecification"] = map[string]any{"TrainingImage": accountID + ".dkr.ecr." + regionName + ".amazonaws.com/train:1", "TrainingInputMode": "File"}
	body["ResourceConfig"] = map[string]any{"InstanceType": j.instance, "InstanceCount": j.hosts, "VolumeSizeInGB": 200}
	body["StoppingCondition"] = map[string]any{"MaxRuntimeInSeconds": 86_400}
	body["ModelArtifacts"] = map[string]any{"S3ModelArtifacts": "s3://models/" + j.name + "/output/model.tar.gz"}
	body["SecondaryStatusTransitions"] = transitions
}

// epochs are the usual lines of a training program.
func (j *jobSketch) epochs(minute int) []string {
	loss := 2.2*math.Exp(-float64(minute)/70) + 0.31 + 0.01*j.r.NormFloat64()
	return []string{fmt.Sprintf("[step %d] loss=%.4f lr=0.0003 throughput=%.1f samples/s", 40*(minute+1), loss, 410+6*j.r.NormFloat64())}
}

// usual are the states of a job that runs through.
func usual(start, download, work, upload int) []stretch {
	return []stretch{
		{"Starting", start, "Preparing the instances for training"},
		{"Downloading", download, "Downloading the training image and the input data"},
		{"Training", work, "Training image download completed. Training in progress."},
		{"Uploading", upload, "Uploading generated training model"},
	}
}
