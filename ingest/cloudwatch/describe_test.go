package cloudwatch

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// said lists facts as KIND NAME ATTRIBUTE=VALUE.
func said(d Description) []string {
	var out []string
	for _, f := range d.Facts {
		out = append(out, f.Kind+" "+f.Name+" "+f.Attribute+"="+f.Value)
	}
	return out
}

func TestEndpointBecomesFacts(t *testing.T) {
	client, _ := connect(t, fast(), func(string, int, map[string]any) reply {
		return reply{body: map[string]any{
			"EndpointName": "ep", "EndpointArn": "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/ep", "EndpointStatus": "InService",
			"EndpointConfigName": "ep-config", "CreationTime": float64(minute0.Unix()), "LastModifiedTime": float64(minute0.Unix() + 60),
			"MetricsConfig": map[string]any{"EnableEnhancedMetrics": true, "MetricPublishFrequencyInSeconds": 10},
			"ProductionVariants": []any{map[string]any{
				"VariantName": "A", "CurrentInstanceCount": 2, "DesiredInstanceCount": 3, "CurrentWeight": 0.5,
				"DeployedImages": []any{map[string]any{"SpecifiedImage": "image:1"}, map[string]any{"SpecifiedImage": "sidecar:1"}},
				"InstancePools":  []any{map[string]any{"InstanceType": "ml.g5.xlarge", "CurrentInstanceCount": 2}},
			}},
			"ShadowProductionVariants": []any{map[string]any{"VariantName": "S"}},
		}}
	})
	d, _, err := client.endpoint(t.Context(), "ep")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"endpoint ep status=InService", "endpoint ep endpoint_config_name=ep-config",
		"endpoint ep arn=arn:aws:sagemaker:eu-west-1:123456789012:endpoint/ep",
		"endpoint ep creation_time=2026-11-20T14:00:00Z", "endpoint ep last_modified_time=2026-11-20T14:01:00Z",
		"endpoint ep metric_publish_frequency_s=10", "endpoint ep enhanced_metrics=true",
		"variant A role=production", "variant A current_instance_count=2", "variant A desired_instance_count=3", "variant A current_weight=0.5",
		"variant A image=image:1", "variant A instance_pools=ml.g5.xlarge=2", "variant S role=shadow",
	}
	if diff := cmp.Diff(want, said(d)); diff != "" {
		t.Error(diff)
	}
	if d.Account != "123456789012" || d.ConfigName != "ep-config" || d.PublishSeconds != 10 || !d.Enhanced || len(d.Variants) != 2 {
		t.Errorf("description %+v", d)
	}
	for _, f := range d.Facts {
		if !f.AsOf.Equal(minute0.Add(time.Minute)) || f.Source != "DescribeEndpoint" {
			t.Fatalf("fact %+v: want it as of the endpoint's last change", f)
		}
	}
}

func TestEndpointConfigBecomesFacts(t *testing.T) {
	client, _ := connect(t, fast(), func(string, int, map[string]any) reply {
		return reply{body: map[string]any{
			"EndpointConfigName": "ep-config", "EndpointConfigArn": "arn:aws:sagemaker:eu-west-1:123456789012:endpoint-config/ep-config",
			"CreationTime": float64(minute0.Unix()),
			"ProductionVariants": []any{
				map[string]any{
					"VariantName": "A", "InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 2, "InitialVariantWeight": 1, "ModelName": "m",
					"ManagedInstanceScaling": map[string]any{"MinInstanceCount": 1, "MaxInstanceCount": 4},
				},
				map[string]any{"VariantName": "B", "ServerlessConfig": map[string]any{"MemorySizeInMB": 2048, "MaxConcurrency": 5}},
			},
		}}
	})
	d, _, err := client.endpointConfig(t.Context(), "ep-config")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"endpoint_config ep-config creation_time=2026-11-20T14:00:00Z",
		"variant A instance_type=ml.m5.xlarge", "variant A initial_instance_count=2", "variant A initial_weight=1", "variant A model_name=m",
		"variant A managed_min_instance_count=1", "variant A managed_max_instance_count=4",
		"variant B serverless_memory_mb=2048", "variant B serverless_max_concurrency=5",
	}
	if diff := cmp.Diff(want, said(d)); diff != "" {
		t.Error(diff)
	}
}

func TestAccountComesFromTheCredentials(t *testing.T) {
	isolate(t)
	ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		_, _ = w.Write([]byte(`<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>` +
			`<Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`))
	}))
	defer ts.Close()
	t.Setenv("AWS_ENDPOINT_URL", ts.URL)
	t.Setenv("AWS_REGION", "eu-west-1")
	o := fast()
	o.Keys = Keys{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"}
	client, err := New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	account, usage, err := client.Account(t.Context())
	if err != nil || account != "123456789012" || usage.Calls != 1 || client.Region() != "eu-west-1" {
		t.Errorf("account %q, usage %+v, error %v, region %q", account, usage, err, client.Region())
	}
}

func TestAClosedPortIsSaidAtOnce(t *testing.T) {
	isolate(t)
	ts := httptest.NewServer(http.NotFoundHandler())
	address := ts.URL
	ts.Close()
	client, err := New(t.Context(), Options{
		Region: "eu-west-1", EndpointURL: address, Keys: Keys{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, usage, err := client.endpoint(t.Context(), "ep")
	if !errors.Is(err, ErrUnreachable) || usage.Retries != 0 {
		t.Errorf("error %v after %d retries, want unreachable and none", err, usage.Retries)
	}
}
