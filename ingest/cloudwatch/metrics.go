package cloudwatch

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// Dim is one dimension of a metric.
type Dim struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Metric names one metric: what ListMetrics lists.
type Metric struct {
	Namespace string
	Name      string
	Dims      []Dim // sorted by name
}

// Key is equal for equal metrics and orders them.
func (m Metric) Key() string {
	var b strings.Builder
	b.WriteString(m.Namespace)
	b.WriteByte('|')
	b.WriteString(m.Name)
	for _, d := range m.Dims {
		b.WriteByte('|')
		b.WriteString(d.Name)
		b.WriteByte('=')
		b.WriteString(d.Value)
	}
	return b.String()
}

// maxRepeats is how often a page token may come again before a listing stops.
const maxRepeats = 3

// errRepeated ends a listing whose token does not move on.
var errRepeated = errors.New("the service repeated a page token")

// tokens guards a listing against tokens that lead in a circle.
type tokens struct {
	seen    map[string]bool
	repeats int
}

// next says whether to ask for the page that token names. It answers
// errRepeated when tokens have come again too often.
func (t *tokens) next(token *string) (more bool, err error) {
	if token == nil || *token == "" {
		return false, nil
	}
	if t.seen == nil {
		t.seen = make(map[string]bool)
	}
	if t.seen[*token] {
		t.repeats++
	}
	if t.repeats > maxRepeats {
		return false, errRepeated
	}
	t.seen[*token] = true
	return true, nil
}

// List lists the metrics of namespace that carry the dimensions dims, and
// perhaps others; a dimension without a value means any value. CloudWatch lists
// only what had data in the past two weeks, and new metrics after up to fifteen
// minutes. The result is sorted by Key, without duplicates. On an error the
// metrics listed so far are returned with it.
func (c *Client) List(ctx context.Context, namespace string, dims []Dim) ([]Metric, Usage, error) {
	in := &sdk.ListMetricsInput{Namespace: aws.String(namespace)}
	for _, d := range dims {
		f := types.DimensionFilter{Name: aws.String(d.Name)}
		if d.Value != "" {
			f.Value = aws.String(d.Value)
		}
		in.Dimensions = append(in.Dimensions, f)
	}
	var usage Usage
	var found []Metric
	var guard tokens
	for {
		out, err := c.metrics.ListMetrics(ctx, in, func(o *sdk.Options) {
			o.APIOptions = append(o.APIOptions, c.listMetrics.meter(&usage))
		})
		if err != nil {
			return sortMetrics(found), usage, wrap("ListMetrics", err)
		}
		usage.CostHigh += pricePerList
		for _, m := range out.Metrics {
			found = append(found, fromSDK(m))
		}
		more, err := guard.next(out.NextToken)
		if err != nil {
			return sortMetrics(found), usage, wrap("ListMetrics", err)
		}
		if !more {
			return sortMetrics(found), usage, nil
		}
		in.NextToken = out.NextToken
	}
}

func fromSDK(m types.Metric) Metric {
	out := Metric{Namespace: aws.ToString(m.Namespace), Name: aws.ToString(m.MetricName)}
	for _, d := range m.Dimensions {
		out.Dims = append(out.Dims, Dim{Name: aws.ToString(d.Name), Value: aws.ToString(d.Value)})
	}
	slices.SortFunc(out.Dims, func(a, b Dim) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func (m Metric) sdk() *types.Metric {
	out := &types.Metric{Namespace: aws.String(m.Namespace), MetricName: aws.String(m.Name)}
	for _, d := range m.Dims {
		out.Dimensions = append(out.Dimensions, types.Dimension{Name: aws.String(d.Name), Value: aws.String(d.Value)})
	}
	return out
}

func sortMetrics(m []Metric) []Metric {
	slices.SortFunc(m, func(a, b Metric) int { return strings.Compare(a.Key(), b.Key()) })
	return slices.CompactFunc(m, func(a, b Metric) bool { return a.Key() == b.Key() })
}
