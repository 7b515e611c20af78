package cloudwatch

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// parsePolicy is a policy's actions, with the resources that each is limited to.
func parsePolicy(t *testing.T, text string) map[string][]string {
	t.Helper()
	var p policy
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatal(err)
	}
	actions := make(map[string][]string)
	for _, s := range p.Statement {
		if s.Effect != "Allow" || p.Version != "2012-10-17" {
			t.Errorf("statement %+v of version %s", s, p.Version)
		}
		for _, a := range s.Action {
			actions[a] = s.Resource
		}
	}
	return actions
}

func TestPolicyHoldsReadsOnly(t *testing.T) {
	actions := parsePolicy(t, DoctorPolicy())
	if len(actions) != 8+len(ResourceKinds())+1 {
		t.Errorf("%d actions", len(actions))
	}
	for action := range actions {
		_, verb, _ := strings.Cut(action, ":")
		read := func(prefix string) bool { return strings.HasPrefix(verb, prefix) }
		if !slices.ContainsFunc([]string{"Get", "List", "Describe", "Filter", "StartQuery", "StopQuery"}, read) {
			t.Errorf("%s is not a read", action)
		}
	}
}

func TestPolicyIsLimitedToWhatIsAskedFor(t *testing.T) {
	actions := parsePolicy(t, Policy(KindInferenceComponent, KindTrainingJob))
	var describe []string
	for action := range actions {
		if strings.HasPrefix(action, "sagemaker:") {
			describe = append(describe, action)
		}
	}
	slices.Sort(describe)
	want := []string{
		"sagemaker:DescribeEndpoint", "sagemaker:DescribeEndpointConfig", "sagemaker:DescribeInferenceComponent", "sagemaker:DescribeTrainingJob",
	}
	if d := cmp.Diff(want, describe); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"arn:aws:logs:*:*:log-group:/aws/sagemaker/*"}, actions["logs:FilterLogEvents"]); d != "" {
		t.Error(d)
	}
	if r := actions["sagemaker:DescribeTrainingJob"]; !slices.Contains(r, "arn:aws:sagemaker:*:*:training-job/*") || slices.Contains(r, "*") {
		t.Errorf("resources %v", r)
	}
}

// examined is an account that allows everything but what refused says.
func examined(refused map[string]reply) func(string, int, map[string]any) reply {
	return func(operation string, _ int, in map[string]any) reply {
		if r, ok := refused[operation]; ok {
			return r
		}
		switch {
		case strings.HasPrefix(operation, "Describe") && !strings.HasPrefix(operation, "DescribeLog"):
			return reply{code: "ValidationException", message: "Could not find it."}
		case operation == "FilterLogEvents", operation == "StartQuery", operation == "DescribeLogStreams":
			return reply{code: "ResourceNotFoundException", message: "The specified log group does not exist."}
		case operation == "GetQueryResults", operation == "StopQuery":
			return reply{code: "InvalidParameterException", message: "queryId"}
		case operation == "ListServiceQuotas" && in["ServiceCode"] == "monitoring":
			return reply{body: map[string]any{"Quotas": []any{
				map[string]any{"QuotaCode": "L-5E141212", "QuotaName": "Rate of GetMetricData requests", "Value": 500.0, "Adjustable": true, "QuotaAppliedAtLevel": "ACCOUNT"},
				map[string]any{"QuotaCode": "L-0", "QuotaName": "Rate of PutMetricData requests", "Value": 500.0},
			}}}
		}
		return reply{body: map[string]any{}}
	}
}

func outcomes(r ProbeResult) map[string]Outcome {
	out := make(map[string]Outcome)
	for _, c := range r.Checks {
		out[c.Action] = c.Outcome
	}
	return out
}

func TestProbeAsksForEveryPermission(t *testing.T) {
	client, w := connect(t, fast(), examined(nil))
	result, err := client.Probe(t.Context(), ProbeRequest{})
	if err != nil {
		t.Fatal(err)
	}
	got := outcomes(result)
	for action := range parsePolicy(t, DoctorPolicy()) {
		if got[action] != Allowed {
			t.Errorf("%s: %q, want allowed", action, got[action])
		}
	}
	if want := []Quota{{"monitoring", "L-5E141212", "Rate of GetMetricData requests", 500, true, true}}; !slices.Equal(want, result.Quotas) {
		t.Errorf("quotas %+v", result.Quotas)
	}
	var calls int
	for _, n := range w.calls {
		calls += n
	}
	if result.Usage.Calls != int64(calls) || result.Usage.CostHigh > 0.0001 || result.SkewKnown {
		t.Errorf("%+v after %d calls", result, calls)
	}
}

func TestProbeSaysWhatIsRefused(t *testing.T) {
	denied := reply{code: "AccessDeniedException", message: "not authorized"}
	client, _ := connect(t, fast(), examined(map[string]reply{
		"FilterLogEvents": denied, "DescribeTrainingJob": denied, "ListServiceQuotas": denied,
		"StartQuery": {code: "InternalFailure", message: "again", status: 500},
	}))
	result, err := client.Probe(t.Context(), ProbeRequest{Kinds: []ResourceKind{KindTrainingJob}})
	if err != nil {
		t.Fatal(err)
	}
	got := outcomes(result)
	for action, want := range map[string]Outcome{
		"logs:FilterLogEvents": Denied, "sagemaker:DescribeTrainingJob": Denied, "servicequotas:ListServiceQuotas": Denied,
		"logs:StartQuery": Unanswered, "cloudwatch:ListMetrics": Allowed, "sagemaker:DescribeEndpoint": "",
	} {
		if got[action] != want {
			t.Errorf("%s: %q, want %q", action, got[action], want)
		}
	}
	for _, c := range result.Checks {
		if (c.Detail == "") != (c.Outcome == Allowed) || strings.Contains(c.Detail, "\n") {
			t.Errorf("check %+v", c)
		}
	}
}

// TestProbeFindsTheClocksSkew has answers with a date, errors among them.
func TestProbeFindsTheClocksSkew(t *testing.T) {
	for _, skew := range []time.Duration{0, 7 * time.Minute, -90 * time.Second} {
		client, w := connect(t, fast(), examined(nil))
		w.date = minute0
		result, err := client.Probe(t.Context(), ProbeRequest{Now: func() time.Time { return minute0.Add(skew) }})
		if off := result.Skew - skew; err != nil || !result.SkewKnown || off.Abs() > time.Second {
			t.Errorf("skew %v known %t, error %v; want %v", result.Skew, result.SkewKnown, err, skew)
		}
	}
}

func TestProbeEndsWithItsContext(t *testing.T) {
	client, _ := connect(t, fast(), examined(nil))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.Probe(ctx, ProbeRequest{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
