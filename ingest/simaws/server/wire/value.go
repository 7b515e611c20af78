package wire

import (
	"math"
	"time"
)

// Object is a structure of a result, its fields in order. A field's value is a
// string, bool, int64, float64, time.Time, Object, Map, List, []Object,
// []string, []float64 or []time.Time. Fields that are absent in AWS's answer are absent
// here: nil is not a value.
type Object []Field

// Map is a map from text: like an Object in JSON and CBOR, a list of entries in
// XML.
type Map Object

// List is a list of values of any of these types.
type List []any

// Field is one named value of an Object.
type Field struct {
	Name  string
	Value any
}

// With is o and one more field.
func (o Object) With(name string, value any) Object {
	return append(o, Field{name, value})
}

// WithText is o and, unless text is empty, one more field.
func (o Object) WithText(name, text string) Object {
	if text == "" {
		return o
	}
	return o.With(name, text)
}

// Get is the value of the named field, nil when it is absent.
func (o Object) Get(name string) any {
	for _, f := range o {
		if f.Name == name {
			return f.Value
		}
	}
	return nil
}

// seconds is t as epoch seconds with microsecond precision, the form of JSON
// and CBOR timestamps.
func seconds(t time.Time) float64 {
	return float64(t.UnixMicro()) / 1e6
}

// fromSeconds is the inverse of seconds.
func fromSeconds(s float64) time.Time {
	return time.UnixMicro(int64(math.Round(s * 1e6))).UTC()
}
