package subject

import (
	"testing"
)

func TestLogGroups(t *testing.T) {
	for _, tc := range []struct {
		in    string
		group LogGroup
	}{
		{"endpoint/ep", LogGroup{"/aws/sagemaker/Endpoints/ep", ""}},
		{"endpoint/ep/A", LogGroup{"/aws/sagemaker/Endpoints/ep", "A/"}},
		{"component/ic", LogGroup{"/aws/sagemaker/InferenceComponents/ic", ""}},
		{"training/job-1", LogGroup{"/aws/sagemaker/TrainingJobs", "job-1/"}},
		{"processing/job-1", LogGroup{"/aws/sagemaker/ProcessingJobs", "job-1/"}},
		{"transform/job-1", LogGroup{"/aws/sagemaker/TransformJobs", "job-1/"}},
		{"recommender/job-1", LogGroup{"/aws/sagemaker/InferenceRecommendationsJobs", "job-1/"}},
		{"labeling/job-1", LogGroup{"/aws/sagemaker/LabelingJobs", "job-1"}},
		{"notebook/n", LogGroup{"/aws/sagemaker/NotebookInstances", "n/"}},
	} {
		s, err := Parse(tc.in)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.LogGroups(); len(got) != 1 || got[0] != tc.group {
			t.Errorf("%s: got %+v, want %+v", tc.in, got, tc.group)
		}
	}
	for _, in := range []string{"pipeline/p", "featuregroup/f", "monitor/m", "cloudwatch/AWS/EC2"} {
		if s, err := Parse(in); err != nil || len(s.LogGroups()) != 0 {
			t.Errorf("%s: got %v, %v; want no log group", in, s.LogGroups(), err)
		}
	}
}

func TestFromLog(t *testing.T) {
	for _, tc := range []struct{ group, stream, want string }{
		{"/aws/sagemaker/Endpoints/resnet-g5", "", "endpoint/resnet-g5"},
		{"/aws/sagemaker/Endpoints/resnet-g5", "AllTraffic/i-0abc/data-log", "endpoint/resnet-g5"},
		{"/aws/sagemaker/InferenceComponents/ic", "AllTraffic/i-0abc", "component/ic"},
		{"/aws/sagemaker/TrainingJobs", "job-10/algo-1-1700000000", "training/job-10"},
		{"/aws/sagemaker/ProcessingJobs", "job/algo-1-1700000000", "processing/job"},
		{"/aws/sagemaker/TransformJobs", "job/i-0abc-1700000000/data-log", "transform/job"},
		{"/aws/sagemaker/InferenceRecommendationsJobs", "job/Endpoint/sm-epc", "recommender/job"},
		{"/aws/sagemaker/LabelingJobs", "job", "labeling/job"},
		{"/aws/sagemaker/NotebookInstances", "n/jupyter.log", "notebook/n"},
		{"/aws/sagemaker/TrainingJobs", "", ""},
		{"/aws/sagemaker/TrainingJobs", "job", ""},
		{"/aws/sagemaker/Endpoints/", "x", ""},
		{"/aws/sagemaker/Endpoints/../x", "", ""},
		{"/aws/sagemaker/studio", "d-1/user/JupyterServer/default", ""},
		{"/aws/lambda/x", "", ""},
		{"", "x/y", ""},
	} {
		s, ok := FromLog(tc.group, tc.stream)
		if ok != (tc.want != "") || ok && s.String() != tc.want {
			t.Errorf("%s %s: got %s, %t; want %q", tc.group, tc.stream, s, ok, tc.want)
		}
	}
}

func TestFromMetric(t *testing.T) {
	type dims = map[string]string
	for _, tc := range []struct {
		namespace string
		dims      dims
		want      string
	}{
		{"AWS/SageMaker", dims{"EndpointName": "ep", "VariantName": "A"}, "endpoint/ep"},
		{"/aws/sagemaker/Endpoints", dims{"EndpointName": "ep", "VariantName": "A", "InstanceId": "i-1"}, "endpoint/ep"},
		{"AWS/SageMaker", dims{"InferenceComponentName": "ic"}, "component/ic"},
		{"/aws/sagemaker/InferenceComponents", dims{"InferenceComponentName": "ic", "InstanceId": "i-1"}, "component/ic"},
		{"AWS/SageMaker", dims{"LabelingJobName": "l"}, "labeling/l"},
		{"AWS/SageMaker", dims{"FeatureGroupName": "f_1", "OperationName": "GetRecord"}, "featuregroup/f_1"},
		{"AWS/SageMaker", dims{"OperationName": "GetRecord"}, ""},
		{"/aws/sagemaker/TrainingJobs", dims{"Host": "job/algo-1"}, "training/job"},
		{"/aws/sagemaker/TrainingJobs", dims{"TrainingJobName": "job"}, "training/job"},
		{"/aws/sagemaker/TrainingJobs", dims{"Host": "job"}, ""},
		{"/aws/sagemaker/ProcessingJobs", dims{"Host": "job/algo-1"}, "processing/job"},
		{"/aws/sagemaker/TransformJobs", dims{"Host": "job/i-0abc"}, "transform/job"},
		{"/aws/sagemaker/InferenceRecommendationsJobs", dims{"JobName": "job"}, "recommender/job"},
		{"/aws/sagemaker/InferenceRecommendationsJobs", dims{"EndpointName": "ep"}, "endpoint/ep"},
		{"AWS/Sagemaker/ModelBuildingPipeline", dims{"PipelineName": "p", "StepName": "s"}, "pipeline/p"},
		{"AWS/Sagemaker/ModelBuildingPipeline", dims{}, ""},
		{"/aws/sagemaker/Endpoints/data-metric", dims{"EndpointName": "ep", "ScheduleName": "m"}, "monitor/m"},
		{"/aws/sagemaker/ModelMonitoring/data-metrics", dims{"Endpoint": "ep", "MonitoringSchedule": "m"}, "monitor/m"},
		{"aws/sagemaker/Endpoints/data-metrics", dims{"Endpoint": "ep", "MonitoringSchedule": "m"}, "monitor/m"},
		{"AWS/EC2", dims{"InstanceId": "i-1"}, ""},
		{"AWS/SageMaker", dims{"EndpointName": "../x"}, ""},
		{"AWS/SageMaker", nil, ""},
	} {
		s, ok := FromMetric(tc.namespace, tc.dims)
		if ok != (tc.want != "") || ok && s.String() != tc.want {
			t.Errorf("%s %v: got %s, %t; want %q", tc.namespace, tc.dims, s, ok, tc.want)
		}
	}
}
