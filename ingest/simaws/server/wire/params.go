package wire

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// text is a value of a form, where everything is a string.
type text string

// Params reads one structure of a request, whatever protocol it came in. The
// first value of a wrong type is remembered and reported by Err; reading goes
// on with zero values, so that a caller checks once.
//
// Values are string, text, bool, int64, float64, time.Time, []any and
// map[string]any.
type Params struct {
	fields map[string]any
	path   string // dotted, as AWS names parameters in its messages
	bad    *error
}

// newParams is the root structure of a request.
func newParams(fields map[string]any) Params {
	return Params{fields: fields, bad: new(error)}
}

// Err is the first wrong type met so far, as an *Error, or nil.
func (p Params) Err() error {
	if p.bad == nil {
		return nil
	}
	return *p.bad
}

// Path is the full name of a field, for messages.
func (p Params) Path(name string) string {
	if p.path == "" {
		return name
	}
	return p.path + "." + name
}

// Has reports whether the field was sent and is not null.
func (p Params) Has(name string) bool { return p.fields[name] != nil }

func (p Params) wrong(name, want string) {
	if p.bad != nil && *p.bad == nil {
		*p.bad = malformed("%s is not %s", p.Path(name), want)
	}
}

// String is the field's text, "" when it is absent.
func (p Params) String(name string) string {
	switch v := p.fields[name].(type) {
	case nil:
		return ""
	case string:
		return v
	case text:
		return string(v)
	}
	p.wrong(name, "a string")
	return ""
}

// Strings is the field's list of text.
func (p Params) Strings(name string) []string {
	var out []string
	for i, v := range p.list(name) {
		switch v := v.(type) {
		case string:
			out = append(out, v)
		case text:
			out = append(out, string(v))
		default:
			p.wrong(fmt.Sprintf("%s.member.%d", name, i+1), "a string")
		}
	}
	return out
}

// Int is the field's whole number; false when it is absent.
func (p Params) Int(name string) (int64, bool) {
	switch v := p.fields[name].(type) {
	case nil:
		return 0, false
	case int64:
		return v, true
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int64(v), true
		}
	case text:
		if n, err := strconv.ParseInt(string(v), 10, 64); err == nil {
			return n, true
		}
	}
	p.wrong(name, "a whole number")
	return 0, false
}

// Bool is the field's truth; the second result is false when it is absent.
func (p Params) Bool(name string) (value, ok bool) {
	switch v := p.fields[name].(type) {
	case nil:
		return false, false
	case bool:
		return v, true
	case text:
		if b, err := strconv.ParseBool(strings.ToLower(string(v))); err == nil {
			return b, true
		}
	}
	p.wrong(name, "true or false")
	return false, false
}

// Time is the field's timestamp; false when it is absent. Sources: epoch
// seconds in JSON, tag 1 in CBOR, ISO 8601 in forms.
func (p Params) Time(name string) (time.Time, bool) {
	switch v := p.fields[name].(type) {
	case nil:
		return time.Time{}, false
	case time.Time:
		return v, true
	case int64:
		if v > -maxEpoch && v < maxEpoch {
			return time.Unix(v, 0).UTC(), true
		}
	case float64:
		if v > -maxEpoch && v < maxEpoch {
			return fromSeconds(v), true
		}
	case text:
		if t, ok := parseTime(string(v)); ok {
			return t, true
		}
	case string:
		if t, ok := parseTime(v); ok {
			return t, true
		}
	}
	p.wrong(name, "a timestamp")
	return time.Time{}, false
}

// maxEpoch bounds timestamps, in seconds, to what survives microseconds.
const maxEpoch = 1 << 40

// parseTime reads the ISO 8601 forms that AWS clients send.
func parseTime(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// Struct is the field's structure; an empty one when it is absent.
func (p Params) Struct(name string) Params {
	child := Params{path: p.Path(name), bad: p.bad}
	switch v := p.fields[name].(type) {
	case nil:
	case map[string]any:
		child.fields = v
	default:
		p.wrong(name, "a structure")
	}
	return child
}

// Structs is the field's list of structures.
func (p Params) Structs(name string) []Params {
	var out []Params
	for i, v := range p.list(name) {
		member := fmt.Sprintf("%s.member.%d", name, i+1)
		fields, ok := v.(map[string]any)
		if !ok {
			p.wrong(member, "a structure")
			continue
		}
		out = append(out, Params{fields: fields, path: p.Path(member), bad: p.bad})
	}
	return out
}

func (p Params) list(name string) []any {
	switch v := p.fields[name].(type) {
	case nil:
		return nil
	case []any:
		return v
	case text:
		if v == "" { // the Query protocol's empty list
			return nil
		}
	}
	p.wrong(name, "a list")
	return nil
}
