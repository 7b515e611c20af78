package estate

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// features are the columns of the estate's feature group and monitored data.
func features() []string { return []string{"age", "income"} }

// featureGroup draws Feature Store's metrics of one group. They come under
// AWS/SageMaker, Invocations among them.
func (d *drawer) featureGroup(name string) {
	d.subject("featuregroup", name)
	for _, operation := range []string{"PutRecord", "GetRecord"} {
		on := dims("FeatureGroupName", name, "OperationName", operation)
		draw := func(name, unit string, value func(*rand.Rand, int) (float64, int)) {
			d.simple(metric{space: invocationSpace, name: name, unit: unit, dims: on}, value)
		}
		calls := func(r *rand.Rand, _ int) (float64, int) { return 1, 50 + r.IntN(50) }
		draw("Invocations", "None", calls)
		draw("Operation4XXErrors", "None", sometimes(1, 60))
		draw("Operation5XXErrors", "None", sometimes(1, 60))
		draw("ThrottledRequests", "None", sometimes(1, 200))
		draw("Latency", "Microseconds", func(r *rand.Rand, i int) (float64, int) { return 6000 * (0.8 + 0.4*r.Float64()), 60 })
		if operation == "PutRecord" {
			draw("ConsumedWriteRequestsUnits", "None", calls)
			draw("ConsumedWriteCapacityUnits", "None", calls)
		} else {
			draw("ConsumedReadRequestsUnits", "None", calls)
			draw("ConsumedReadCapacityUnits", "None", calls)
		}
		d.simple(metric{space: invocationSpace, name: "Invocations", unit: "None", dims: dims("OperationName", operation)}, calls)
	}
	var definitions []map[string]any
	for _, f := range features() {
		definitions = append(definitions, map[string]any{"FeatureName": f, "FeatureType": "Fractional"})
	}
	d.describe("DescribeFeatureGroup", name, map[string]any{
		"FeatureGroupStatus": "Created", "RecordIdentifierFeatureName": "id", "EventTimeFeatureName": "at",
		"CreationTime": d.Start.Add(-48 * time.Hour), "FeatureDefinitions": definitions,
		"OnlineStoreConfig": map[string]any{"EnableOnlineStore": true},
		"ThroughputConfig":  map[string]any{"ThroughputMode": "OnDemand"},
	})
}

// labeling draws a Ground Truth job; its totals only grow.
func (d *drawer) labeling(name string) {
	d.subject("labeling", name)
	on := dims("LabelingJobName", name)
	for m, perHour := range map[string]float64{"DatasetObjectsAutoAnnotated": 30, "DatasetObjectsHumanAnnotated": 60, "DatasetObjectsLabelingFailed": 1, "TotalDatasetObjectsLabeled": 90} {
		d.simple(metric{space: invocationSpace, name: m, unit: "None", dims: on}, func(_ *rand.Rand, i int) (float64, int) {
			return float64(int(perHour * float64(i) / 60)), 1
		})
	}
	for m, every := range map[string]int{"ActiveWorkers": 2, "TasksAccepted": 2, "TasksDeclined": 30, "TasksReturned": 40, "TasksSubmitted": 2} {
		d.simple(metric{space: invocationSpace, name: m, unit: "None", dims: on}, sometimes(1, every))
	}
	d.simple(metric{space: invocationSpace, name: "TimeSpent", unit: "Seconds", dims: on}, around(35))
	d.simple(metric{space: invocationSpace, name: "JobsSucceeded", unit: "None", dims: on, from: d.End.Add(-time.Minute)}, sometimes(1, 1))
	d.writeStream("/aws/sagemaker/LabelingJobs", name, d.Start, d.End, d.script(name))
	role := "arn:aws:iam::" + d.ID + ":role/estate"
	d.describe("DescribeLabelingJob", name, map[string]any{
		"LabelingJobStatus": "InProgress", "JobReferenceCode": "0123456789abcdef", "RoleArn": role,
		"LabelCounters": map[string]any{"TotalLabeled": 90, "HumanLabeled": 60, "MachineLabeled": 30, "FailedNonRetryableError": 1, "Unlabeled": 10},
		"CreationTime":  d.Start, "LastModifiedTime": d.End,
		"InputConfig":  map[string]any{"DataSource": map[string]any{"S3DataSource": map[string]any{"ManifestS3Uri": "s3://estate/in.manifest"}}},
		"OutputConfig": map[string]any{"S3OutputPath": "s3://estate/labels/"},
		"HumanTaskConfig": map[string]any{
			"WorkteamArn": "arn:aws:sagemaker:" + d.Region + ":" + d.ID + ":workteam/private-crowd/estate", "UiConfig": map[string]any{"UiTemplateS3Uri": "s3://estate/ui.html"},
			"TaskTitle": "label", "TaskDescription": "label", "NumberOfHumanWorkersPerDataObject": 1, "TaskTimeLimitInSeconds": 600,
		},
	})
}

// pipeline draws a pipeline that runs once an hour, in two steps.
func (d *drawer) pipeline(name string) {
	d.subject("pipeline", name)
	const space = "AWS/Sagemaker/ModelBuildingPipeline"
	at := func(minute int, value float64) func(*rand.Rand, int) (float64, int) {
		return func(_ *rand.Rand, i int) (float64, int) {
			if i%60 != minute {
				return 0, 0
			}
			return value, 1
		}
	}
	for _, on := range [][]string{{"PipelineName", name}, nil} { // and once for the whole account
		d.simple(metric{space: space, name: "ExecutionStarted", unit: "Count", dims: dims(on...)}, at(5, 1))
		d.simple(metric{space: space, name: "ExecutionSucceeded", unit: "Count", dims: dims(on...)}, at(20, 1))
		d.simple(metric{space: space, name: "ExecutionFailed", unit: "Count", dims: dims(on...)}, at(20, 0))
		d.simple(metric{space: space, name: "ExecutionStopped", unit: "Count", dims: dims(on...)}, at(20, 0))
		d.simple(metric{space: space, name: "ExecutionDuration", unit: "Milliseconds", dims: dims(on...)}, at(20, 900_000))
	}
	for n, step := range []string{"prepare", "train"} {
		on := dims("PipelineName", name, "StepName", step)
		d.simple(metric{space: space, name: "StepStarted", unit: "Count", dims: on}, at(5+5*n, 1))
		d.simple(metric{space: space, name: "StepSucceeded", unit: "Count", dims: on}, at(10+5*n, 1))
		d.simple(metric{space: space, name: "StepFailed", unit: "Count", dims: on}, at(10+5*n, 0))
		d.simple(metric{space: space, name: "StepStopped", unit: "Count", dims: on}, at(10+5*n, 0))
		d.simple(metric{space: space, name: "StepDuration", unit: "Milliseconds", dims: on}, at(10+5*n, 300_000))
	}
	arn := "arn:aws:sagemaker:" + d.Region + ":" + d.ID + ":pipeline/" + name
	execution := arn + "/execution/abcdefghijkl"
	started := d.Start.Add(5 * time.Minute)
	d.describe("DescribePipeline", name, map[string]any{
		"PipelineStatus": "Active", "CreationTime": d.Start.Add(-72 * time.Hour), "LastModifiedTime": d.Start.Add(-72 * time.Hour), "LastRunTime": started,
		"PipelineDefinition": "{}", "RoleArn": "arn:aws:iam::" + d.ID + ":role/estate",
	})
	d.describe("DescribePipelineExecution", execution, map[string]any{
		"PipelineArn": arn, "PipelineExecutionStatus": "Succeeded", "CreationTime": started, "LastModifiedTime": started.Add(15 * time.Minute),
	})
	d.describe("ListPipelineExecutionSteps", execution, map[string]any{"PipelineExecutionSteps": []map[string]any{
		{"StepName": "train", "StepStatus": "Succeeded", "StartTime": started.Add(5 * time.Minute), "EndTime": started.Add(10 * time.Minute)},
		{"StepName": "prepare", "StepStatus": "Succeeded", "StartTime": started, "EndTime": started.Add(5 * time.Minute)},
	}})
}

// monitor draws a monitoring schedule. AWS's pages name four namespaces and
// accounts show a fifth; the estate publishes into each of them.
func (d *drawer) monitor(name string) {
	d.subject("monitor", name)
	watched := PlainName(0)
	for space, on := range map[string][]string{
		"/aws/sagemaker/Endpoints/data-metric":        {"EndpointName", watched, "ScheduleName", name},
		"/aws/sagemaker/ModelMonitoring/data-metric":  {"MonitoringSchedule", name},
		"/aws/sagemaker/Endpoint/data-metrics":        {"Endpoint", watched, "MonitoringSchedule", name},
		"/aws/sagemaker/ModelMonitoring/data-metrics": {"MonitoringSchedule", name},
		"aws/sagemaker/Endpoints/data-metrics":        {"Endpoint", watched, "MonitoringSchedule", name},
	} {
		for _, f := range features() {
			for prefix, middle := range map[string]float64{"feature_data_": 37, "feature_non_null_": 0.99, "feature_baseline_drift_": 0.04} {
				d.simple(metric{space: space, name: prefix + f, unit: "None", dims: dims(on...), step: time.Hour}, around(middle))
			}
		}
	}
	d.describe("DescribeMonitoringSchedule", name, map[string]any{
		"MonitoringScheduleStatus": "Scheduled", "MonitoringType": "DataQuality", "EndpointName": watched,
		"CreationTime": d.Start.Add(-72 * time.Hour), "LastModifiedTime": d.Start.Add(-time.Hour),
		"MonitoringScheduleConfig": map[string]any{"ScheduleConfig": map[string]any{"ScheduleExpression": "cron(0 * ? * * *)"}, "MonitoringJobDefinitionName": name + "-definition", "MonitoringType": "DataQuality"},
	})
}

// notebook draws a notebook instance, which has logs only.
func (d *drawer) notebook(name string) {
	d.subject("notebook", name)
	for _, stream := range []string{"LifecycleConfigOnStart", "jupyter.log"} {
		d.writeStream("/aws/sagemaker/NotebookInstances", fmt.Sprintf("%s/%s", name, stream), d.Start, d.End, d.script(name+stream))
	}
	d.describe("DescribeNotebookInstance", name, map[string]any{
		"NotebookInstanceStatus": "InService", "InstanceType": "ml.t3.medium", "VolumeSizeInGB": 5,
		"CreationTime": d.Start.Add(-90 * 24 * time.Hour), "LastModifiedTime": d.Start.Add(-time.Hour),
		"Url": name + ".notebook." + d.Region + ".sagemaker.aws",
	})
}
