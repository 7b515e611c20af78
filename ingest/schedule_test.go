package ingest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
)

func drawSchedule(t *rapid.T) schedule {
	now := at("15:04:05").Add(time.Duration(rapid.IntRange(0, 86399).Draw(t, "now")) * time.Second)
	age := rapid.SampledFrom([]time.Duration{4 * time.Hour, 20 * day, 70 * day, 480 * day}).Draw(t, "age")
	start := now.Add(-time.Duration(rapid.Int64Range(1, int64(age)).Draw(t, "start")))
	length := rapid.Int64Range(int64(time.Second), int64(30*day)).Draw(t, "length")
	return schedule{
		subject: "endpoint/ep", place: "/r",
		window: span{start, start.Add(time.Duration(length))},
		now:    now, settle: 10 * time.Minute,
	}
}

func drawPublisher(t *rapid.T) publisher {
	p := publisher{namespace: "AWS/SageMaker", dims: endpointDims()}
	stats := allStats()
	for i := range rapid.IntRange(1, 80).Draw(t, "metrics") {
		w := wanted{name: fmt.Sprintf("M%02d", i), stats: stats[:rapid.IntRange(1, len(stats)).Draw(t, "stats")]}
		if rapid.Bool().Draw(t, "fine") {
			w.publishS = rapid.SampledFrom([]int32{10, 30, 120, 240, 300}).Draw(t, "period")
		}
		p.metrics = append(p.metrics, w)
	}
	return p
}

// TestEveryRequestIsOneThatCloudWatchAnswers checks each planned call against
// the documented limits of GetMetricData.
func TestEveryRequestIsOneThatCloudWatchAnswers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, p := drawSchedule(t), drawPublisher(t)
		keys := make(map[string]bool)
		for _, c := range s.metrics([]publisher{p}) {
			if keys[c.key] {
				t.Fatalf("two chunks have the key %s", c.key)
			}
			keys[c.key] = true
			if c.window.empty() || !floor(c.window.start, day).Equal(floor(c.window.end.Add(-1), day)) {
				t.Fatalf("chunk %v to %v is empty or crosses midnight", c.window.start, c.window.end)
			}
			settle := s.settle
			if c.periodS > 60 {
				settle += time.Duration(c.periodS) * time.Second
			}
			if settled := !c.window.end.After(s.now.Add(-settle)); settled == c.provisional {
				t.Fatalf("chunk until %v is provisional %v at %v", c.window.end, c.provisional, s.now)
			}
			age := s.now.Sub(c.window.start)
			legal := c.periodS%60 == 0 || age < fineKeep
			for _, r := range retentions() {
				if age > r.keep {
					legal = legal && c.periodS > r.periodS
				}
			}
			if !legal {
				t.Fatalf("period %d s for data %v old", c.periodS, age)
			}
			for _, call := range pack([]chunk{c}) {
				r := call.request
				if len(r.Queries) > cloudwatch.MaxQueries || r.Datapoints() > cloudwatch.MaxDatapoints {
					t.Fatalf("%d queries, %d points in one call", len(r.Queries), r.Datapoints())
				}
				period := time.Duration(r.PeriodS) * time.Second
				if !floor(r.Start, period).Equal(r.Start) || !floor(r.End, period).Equal(r.End) {
					t.Fatalf("%v to %v is not aligned to %v", r.Start, r.End, period)
				}
			}
		}
	})
}

// TestAskedAndCoveredMakeTheWindow checks the subtraction: what is asked and
// what the ledger has together cover the window, and nothing of one period is
// asked twice or although it is there.
func TestAskedAndCoveredMakeTheWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, p := drawSchedule(t), drawPublisher(t)
		for i := range p.metrics { // one period a band
			p.metrics[i].publishS = min(p.metrics[i].publishS, 60)
		}
		all := s.metrics([]publisher{p})
		var covered []span
		for _, c := range all {
			status := rapid.SampledFrom([]lake.Status{
				lake.Complete, lake.Empty, lake.Provisional, lake.Partial, lake.Failed, lake.Denied, "",
			}).Draw(t, "status")
			if status == "" || c.provisional && sealed(status) {
				continue
			}
			s.ledger = append(s.ledger, lake.Entry{
				Chunk: c.key, Dataset: c.dataset, Scope: c.scope(), PeriodS: c.periodS,
				Start: c.window.start, End: c.window.end, Status: status,
			})
			if sealed(status) && c.periodS >= 60 {
				covered = append(covered, c.window)
			}
		}
		var asked []span
		for _, c := range s.metrics([]publisher{p}) {
			if c.periodS >= 60 {
				asked = append(asked, c.window)
			}
		}
		bands, _ := s.bands()
		for _, band := range bands {
			if rest := band.subtract(slices.Concat(asked, covered)); len(rest) != 0 {
				t.Fatalf("%v is neither asked nor covered", rest)
			}
		}
		for i, a := range asked {
			for _, b := range slices.Concat(asked[i+1:], covered) {
				if both := a.clip(b); !both.empty() {
					t.Fatalf("%v to %v is asked though it is asked or covered", both.start, both.end)
				}
			}
		}
	})
}

func TestBandsMeetWithoutOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSchedule(t)
		bands, gone := s.bands()
		var all []span
		for _, b := range bands {
			all = append(all, b)
		}
		if !gone.empty() {
			all = append(all, gone)
		}
		slices.SortFunc(all, func(a, b span) int { return a.start.Compare(b.start) })
		for i, b := range all {
			if i > 0 && !b.start.Equal(all[i-1].end) {
				t.Fatalf("bands %v do not meet", all)
			}
		}
		if all[0].start.After(s.window.start) {
			t.Fatalf("bands begin at %v, the window at %v", all[0].start, s.window.start)
		}
		end := earlier(s.window.end, s.now)
		if last := all[len(all)-1].end; last.Before(end) {
			t.Fatalf("bands end at %v, the window at %v", last, end)
		}
	})
}

func TestMinutesOfAnEarlierPullAnswerForCoarserPeriods(t *testing.T) {
	p := publisher{namespace: "AWS/SageMaker", dims: endpointDims(), metrics: []wanted{{name: "Invocations", stats: []string{"Sum"}}}}
	s := schedule{
		subject: "endpoint/ep", place: "/r", now: at("12:00:00"), settle: 10 * time.Minute,
		window: span{at("00:00:00").Add(-20 * day), at("12:00:00").Add(-20 * day)},
		ledger: []lake.Entry{{
			Chunk: "endpoint/ep /r metrics", Dataset: metricsData, Scope: p.scopeOf([]string{"Invocations"}), PeriodS: 60, Status: lake.Complete,
			Start: at("03:02:00").Add(-20 * day), End: at("12:00:00").Add(-20 * day),
		}},
	}
	chunks := s.metrics([]publisher{p})
	if len(chunks) != 1 || chunks[0].periodS != 300 || !chunks[0].window.end.Equal(at("03:05:00").Add(-20*day)) {
		t.Errorf("asked %+v, want five-minute points until 03:05", chunks)
	}
}

func TestLogChunksOfTheGroupAnswerForItsVariants(t *testing.T) {
	s := schedule{
		subject: "endpoint/ep", place: "/r", now: at("16:00:00"), settle: 10 * time.Minute,
		window: span{at("12:00:00"), at("14:00:00")},
		ledger: []lake.Entry{{Dataset: logsData, Chunk: "endpoint/ep /r logs", Scope: "g", Status: lake.Complete, Start: at("12:00:00"), End: at("13:00:00")}},
	}
	if got := s.logs(logGroup{name: "g", prefix: "A/"}); len(got) != 1 || !got[0].window.start.Equal(at("13:00:00")) || got[0].group.prefix != "A/" {
		t.Errorf("asked %+v, want the second hour", got)
	}
	s.ledger[0].Scope = "g?prefix=A/"
	if got := s.logs(logGroup{name: "g"}); len(got) != 1 || !got[0].window.start.Equal(at("12:00:00")) {
		t.Errorf("asked %+v, want both hours: one variant is not the group", got)
	}
}

func TestFineMetricsAreAskedAtTheirOwnPeriodToo(t *testing.T) {
	p := publisher{namespace: "AWS/SageMaker", dims: endpointDims(), metrics: []wanted{
		{name: "ConcurrentRequestsPerModel", stats: []string{"Maximum"}, publishS: 10},
		{name: "Invocations", stats: []string{"Sum"}},
	}}
	s := schedule{subject: "endpoint/ep", place: "/r", now: at("16:00:00"), settle: 10 * time.Minute, window: span{at("11:00:00"), at("15:00:00")}}
	var periods []string
	for _, c := range s.metrics([]publisher{p}) {
		for _, call := range pack([]chunk{c}) {
			periods = append(periods, fmt.Sprintf("%d:%d:%s", c.periodS, len(call.request.Queries), c.window.start.Format("15:04")))
		}
	}
	if got := strings.Join(periods, " "); got != "10:1:13:05 60:2:11:00" {
		t.Errorf("asked %s, want one metric at 10 s from 13:05 and two at 60 s from 11:00", got)
	}
}

func TestScopeNamesItsPublisherAndMetrics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := publisher{namespace: "/aws/sagemaker/Endpoints"}
		for _, name := range rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Za-z]{1,9}`), 0, 4, rapid.ID).Draw(t, "names") {
			p.dims = append(p.dims, cloudwatch.Dim{Name: name, Value: rapid.StringN(1, 20, -1).Draw(t, "value")})
		}
		sortDims(p.dims)
		names := rapid.SliceOfN(rapid.StringN(1, 20, -1), 1, 5).Draw(t, "metrics")
		scope := p.scopeOf(names)
		back, metrics, ok := parseScope(scope)
		if !ok || back.namespace != p.namespace || !slices.Equal(back.dims, p.dims) || !slices.Equal(metrics, names) {
			t.Fatalf("%q reads back as %+v with %q, want %+v with %q", scope, back, metrics, p, names)
		}
	})
}

// TestPublishPeriods: two periods on one endpoint, and what is published less
// often than each minute is asked for at its own period, as long as the age
// allows.
func TestPublishPeriods(t *testing.T) {
	p := publisher{namespace: "/aws/sagemaker/Endpoints", dims: endpointDims(), metrics: []wanted{
		{name: "CPUUtilization", stats: []string{"Average"}, publishS: 300},
		{name: "Invocations", stats: []string{"Sum"}},
		{name: "MemoryUtilization", stats: []string{"Average"}, publishS: 30},
	}}
	now := at("16:00:00")
	for _, c := range []struct {
		age  time.Duration
		want string
	}{
		{4 * time.Hour, "30:1 300:1 60:2"},
		{20 * day, "300:3"},
		{70 * day, "3600:3"},
	} {
		end := now.Add(-c.age).Add(90 * time.Minute)
		s := schedule{subject: "endpoint/ep", now: now, settle: 10 * time.Minute, window: span{end.Add(-90 * time.Minute), end}}
		var got []string
		for _, c := range s.metrics([]publisher{p}) {
			got = append(got, fmt.Sprintf("%d:%d", c.periodS, len(c.metrics)))
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%v old: period:metrics %s, want %s", c.age, text, c.want)
		}
	}
}
