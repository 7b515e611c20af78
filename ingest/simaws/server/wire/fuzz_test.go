package wire_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"sizewise/ingest/simaws/server/wire"
)

// exercise reads everything that a decoded call could be asked for.
func exercise(t *testing.T, r *http.Request) {
	c, err := wire.Decode(r)
	if c == nil {
		t.Fatal("no call")
	}
	var e *wire.Error
	if err != nil && !errors.As(err, &e) {
		t.Fatalf("error of another kind: %v", err)
	}
	for _, p := range append(c.Params.Structs("Items"), c.Params, c.Params.Struct("StartTime")) {
		p.String("Id")
		p.Int("N")
		p.Bool("N")
		p.Time("StartTime")
		p.Strings("Items")
	}
	if err := c.Params.Err(); err != nil && !errors.As(err, &e) {
		t.Fatalf("error of another kind: %v", err)
	}
}

func FuzzDecodeCBOR(f *testing.F) {
	f.Add(indefinite)
	f.Add([]byte{0xa1, 0x65, 'I', 't', 'e', 'm', 's', 0x81, 0xf6})
	f.Fuzz(func(t *testing.T, body []byte) { exercise(t, cborRequest(body)) })
}

func FuzzDecodeJSON(f *testing.F) {
	f.Add([]byte(`{"StartTime":1.5e9,"Items":[{"Id":"a"},{"Id":"b"}],"N":7}`))
	f.Add([]byte(`{"N":1e400,"Items":[null]}`))
	f.Fuzz(func(t *testing.T, body []byte) { exercise(t, jsonRequest(body)) })
}

func FuzzDecodeQuery(f *testing.F) {
	f.Add([]byte("Action=GetMetricData&Version=2010-08-01&StartTime=2017-07-14T02:40:00Z&Items.member.2.Id=b&Items.member.1.Id=a&N=7"))
	f.Add([]byte("Action=A&Version=2010-08-01&Items=&Items.member.x=1&..=2"))
	f.Fuzz(func(t *testing.T, body []byte) { exercise(t, formRequest(body)) })
}

// FuzzJSONText: a text in a reply reads back as encoding/json's own would.
func FuzzJSONText(f *testing.F) {
	for _, s := range []string{"plain", "quote \" back \\ slash /", "line\n\ttab\r\x00\x1f\x7f", "é \u2028 \U0001F600", "bad \xff\xc3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := wire.Decode(jsonRequest([]byte("{}")))
		if err != nil {
			t.Fatal(err)
		}
		var got, want map[string]string
		if err := json.Unmarshal(c.Result(wire.Object{{Name: "a", Value: s}}).Body, &got); err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(map[string]string{"a": s})
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &want); err != nil {
			t.Fatal(err)
		}
		if got["a"] != want["a"] {
			t.Errorf("%q came back as %q, want %q", s, got["a"], want["a"])
		}
	})
}

// TestSigner: who signed and when, and a digest that tells requests apart.
func TestSigner(t *testing.T) {
	r := jsonRequest([]byte(`{"N":1}`))
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261120/us-east-1/monitoring/aws4_request, SignedHeaders=host, Signature=0")
	r.Header.Set("X-Amz-Date", "20261120T140000Z")
	r.Header.Set("X-Amz-Security-Token", "token")
	c, err := wire.Decode(r)
	if err != nil || c.Signer != (wire.Signer{AccessKeyID: "AKIDEXAMPLE", SessionToken: "token", Region: "us-east-1", SignedAt: time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)}) {
		t.Errorf("%+v, %v", c.Signer, err)
	}
	again, errAgain := wire.Decode(jsonRequest([]byte(`{"N":1}`)))
	other, errOther := wire.Decode(jsonRequest([]byte(`{"N":2}`)))
	if errAgain != nil || errOther != nil || again.Digest != c.Digest || other.Digest == c.Digest || again.Signer != (wire.Signer{}) {
		t.Errorf("digests %x, %x and %x", c.Digest, again.Digest, other.Digest)
	}
}
