package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sizewise/analyze/engine"
	"sizewise/ingest/cloudwatch"
)

// comparison is how a sample of the lake compares with what CloudWatch says now.
type comparison struct {
	Points     int              `json:"points"`
	Values     int              `json:"values"` // statistics of the points
	Equal      int              `json:"equal"`
	Unanswered int              `json:"unanswered"` // CloudWatch failed or no longer has them
	Different  []difference     `json:"different"`
	Usage      cloudwatch.Usage `json:"usage"`
}

// difference is one value that is not CloudWatch's.
type difference struct {
	Namespace  string    `json:"namespace"`
	Metric     string    `json:"metric"`
	Dims       string    `json:"dims"`
	PeriodS    int32     `json:"period_s"`
	TS         time.Time `json:"ts"`
	Stat       string    `json:"stat"`
	Lake       string    `json:"lake"` // shortest decimal that reads back as the same double
	CloudWatch string    `json:"cloudwatch"`
}

// sampled is one point of the lake to ask for again.
type sampled struct {
	metric  cloudwatch.Metric
	periodS int32
	ts      time.Time
	stats   []string // CloudWatch's names
	values  []float64
}

// statColumns are the statistics with columns of their own, by CloudWatch's name.
func statColumns() [][2]string {
	return [][2]string{
		{"SampleCount", "sample_count"},
		{"Sum", "sum"},
		{"Average", "average"},
		{"Minimum", "minimum"},
		{"Maximum", "maximum"},
		{"p50", "p50"},
		{"p90", "p90"},
		{"p95", "p95"},
		{"p99", "p99"},
		{"p99.9", "p99_9"},
	}
}

// samplePoints takes the sample of the account and region that client asks.
func samplePoints(ctx context.Context, e *engine.Engine, client *cloudwatch.Client, params map[string]any) ([]sampled, error) {
	account, _, err := client.Account(ctx)
	if err != nil {
		return nil, fmt.Errorf("finding out whose credentials these are: %w", err)
	}
	params["region"], params["account"] = client.Region(), account
	rows, err := e.Query(ctx, "sample_points", params)
	if err != nil {
		return nil, fmt.Errorf("taking a sample of the lake: %w", err)
	}
	var out []sampled
	for rows.Next() {
		p := sampled{
			metric:  cloudwatch.Metric{Namespace: rows.String("namespace"), Name: rows.String("metric"), Dims: dims(rows)},
			periodS: int32(rows.Int64("period_s")), ts: rows.Time("ts").UTC(),
		}
		for _, s := range statColumns() {
			if !rows.Null(s[1]) {
				p.stats = append(p.stats, s[0])
				p.values = append(p.values, rows.Float64(s[1]))
			}
		}
		out = append(out, p)
	}
	return out, rows.Close()
}

// dims reads the map column of a row.
func dims(rows *engine.Rows) []cloudwatch.Dim {
	at := slices.IndexFunc(rows.Columns(), func(c engine.Column) bool { return c.Name == "dims" })
	values, _ := engine.JSON(rows.Values()[at]).(map[string]any)
	var out []cloudwatch.Dim
	for name, value := range values {
		out = append(out, cloudwatch.Dim{Name: name, Value: fmt.Sprint(value)})
	}
	slices.SortFunc(out, func(a, b cloudwatch.Dim) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// ask asks CloudWatch for one point and counts how it compares. Queries that
// fail are counted; what ends the command is an error.
func (c *comparison) ask(ctx context.Context, client *cloudwatch.Client, p sampled) error {
	request := cloudwatch.MetricRequest{PeriodS: p.periodS, Start: p.ts, End: p.ts.Add(time.Duration(p.periodS) * time.Second)}
	for _, stat := range p.stats {
		request.Queries = append(request.Queries, cloudwatch.Query{Metric: p.metric, Stat: stat})
	}
	data, err := client.Fetch(ctx, request)
	if err != nil {
		return fmt.Errorf("asking CloudWatch for %s again: %w", p.metric.Name, err)
	}
	c.Points++
	c.Usage.Add(data.Usage)
	for i, r := range data.Results {
		c.Values++
		switch {
		case r.State != cloudwatch.Complete || len(r.Points) != 1:
			c.Unanswered++
		case r.Points[0].Value == p.values[i]:
			c.Equal++
		default:
			c.Different = append(c.Different, difference{
				Namespace: p.metric.Namespace, Metric: p.metric.Name, Dims: dimText(p.metric.Dims),
				PeriodS: p.periodS, TS: p.ts, Stat: p.stats[i],
				Lake: digits(p.values[i]), CloudWatch: digits(r.Points[0].Value),
			})
		}
	}
	return nil
}

func digits(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func dimText(dims []cloudwatch.Dim) string {
	parts := make([]string, len(dims))
	for i, d := range dims {
		parts[i] = d.Name + "=" + d.Value
	}
	return strings.Join(parts, ",")
}
