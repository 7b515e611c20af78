package ingest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
	"sizewise/ingest/subject"
)

// Plan is what Run would ask for now.
type Plan struct {
	Subjects   []SubjectPlan    `json:"subjects"`
	Calls      int64            `json:"calls"`      // of GetMetricData and FilterLogEvents; log groups may need more
	Queries    int64            `json:"queries"`    // statistics of metrics
	Datapoints int64            `json:"datapoints"` // at most
	CostLow    float64          `json:"cost_low"`
	CostHigh   float64          `json:"cost_high"`
	Policy     string           `json:"policy"` // the IAM policy that it needs, JSON
	Usage      cloudwatch.Usage `json:"usage"`  // what planning itself took
}

// SubjectPlan is the plan of one subject.
type SubjectPlan struct {
	Subject    subject.Subject `json:"subject"`
	Account    string          `json:"account"`
	Region     string          `json:"region"`
	Series     []PlannedSeries `json:"series"`
	Chunks     []PlannedChunk  `json:"chunks"`    // in the order in which they would be asked for
	LogGroup   string          `json:"log_group"` // "" when its events would not be asked for
	LogBytes   int64           `json:"log_bytes"` // stored in the group, all time
	Calls      int64           `json:"calls"`
	Queries    int64           `json:"queries"`
	Datapoints int64           `json:"datapoints"`
	CostLow    float64         `json:"cost_low"`
	CostHigh   float64         `json:"cost_high"`
	Notes      []string        `json:"notes"`
	Problems   []lake.Entry    `json:"problems"` // calls that planning made and that failed
}

// PlannedSeries is one metric with all statistics that would be asked for.
type PlannedSeries struct {
	Namespace string           `json:"namespace"`
	Metric    string           `json:"metric"`
	Dims      []cloudwatch.Dim `json:"dims"`
	Stats     []string         `json:"stats"`
}

// PlannedChunk is one future row of the ledger.
type PlannedChunk struct {
	Dataset     string    `json:"dataset"` // see lake.Entry
	Scope       string    `json:"scope"`
	Start       time.Time `json:"start"`
	End         time.Time `json:"end"`
	PeriodS     int32     `json:"period_s"`
	Provisional bool      `json:"provisional"` // would be asked for again later
	Calls       int64     `json:"calls"`       // log events: at least
	Queries     int64     `json:"queries"`
	Datapoints  int64     `json:"datapoints"`
}

// NewPlan says what Run would ask for, without asking for data: it calls
// Describe, ListMetrics and DescribeLogGroups. Errors are those of Run; that a
// subject does not exist shows here only for names without any trace.
func NewPlan(ctx context.Context, o Options) (*Plan, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	plan := &Plan{Policy: cloudwatch.Policy()}
	for _, s := range o.Subjects {
		found, err := look(ctx, o, s)
		if err != nil {
			return nil, fmt.Errorf("planning %s: %w", s, err)
		}
		if !found.exists() {
			return nil, found.unknown()
		}
		one := planSubject(o, found)
		plan.Subjects = append(plan.Subjects, one)
		plan.Calls += one.Calls
		plan.Queries += one.Queries
		plan.Datapoints += one.Datapoints
		plan.CostLow += one.CostLow
		plan.CostHigh += one.CostHigh
		plan.Usage.Add(found.usage)
	}
	return plan, nil
}

func planSubject(o Options, found survey) SubjectPlan {
	s := found.schedule(o)
	out := SubjectPlan{Subject: found.subject, Account: found.account, Region: found.region}
	for _, p := range found.publishers {
		for _, m := range p.metrics {
			out.Series = append(out.Series, PlannedSeries{
				Namespace: p.namespace, Metric: m.name, Dims: slices.Clone(p.dims), Stats: slices.Clone(m.stats),
			})
		}
	}
	for _, c := range s.metrics(found.publishers) {
		out.add(c)
	}
	if found.groupErr == nil {
		out.LogGroup, out.LogBytes = found.group.Name, found.group.StoredBytes
		for _, c := range s.logs(found.group.Name, found.streamPrefix()) {
			out.add(c)
		}
	} else {
		out.Notes = append(out.Notes, "no log events: "+found.groupErr.Error())
	}
	if _, gone := s.bands(); !gone.empty() {
		out.Notes = append(out.Notes, goneNote(gone))
	}
	if !found.exists() {
		out.Notes = append(out.Notes, fmt.Sprintf("nothing in %s is known by this name; metrics would be asked for by name", found.region))
	}
	for _, e := range found.calls {
		if !sealed(e.Status) {
			out.Problems = append(out.Problems, e)
		}
	}
	return out
}

func (p *SubjectPlan) add(c chunk) {
	planned := PlannedChunk{
		Dataset: c.dataset, Scope: c.scope, Start: c.window.start, End: c.window.end,
		PeriodS: c.periodS, Provisional: c.provisional, Calls: 1,
	}
	if c.dataset == metricsData {
		planned.Calls = int64(len(c.requests))
	}
	for _, r := range c.requests {
		planned.Queries += int64(len(r.Queries))
		planned.Datapoints += r.Datapoints()
		low, high := cloudwatch.MetricCost(r.Queries)
		p.CostLow += low
		p.CostHigh += high
	}
	p.Calls += planned.Calls
	p.Queries += planned.Queries
	p.Datapoints += planned.Datapoints
	p.Chunks = append(p.Chunks, planned)
}
