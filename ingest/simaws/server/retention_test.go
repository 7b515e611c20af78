package server_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server"
)

// oldAccount is the test account and a series of two hours, a point every ten
// seconds, that began so long ago.
func oldAccount(age time.Duration) *account.Account {
	a := testAccount()
	s := account.Series{Namespace: "Old", Name: "Count", Unit: "Count", Resolution: 10 * time.Second}
	begin := now.Add(-age).Truncate(time.Hour)
	for i := range 2 * 60 * 6 {
		s.Points = append(s.Points, account.Point{Time: begin.Add(time.Duration(i) * 10 * time.Second), Values: []float32{1}})
	}
	a.Metrics = append(a.Metrics, s)
	return a
}

func TestRetention(t *testing.T) {
	day := 24 * time.Hour
	for _, tt := range []struct {
		age  time.Duration
		want map[int32]int // points of two hours by period
	}{
		{150 * time.Minute, map[int32]int{10: 690, 60: 115, 300: 23, 3600: 2}},
		{5 * time.Hour, map[int32]int{10: 0, 60: 115, 300: 23, 3600: 2}},
		{14 * day, map[int32]int{10: 0, 60: 115, 300: 23, 3600: 2}},
		{20 * day, map[int32]int{10: 0, 60: 0, 300: 23, 3600: 2}},
		{100 * day, map[int32]int{10: 0, 60: 0, 300: 0, 3600: 2}},
		{460 * day, map[int32]int{10: 0, 60: 0, 300: 0, 3600: 0}},
	} {
		_, url := serve(t, oldAccount(tt.age), server.Options{})
		c := metricClient(url)
		begin := now.Add(-tt.age).Truncate(time.Hour)
		for period, want := range tt.want {
			q := ask("m", "Old", "Count", "Sum", period)
			q.MetricStat.Metric.Dimensions = nil
			in := window(q)
			in.StartTime, in.EndTime = aws.Time(begin.Add(5*time.Minute)), aws.Time(begin.Add(2*time.Hour))
			out := get(t, c, in).MetricDataResults[0]
			if out.StatusCode != cwtypes.StatusCodeComplete || len(out.Values) != want {
				t.Errorf("age %v, period %d: %s with %d points, want %d", tt.age, period, out.StatusCode, len(out.Values), want)
			}
		}
	}
}

func TestStartTimeIsRoundedDown(t *testing.T) {
	_, url := serve(t, testAccount(), server.Options{})
	c := metricClient(url)
	first := func(name string, period int32, start, end time.Duration) (time.Time, int) {
		in := window(ask("a", invocationSpace, name, "SampleCount", period))
		in.ScanBy = cwtypes.ScanByTimestampAscending
		in.StartTime, in.EndTime = aws.Time(t0.Add(start)), aws.Time(t0.Add(end))
		r := get(t, c, in).MetricDataResults[0]
		return r.Timestamps[0], len(r.Timestamps)
	}
	for _, tt := range []struct {
		name       string
		period     int32
		start, end time.Duration
		first      time.Duration
		n          int
	}{
		{"Invocations", 60, 90 * time.Second, 5 * time.Minute, time.Minute, 4},                                     // to the minute
		{"Invocations", 60, 0, 5*time.Minute + time.Second, 0, 6},                                                  // the end cuts no point in two
		{"Invocations", 300, 2*time.Minute + 30*time.Second, 10 * time.Minute, 2 * time.Minute, 2},                 // periods begin at the start
		{"ConcurrentRequestsPerModel", 10, 37 * time.Second, time.Minute, 30 * time.Second, 3},                     // to the division of the minute
		{"ConcurrentRequestsPerModel", 30, 37 * time.Second, 2 * time.Minute, 30 * time.Second, 3},                 //
		{"ConcurrentRequestsPerModel", 1, 37*time.Second + 500*time.Millisecond, time.Minute, 40 * time.Second, 2}, //
		{"Invocations", 10, 37 * time.Second, 3 * time.Minute, time.Minute, 2},                                     // standard resolution keeps its minutes
	} {
		at, n := first(tt.name, tt.period, tt.start, tt.end)
		if !at.Equal(t0.Add(tt.first)) || n != tt.n {
			t.Errorf("%s/%d from %v: first %v with %d points, want %v with %d", tt.name, tt.period, tt.start, at.Sub(t0), n, tt.first, tt.n)
		}
	}
}
