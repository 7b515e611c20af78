package scene

import (
	"math"
	"time"
)

func featureScenarios() []Scenario {
	return []Scenario{{
		Name: "featurestore-throttled", About: "a feature group that is written to faster than its provisioned units allow",
		Draw: func(seed uint64) (*Test, error) {
			s := newSketch("featurestore-throttled", "featuregroup", "customers", 180, seed)
			return s.featureGroup(40+s.r.IntN(40), s.between(0.85, 0.98)), nil
		},
	}}
}

// featureGroup draws a group whose writes come to a share of the provisioned
// units on average, and to more than all of them in bursts.
func (s *sketch) featureGroup(units int, share float64) *Test {
	var throttledMean, callsMean float64
	for _, op := range []string{"GetRecord", "PutRecord"} {
		calls, throttled, failed := make([]int, s.minutes), make([]int, s.minutes), make([]int, s.minutes)
		for i := range s.minutes {
			rate := float64(units) * 1.4
			if op == "PutRecord" {
				rate = float64(units) * share * (1 + 0.25*math.Sin(2*math.Pi*float64(i)/60))
			}
			for range 60 {
				n := s.poisson(rate)
				calls[i] += n
				if op == "PutRecord" {
					throttled[i] += max(0, n-units)
				}
			}
			if op == "PutRecord" {
				throttledMean += 60 * beyond(rate, units)
			}
			callsMean += 60 * rate
			failed[i] = s.hits(calls[i], 0.0002)
		}
		on := s.dims("FeatureGroupName", s.name, "OperationName", op)
		at := func(name, unit string) published {
			return published{space: invocationSpace, name: name, unit: unit, dims: on}
		}
		done := make([]int, s.minutes)
		for i := range done {
			done[i] = calls[i] - throttled[i]
		}
		s.flags(at("Invocations", "None"), calls, calls)
		s.flags(at("ThrottledRequests", "None"), throttled, calls)
		s.flags(at("Operation4XXErrors", "None"), throttled, calls)
		s.flags(at("Operation5XXErrors", "None"), failed, calls)
		middle, consumed := 5200.0, "ConsumedReadCapacityUnits"
		if op == "PutRecord" {
			middle, consumed = 8100, "ConsumedWriteCapacityUnits"
		}
		s.flags(at(consumed, "None"), done, done)
		s.draw(at("Latency", "Microseconds"), func(i int) []float64 { return s.lognormals(min(calls[i], 120), middle, 0.35) })
	}
	s.describe("DescribeFeatureGroup", s.name, map[string]any{
		"FeatureGroupStatus": "Created", "RecordIdentifierFeatureName": "id", "EventTimeFeatureName": "at", "CreationTime": s.start.Add(-96 * time.Hour),
		"FeatureDefinitions": []map[string]any{{"FeatureName": "age", "FeatureType": "Integral"}},
		"OnlineStoreConfig":  map[string]any{"EnableOnlineStore": true},
		"ThroughputConfig":   map[string]any{"ThroughputMode": "Provisioned", "ProvisionedReadCapacityUnits": 4 * units, "ProvisionedWriteCapacityUnits": units},
	})
	s.truth.Values["throttle_ratio"] = throttledMean / callsMean
	s.truth.Words["check"], s.truth.Words["verdict"] = "feature_throttles", "fail"
	return s.test()
}

// beyond is by how much a Poisson count exceeds a limit, on average.
func beyond(mean float64, limit int) float64 {
	sum := 0.0
	for n := limit + 1; n < limit+400; n++ {
		log, _ := math.Lgamma(float64(n) + 1)
		sum += float64(n-limit) * math.Exp(float64(n)*math.Log(mean)-mean-log)
	}
	return sum
}

func labelingScenarios() []Scenario {
	return []Scenario{{
		Name: "labeling-slow", About: "a labeling job that slows down because its workers leave",
		Draw: func(seed uint64) (*Test, error) {
			s := newSketch("labeling-slow", "labeling", "street-signs", 24*60, seed)
			return s.labeling(8+s.r.IntN(5), 2+s.r.IntN(2), s.between(30, 60), 600+s.r.IntN(300)), nil
		},
	}}
}

// labeling draws a job that workers leave after ten hours or so, each of whom
// labels so many objects an hour.
func (s *sketch) labeling(workers, stay int, each float64, from int) *Test {
	const unlabeled = 2400
	labeled, failed := 0, 0
	var submitted, declined, active []int
	var counts, failures []float64
	for i := range s.minutes {
		at := workers
		if i >= from {
			at = stay
		}
		n := s.poisson(float64(at) * each / 60)
		labeled += n
		failed += s.hits(n, 0.005)
		counts, failures = append(counts, float64(labeled)), append(failures, float64(failed))
		submitted, declined, active = append(submitted, n), append(declined, s.hits(n, 0.03)), append(active, at)
	}
	on := s.dims("LabelingJobName", s.name)
	at := func(name, unit string) published {
		return published{space: invocationSpace, name: name, unit: unit, dims: on}
	}
	s.draw(at("TotalDatasetObjectsLabeled", "None"), func(i int) []float64 { return []float64{counts[i]} })
	s.draw(at("DatasetObjectsHumanAnnotated", "None"), func(i int) []float64 { return []float64{counts[i]} })
	s.draw(at("DatasetObjectsLabelingFailed", "None"), func(i int) []float64 { return []float64{failures[i]} })
	s.flags(at("TasksSubmitted", "None"), submitted, submitted)
	s.flags(at("TasksDeclined", "None"), declined, declined)
	s.draw(at("ActiveWorkers", "None"), func(i int) []float64 { return []float64{float64(active[i])} })
	s.draw(at("TimeSpent", "Seconds"), func(i int) []float64 { return s.lognormals(submitted[i], 3600/each*0.8, 0.4) })
	role := "arn:aws:iam::" + accountID + ":role/labels"
	s.describe("DescribeLabelingJob", s.name, map[string]any{
		"LabelingJobStatus": "InProgress", "JobReferenceCode": "0123456789abcdef", "RoleArn": role,
		"LabelCounters": map[string]any{"TotalLabeled": labeled, "HumanLabeled": labeled, "MachineLabeled": 0, "FailedNonRetryableError": failed, "Unlabeled": unlabeled},
		"CreationTime":  s.start, "LastModifiedTime": s.end(),
		"InputConfig":  map[string]any{"DataSource": map[string]any{"S3DataSource": map[string]any{"ManifestS3Uri": "s3://labels/in.manifest"}}},
		"OutputConfig": map[string]any{"S3OutputPath": "s3://labels/out/"},
		"HumanTaskConfig": map[string]any{
			"WorkteamArn": "arn:aws:sagemaker:" + regionName + ":" + accountID + ":workteam/private-crowd/labels", "UiConfig": map[string]any{"UiTemplateS3Uri": "s3://labels/ui.html"},
			"TaskTitle": "signs", "TaskDescription": "signs", "NumberOfHumanWorkersPerDataObject": 1, "TaskTimeLimitInSeconds": 600,
		},
	})
	s.log("/aws/sagemaker/LabelingJobs", s.name, func(i int) string {
		if i%60 != 0 {
			return ""
		}
		return stamp(s.at(i), "INFO batch of tasks sent to the work team")
	})
	rate := float64(stay) * each
	s.truth.Values["labeled_per_hour_now"], s.truth.Values["remaining_s"] = rate, 3600*unlabeled/rate
	s.truth.Words["check"], s.truth.Words["verdict"] = "labeling_slower", "pass"
	return s.test()
}

func monitorScenarios() []Scenario {
	return []Scenario{{
		Name: "monitor-violations", About: "a monitoring schedule that finds a feature drifting from its baseline",
		Draw: func(seed uint64) (*Test, error) {
			s := newSketch("monitor-violations", "monitor", "loans-quality", 48*60, seed)
			return s.monitor(s.between(0.3, 0.7)), nil
		},
	}}
}

func (s *sketch) monitor(drift float64) *Test {
	const watched = "loans"
	on := s.dims("EndpointName", watched, "ScheduleName", s.name)
	last := 0.0
	for _, f := range []string{"age", "income", "region"} {
		base := s.between(0.01, 0.05)
		s.draw(published{space: "/aws/sagemaker/Endpoints/data-metric", name: "feature_baseline_drift_" + f, unit: "None", dims: on, step: time.Hour}, func(i int) []float64 {
			v := base * s.between(0.8, 1.2)
			if f == "income" && i >= 24 {
				v = drift * s.between(0.95, 1.05)
				last = v
			}
			return []float64{v}
		})
		s.draw(published{space: "/aws/sagemaker/Endpoints/data-metric", name: "feature_non_null_" + f, unit: "None", dims: on, step: time.Hour}, func(int) []float64 { return []float64{s.between(0.98, 1)} })
	}
	s.describe("DescribeMonitoringSchedule", s.name, map[string]any{
		"MonitoringScheduleStatus": "Scheduled", "MonitoringType": "DataQuality", "EndpointName": watched,
		"CreationTime": s.start.Add(-240 * time.Hour), "LastModifiedTime": s.end().Add(-time.Hour),
		"MonitoringScheduleConfig":       map[string]any{"ScheduleConfig": map[string]any{"ScheduleExpression": "cron(0 * ? * * *)"}, "MonitoringJobDefinitionName": s.name + "-definition", "MonitoringType": "DataQuality"},
		"LastMonitoringExecutionSummary": map[string]any{"MonitoringScheduleName": s.name, "ScheduledTime": s.end().Add(-time.Hour), "CreationTime": s.end().Add(-time.Hour), "LastModifiedTime": s.end().Add(-50 * time.Minute), "MonitoringExecutionStatus": "CompletedWithViolations"},
	})
	s.truth.Values["drift_max"] = last
	s.truth.Words["check"], s.truth.Words["verdict"] = "monitor_execution", "fail"
	return s.test()
}

func seriesScenarios() []Scenario {
	return []Scenario{{
		Name: "cloudwatch-step-change", About: "metrics of any namespace, one of which steps up between others that do not",
		Draw: func(seed uint64) (*Test, error) {
			s := newSketch("cloudwatch-step-change", "cloudwatch", "Shop/Ranker?Service=ranker&Stage=prod", 240, seed)
			return s.series(s.between(0.15, 0.6), 90+s.r.IntN(80)), nil
		},
	}}
}

// series draws metrics whose noise resembles its neighbour; the queue's time
// steps up by a share.
func (s *sketch) series(step float64, from int) *Test {
	on := s.dims("Service", "ranker", "Stage", "prod")
	for _, m := range []struct {
		name, unit   string
		level, noise float64
	}{
		{"CacheMisses", "Count", 420, 0.05},
		{"CandidateCount", "Count", 1800, 0.03},
		{"HeapUsed", "Megabytes", 780, 0.02},
		{"QueueTime", "Milliseconds", 36, 0.06},
		{"ScoreMean", "None", 0.62, 0.04},
		{"Threads", "Count", 64, 0.03},
	} {
		swing := 0.0
		s.draw(published{space: "Shop/Ranker", name: m.name, unit: m.unit, dims: on}, func(i int) []float64 {
			swing = 0.4*swing + 0.92*s.r.NormFloat64()
			v := m.level * (1 + m.noise*swing)
			if m.name == "QueueTime" && i >= from {
				v *= 1 + step
			}
			return []float64{v}
		})
	}
	s.truth.Values["queue_time_change"] = step
	s.truth.Words["check"], s.truth.Words["verdict"] = "level_changed", "pass"
	s.truth.Words["changed"] = "QueueTime"
	return s.test()
}
