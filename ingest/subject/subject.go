// Package subject names what sizewise looks at: an endpoint or a variant of it,
// an inference component, a job, a pipeline, and anything else that CloudWatch
// has metrics of. A subject is written kind/name, for example
// endpoint/resnet-g5, endpoint/resnet-g5/AllTraffic, training/bert-2026-11-20
// or cloudwatch/AWS/EC2?InstanceId=i-0abc.
package subject

import (
	"fmt"
	"regexp"
	"strings"
)

// Kind is the first part of a subject's name.
type Kind string

// The kinds.
const (
	Endpoint     Kind = "endpoint"
	Component    Kind = "component"    // an inference component
	Training     Kind = "training"     // a training job
	Processing   Kind = "processing"   // a processing job
	Transform    Kind = "transform"    // a batch transform job
	Recommender  Kind = "recommender"  // a job of Inference Recommender
	Pipeline     Kind = "pipeline"     // a SageMaker pipeline
	FeatureGroup Kind = "featuregroup" // a feature group of Feature Store
	Labeling     Kind = "labeling"     // a labeling job of Ground Truth
	Monitor      Kind = "monitor"      // a monitoring schedule of Model Monitor
	Notebook     Kind = "notebook"     // a notebook instance
	CloudWatch   Kind = "cloudwatch"   // a namespace and a set of dimensions
)

// Kinds are all kinds, those of SageMaker first.
func Kinds() []Kind {
	return []Kind{
		Endpoint, Component, Training, Processing, Transform, Recommender,
		Pipeline, FeatureGroup, Labeling, Monitor, Notebook, CloudWatch,
	}
}

// Job says whether what the kind names begins and ends by itself, so that
// Describe tells its window.
func (k Kind) Job() bool {
	switch k {
	case Training, Processing, Transform, Recommender, Labeling:
		return true
	default:
		return false
	}
}

// Subject is one thing to pull and to analyze.
type Subject struct {
	Kind    Kind
	Name    string // SageMaker's name of it; of a CloudWatch subject NAMESPACE?Dim=Value&Dim=Value
	Variant string // production variant; "" means every variant (ingest) or the only one (analyze)
}

// naming is SageMaker's rule for the names of a kind. Source: SageMaker API
// reference, the Create operation of each.
type naming struct {
	what    string
	most    int
	pattern *regexp.Regexp
	letters string // what the pattern allows, in words
}

var (
	hyphened   = regexp.MustCompile(`^[a-zA-Z0-9](-*[a-zA-Z0-9])*$`)
	underlined = regexp.MustCompile(`^[a-zA-Z0-9]([-_]*[a-zA-Z0-9])*$`)
)

const (
	plainLetters  = "letters, digits and inner hyphens"
	underLetters  = "letters, digits and inner hyphens or underscores"
	usualLength   = 63
	longerLength  = 64
	longestLength = 256
)

func (k Kind) naming() (naming, bool) {
	n := naming{most: usualLength, pattern: hyphened, letters: plainLetters}
	switch k {
	case Endpoint:
		n.what = "an endpoint name"
	case Component:
		n.what = "an inference component name"
	case Training:
		n.what = "a training job name"
	case Processing:
		n.what = "a processing job name"
	case Transform:
		n.what = "a transform job name"
	case Recommender:
		n.what, n.most = "an Inference Recommender job name", longerLength
	case Pipeline:
		n.what, n.most = "a pipeline name", longestLength
	case FeatureGroup:
		n.what, n.most, n.pattern, n.letters = "a feature group name", longerLength, underlined, underLetters
	case Labeling:
		n.what = "a labeling job name"
	case Monitor:
		n.what = "a monitoring schedule name"
	case Notebook:
		n.what = "a notebook instance name"
	default:
		return naming{}, false
	}
	return n, true
}

func (n naming) allows(name string) bool {
	return len(name) <= n.most && n.pattern.MatchString(name)
}

// named is the subject of a kind and a name as AWS writes it, or false when AWS
// would not allow the name.
func named(k Kind, name string) (Subject, bool) {
	n, ok := k.naming()
	if !ok || !n.allows(name) {
		return Subject{}, false
	}
	return Subject{Kind: k, Name: name}, true
}

// Parse reads kind/name, for an endpoint kind/name/variant. The error says what
// is wrong and shows the form that would be right.
func Parse(s string) (Subject, error) {
	kind, rest, ok := strings.Cut(s, "/")
	if !ok || rest == "" {
		return Subject{}, fmt.Errorf("subject %q: want kind/name, for example endpoint/my-endpoint", s)
	}
	if Kind(kind) == CloudWatch {
		out, err := parseCloudWatch(rest)
		if err != nil {
			return Subject{}, fmt.Errorf("subject %q: %w", s, err)
		}
		return out, nil
	}
	rule, ok := Kind(kind).naming()
	if !ok {
		return Subject{}, fmt.Errorf("subject %q: unknown kind %q, sizewise knows %s", s, kind, known())
	}
	name, variant := rest, ""
	if Kind(kind) == Endpoint {
		name, variant, _ = strings.Cut(rest, "/")
	}
	if !rule.allows(name) {
		return Subject{}, fmt.Errorf("subject %q: %q is not %s (%s, at most %d)", s, name, rule.what, rule.letters, rule.most)
	}
	if strings.HasSuffix(rest, "/") || variant != "" && !rule.allows(variant) {
		return Subject{}, fmt.Errorf("subject %q: %q is not a variant name (%s, at most %d)", s, variant, plainLetters, usualLength)
	}
	return Subject{Kind: Kind(kind), Name: name, Variant: variant}, nil
}

// known lists the forms of a subject for a message.
func known() string {
	forms := make([]string, 0, len(Kinds()))
	for _, k := range Kinds() {
		switch k {
		case Endpoint:
			forms = append(forms, "endpoint/NAME[/VARIANT]")
		case CloudWatch:
			forms = append(forms, "cloudwatch/NAMESPACE?Dim=Value")
		default:
			forms = append(forms, string(k)+"/NAME")
		}
	}
	return strings.Join(forms, ", ")
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
