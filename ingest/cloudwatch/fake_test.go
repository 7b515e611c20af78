package cloudwatch

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"
)

// wire is an AWS behind a RoundTripper: no sockets, so that tests can run in
// false time. It speaks what the SDK speaks, CBOR for metrics and JSON for the
// rest.
type wire struct {
	mu     sync.Mutex
	answer func(operation string, call int, in map[string]any) reply
	calls  map[string]int
	times  []time.Time
	date   time.Time // of every answer; zero leaves it out
}

// reply is an answer in plain Go values; code makes it an error.
type reply struct {
	body    map[string]any
	code    string
	message string
	status  int
	err     error // instead of an answer
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	metrics := strings.HasPrefix(r.URL.Path, "/service/")
	operation := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	in := map[string]any{}
	if metrics {
		v, err := cbor.Decode(body)
		if err != nil {
			return nil, fmt.Errorf("decoding request: %w", err)
		}
		in, _ = plain(v).(map[string]any)
	} else {
		if _, operation, _ = strings.Cut(r.Header.Get("X-Amz-Target"), "."); operation == "" {
			w.calls["GetCallerIdentity"]++
			return identityAnswer(r), nil
		}
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, fmt.Errorf("decoding request: %w", err)
		}
	}
	call := w.calls[operation]
	w.calls[operation]++
	w.times = append(w.times, time.Now())
	resp, err := response(r, metrics, w.answer(operation, call, in))
	if err == nil && !w.date.IsZero() {
		resp.Header.Set("Date", w.date.UTC().Format(http.TimeFormat))
	}
	return resp, err
}

// identityAnswer is what STS says, in XML, of who is asking.
func identityAnswer(r *http.Request) *http.Response {
	const text = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>` +
		`<Arn>arn:aws:iam::123456789012:user/x</Arn><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/xml"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(text)), ContentLength: int64(len(text)),
	}
}

func response(r *http.Request, metrics bool, out reply) (*http.Response, error) {
	if out.err != nil {
		return nil, out.err
	}
	status := http.StatusOK
	if out.code != "" {
		out.body = map[string]any{"__type": out.code, "message": out.message}
		status = http.StatusBadRequest
	}
	if out.status != 0 {
		status = out.status
	}
	header := http.Header{"Content-Type": {"application/x-amz-json-1.1"}}
	var body []byte
	if metrics {
		header = http.Header{"Content-Type": {"application/cbor"}, "Smithy-Protocol": {"rpc-v2-cbor"}}
		if out.code != "" {
			header.Set("X-Amzn-Query-Error", out.code+";Sender")
		}
		body = cbor.Encode(value(out.body))
	} else {
		var err error
		if body, err = json.Marshal(out.body); err != nil {
			return nil, err
		}
	}
	return &http.Response{
		StatusCode: status, Header: header, Request: r,
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}, nil
}

// plain turns CBOR into Go values: maps, lists, strings, float64, time.Time.
func plain(v cbor.Value) any {
	switch v := v.(type) {
	case cbor.Map:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = plain(e)
		}
		return out
	case cbor.List:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = plain(e)
		}
		return out
	case cbor.String:
		return string(v)
	case cbor.Uint:
		return float64(v)
	case cbor.Float64:
		return float64(v)
	case *cbor.Tag:
		seconds, _ := plain(v.Value).(float64)
		return time.Unix(int64(seconds), 0).UTC()
	default:
		return v
	}
}

// value is the inverse of plain.
func value(v any) cbor.Value {
	switch v := v.(type) {
	case map[string]any:
		out := cbor.Map{}
		for k, e := range v {
			out[k] = value(e)
		}
		return out
	case []any:
		out := cbor.List{}
		for _, e := range v {
			out = append(out, value(e))
		}
		return out
	case string:
		return cbor.String(v)
	case float64:
		return cbor.Float64(v)
	case time.Time:
		return &cbor.Tag{ID: 1, Value: cbor.Float64(v.Unix())}
	default:
		panic(fmt.Sprintf("no CBOR for %T", v))
	}
}

// connect makes a client of an AWS that answers with f.
func connect(t *testing.T, o Options, f func(operation string, call int, in map[string]any) reply) (*Client, *wire) {
	t.Helper()
	isolate(t)
	w := &wire{answer: f, calls: make(map[string]int)}
	o.Region = "eu-west-1"
	o.Keys = Keys{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"}
	o.transport = w
	c, err := New(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return c, w
}

// isolate hides the machine's own AWS configuration.
func isolate(t *testing.T) {
	t.Helper()
	for _, name := range []string{
		"AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
		"AWS_SESSION_TOKEN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
	} {
		t.Setenv(name, "")
	}
	dir := t.TempDir()
	t.Setenv("AWS_CONFIG_FILE", dir+"/config")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", dir+"/credentials")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
}

// fast are options without waiting.
func fast() Options {
	return Options{
		MaxBackoff: time.Millisecond,
		Limits:     Limits{GetMetricData: -1, Datapoints: -1, OlderDatapoints: -1, DescribeLogStreams: -1, Queries: -1, ListMetrics: -1, FilterLogEvents: -1, DescribeLogGroups: -1, Describe: -1},
	}
}
