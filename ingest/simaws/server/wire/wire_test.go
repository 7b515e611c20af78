package wire_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"
	"github.com/google/go-cmp/cmp"

	"sizewise/ingest/simaws/server/wire"
)

// at is a time with a fraction that every protocol can hold.
var at = time.Date(2026, 11, 20, 14, 0, 0, 250e6, time.UTC)

const path = "/service/GraniteServiceVersion20100801/operation/GetMetricData"

// indefinite is {"StartTime": 1(1.5e9), "Items": [{"Id": "a"}, {"Id": "b"}], "N": 7}
// with maps and lists of indefinite length, as SDKs send it.
var indefinite = []byte("\xbf" +
	"\x69StartTime\xc1\xfb\x41\xd6\x5a\x0b\xc0\x00\x00\x00" +
	"\x65Items\x9f\xbf\x62Id\x61a\xff\xbf\x62Id\x61b\xff\xff" +
	"\x61N\x07\xff")

func cborRequest(body []byte) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
	r.Header.Set("Smithy-Protocol", "rpc-v2-cbor")
	r.Header.Set("X-Amzn-Query-Mode", "true")
	return r
}

func jsonRequest(body []byte) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set("X-Amz-Target", "GraniteServiceVersion20100801.GetMetricData")
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	return r
}

func formRequest(body []byte) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	return r
}

func gzipped(b []byte) []byte {
	var buf bytes.Buffer
	zw := gzip.NewWriter(&buf)
	if _, err := zw.Write(b); err != nil {
		panic(err)
	}
	if err := zw.Close(); err != nil {
		panic(err)
	}
	return buf.Bytes()
}

func TestDecodeIsTheSameInEveryProtocol(t *testing.T) {
	packed := cborRequest(gzipped(indefinite))
	packed.Header.Set("Content-Encoding", "gzip")
	for name, r := range map[string]*http.Request{
		"cbor":         cborRequest(indefinite),
		"cbor, packed": packed,
		"json":         jsonRequest([]byte(`{"StartTime":1.5e9,"Items":[{"Id":"a"},{"Id":"b"}],"N":7}`)),
		"form":         formRequest([]byte("Action=GetMetricData&Version=2010-08-01&StartTime=2017-07-14T02:40:00Z&Items.member.2.Id=b&Items.member.1.Id=a&N=7")),
		"address":      httptest.NewRequest(http.MethodGet, "/?Action=GetMetricData&Version=2010-08-01&StartTime=2017-07-14T02:40:00Z&Items.member.1.Id=a&Items.member.2.Id=b&N=7", nil),
	} {
		c, err := wire.Decode(r)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		start, ok := c.Params.Time("StartTime")
		n, hasN := c.Params.Int("N")
		var ids []string
		for _, item := range c.Params.Structs("Items") {
			ids = append(ids, item.String("Id"))
		}
		if c.Service != wire.CloudWatch || c.Operation != "GetMetricData" || !ok || start.Unix() != 1_500_000_000 || !hasN || n != 7 || strings.Join(ids, "") != "ab" {
			t.Errorf("%s: %s.%s %v %v %v", name, c.Service, c.Operation, start, n, ids)
		}
		if err := c.Params.Err(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWrongTypesAreNamed(t *testing.T) {
	c, err := wire.Decode(jsonRequest([]byte(`{"Items":[{"Id":7},{"Id":"b"}],"N":1.5}`)))
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range c.Params.Structs("Items") {
		item.String("Id")
	}
	c.Params.Int("N")
	var e *wire.Error
	if err := c.Params.Err(); !errors.As(err, &e) || e.Message != "Items.member.1.Id is not a string" {
		t.Errorf("first wrong type: %v", err)
	}
}

func TestMalformedRequests(t *testing.T) {
	bomb := cborRequest(gzipped(make([]byte, wire.MaxBody+1)))
	bomb.Header.Set("Content-Encoding", "gzip")
	notGzip := cborRequest(indefinite)
	notGzip.Header.Set("Content-Encoding", "gzip")
	for name, r := range map[string]*http.Request{
		"truncated cbor": cborRequest(indefinite[:20]),
		"cbor list":      cborRequest([]byte{0x80}),
		"truncated json": jsonRequest([]byte(`{"a":`)),
		"json list":      jsonRequest([]byte(`[]`)),
		"two values":     jsonRequest([]byte(`{} {}`)),
		"bad escape":     formRequest([]byte("Action=%zz")),
		"no action":      formRequest([]byte("a=b")),
		"other version":  formRequest([]byte("Action=ListMetrics&Version=1999-01-01")),
		"bomb":           bomb,
		"not gzip":       notGzip,
		"empty":          httptest.NewRequest(http.MethodGet, "/", nil),
	} {
		c, err := wire.Decode(r)
		var e *wire.Error
		if c == nil || !errors.As(err, &e) {
			t.Errorf("%s: %v, %v", name, c, err)
			continue
		}
		if reply := c.Failure(e); reply.Status < 400 || len(reply.Body) == 0 {
			t.Errorf("%s: reply %d %q", name, reply.Status, reply.Body)
		}
	}
}

// sample is a result with a value of every type.
func sample() wire.Object {
	return wire.Object{
		{Name: "Text", Value: "a<b & \"c\"\n\x01é\u2028"},
		{Name: "Yes", Value: true},
		{Name: "Int", Value: int64(-42)},
		{Name: "Big", Value: int64(1) << 40},
		{Name: "Float", Value: 0.1},
		{Name: "Time", Value: at},
		{Name: "Object", Value: wire.Object{{Name: "Inner", Value: "x"}}},
		{Name: "Map", Value: wire.Map{{Name: "p99", Value: 1.5}}},
		{Name: "Objects", Value: []wire.Object{{{Name: "Id", Value: "a"}}, {}}},
		{Name: "Texts", Value: []string{"a", "b"}},
		{Name: "Floats", Value: []float64{1, 2.5e-300}},
		{Name: "Times", Value: []time.Time{at}},
		{Name: "None", Value: []float64{}},
	}
}

func TestCBORResult(t *testing.T) {
	c, err := wire.Decode(cborRequest(indefinite))
	if err != nil {
		t.Fatal(err)
	}
	r := c.Result(sample())
	if r.Header.Get("Smithy-Protocol") != "rpc-v2-cbor" || r.Header.Get("Content-Type") != "application/cbor" {
		t.Errorf("header %v", r.Header)
	}
	got, err := cbor.Decode(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	stamp := &cbor.Tag{ID: 1, Value: cbor.Float64(float64(at.UnixMilli()) / 1000)}
	want := cbor.Map{
		"Text": cbor.String("a<b & \"c\"\n\x01é\u2028"), "Yes": cbor.Bool(true), "Int": cbor.NegInt(42), "Big": cbor.Uint(1 << 40), "Float": cbor.Float64(0.1),
		"Time": stamp, "Object": cbor.Map{"Inner": cbor.String("x")}, "Map": cbor.Map{"p99": cbor.Float64(1.5)},
		"Objects": cbor.List{cbor.Map{"Id": cbor.String("a")}, cbor.Map{}}, "Texts": cbor.List{cbor.String("a"), cbor.String("b")},
		"Floats": cbor.List{cbor.Float64(1), cbor.Float64(2.5e-300)}, "Times": cbor.List{stamp}, "None": cbor.List{},
	}
	if d := cmp.Diff(cbor.Value(want), got); d != "" {
		t.Error(d)
	}
}

func TestJSONResult(t *testing.T) {
	c, err := wire.Decode(jsonRequest([]byte("{}")))
	if err != nil {
		t.Fatal(err)
	}
	r := c.Result(sample())
	var got map[string]any
	if err := json.Unmarshal(r.Body, &got); err != nil {
		t.Fatalf("%v in %s", err, r.Body)
	}
	want := map[string]any{
		"Text": "a<b & \"c\"\n\x01é\u2028", "Yes": true, "Int": -42.0, "Big": float64(1 << 40), "Float": 0.1, "Time": float64(at.UnixMilli()) / 1000,
		"Object": map[string]any{"Inner": "x"}, "Map": map[string]any{"p99": 1.5}, "Objects": []any{map[string]any{"Id": "a"}, map[string]any{}},
		"Texts": []any{"a", "b"}, "Floats": []any{1.0, 2.5e-300}, "Times": []any{float64(at.UnixMilli()) / 1000}, "None": []any{},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if r.Header.Get("Content-Type") != "application/x-amz-json-1.0" {
		t.Errorf("header %v", r.Header)
	}
}

func TestQueryResult(t *testing.T) {
	c, err := wire.Decode(formRequest([]byte("Action=GetMetricData&Version=2010-08-01")))
	if err != nil {
		t.Fatal(err)
	}
	c.RequestID = "id-1"
	var got struct {
		XMLName xml.Name `xml:"http://monitoring.amazonaws.com/doc/2010-08-01/ GetMetricDataResponse"`
		Result  struct {
			Text   string
			Int    int64
			Time   time.Time
			Floats []float64 `xml:"Floats>member"`
			IDs    []string  `xml:"Objects>member>Id"`
			Map    []struct {
				Key   string  `xml:"key"`
				Value float64 `xml:"value"`
			} `xml:"Map>entry"`
		} `xml:"GetMetricDataResult"`
		RequestID string `xml:"ResponseMetadata>RequestId"`
	}
	if err := xml.Unmarshal(c.Result(sample()).Body, &got); err != nil {
		t.Fatal(err)
	}
	r := got.Result
	if r.Text != "a<b & \"c\"\n\uFFFDé\u2028" || r.Int != -42 || !r.Time.Equal(at) || len(r.Floats) != 2 || len(r.IDs) != 1 || len(r.Map) != 1 || r.Map[0].Key != "p99" || got.RequestID != "id-1" {
		t.Errorf("decoded %+v", got)
	}
}

func TestFailures(t *testing.T) {
	e := &wire.Error{Shape: "InvalidParameterValueException", Code: "InvalidParameterValue", Message: "no"}
	for name, tt := range map[string]struct {
		r           *http.Request
		body, query string
	}{
		"cbor": {cborRequest(nil), "com.amazonaws.cloudwatch#InvalidParameterValueException", "InvalidParameterValue;Sender"},
		"json": {jsonRequest(nil), `{"__type":"com.amazonaws.cloudwatch#InvalidParameterValueException","message":"no"}`, ""},
		"form": {formRequest([]byte("Action=A&Version=2010-08-01")), "<Type>Sender</Type><Code>InvalidParameterValue</Code><Message>no</Message>", ""},
	} {
		c, err := wire.Decode(tt.r)
		if err != nil {
			t.Fatal(err)
		}
		r := c.Failure(e)
		if r.Status != 400 || !strings.Contains(string(r.Body), tt.body) || r.Header.Get("X-Amzn-Query-Error") != tt.query {
			t.Errorf("%s: %d %v %q", name, r.Status, r.Header, r.Body)
		}
	}
}

func TestBodyThatBreaksOff(t *testing.T) {
	r := jsonRequest(nil)
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader("{"), brokenReader{}))
	if _, err := wire.Decode(r); err == nil {
		t.Error("no error for a body that breaks off")
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
