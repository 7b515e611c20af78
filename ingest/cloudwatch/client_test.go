package cloudwatch

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestNewSaysWhatIsMissing(t *testing.T) {
	cases := []struct {
		name   string
		set    func(t *testing.T)
		o      Options
		reason Reason
	}{
		{"no region", func(*testing.T) {}, Options{Keys: Keys{"a", "b", ""}}, ErrNoRegion},
		{"no credentials", func(*testing.T) {}, Options{Region: "eu-west-1"}, ErrNoCredentials},
		{"no profile", func(*testing.T) {}, Options{Region: "eu-west-1", Profile: "nobody"}, ErrNoProfile},
		{"session expired", func(t *testing.T) {
			text := "[profile x]\nregion = eu-west-1\nsso_session = s\nsso_account_id = 123456789012\nsso_role_name = r\n" +
				"[sso-session s]\nsso_region = eu-west-1\nsso_start_url = https://example.invalid/start\n"
			if err := os.WriteFile(os.Getenv("AWS_CONFIG_FILE"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}, Options{Profile: "x"}, ErrExpired},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			isolate(t)
			t.Setenv("HOME", t.TempDir())
			c.set(t)
			_, err := New(t.Context(), c.o)
			if !errors.Is(err, c.reason) {
				t.Fatalf("error %v, want %v", err, c.reason)
			}
			if strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), string(c.reason)) {
				t.Errorf("error is not one line that says what to do: %q", err)
			}
		})
	}
}

func TestNewRefusesABadEndpointAddress(t *testing.T) {
	for _, address := range []string{"localhost:4566", "ftp://x", "http://"} {
		if _, err := New(t.Context(), Options{EndpointURL: address}); err == nil || !strings.Contains(err.Error(), "want http") {
			t.Errorf("%q: error %v", address, err)
		}
	}
}

func TestErrorsHaveReasons(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	cases := []struct {
		r      reply
		reason Reason
		calls  int
	}{
		{reply{code: "AccessDeniedException", message: "User: arn:aws:iam::1:user/x is not authorized"}, ErrDenied, 1},
		{reply{code: "ExpiredTokenException", message: "The security token included in the request is expired"}, ErrExpired, 1},
		{reply{code: "UnrecognizedClientException", message: "The security token included in the request is invalid."}, ErrRejected, 1},
		{reply{code: "ValidationException", message: `Could not find endpoint "arn:aws:sagemaker:eu-west-1:1:endpoint/ep".`}, ErrNotFound, 1},
		{reply{code: "ThrottlingException", message: "Rate exceeded"}, ErrThrottled, 4},
		{reply{err: refused}, ErrUnreachable, 1},
		{reply{err: &net.DNSError{Err: "no such host", Name: "sagemaker.nowhere", IsNotFound: true}}, ErrUnreachable, 1},
	}
	for _, c := range cases {
		o := fast()
		o.MaxAttempts = 4
		client, w := connect(t, o, func(string, int, map[string]any) reply { return c.r })
		_, usage, err := client.endpoint(t.Context(), "ep")
		if !errors.Is(err, c.reason) {
			t.Errorf("%+v: error %v, want %v", c.r, err, c.reason)
		}
		if err != nil && (strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), "DescribeEndpoint: ")) {
			t.Errorf("error is not one line that names the operation: %q", err)
		}
		if w.calls["DescribeEndpoint"] != c.calls || usage.Calls+usage.Retries != int64(c.calls) {
			t.Errorf("%+v: %d calls, counted %+v; want %d", c.r, w.calls["DescribeEndpoint"], usage, c.calls)
		}
	}
}

func TestCancelledCallsAreNotAWSErrors(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	client, _ := connect(t, fast(), func(string, int, map[string]any) reply {
		cancel()
		return reply{err: context.Canceled}
	})
	_, _, err := client.endpoint(ctx, "ep")
	var failed *Error
	if !errors.Is(err, context.Canceled) || errors.As(err, &failed) {
		t.Errorf("error %v, want that it was cancelled", err)
	}
}

// TestThrottlingSlowsDownAndDoesNotEnd throttles more often than the SDK's own
// retry quota would survive.
func TestThrottlingSlowsDownAndDoesNotEnd(t *testing.T) {
	client, _ := connect(t, fast(), func(_ string, call int, _ map[string]any) reply {
		if call%8 != 7 {
			return reply{code: "Throttling", message: "Rate exceeded"}
		}
		return page("", result("q0", "Complete", 1), result("q1", "Complete"), result("q2", "Complete"))
	})
	var usage Usage
	for range 40 {
		data, err := client.Fetch(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		usage.Add(data.Usage)
	}
	if usage.Calls != 40 || usage.Retries != 280 {
		t.Errorf("usage %+v, want 40 calls and 280 retries", usage)
	}
}

// TestLimiterPacesAttempts runs in false time: five throttled attempts and the
// answer at one a second come a second apart and no less.
func TestLimiterPacesAttempts(t *testing.T) {
	o := fast()
	o.Limits.GetMetricData = 1
	client, w := connect(t, o, func(_ string, call int, _ map[string]any) reply {
		if call < 5 {
			return reply{code: "Throttling", message: "Rate exceeded"}
		}
		return page("", result("q0", "Complete"), result("q1", "Complete"), result("q2", "Complete"))
	})
	synctest.Test(t, func(t *testing.T) {
		if _, err := client.Fetch(t.Context(), request); err != nil {
			t.Fatal(err)
		}
	})
	for i := 1; i < len(w.times); i++ {
		if gap := w.times[i].Sub(w.times[i-1]); gap < 999*time.Millisecond || gap > 1100*time.Millisecond {
			t.Errorf("attempt %d came %v after the one before, want a second", i, gap)
		}
	}
}

func TestLimiterPacesDatapoints(t *testing.T) {
	o := fast()
	o.Limits.Datapoints = 10
	client, w := connect(t, o, func(string, int, map[string]any) reply {
		return page("", result("q0", "Complete"), result("q1", "Complete"), result("q2", "Complete"))
	})
	synctest.Test(t, func(t *testing.T) {
		r := request
		r.End = r.Start.Add(560 * time.Hour) // 3 x 33,600 points: the whole bucket
		for range 2 {
			if _, err := client.Fetch(t.Context(), r); err != nil {
				t.Fatal(err)
			}
		}
	})
	if gap := w.times[1].Sub(w.times[0]); gap < 10_079*time.Second || gap > 10_081*time.Second {
		t.Errorf("the second call came after %v, want the 10,080 s that 100,800 points take", gap)
	}
}

func TestLimiterGivesUpWithTheContext(t *testing.T) {
	o := fast()
	o.Limits.Describe = 0.001
	client, _ := connect(t, o, func(string, int, map[string]any) reply { return reply{body: map[string]any{}} })
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if _, _, err := client.endpoint(ctx, "ep"); err != nil {
			t.Fatal(err)
		}
		go func() {
			time.Sleep(time.Second)
			cancel()
		}()
		begin := time.Now()
		if _, _, err := client.endpoint(ctx, "ep"); !errors.Is(err, context.Canceled) || time.Since(begin) != time.Second {
			t.Errorf("error %v after %v, want cancelled after a second", err, time.Since(begin))
		}
	})
}

func TestFilterRateFollowsTheRegion(t *testing.T) {
	for region, want := range map[string]float64{"us-east-1": 23, "eu-central-1": 4.6, "eu-west-1": 9.2} {
		if got := (Limits{}).withDefaults(region).FilterLogEvents; got != want {
			t.Errorf("%s: %g calls a second, want %g", region, got, want)
		}
	}
}
