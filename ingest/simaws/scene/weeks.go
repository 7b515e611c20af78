package scene

import (
	"math"
	"slices"
	"time"

	"sizewise/ingest/simaws/account"
)

// Weeks is an account of twelve subjects that are no endpoints with instances,
// over many nights, and what was planted in it.
type Weeks struct {
	Account  *account.Account
	Patterns []string // that find all subjects that are listed
	Names    []string // of the others, kind/name
	Planted  []Planted
}

// Planted is one change of the weeks.
type Planted struct {
	Subject string // kind/name; of jobs the family
	Metrics []string
	Also    []string // what may follow from it
	At      time.Time
}

// weeks draws one account.
type weeks struct {
	*sketch
	nights int
	from   map[string]int // night of the change by subject
	out    Weeks
}

// NewWeeks draws so many nights from start on, which is a midnight, with so many
// changes, at most one a subject, on nights from first to the last but one. The
// same arguments give the same account.
func NewWeeks(seed uint64, start time.Time, nights, changes, first int) *Weeks {
	s := newSketch("weeks", "", "", nights*24*60, seed)
	s.start = start
	w := &weeks{sketch: s, nights: nights, from: map[string]int{}}
	names := []string{
		"training/churn", "training/vision", "processing/features", "transform/score", "pipeline/retrain", "component/llm",
		"featuregroup/customers", "endpoint/captions", "endpoint/transcribe", "cloudwatch/Shop/Ranker?Service=ranker", "notebook/lab",
		"monitor/loans",
	}
	for _, i := range w.r.Perm(len(names) - 1)[:changes] { // of a monitor nothing is planted
		w.from[names[i]] = first + w.r.IntN(nights-first)
	}
	w.jobs()
	w.pipeline()
	w.component()
	w.features()
	w.captions()
	w.transcribe()
	w.ranker()
	w.monitored()
	w.lab()
	w.out.Account = w.account
	w.out.Patterns = []string{"training/*", "processing/*", "transform/*", "pipeline/*", "component/*", "featuregroup/*", "monitor/*", "notebook/*", "endpoint/*"}
	w.out.Names = []string{"cloudwatch/Shop/Ranker?Service=ranker"}
	slices.SortFunc(w.out.Planted, func(a, b Planted) int { return a.At.Compare(b.At) })
	return &w.out
}

// plant notes a change and says in which night it is; a night beyond the last
// where there is none.
func (w *weeks) plant(subject string, hour int, metrics, also []string) int {
	night, ok := w.from[subject]
	if !ok {
		return w.nights
	}
	w.out.Planted = append(w.out.Planted, Planted{Subject: subject, Metrics: metrics, Also: also, At: w.start.Add(time.Duration(24*night+hour) * time.Hour)})
	return night
}

func (w *weeks) component() {
	const name = "llm"
	dims := w.dims("InferenceComponentName", name)
	night := w.plant("component/"+name, 10, []string{"latency_p50", "latency_p99"}, nil)
	load, slow, more := w.living(0.05), w.living(0.015), w.between(1.3, 1.6)
	slow.swing, slow.weekend = 0, 1
	calls, failed := w.series(invocationSpace, "Invocations", "None", dims), w.series(invocationSpace, "Invocation5XXErrors", "None", dims)
	took, gpu := w.series(invocationSpace, "ModelLatency", "Microseconds", dims), w.series(componentSpace, "GPUUtilizationNormalized", "Percent", dims)
	w.steps(func(i int, t time.Time) {
		rate := 4 * load.level(w.start, i)
		n := w.poisson(60 * rate)
		median := 2e5 * (1 + 0.02*rate*rate) * slow.level(w.start, i)
		if i >= (24*night+10)*60 {
			median *= more
		}
		v, c := ones(n, n)
		calls(t, v, c)
		v, c = ones(w.hits(n, 0.0003), n)
		failed(t, v, c)
		v, c = latencies(median, n)
		took(t, v, c)
		gpu(t, []float32{float32(10 + 8*rate*(0.99+0.02*w.r.Float64()))}, nil)
	})
	w.describe("DescribeInferenceComponent", name, map[string]any{
		"EndpointName": name + "-host", "EndpointArn": "arn:aws:sagemaker:" + regionName + ":" + accountID + ":endpoint/" + name + "-host", "VariantName": variantName,
		"InferenceComponentStatus": "InService", "CreationTime": w.start.Add(-20 * time.Hour), "LastModifiedTime": w.start.Add(-19 * time.Hour),
		"Specification": map[string]any{"ModelName": name + "-model"}, "RuntimeConfig": map[string]any{"DesiredCopyCount": 1, "CurrentCopyCount": 1},
	})
}

func (w *weeks) features() {
	const name = "customers"
	dims := w.dims("FeatureGroupName", name, "OperationName", "GetRecord")
	night := w.plant("featuregroup/"+name, 7, []string{"throttled"}, nil)
	load, share := w.living(0.05), w.between(0.005, 0.03)
	calls, throttled := w.series(invocationSpace, "Invocations", "None", dims), w.series(invocationSpace, "ThrottledRequests", "None", dims)
	took := w.series(invocationSpace, "Latency", "Microseconds", dims)
	w.steps(func(i int, t time.Time) {
		n := w.poisson(60 * 6 * load.level(w.start, i))
		p := 0.0002
		if i >= (24*night+7)*60 {
			p += share
		}
		v, c := ones(n, n)
		calls(t, v, c)
		v, c = ones(w.hits(n, p), n)
		throttled(t, v, c)
		v, c = latencies(6000*(1+0.01*w.r.NormFloat64()), n)
		took(t, v, c)
	})
	w.describe("DescribeFeatureGroup", name, map[string]any{
		"RecordIdentifierFeatureName": "id", "EventTimeFeatureName": "at", "FeatureGroupStatus": "Created", "CreationTime": w.start.Add(-500 * time.Hour),
		"FeatureDefinitions": []map[string]any{{"FeatureName": "id", "FeatureType": "String"}}, "OnlineStoreConfig": map[string]any{"EnableOnlineStore": true},
	})
}

// captions is a serverless endpoint.
func (w *weeks) captions() {
	s := w.named("captions")
	night := w.plant("endpoint/captions", 12, []string{"cold_starts"}, nil)
	load, more := w.living(0.05), w.between(3, 6)
	on := s.variant()
	calls, setup, took := w.series(invocationSpace, "Invocations", "None", on), w.series(invocationSpace, "ModelSetupTime", "Microseconds", on), w.series(invocationSpace, "ModelLatency", "Microseconds", on)
	w.steps(func(i int, t time.Time) {
		n := w.poisson(60 * 1.5 * load.level(w.start, i))
		cold := 0.01
		if i >= (24*night+12)*60 {
			cold *= more
		}
		v, c := ones(n, n)
		calls(t, v, c)
		if k := w.hits(n, cold); k > 0 {
			setup(t, []float32{4e6}, []float32{float32(k)})
		}
		v, c = latencies(3e5*(1+0.01*w.r.NormFloat64()), n)
		took(t, v, c)
	})
	config := map[string]any{"MemorySizeInMB": 4096, "MaxConcurrency": 20}
	s.endpointOf("", 0, map[string]any{"ServerlessConfig": config}, map[string]any{"CurrentServerlessConfig": config}, nil)
}

// named is a sketch of the same account for another endpoint.
func (w *weeks) named(name string) *sketch {
	s := *w.sketch
	s.kind, s.name = "endpoint", name
	return &s
}

// transcribe is an asynchronous endpoint.
func (w *weeks) transcribe() {
	s := w.named("transcribe")
	night := w.plant("endpoint/transcribe", 9, []string{"oldest_request", "backlog"}, nil)
	load, wait, more := w.living(0.05), w.living(0.1), w.between(1.8, 3)
	on, queue := s.variant(), w.dims("EndpointName", s.name)
	done, cpu := w.series(invocationSpace, "InvocationsProcesssed", "Count", on), w.series(instanceSpace, "CPUUtilization", "Percent", on)
	backlog, age := w.series(invocationSpace, "ApproximateBacklogSize", "Count", queue), w.series(invocationSpace, "ApproximateAgeOfOldestRequest", "Seconds", queue)
	w.steps(func(i int, t time.Time) {
		rate := load.level(w.start, i)
		n := w.poisson(60 * rate)
		old := 8 * wait.level(w.start, i) * math.Exp(0.2*w.r.NormFloat64())
		if i >= (24*night+9)*60 {
			old *= more
		}
		v, c := ones(n, n)
		done(t, v, c)
		cpu(t, []float32{float32(40 + 30*rate)}, nil)
		backlog(t, []float32{float32(math.Round(rate*old) + 1)}, nil)
		age(t, []float32{float32(math.Round(10*old) / 10)}, nil)
	})
	s.endpointOf("ml.g4dn.xlarge", 2, nil, nil, map[string]any{
		"AsyncInferenceConfig": map[string]any{"OutputConfig": map[string]any{"S3OutputPath": "s3://answers/" + s.name + "/"}},
	})
}

func (w *weeks) ranker() {
	const subject = "cloudwatch/Shop/Ranker?Service=ranker"
	dims := w.dims("Service", "ranker")
	night := w.plant(subject, 15, []string{"QueueTime"}, nil)
	more := w.between(1.2, 1.6)
	for _, m := range []struct {
		name, unit   string
		level, noise float64
	}{{"QueueTime", "Milliseconds", 36, 0.03}, {"HeapUsed", "Megabytes", 780, 0.02}, {"Misses", "Count", 420, 0.05}} {
		put, l := w.series("Shop/Ranker", m.name, m.unit, dims), w.living(m.noise)
		w.steps(func(i int, t time.Time) {
			v := m.level * l.level(w.start, i)
			if m.name == "QueueTime" && i >= (24*night+15)*60 {
				v *= more
			}
			put(t, []float32{float32(v)}, nil)
		})
	}
}

func (w *weeks) monitored() {
	const name = "loans"
	dims := w.dims("EndpointName", "captions", "ScheduleName", name)
	for _, f := range []string{"age", "income"} {
		put := w.series("/aws/sagemaker/Endpoints/data-metric", "feature_baseline_drift_"+f, "None", dims)
		for i := 0; i < w.minutes; i += 60 {
			put(w.at(i), []float32{float32(0.03 * math.Exp(0.1*w.r.NormFloat64()))}, nil)
		}
	}
	w.describe("DescribeMonitoringSchedule", name, map[string]any{
		"MonitoringScheduleStatus": "Scheduled", "MonitoringType": "DataQuality", "EndpointName": "captions",
		"CreationTime": w.start.Add(-240 * time.Hour), "LastModifiedTime": w.start.Add(-100 * time.Hour),
		"MonitoringScheduleConfig": map[string]any{"ScheduleConfig": map[string]any{"ScheduleExpression": "cron(0 * ? * * *)"}, "MonitoringJobDefinitionName": name + "-definition", "MonitoringType": "DataQuality"},
	})
}

func (w *weeks) lab() {
	const name = "lab"
	night := w.plant("notebook/"+name, 8, []string{"log_message"}, nil)
	out := account.LogStream{Name: name + "/jupyter.log", Created: w.start}
	for i := 0; i < w.minutes; i += 30 {
		text := "INFO kernel answers"
		if w.r.IntN(20) == 0 {
			text = "WARN kernel answers late"
		}
		if i >= (24*night+8)*60 && w.r.IntN(2) == 0 {
			text = "ERROR no space left on device"
		}
		at := w.at(i).Add(time.Duration(w.r.IntN(59)) * time.Second)
		out.Events = append(out.Events, account.LogEvent{Time: at, Ingested: at.Add(3 * time.Second), Message: stamp(at, text)})
	}
	w.account.LogGroups = append(w.account.LogGroups, account.LogGroup{Name: "/aws/sagemaker/NotebookInstances", Created: w.start.Add(-48 * time.Hour), Streams: []account.LogStream{out}})
	w.describe("DescribeNotebookInstance", name, map[string]any{
		"NotebookInstanceStatus": "InService", "InstanceType": "ml.t3.medium", "VolumeSizeInGB": 5, "Url": name + ".notebook." + regionName + ".sagemaker.aws",
		"CreationTime": w.start.Add(-90 * 24 * time.Hour), "LastModifiedTime": w.start.Add(-time.Hour),
	})
}
