package estate

import (
	"fmt"
	"time"
)

// window is when a job of the estate runs: from a tenth of its time to nine
// tenths, at most two hours.
func (d *drawer) window() (from, to time.Time) {
	whole := d.End.Sub(d.Start)
	from = d.Start.Add(min(10*time.Minute, whole/10)).Truncate(time.Second)
	return from, from.Add(min(2*time.Hour, whole*8/10)).Truncate(time.Second)
}

// hosts draws the metrics of a job's hosts and their logs.
func (d *drawer) hosts(space, group string, names []string, metrics ...string) {
	from, to := d.window()
	for _, host := range names {
		for _, m := range metrics {
			d.simple(metric{space: space, name: m, unit: "Percent", dims: dims("Host", host), from: from.Truncate(time.Minute), to: to}, around(60))
		}
		d.writeStream(group, fmt.Sprintf("%s-%d", host, from.Unix()), from, to, d.script(host))
	}
}

func numbered(job string, n int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf("%s/algo-%d", job, i+1))
	}
	return out
}

// training draws a training job on two hosts, on managed spot instances, with
// one metric of its own algorithm.
func (d *drawer) training(name string) {
	d.subject("training", name)
	from, to := d.window()
	const space = "/aws/sagemaker/TrainingJobs"
	d.hosts(space, space, numbered(name, 2), "CPUUtilization", "MemoryUtilization", "DiskUtilization", "GPUUtilization", "GPUMemoryUtilization")
	d.simple(metric{space: space, name: "train:loss", unit: "None", dims: dims("TrainingJobName", name), from: from, to: to}, around(0.4))
	seconds := int(to.Sub(from).Seconds())
	created := from.Add(-3 * time.Minute)
	d.describe("DescribeTrainingJob", name, map[string]any{
		"TrainingJobStatus": "Completed", "SecondaryStatus": "Completed",
		"ModelArtifacts":         map[string]any{"S3ModelArtifacts": "s3://estate/" + name + "/output/model.tar.gz"},
		"AlgorithmSpecification": map[string]any{"TrainingImage": d.ID + ".dkr.ecr." + d.Region + ".amazonaws.com/train:1", "TrainingInputMode": "File"},
		"ResourceConfig":         map[string]any{"InstanceType": "ml.g5.2xlarge", "InstanceCount": 2, "VolumeSizeInGB": 100},
		"StoppingCondition":      map[string]any{"MaxRuntimeInSeconds": 86_400, "MaxWaitTimeInSeconds": 90_000},
		"CreationTime":           created, "TrainingStartTime": from, "TrainingEndTime": to, "LastModifiedTime": to.Add(20 * time.Second),
		"TrainingTimeInSeconds": seconds, "BillableTimeInSeconds": seconds * 3 / 10, "EnableManagedSpotTraining": true,
		"SecondaryStatusTransitions": []map[string]any{
			{"Status": "Starting", "StartTime": created, "EndTime": from, "StatusMessage": "Preparing the instances for training"},
			{"Status": "Downloading", "StartTime": from, "EndTime": from.Add(time.Minute), "StatusMessage": "Downloading input data"},
			{"Status": "Training", "StartTime": from.Add(time.Minute), "EndTime": to.Add(-30 * time.Second), "StatusMessage": "Training image download completed. Training in progress."},
			{"Status": "Uploading", "StartTime": to.Add(-30 * time.Second), "EndTime": to, "StatusMessage": "Uploading generated training model"},
			{"Status": "Completed", "StartTime": to, "EndTime": to, "StatusMessage": "Training job completed"},
		},
		"FinalMetricDataList": []map[string]any{{"MetricName": "train:loss", "Value": 0.25, "Timestamp": to}},
	})
}

// processing draws a processing job on one host.
func (d *drawer) processing(name string) {
	d.subject("processing", name)
	from, to := d.window()
	const space = "/aws/sagemaker/ProcessingJobs"
	d.hosts(space, space, numbered(name, 1), "CPUUtilization", "MemoryUtilization", "DiskUtilization")
	d.describe("DescribeProcessingJob", name, map[string]any{
		"ProcessingJobStatus": "Completed",
		"ProcessingResources": map[string]any{"ClusterConfig": map[string]any{"InstanceType": "ml.m5.4xlarge", "InstanceCount": 1, "VolumeSizeInGB": 50}},
		"AppSpecification":    map[string]any{"ImageUri": d.ID + ".dkr.ecr." + d.Region + ".amazonaws.com/process:1"},
		"StoppingCondition":   map[string]any{"MaxRuntimeInSeconds": 86_400},
		"CreationTime":        from.Add(-4 * time.Minute), "ProcessingStartTime": from, "ProcessingEndTime": to, "LastModifiedTime": to.Add(5 * time.Second),
	})
}

// transform draws a batch transform job, whose hosts are named by instance and
// which has no disk metric.
func (d *drawer) transform(name string) {
	d.subject("transform", name)
	from, to := d.window()
	const space = "/aws/sagemaker/TransformJobs"
	host := name + "/" + d.instanceID(name, 0)
	d.hosts(space, space, []string{host}, "CPUUtilization", "MemoryUtilization")
	d.writeStream(space, fmt.Sprintf("%s-%d/data-log", host, from.Unix()), from, to, d.script(host+"/data-log"))
	d.describe("DescribeTransformJob", name, map[string]any{
		"TransformJobStatus": "Completed", "ModelName": name + "-model", "MaxConcurrentTransforms": 4, "MaxPayloadInMB": 6, "BatchStrategy": "MultiRecord",
		"TransformInput":     map[string]any{"DataSource": map[string]any{"S3DataSource": map[string]any{"S3DataType": "S3Prefix", "S3Uri": "s3://estate/in/"}}},
		"TransformOutput":    map[string]any{"S3OutputPath": "s3://estate/out/"},
		"TransformResources": map[string]any{"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
		"CreationTime":       from.Add(-5 * time.Minute), "TransformStartTime": from, "TransformEndTime": to,
	})
}

// recommender draws an Inference Recommender job with one endpoint under test.
func (d *drawer) recommender(name string) {
	d.subject("recommender", name)
	from, to := d.window()
	const space = "/aws/sagemaker/InferenceRecommendationsJobs"
	p, l := &pen{}, d.load(name, 1)
	for _, on := range [][]string{{"JobName", name}, {"EndpointName", name + "-ep-1"}} {
		m := metric{space: space, unit: "None", dims: dims(on...), from: from.Truncate(time.Minute), to: to}
		each := func(name, unit string, point func(i int)) {
			m.name, m.unit = name, unit
			d.draw(m, p, point)
		}
		each("ClientInvocations", "None", func(i int) { p.times(1, l.requests[i]) })
		each("ClientInvocationErrors", "None", func(i int) { p.times(1, l.errors[i]) })
		each("ClientLatency", "Milliseconds", func(i int) { l.spread(p, l.latency[i]/1000, l.requests[i]) })
		each("NumberOfUsers", "None", func(int) { p.put(8) })
	}
	const group = "/aws/sagemaker/InferenceRecommendationsJobs"
	d.writeStream(group, name+"/execution", from, to, d.script(name+"/execution"))
	d.writeStream(group, name+"/Endpoint/"+name+"-ep-1", from, to, d.modelServer(name))
	d.describe("DescribeInferenceRecommendationsJob", name, map[string]any{
		"JobType": "Default", "Status": "COMPLETED", "RoleArn": "arn:aws:iam::" + d.ID + ":role/estate",
		"CreationTime": from.Add(-time.Minute), "CompletionTime": to, "LastModifiedTime": to,
		"InputConfig": map[string]any{"ModelName": name + "-model", "JobDurationInSeconds": int(to.Sub(from).Seconds())},
	})
}
