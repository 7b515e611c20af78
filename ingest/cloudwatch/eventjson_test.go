package cloudwatch

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/schemas"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/encoding/cbor"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/aws/smithy-go/transport/http/protocol/awsjson"
	"github.com/google/go-cmp/cmp"
)

// sdkPage is body as the SDK alone decodes it.
func sdkPage(body []byte) (eventPage, error) {
	var out cloudwatchlogs.FilterLogEventsOutput
	resp := &smithyhttp.Response{Response: &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)),
	}}
	operation := smithy.NewOperationSchema(schemas.FilterLogEvents, schemas.FilterLogEventsRequest, schemas.FilterLogEventsResponse)
	err := awsjson.New11(schemas.Logs_20140328).DeserializeResponse(context.Background(), operation, nil, resp, &out)
	if err != nil {
		return eventPage{}, err
	}
	return pageFromSDK(&out), nil
}

// TestTheSDKJudgesWhatIsNotAsDocumented has answers that the decoder must leave
// to the SDK.
func TestTheSDKJudgesWhatIsNotAsDocumented(t *testing.T) {
	for _, body := range []string{
		``, `[]`, `null`, `{`, `{}x`, `{"events":null}`, `{"events":[null]}`, `{"events":{}}`, `{"events":[{}],"events":[]}`,
		`{"events":[{"timestamp":1.5e3}]}`, `{"events":[{"timestamp":null}]}`, `{"events":[{"timestamp":"1"}]}`,
		`{"events":[{"timestamp":1234567890123456789}]}`, `{"events":[{"timestamp":01}]}`, `{"events":[{"message":"\ud800"}]}`,
		`{"events":[{"message":"\ud800\u0041"}]}`, `{"events":[{"message":"\x"}]}`, "{\"events\":[{\"message\":\"\xff\"}]}",
		"{\"events\":[{\"message\":\"\n\"}]}", `{"events":[{"message":"a"`, `{"events":[{"message":"a","message":"b"}]}`,
		`{"nextToken":"a","nextToken":"b"}`, `{"events":[{"message":null}]}`, `{"ev\u0065nts":[]}`, `{"a":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`,
	} {
		var d eventDecoder
		d.reset([]byte(body))
		if err := d.decode(); err == nil {
			t.Errorf("%s was taken", body)
		}
	}
}

// TestAnUndocumentedPageStillComes goes through the client with answers that
// only the SDK takes.
func TestAnUndocumentedPageStillComes(t *testing.T) {
	c := replay(t, "application/x-amz-json-1.1", []byte(`{"events":[{"timestamp":1,"message":"a \ud800 b"}]}`))
	c.logWorkers = 1
	got, result := collect(t, c, LogRequest{Group: "g", Start: minute0.AddDate(-9, 0, 0), End: minute0.AddDate(-9, 0, 0).Add(1)})
	if len(got) != 0 || result.Slices != 0 {
		t.Errorf("a window of no millisecond has %d events", len(got))
	}
	page, err := c.filterPage(t.Context(), (&logSlice{sweep: &sweep{}}).input(), &Usage{})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]Event{{TS: 1000, Message: "a \ufffd b"}}, page.events); d != "" {
		t.Error(d)
	}
}

// TestAnswersThatAreCutShortAreErrors cuts a page and a result at every byte,
// none at all included.
func TestAnswersThatAreCutShortAreErrors(t *testing.T) {
	isolate(t)
	cut := func(contentType string, body []byte, ask func(*Client) error) {
		t.Helper()
		for n := range body {
			if err := ask(replay(t, contentType, body[:n])); err == nil {
				t.Errorf("%q is taken for a whole answer", body[:n])
			}
		}
	}
	cut("application/x-amz-json-1.1", []byte(`{"events":[{"eventId":"1","timestamp":1}],"nextToken":"t"}`), func(c *Client) error {
		_, err := c.filterPage(t.Context(), (&logSlice{sweep: &sweep{}}).input(), &Usage{})
		return err
	})
	cut("application/x-amz-json-1.1", []byte(`{"logGroups":[]}`), func(c *Client) error {
		_, _, err := c.Group(t.Context(), "g")
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		return err
	})
	results := cbor.List{cbor.Map{
		"Id": cbor.String("q0"), "StatusCode": cbor.String("Complete"), "Values": cbor.List{cbor.Float64(1.5)},
		"Timestamps": cbor.List{&cbor.Tag{ID: 1, Value: cbor.Uint(minute0.Unix())}}, //nolint:gosec // after 1970
	}}
	cut("application/cbor", cbor.Encode(cbor.Map{"MetricDataResults": results}), func(c *Client) error {
		_, err := c.Fetch(t.Context(), request)
		return err
	})
}

func TestAnAnswerLargerThanAnyPageIsRefused(t *testing.T) {
	s := &pageScratch{}
	err := s.read(&smithyhttp.Response{Response: &http.Response{Body: io.NopCloser(io.LimitReader(zeros{}, maxPageBytes+2)), ContentLength: -1}})
	if err == nil || s.body.Cap() > 4*maxPageBytes {
		t.Errorf("error %v with %d bytes held", err, s.body.Cap())
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// FuzzEventPage holds the decoder to the SDK's for whatever it takes.
func FuzzEventPage(f *testing.F) {
	for _, seed := range []string{
		`{"events":[{"eventId":"1","ingestionTime":2,"logStreamName":"s","message":"m\n\"\u00e9\ud83d\ude00","timestamp":1}],"nextToken":"t","searchedLogStreams":[]}`,
		`{ "events" : [ ] }`, `{"events":[{"timestamp":-1,"x":{"y":[true,false,null,1,"z"]}}]}`, `{"message":"Rate exceeded"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var d eventDecoder
		d.reset(body)
		if d.decode() != nil {
			return
		}
		want, err := sdkPage(body)
		if err != nil {
			t.Fatalf("the SDK refuses it: %v", err)
		}
		got := d.page()
		if diff := cmp.Diff(want.events, got.events); diff != "" || want.token != got.token {
			t.Errorf("%s\n%q %q", diff, want.token, got.token)
		}
	})
}
