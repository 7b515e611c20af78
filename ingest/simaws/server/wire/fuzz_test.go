package wire_test

import (
	"errors"
	"net/http"
	"testing"

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
