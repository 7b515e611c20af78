package subject

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Source of the limits: PutMetricData API reference.
var namespaceRule = regexp.MustCompile(`^[0-9A-Za-z._/#-][0-9A-Za-z._/#: -]{0,254}$`)

const (
	mostDims      = 30
	mostDimName   = 255
	mostDimValue  = 1024
	cloudwatchFor = "want cloudwatch/NAMESPACE?Dim=Value&Dim=Value, for example cloudwatch/AWS/EC2?InstanceId=i-0abc"
)

// FromSeries is the CloudWatch subject of the metrics that namespace has under
// exactly these dimensions; none means the metrics without dimensions. The
// error says what CloudWatch would not allow.
func FromSeries(namespace string, dims map[string]string) (Subject, error) {
	if !namespaceRule.MatchString(namespace) || strings.TrimSpace(namespace) != namespace {
		return Subject{}, fmt.Errorf("%q is not a CloudWatch namespace: %s", namespace, cloudwatchFor)
	}
	if len(dims) > mostDims {
		return Subject{}, fmt.Errorf("%d dimensions: CloudWatch allows %d", len(dims), mostDims)
	}
	var b strings.Builder
	b.WriteString(namespace)
	for i, name := range slices.Sorted(maps.Keys(dims)) {
		value := dims[name]
		if name == "" || value == "" || len(name) > mostDimName || len(value) > mostDimValue || !printable(name+value) {
			return Subject{}, fmt.Errorf("dimension %q with value %q: %s", name, value, cloudwatchFor)
		}
		b.WriteByte("?&"[min(i, 1)])
		b.WriteString(url.QueryEscape(name) + "=" + url.QueryEscape(value))
	}
	return Subject{Kind: CloudWatch, Name: b.String()}, nil
}

// printable says whether s is text without control characters.
func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\uFFFD' })
}

// parseCloudWatch reads NAMESPACE?Dim=Value&Dim=Value. Dimensions may come in
// any order and unescaped as far as that is clear; the subject has them sorted
// and escaped.
func parseCloudWatch(s string) (Subject, error) {
	namespace, query, _ := strings.Cut(s, "?")
	dims, err := parseDims(query)
	if err != nil {
		return Subject{}, err
	}
	return FromSeries(namespace, dims)
}

func parseDims(query string) (map[string]string, error) {
	dims := make(map[string]string)
	if query == "" {
		return dims, nil
	}
	for pair := range strings.SplitSeq(query, "&") {
		key, value, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, fmt.Errorf("%q is not Dim=Value: %s", pair, cloudwatchFor)
		}
		name, err := url.QueryUnescape(key)
		if err != nil {
			return nil, fmt.Errorf("dimension %q: %w", key, err)
		}
		text, err := url.QueryUnescape(value)
		if err != nil {
			return nil, fmt.Errorf("value of dimension %q: %w", name, err)
		}
		if _, twice := dims[name]; twice {
			return nil, fmt.Errorf("dimension %q is there twice", name)
		}
		dims[name] = text
	}
	return dims, nil
}

// Series is the namespace and the exact dimensions of a CloudWatch subject. The
// error says that s is of another kind, or was not made by Parse.
func (s Subject) Series() (namespace string, dims map[string]string, err error) {
	if s.Kind != CloudWatch {
		return "", nil, errors.New(s.String() + " is not a CloudWatch subject")
	}
	namespace, query, _ := strings.Cut(s.Name, "?")
	dims, err = parseDims(query)
	return namespace, dims, err
}
