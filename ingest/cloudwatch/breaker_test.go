package cloudwatch

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// TestBreaker runs in false time. What does not answer for half a minute is not
// asked again: an operation alone where others answer, all when none does.
func TestBreaker(t *testing.T) {
	type called struct {
		operation string
		want      Reason // "" is an answer
	}
	down := reply{status: http.StatusServiceUnavailable, code: "ServiceUnavailable"}
	answers := func(operations ...string) func(string, int, map[string]any) reply {
		return func(operation string, _ int, _ map[string]any) reply {
			for _, o := range operations {
				if o == operation {
					return page("", result("q0", "Complete", 1), result("q1", "Complete"), result("q2", "Complete"))
				}
			}
			return down
		}
	}
	throttled := func(string, int, map[string]any) reply {
		return reply{code: "ThrottlingException", message: "Rate exceeded"}
	}
	for name, c := range map[string]struct {
		answer   func(string, int, map[string]any) reply
		patience time.Duration
		calls    []called
		within   time.Duration
		attempts int // at most
	}{
		"nothing answers": {answers(), 30 * time.Second, []called{{"DescribeEndpoint", ErrGaveUp}, {"GetMetricData", ErrGaveUp}}, 51 * time.Second, 10},
		"one operation":   {answers("GetMetricData"), 30 * time.Second, []called{{"GetMetricData", ""}, {"DescribeEndpoint", ErrGaveUp}, {"GetMetricData", ""}, {"DescribeEndpoint", ErrGaveUp}}, 51 * time.Second, 12},
		"no patience set": {answers(), 0, []called{{"DescribeEndpoint", "*"}}, 10 * time.Minute, 10},
		"throttled":       {throttled, 30 * time.Second, []called{{"DescribeEndpoint", ErrThrottled}}, 10 * time.Minute, 10},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := fast()
				o.MaxBackoff, o.Patience, o.Elapsed = 20*time.Second, c.patience, time.Now
				client, w := connect(t, o, c.answer)
				from := time.Now()
				for _, call := range c.calls {
					var err error
					if call.operation == "GetMetricData" {
						_, err = client.Fetch(t.Context(), request)
					} else {
						_, _, err = client.endpoint(t.Context(), "ep")
					}
					switch {
					case call.want == "" && err != nil, call.want == "*" && (err == nil || errors.Is(err, ErrGaveUp)):
						t.Errorf("%s: %v", call.operation, err)
					case call.want != "" && call.want != "*" && !errors.Is(err, call.want):
						t.Errorf("%s: %v, want %v", call.operation, err, call.want)
					}
				}
				attempts := 0
				for _, n := range w.calls {
					attempts += n
				}
				if took := time.Since(from); took > c.within || attempts > c.attempts {
					t.Errorf("took %s and %d attempts, want at most %s and %d", took, attempts, c.within, c.attempts)
				}
			})
		})
	}
}

// TestBreakerForgets: an answer in between begins the row anew, whatever it says.
func TestBreakerForgets(t *testing.T) {
	at := time.Unix(0, 0)
	b := newBreaker(10*time.Second, func() time.Time { return at })
	silent := errors.New("connection reset")
	for range 5 {
		b.note("ListMetrics", at, silent)
	}
	at = at.Add(9 * time.Second)
	b.note("ListMetrics", at, silent)
	if err := b.refuse("ListMetrics"); err != nil {
		t.Errorf("after nine seconds: %v", err)
	}
	b.note("GetMetricData", at, nil)
	at = at.Add(2 * time.Second)
	b.note("ListMetrics", at, silent)
	if err := b.refuse("ListMetrics"); err == nil {
		t.Error("an operation is asked after eleven seconds without an answer")
	}
	if err := b.refuse("GetMetricData"); err != nil {
		t.Errorf("another operation that answered is not asked: %v", err)
	}
}
