package wire

import (
	"encoding/binary"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"
)

// cborCodec is Smithy RPC v2 CBOR: POST /service/SERVICE/operation/OPERATION.
// Source: smithy.io, "Smithy RPC v2 CBOR protocol".
type cborCodec struct{}

// decodeCBOR reads the operation from the path and the parameters from the body.
func decodeCBOR(c *Call, r *http.Request, body []byte) error {
	c.Params = newParams(nil)
	part := strings.Split(r.URL.Path, "/")
	if len(part) < 5 || part[len(part)-4] != "service" || part[len(part)-2] != "operation" {
		return &Error{Shape: "UnknownOperationException", Message: "want /service/NAME/operation/NAME", Status: http.StatusNotFound}
	}
	c.Service, c.Operation = part[len(part)-3], part[len(part)-1]
	if len(body) == 0 {
		return nil
	}
	v, err := cbor.Decode(body)
	if err != nil {
		return malformed("invalid CBOR body: %v", err)
	}
	m, ok := fromCBOR(v).(map[string]any)
	if !ok {
		return malformed("invalid CBOR body: not a map")
	}
	c.Params = newParams(m)
	return nil
}

// fromCBOR turns the decoder's tree into the values of Params. What has no
// counterpart there becomes an int that no reader accepts as text.
func fromCBOR(v cbor.Value) any {
	switch v := v.(type) {
	case cbor.Uint:
		return int64(min(uint64(v), math.MaxInt64))
	case cbor.NegInt:
		return -int64(min(uint64(v), math.MaxInt64))
	case cbor.Float32:
		return float64(v)
	case cbor.Float64:
		return float64(v)
	case cbor.Bool:
		return bool(v)
	case cbor.String:
		return string(v)
	case cbor.Slice:
		return []byte(v)
	case cbor.List:
		list := make([]any, len(v))
		for i := range v {
			list[i] = fromCBOR(v[i])
		}
		return list
	case cbor.Map:
		m := make(map[string]any, len(v))
		for k := range v {
			m[k] = fromCBOR(v[k])
		}
		return m
	case *cbor.Tag:
		return fromTag(v)
	}
	return nil
}

// fromTag reads a timestamp (tag 1, epoch seconds); other tags are transparent.
func fromTag(t *cbor.Tag) any {
	inner := fromCBOR(t.Value)
	if t.ID != 1 {
		return inner
	}
	switch s := inner.(type) {
	case int64:
		if s > -maxEpoch && s < maxEpoch {
			return time.Unix(s, 0).UTC()
		}
	case float64:
		if s > -maxEpoch && s < maxEpoch {
			return fromSeconds(s)
		}
	}
	return inner
}

func (cborCodec) reply(c *Call, status int, body []byte) Reply {
	h := http.Header{}
	h.Set("Content-Type", "application/cbor")
	h.Set("Smithy-Protocol", "rpc-v2-cbor")
	h.Set("X-Amzn-Requestid", c.RequestID)
	return Reply{Status: status, Header: h, Body: body}
}

func (k cborCodec) result(c *Call, o Object) Reply {
	return k.reply(c, http.StatusOK, appendCBOR(nil, o))
}

func (k cborCodec) failure(c *Call, e *Error) Reply {
	shape := e.Shape
	if c.Service == CloudWatch {
		shape = "com.amazonaws.cloudwatch#" + shape
	}
	body := appendCBOR(nil, Object{{"__type", shape}, {"message", e.Message}})
	r := k.reply(c, e.HTTPStatus(), body)
	setQueryError(r.Header, c, e)
	return r
}

// setQueryError adds the header by which services that once spoke Query keep
// their old codes in newer protocols.
func setQueryError(h http.Header, c *Call, e *Error) {
	if c.QueryMode {
		h.Set("X-Amzn-Query-Error", e.QueryCode()+";"+e.fault())
	}
}

// Major types of RFC 8949, shifted into place.
const (
	cborUint, cborNegative, cborText = 0 << 5, 1 << 5, 3 << 5
	cborList, cborMap, cborTag       = 4 << 5, 5 << 5, 6 << 5
	cborFalse, cborTrue, cborDouble  = 0xf4, 0xf5, 0xfb
)

// appendHead appends a major type with its argument in the shortest form.
func appendHead(b []byte, major byte, n uint64) []byte {
	switch {
	case n < 24:
		return append(b, major|byte(n))
	case n <= math.MaxUint8:
		return append(b, major|24, byte(n))
	case n <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(b, major|25), uint16(n))
	case n <= math.MaxUint32:
		return binary.BigEndian.AppendUint32(append(b, major|26), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(b, major|27), n)
}

func appendDouble(b []byte, f float64) []byte {
	return binary.BigEndian.AppendUint64(append(b, cborDouble), math.Float64bits(f))
}

func appendCBORTime(b []byte, t time.Time) []byte {
	return appendDouble(append(b, cborTag|1), seconds(t))
}

func appendCBORText(b []byte, s string) []byte {
	return append(appendHead(b, cborText, uint64(len(s))), s...)
}

// appendCBOR appends a value of an Object.
func appendCBOR(b []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return appendCBORText(b, v)
	case bool:
		if v {
			return append(b, cborTrue)
		}
		return append(b, cborFalse)
	case int64:
		if v < 0 {
			return appendHead(b, cborNegative, uint64(-(v + 1)))
		}
		return appendHead(b, cborUint, uint64(v))
	case float64:
		return appendDouble(b, v)
	case time.Time:
		return appendCBORTime(b, v)
	case Object:
		b = appendHead(b, cborMap, uint64(len(v)))
		for _, f := range v {
			b = appendCBOR(appendCBORText(b, f.Name), f.Value)
		}
		return b
	case Map:
		return appendCBOR(b, Object(v))
	case []Object:
		return appendCBORList(b, v, func(b []byte, o Object) []byte { return appendCBOR(b, o) })
	case List:
		return appendCBORList(b, v, appendCBOR)
	case []string:
		return appendCBORList(b, v, appendCBORText)
	case []float64:
		return appendCBORList(b, v, appendDouble)
	case []time.Time:
		return appendCBORList(b, v, appendCBORTime)
	}
	panic("wire: value of a type that Object does not list")
}

func appendCBORList[T any](b []byte, list []T, one func([]byte, T) []byte) []byte {
	b = appendHead(b, cborList, uint64(len(list)))
	for _, v := range list {
		b = one(b, v)
	}
	return b
}
