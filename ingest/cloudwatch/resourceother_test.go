package cloudwatch

func othersTold() []told {
	return []told{
		{
			Resource{KindInferenceComponent, "ic"},
			map[string]any{
				"InferenceComponentName": "ic", "InferenceComponentArn": sagemakerARN("inference-component", "ic"), "InferenceComponentStatus": "InService",
				"EndpointName": "ep", "VariantName": "AllTraffic", "CreationTime": at(0), "LastModifiedTime": at(1),
				"RuntimeConfig": map[string]any{"CurrentCopyCount": 2, "DesiredCopyCount": 3},
				"Specification": map[string]any{"ModelName": "m", "ComputeResourceRequirements": map[string]any{
					"NumberOfCpuCoresRequired": 1.5, "NumberOfAcceleratorDevicesRequired": 1, "MinMemoryRequiredInMb": 1024,
				}},
			},
			Description{Status: "InService", Created: instant(0), Variants: []string{"AllTraffic"}, Related: []Resource{{KindEndpoint, "ep"}, {KindScalableTarget, "inference-component/ic"}}},
			`inference_component/ic status=InService
inference_component/ic arn=arn:aws:sagemaker:eu-west-1:123456789012:inference-component/ic
inference_component/ic creation_time=2026-11-20T14:00:00Z
inference_component/ic last_modified_time=2026-11-20T14:01:00Z
inference_component/ic endpoint_name=ep
inference_component/ic variant_name=AllTraffic
inference_component/ic current_copy_count=2
inference_component/ic desired_copy_count=3
inference_component/ic model_name=m
inference_component/ic cpu_cores=1.5
inference_component/ic accelerators=1
inference_component/ic min_memory_mb=1024`,
		},
		{
			Resource{KindLabelingJob, "l"},
			map[string]any{
				"LabelingJobName": "l", "LabelingJobArn": sagemakerARN("labeling-job", "l"), "LabelingJobStatus": "Stopped",
				"CreationTime": at(0), "LastModifiedTime": at(90), "LabelCounters": map[string]any{"TotalLabeled": 10, "HumanLabeled": 7},
			},
			Description{Status: "Stopped", Created: instant(0), Start: instant(0), End: instant(90)},
			`labeling_job/l status=Stopped
labeling_job/l arn=arn:aws:sagemaker:eu-west-1:123456789012:labeling-job/l
labeling_job/l creation_time=2026-11-20T14:00:00Z
labeling_job/l start_time=2026-11-20T14:00:00Z
labeling_job/l end_time=2026-11-20T15:30:00Z
labeling_job/l last_modified_time=2026-11-20T15:30:00Z
labeling_job/l total_labeled=10
labeling_job/l human_labeled=7`,
		},
		{
			Resource{KindFeatureGroup, "f"},
			map[string]any{
				"FeatureGroupName": "f", "FeatureGroupArn": sagemakerARN("feature-group", "f"), "FeatureGroupStatus": "Created", "CreationTime": at(0),
				"OnlineStoreConfig": map[string]any{"EnableOnlineStore": true}, "OnlineStoreTotalSizeBytes": 5_000_000_000,
				"ThroughputConfig": map[string]any{"ThroughputMode": "Provisioned", "ProvisionedReadCapacityUnits": 40},
			},
			Description{Status: "Created", Created: instant(0)},
			`feature_group/f status=Created
feature_group/f arn=arn:aws:sagemaker:eu-west-1:123456789012:feature-group/f
feature_group/f creation_time=2026-11-20T14:00:00Z
feature_group/f online_store=true
feature_group/f online_store_bytes=5000000000
feature_group/f throughput_mode=Provisioned
feature_group/f provisioned_read_capacity_units=40`,
		},
		{
			Resource{KindPipeline, "pl"},
			map[string]any{
				"PipelineName": "pl", "PipelineArn": sagemakerARN("pipeline", "pl"), "PipelineStatus": "Active", "CreationTime": at(0), "LastRunTime": at(5),
			},
			Description{Status: "Active", Created: instant(0)},
			`pipeline/pl status=Active
pipeline/pl arn=arn:aws:sagemaker:eu-west-1:123456789012:pipeline/pl
pipeline/pl creation_time=2026-11-20T14:00:00Z
pipeline/pl last_run_time=2026-11-20T14:05:00Z`,
		},
		{
			Resource{KindMonitoringSchedule, "ms"},
			map[string]any{
				"MonitoringScheduleName": "ms", "MonitoringScheduleArn": sagemakerARN("monitoring-schedule", "ms"), "MonitoringScheduleStatus": "Scheduled",
				"CreationTime": at(0), "EndpointName": "ep", "MonitoringType": "DataQuality",
				"MonitoringScheduleConfig": map[string]any{"ScheduleConfig": map[string]any{"ScheduleExpression": "cron(0 * ? * * *)"}},
			},
			Description{Status: "Scheduled", Created: instant(0)},
			`monitoring_schedule/ms status=Scheduled
monitoring_schedule/ms arn=arn:aws:sagemaker:eu-west-1:123456789012:monitoring-schedule/ms
monitoring_schedule/ms creation_time=2026-11-20T14:00:00Z
monitoring_schedule/ms monitoring_type=DataQuality
monitoring_schedule/ms endpoint_name=ep
monitoring_schedule/ms schedule=cron(0 * ? * * *)`,
		},
		{
			Resource{KindNotebookInstance, "nb"},
			map[string]any{
				"NotebookInstanceName": "nb", "NotebookInstanceArn": sagemakerARN("notebook-instance", "nb"), "NotebookInstanceStatus": "InService",
				"CreationTime": at(0), "InstanceType": "ml.t3.medium", "VolumeSizeInGB": 5,
			},
			Description{Status: "InService", Created: instant(0)},
			`notebook_instance/nb status=InService
notebook_instance/nb arn=arn:aws:sagemaker:eu-west-1:123456789012:notebook-instance/nb
notebook_instance/nb creation_time=2026-11-20T14:00:00Z
notebook_instance/nb instance_type=ml.t3.medium
notebook_instance/nb volume_gb=5`,
		},
	}
}
