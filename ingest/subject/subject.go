// Package subject names what sizewise looks at: an endpoint, a variant of it,
// and later jobs, components and pipelines. A subject is written kind/name,
// for example endpoint/resnet-g5 or endpoint/resnet-g5/AllTraffic.
package subject

import (
	"fmt"
	"regexp"
	"strings"
)

// Kind is the first part of a subject's name.
type Kind string

// The kinds that sizewise can pull today.
const (
	Endpoint Kind = "endpoint"
)

// Subject is one thing to pull and to analyze.
type Subject struct {
	Kind    Kind
	Name    string // SageMaker's name of it
	Variant string // production variant; "" means every variant (ingest) or the only one (analyze)
}

// awsName is SageMaker's own rule for endpoint and variant names.
var awsName = regexp.MustCompile(`^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$`)

// Parse reads kind/name[/variant]. The error says what is wrong and shows the
// form that would be right.
func Parse(s string) (Subject, error) {
	kind, rest, ok := strings.Cut(s, "/")
	if !ok || rest == "" {
		return Subject{}, fmt.Errorf("subject %q: want kind/name, for example endpoint/my-endpoint", s)
	}
	if Kind(kind) != Endpoint {
		return Subject{}, fmt.Errorf("subject %q: unknown kind %q, sizewise knows endpoint/NAME[/VARIANT]", s, kind)
	}
	name, variant, _ := strings.Cut(rest, "/")
	if !awsName.MatchString(name) {
		return Subject{}, fmt.Errorf("subject %q: %q is not an endpoint name (letters, digits and inner hyphens, at most 63)", s, name)
	}
	if strings.HasSuffix(rest, "/") || (variant != "" && !awsName.MatchString(variant)) {
		return Subject{}, fmt.Errorf("subject %q: %q is not a variant name (letters, digits and inner hyphens, at most 63)", s, variant)
	}
	return Subject{Kind: Kind(kind), Name: name, Variant: variant}, nil
}

// String is the form that Parse reads.
func (s Subject) String() string {
	if s.Variant != "" {
		return s.Key() + "/" + s.Variant
	}
	return s.Key()
}

// MarshalText lets a subject stand in JSON as the text that Parse reads.
func (s Subject) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Key is kind/name without the variant: the lake's subject column.
func (s Subject) Key() string { return string(s.Kind) + "/" + s.Name }

// LogGroup is the CloudWatch Logs group that the subject's containers write to.
// Source: SageMaker developer guide, "Logs sent to CloudWatch".
func (s Subject) LogGroup() string { return "/aws/sagemaker/Endpoints/" + s.Name }

// FromLogGroup is the inverse of LogGroup: the subject whose containers write
// to group, or false when the group is not an endpoint's.
func FromLogGroup(group string) (Subject, bool) {
	name, ok := strings.CutPrefix(group, "/aws/sagemaker/Endpoints/")
	if !ok || !awsName.MatchString(name) {
		return Subject{}, false
	}
	return Subject{Kind: Endpoint, Name: name}, true
}
