package cloudwatch

import (
	"slices"
	"strconv"
	"time"
)

// facts collects the facts of one Describe call. What SageMaker leaves out is
// left out.
type facts struct {
	source     string
	asOf       time.Time
	kind, name string
	list       []Fact
}

// of sets what the following facts are about.
func (f *facts) of(kind, name string) { f.kind, f.name = kind, name }

func (f *facts) text(attribute, value string) {
	if value == "" {
		return
	}
	f.list = append(f.list, Fact{
		AsOf: f.asOf, Kind: f.kind, Name: f.name,
		Attribute: attribute, Value: value, Source: f.source,
	})
}

func (f *facts) weight(attribute string, v *float32) {
	if v != nil {
		f.text(attribute, strconv.FormatFloat(float64(*v), 'g', -1, 32))
	}
}

func (f *facts) flag(attribute string, v bool) {
	if v {
		f.text(attribute, "true")
	}
}

func (f *facts) time(attribute string, v *time.Time) { f.instant(attribute, firstTime(v)) }

func (f *facts) instant(attribute string, v time.Time) {
	if !v.IsZero() {
		f.text(attribute, v.UTC().Format(time.RFC3339Nano))
	}
}

// number adds a count, which SageMaker has in two widths.
func number[T int32 | int64](f *facts, attribute string, v *T) {
	if v != nil {
		f.text(attribute, strconv.FormatInt(int64(*v), 10))
	}
}

// any says whether a fact has the attribute.
func (f *facts) any(attribute string) bool {
	return slices.ContainsFunc(f.list, func(x Fact) bool { return x.Attribute == attribute })
}

// firstTime is the first time that is set, in UTC.
func firstTime(times ...*time.Time) time.Time {
	for _, t := range times {
		if t != nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
