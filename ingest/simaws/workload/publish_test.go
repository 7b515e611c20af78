package workload

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"sizewise/ingest/simaws/account"
)

func run(t testing.TB, name string, seed uint64) *Result {
	t.Helper()
	c, err := Scenario(name)
	if err != nil {
		t.Fatal(err)
	}
	res, err := Run(c, seed)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// series answers the series of a metric with exactly those dimension names.
func series(a *account.Account, name string, dims ...string) []account.Series {
	var out []account.Series
	for _, s := range a.Metrics {
		if s.Name == name && slices.EqualFunc(s.Dims, dims, func(d account.Dim, n string) bool { return d.Name == n }) {
			out = append(out, s)
		}
	}
	return out
}

func sum(all []account.Series) (total, samples float64) {
	for _, s := range all {
		for _, p := range s.Points {
			for i, v := range p.Values {
				n := 1.0
				if p.Counts != nil {
					n = float64(p.Counts[i])
				}
				total += float64(v) * n
				samples += n
			}
		}
	}
	return total, samples
}

func TestPublishedSumsAreTheCountedEvents(t *testing.T) {
	for _, name := range []string{"gpu-bound", "memory-leak", "autoscaling", "client-errors"} {
		res := run(t, name, 2)
		for metric, want := range map[string]int{
			"Invocations":           res.Counts.Requests,
			"Invocation4XXErrors":   res.Counts.ClientErrors,
			"Invocation5XXErrors":   res.Counts.ServerErrors,
			"InvocationModelErrors": res.Counts.ClientErrors + res.Counts.ServerErrors,
		} {
			total, samples := sum(series(res.Account, metric, "EndpointName", "VariantName"))
			if int(total) != want || int(samples) != res.Counts.Requests {
				t.Errorf("%s: %s adds up to %g of %g samples, want %d of %d", name, metric, total, samples, want, res.Counts.Requests)
			}
		}
		_, samples := sum(series(res.Account, "ModelLatency", "EndpointName", "VariantName"))
		if reached := res.Counts.Requests - res.Counts.ServerErrors; int(samples) < reached {
			t.Errorf("%s: %g latencies of at least %d requests", name, samples, reached)
		}
	}
}

func TestZoneDimensionsCarryTheSameData(t *testing.T) {
	res := run(t, "gpu-bound", 1)
	zones := []string{"EndpointName", "VariantName", "Region", "AvailabilityZone", "InstanceType"}
	for _, metric := range []string{
		"Invocations", "InvocationsPerInstance", "Invocation4XXErrors", "Invocation5XXErrors",
		"InvocationModelErrors", "ModelLatency", "OverheadLatency", "ConcurrentRequestsPerModel",
	} {
		a, n := sum(series(res.Account, metric, "EndpointName", "VariantName"))
		parts := series(res.Account, metric, zones...)
		b, m := sum(parts)
		if len(parts) != 2 || n != m || math.Abs(a-b) > 1e-6*a {
			t.Errorf("%s: %g of %g samples against %g of %g in %d zones", metric, a, n, b, m, len(parts))
		}
	}
	c := cpuBound()
	c.Publish.NoZoneDimension = true
	res, err := Run(c, 1)
	if err != nil {
		t.Fatal(err)
	}
	if s := series(res.Account, "Invocations", zones...); len(s) != 0 {
		t.Errorf("%d series with a zone though switched off", len(s))
	}
}

// Sum(Invocations)/Sum(InvocationsPerInstance) and the sample count of
// CPUUtilization both tell how many instances there are.
func TestInstanceCountCanBeTold(t *testing.T) {
	res := run(t, "autoscaling", 3)
	requests := series(res.Account, "Invocations", "EndpointName", "VariantName")[0]
	shares := series(res.Account, "InvocationsPerInstance", "EndpointName", "VariantName")[0]
	cpu := series(res.Account, "CPUUtilization", "EndpointName", "VariantName")[0]
	live := map[time.Time]int{}
	for _, p := range cpu.Points {
		live[p.Time] = len(p.Values)
	}
	agreed, most := 0, 0.0
	for i := range requests.Points {
		one := func(s account.Series) account.Series { s.Points = s.Points[i : i+1]; return s }
		n, _ := sum([]account.Series{one(requests)})
		m, _ := sum([]account.Series{one(shares)})
		most = max(most, n/m)
		if math.Abs(n/m-float64(live[requests.Points[i].Time])) < 1e-6 {
			agreed++
		}
	}
	if math.Round(most) != float64(res.Counts.MaxInstances) || agreed < len(requests.Points)-8 {
		t.Errorf("at most %g instances told, %d were; %d of %d minutes agree", most, res.Counts.MaxInstances, agreed, len(requests.Points))
	}
}

func TestPublishPeriods(t *testing.T) {
	for _, period := range []time.Duration{10 * time.Second, 30 * time.Second, time.Minute, 5 * time.Minute} {
		for _, enhanced := range []bool{false, true} {
			c := cpuBound()
			c.Publish.Period, c.Publish.Enhanced = period, enhanced
			res, err := Run(c, 1)
			if err != nil {
				t.Fatal(err)
			}
			requests := time.Minute
			if enhanced {
				requests = period
			}
			checkSpacing(t, series(res.Account, "CPUUtilization", "EndpointName", "VariantName")[0], period)
			checkSpacing(t, series(res.Account, "ModelLatency", "EndpointName", "VariantName")[0], requests)
			checkSpacing(t, series(res.Account, "ConcurrentRequestsPerModel", "EndpointName", "VariantName")[0], 10*time.Second)
			perInstance := series(res.Account, "CPUUtilization", "EndpointName", "VariantName", "InstanceId")
			if enhanced != (len(perInstance) > 0) {
				t.Errorf("enhanced %v: %d series per instance", enhanced, len(perInstance))
			}
		}
	}
}

func checkSpacing(t *testing.T, s account.Series, period time.Duration) {
	t.Helper()
	if len(s.Points) < 8 {
		t.Fatalf("%s: %d points", s.Name, len(s.Points))
	}
	for i, p := range s.Points {
		if !p.Time.Equal(p.Time.Truncate(period)) || (i > 0 && p.Time.Sub(s.Points[i-1].Time) != period) {
			t.Fatalf("%s at %v: point %d is not on a grid of %v", s.Name, p.Time, i, period)
		}
	}
}

func TestUtilizationStaysOnItsScale(t *testing.T) {
	res := run(t, "mixed-periods", 1)
	for name, limit := range map[string]float32{
		"CPUUtilization": 4800, "GPUUtilization": 400, "GPUMemoryUtilization": 400, "MemoryUtilization": 100, "DiskUtilization": 100,
	} {
		s := series(res.Account, name, "EndpointName", "VariantName")[0]
		top := float32(0)
		for _, p := range s.Points {
			top = max(top, slices.Max(p.Values))
		}
		if s.Namespace != "/aws/sagemaker/Endpoints" || s.Unit != "Percent" || top > limit || (name == "GPUUtilization" && top < 0.95*limit) {
			t.Errorf("%s %s in %s: at most %g", s.Namespace, name, s.Unit, top)
		}
	}
}

// fingerprint is a hash over everything that a run publishes.
func fingerprint(t *testing.T, res *Result) string {
	t.Helper()
	b, err := json.Marshal(res)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(b))
}

func TestSameSeedSameAccount(t *testing.T) {
	names := []string{"memory-leak", "autoscaling", "closed-loop"}
	if raceDetector {
		names = names[:1]
	}
	for _, name := range names {
		a, b, c := fingerprint(t, run(t, name, 5)), fingerprint(t, run(t, name, 5)), fingerprint(t, run(t, name, 6))
		if a != b {
			t.Errorf("%s: two runs of one seed differ", name)
		}
		if a == c {
			t.Errorf("%s: two seeds are the same", name)
		}
	}
}

func TestLogs(t *testing.T) {
	for _, c := range scenarios() {
		res, err := Run(c, 1)
		if err != nil {
			t.Fatal(err)
		}
		group := res.Account.LogGroups[0]
		if group.Name != "/aws/sagemaker/Endpoints/"+res.Endpoint || len(group.Streams) != res.Counts.MaxInstances {
			t.Errorf("%s: group %s of %d streams for %d instances", c.Name, group.Name, len(group.Streams), res.Counts.MaxInstances)
		}
		for _, s := range group.Streams {
			if !strings.HasPrefix(s.Name, "AllTraffic/i-") || len(s.Name) != len("AllTraffic/i-")+17 {
				t.Errorf("%s: stream %s", c.Name, s.Name)
			}
			checkEvents(t, c.Name, s)
			if !slices.ContainsFunc(s.Events[:min(40, len(s.Events))], func(e account.LogEvent) bool {
				return strings.Contains(e.Message, fmt.Sprint(c.Container.Workers))
			}) {
				t.Errorf("%s: the start of %s does not tell the number of workers", c.Name, s.Name)
			}
		}
	}
}

func checkEvents(t *testing.T, scenario string, s account.LogStream) {
	t.Helper()
	for i, e := range s.Events {
		if lag := e.Ingested.Sub(e.Time); e.Message == "" || lag <= 0 || lag > time.Minute || e.Time.Nanosecond()%int(time.Millisecond) != 0 {
			t.Fatalf("%s: event %+v", scenario, e)
		}
		if i > 0 && e.Time.Before(s.Events[i-1].Time) {
			t.Fatalf("%s: events of %s are not in order", scenario, s.Name)
		}
	}
}

func TestErrorsLeaveLines(t *testing.T) {
	for _, c := range []struct{ scenario, text string }{
		{"gpu-bound", "java.util.concurrent.RejectedExecutionException"},
		{"cpu-bound", "failed (11: Resource temporarily unavailable)"},
		{"cpu-bound", "Traceback (most recent call last):"},
		{"memory-leak", "was ended by signal 9 (out of memory)"},
		{"client-errors", "WARNING serve.request - rejected"},
		{"closed-loop", "Avg prompt throughput"},
		{"gpu-batching", "SageMaker request: 2 /invocations"},
	} {
		n := 0
		for _, s := range run(t, c.scenario, 1).Account.LogGroups[0].Streams {
			for _, e := range s.Events {
				if strings.Contains(e.Message, c.text) {
					n++
				}
			}
		}
		if n == 0 {
			t.Errorf("%s: no line says %q", c.scenario, c.text)
		}
	}
}

func TestDescribe(t *testing.T) {
	res := run(t, "mixed-periods", 1)
	e, c := res.Account.Endpoints[0], res.Account.Configs[0]
	if e.Name != res.Endpoint || e.ConfigName != c.Name || !e.Created.Before(res.Start) || e.Variants[0].CurrentCount != 1 ||
		c.Variants[0].InstanceType != "ml.g5.12xlarge" || c.MetricPublishSeconds != 300 {
		t.Errorf("endpoint %+v, configuration %+v", e, c)
	}
}
