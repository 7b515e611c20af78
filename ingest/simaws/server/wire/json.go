package wire

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// jsonCodec is AWS JSON 1.0 or 1.1: POST / with the operation in X-Amz-Target.
type jsonCodec struct{ version string }

// jsonVersion is the version that a media type names, 1.1 when it names none.
func jsonVersion(mediaType string) string {
	if v, ok := strings.CutPrefix(mediaType, "application/x-amz-json-"); ok && v == "1.0" {
		return "1.0"
	}
	return "1.1"
}

// decodeJSON reads the operation from X-Amz-Target and the parameters from the body.
func decodeJSON(c *Call, r *http.Request, body []byte) error {
	c.Params = newParams(nil)
	service, operation, ok := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	if !ok {
		return &Error{Shape: "UnknownOperationException", Message: "X-Amz-Target is not SERVICE.OPERATION"}
	}
	c.Service, c.Operation = service, operation
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var fields map[string]any
	if err := d.Decode(&fields); err != nil {
		return malformed("invalid JSON body: %v", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return malformed("invalid JSON body: more than one value")
	}
	for k, v := range fields {
		fields[k] = fromJSON(v)
	}
	c.Params = newParams(fields)
	return nil
}

// fromJSON turns numbers into int64 where they are whole, float64 otherwise.
func fromJSON(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		if f, err := v.Float64(); err == nil {
			return f
		}
		return []byte(v) // out of range: no reader accepts it
	case []any:
		for i := range v {
			v[i] = fromJSON(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = fromJSON(v[k])
		}
	}
	return v
}

func (k jsonCodec) reply(c *Call, status int, body []byte) Reply {
	h := http.Header{}
	h.Set("Content-Type", "application/x-amz-json-"+k.version)
	h.Set("X-Amzn-Requestid", c.RequestID)
	return Reply{Status: status, Header: h, Body: body}
}

func (k jsonCodec) result(c *Call, o Object) Reply {
	return k.reply(c, http.StatusOK, appendJSON(nil, o))
}

func (k jsonCodec) failure(c *Call, e *Error) Reply {
	shape := e.Shape
	if c.Service == CloudWatch {
		shape = "com.amazonaws.cloudwatch#" + shape
	}
	r := k.reply(c, e.HTTPStatus(), appendJSON(nil, Object{{"__type", shape}, {"message", e.Message}}))
	setQueryError(r.Header, c, e)
	return r
}

// appendJSON appends a value of an Object. Timestamps are epoch seconds.
func appendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return appendJSONText(b, v)
	case bool:
		return strconv.AppendBool(b, v)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case float64:
		return appendJSONFloat(b, v)
	case time.Time:
		return appendJSONTime(b, v)
	case Object:
		b = append(b, '{')
		for i, f := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendJSONText(b, f.Name), ':')
			b = appendJSON(b, f.Value)
		}
		return append(b, '}')
	case Map:
		return appendJSON(b, Object(v))
	case []Object:
		return appendJSONList(b, v, func(b []byte, o Object) []byte { return appendJSON(b, o) })
	case List:
		return appendJSONList(b, v, appendJSON)
	case []string:
		return appendJSONList(b, v, appendJSONText)
	case []float64:
		return appendJSONList(b, v, appendJSONFloat)
	case []time.Time:
		return appendJSONList(b, v, appendJSONTime)
	}
	panic("wire: value of a type that Object does not list")
}

func appendJSONList[T any](b []byte, list []T, one func([]byte, T) []byte) []byte {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = one(b, v)
	}
	return append(b, ']')
}

func appendJSONFloat(b []byte, f float64) []byte {
	return strconv.AppendFloat(b, f, 'g', -1, 64)
}

// appendJSONTime writes whole seconds as an integer, else up to microseconds.
func appendJSONTime(b []byte, t time.Time) []byte {
	if t.Nanosecond()/1000 == 0 {
		return strconv.AppendInt(b, t.Unix(), 10)
	}
	return strconv.AppendFloat(b, seconds(t), 'f', -1, 64)
}

// appendJSONText quotes s. The common case, no byte to escape, is copied whole.
func appendJSONText(b []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return appendJSONEscaped(b, s)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// appendJSONEscaped quotes s byte by byte; bytes that are no UTF-8 become the
// replacement character.
func appendJSONEscaped(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			b = utf8.AppendRune(b, r)
			i += n
			continue
		}
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c == '\t':
			b = append(b, '\\', 't')
		case c < ' ':
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			b = append(b, c)
		}
		i++
	}
	return append(b, '"')
}
