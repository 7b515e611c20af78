package scene

import (
	"fmt"
	"math"
	"time"

	"sizewise/ingest/simaws/account"
)

func pipelineScenarios() []Scenario {
	return []Scenario{
		{Name: "recommender-failed", About: "a job of Inference Recommender whose model does not load", Draw: recommenderFailed},
		{Name: "recommender-compared", About: "a job of Inference Recommender that tried three instance types", Draw: recommenderCompared},
		{Name: "pipeline-slow-step", About: "a pipeline most of whose time goes into one step", Draw: slowStep},
	}
}

func recommenderFailed(seed uint64) (*Test, error) {
	s := newSketch("recommender-failed", "recommender", "chat-model-sizing", 20, seed)
	minutes := 9 + s.r.IntN(8)
	s.minutes = minutes
	const group = "/aws/sagemaker/InferenceRecommendationsJobs"
	s.log(group, s.name+"/execution", func(i int) string {
		if i == minutes-1 {
			return stamp(s.at(i), "ERROR benchmark of ml.g4dn.xlarge ended: the container did not pass its health check")
		}
		return stamp(s.at(i), "INFO waiting for the endpoint under test")
	})
	out := account.LogStream{Name: s.name + "/Endpoint/" + s.name + "-ep-1", Created: s.start}
	for i := range minutes {
		at := s.at(i).Add(7 * time.Second)
		text := "INFO loading the weights"
		if i > minutes/2 {
			text = fmt.Sprintf("ERROR torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate %d.00 MiB", 200+s.r.IntN(800))
		}
		out.Events = append(out.Events, account.LogEvent{Time: at, Ingested: at.Add(2 * time.Second), Message: text})
	}
	s.account.LogGroups[0].Streams = append(s.account.LogGroups[0].Streams, out)
	s.describe("DescribeInferenceRecommendationsJob", s.name, map[string]any{
		"JobType": "Default", "Status": "FAILED", "RoleArn": "arn:aws:iam::" + accountID + ":role/recommender",
		"FailureReason": "Failed to run the benchmark: the endpoint did not become InService.",
		"CreationTime":  s.start, "CompletionTime": s.end(), "LastModifiedTime": s.end(),
		"InputConfig": map[string]any{"ModelName": s.name + "-model"},
	})
	s.truth.Values["duration_s"] = float64(60 * minutes)
	s.truth.Words["check"], s.truth.Words["verdict"], s.truth.Words["refused"] = "job_gpu_out_of_memory", "fail", "usd_per_million_best"
	t := s.test()
	t.Start, t.End = time.Time{}, time.Time{}
	return t, nil
}

// recommenderCompared draws a job that ended well. Half of the jobs tell model
// latencies in the documented milliseconds, half in the microseconds of the
// guide's own example; the load test's ClientLatency is in milliseconds always.
func recommenderCompared(seed uint64) (*Test, error) {
	s := newSketch("recommender-compared", "recommender", "ranker-sizing", 45, seed)
	const space = "/aws/sagemaker/InferenceRecommendationsJobs"
	scale := 1.0
	if s.r.IntN(2) == 1 {
		scale = 1000
	}
	var tried []map[string]any
	cheapest, at := math.Inf(1), ""
	base := s.between(8, 90) // ms
	for i, one := range []struct {
		kind string
		usd  float64 // an hour, made up
		fast float64
	}{{"ml.c5.xlarge", 0.2, 1}, {"ml.m5.xlarge", 0.23, 1.1}, {"ml.g4dn.xlarge", 0.74, 0.15}} {
		latency := base * one.fast * s.between(0.9, 1.1)
		most := int(60 * s.between(2.5, 4) * 1000 / latency)
		usd := one.usd / (60 * float64(most))
		if usd < cheapest {
			cheapest, at = usd, one.kind
		}
		tried = append(tried, map[string]any{
			"RecommendationId":      fmt.Sprintf("%s/%d", s.name, i+1),
			"EndpointConfiguration": map[string]any{"EndpointName": fmt.Sprintf("sm-epc-%d", i+1), "VariantName": variantName, "InstanceType": one.kind, "InitialInstanceCount": 1},
			"ModelConfiguration":    map[string]any{},
			"Metrics":               map[string]any{"CostPerHour": one.usd, "CostPerInference": usd, "MaxInvocations": most, "ModelLatency": int(math.Round(scale * latency))},
		})
	}
	calls := make([]int, s.minutes)
	for i := range calls {
		calls[i] = 200 + s.r.IntN(400)
	}
	on := s.dims("JobName", s.name)
	s.flags(published{space: space, name: "ClientInvocations", unit: "None", dims: on}, calls, calls)
	s.flags(published{space: space, name: "ClientInvocationErrors", unit: "None", dims: on}, make([]int, s.minutes), calls)
	s.draw(published{space: space, name: "ClientLatency", unit: "Milliseconds", dims: on}, func(int) []float64 { return s.lognormals(40, base*1.2, 0.3) })
	s.log(space, s.name+"/execution", func(i int) string { return stamp(s.at(i), "INFO load test under way") })
	s.describe("DescribeInferenceRecommendationsJob", s.name, map[string]any{
		"JobType": "Default", "Status": "COMPLETED", "RoleArn": "arn:aws:iam::" + accountID + ":role/recommender",
		"CreationTime": s.start, "CompletionTime": s.end(), "LastModifiedTime": s.end(), "InferenceRecommendations": tried,
		"InputConfig": map[string]any{"ModelName": s.name + "-model"},
	})
	s.truth.Values["duration_s"], s.truth.Values["usd_per_million_best"], s.truth.Values["model_latency_best_s"] = float64(60*s.minutes), 1e6*cheapest, latencyOf(tried, at)/scale/1e3
	s.truth.Words["verdict"], s.truth.Words["summary"] = "pass", at
	t := s.test()
	t.Start, t.End = time.Time{}, time.Time{}
	return t, nil
}

// latencyOf is what was told of a type.
func latencyOf(tried []map[string]any, kind string) float64 {
	for _, one := range tried {
		if c, ok := one["EndpointConfiguration"].(map[string]any); ok && c["InstanceType"] == kind {
			if m, ok := one["Metrics"].(map[string]any); ok {
				if v, ok := m["ModelLatency"].(int); ok {
					return float64(v)
				}
			}
		}
	}
	return math.NaN()
}

// slowStep draws three weeks of a pipeline that runs once a night.
func slowStep(seed uint64) (*Test, error) {
	const nights = 21
	s := newSketch("pipeline-slow-step", "pipeline", "retrain-nightly", nights*24*60, seed)
	const space = "AWS/Sagemaker/ModelBuildingPipeline"
	names := []string{"Prepare", "Train", "Evaluate", "Register"}
	typical := []float64{s.between(500, 900), s.between(2800, 4200), s.between(300, 500), s.between(20, 40)} // seconds
	all := 0.0
	for _, t := range typical {
		all += t
	}
	once := func(name, unit string, dims []account.Dim, at []int, values []float64) {
		one := account.Series{Namespace: space, Name: name, Dims: dims, Unit: unit, Resolution: time.Minute}
		for i := range at {
			one.Points = append(one.Points, account.Point{Time: s.at(at[i]), Values: []float32{float32(values[i])}})
		}
		s.account.Metrics = append(s.account.Metrics, one)
	}
	ones := make([]float64, nights)
	whole, begun, ended := make([]float64, nights), make([]int, nights), make([]int, nights)
	for n := range nights {
		ones[n], begun[n] = 1, 60+24*60*n
		ended[n] = begun[n]
	}
	for k, name := range names {
		dims := s.dims("PipelineName", s.name, "StepName", name)
		took, from, to := make([]float64, nights), make([]int, nights), make([]int, nights)
		for n := range nights {
			took[n] = 1000 * s.lognormal(typical[k], 0.06)
			from[n] = ended[n]
			to[n] = from[n] + int(math.Ceil(took[n]/60_000))
			ended[n], whole[n] = to[n], whole[n]+took[n]+20_000
		}
		once("StepStarted", "Count", dims, from, ones)
		once("StepSucceeded", "Count", dims, to, ones)
		once("StepDuration", "Milliseconds", dims, to, took)
	}
	own := s.dims("PipelineName", s.name)
	once("ExecutionStarted", "Count", own, begun, ones)
	once("ExecutionSucceeded", "Count", own, ended, ones)
	once("ExecutionDuration", "Milliseconds", own, ended, whole)
	s.describe("DescribePipeline", s.name, map[string]any{
		"PipelineStatus": "Active", "CreationTime": s.start.Add(-1000 * time.Hour), "LastModifiedTime": s.start.Add(-900 * time.Hour), "LastRunTime": s.at(begun[nights-1]),
	})
	s.truth.Values["slowest_step_share"], s.truth.Values["executions"] = typical[1]/all, nights
	s.truth.Values["execution_s"] = all + 80
	s.truth.Words["check"], s.truth.Words["verdict"] = "pipeline_slow_step", "pass"
	if typical[1]/all < 0.6 {
		delete(s.truth.Words, "check")
	}
	return s.test(), nil
}
