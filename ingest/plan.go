package ingest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
	"sizewise/ingest/subject"
)

// Plan is what Run would ask for now.
type Plan struct {
	Subjects []SubjectPlan `json:"subjects"`
	// Calls are all that Run makes, those that planning itself made included.
	// Further pages of log events and of Insights queries are not: for those it
	// is the least.
	Calls       int64            `json:"calls"`
	ByOperation map[string]int64 `json:"by_operation"` // the same by AWS's name of the operation
	Queries     int64            `json:"queries"`      // statistics of metrics
	Datapoints  int64            `json:"datapoints"`   // at most
	CostLow     float64          `json:"cost_low"`
	CostHigh    float64          `json:"cost_high"`
	// LeastSeconds is the shortest time that the quotas of AWS allow for it, in
	// the region that takes longest.
	LeastSeconds float64          `json:"least_seconds"`
	Policy       string           `json:"policy"` // the IAM policy that it needs, JSON
	Usage        cloudwatch.Usage `json:"usage"`  // what planning itself took
}

// SubjectPlan is the plan of one subject in one target.
type SubjectPlan struct {
	Subject     subject.Subject  `json:"subject"`
	Target      string           `json:"target,omitempty"` // its name
	Account     string           `json:"account"`
	Region      string           `json:"region"`
	Start       time.Time        `json:"start"` // of the window: a job's own when none was given
	End         time.Time        `json:"end"`
	Series      []PlannedSeries  `json:"series"`
	Chunks      []PlannedChunk   `json:"chunks"`     // in the order in which they would be asked for
	LogGroups   []PlannedGroup   `json:"log_groups"` // whose events would be asked for
	Calls       int64            `json:"calls"`
	ByOperation map[string]int64 `json:"by_operation"`
	Queries     int64            `json:"queries"`
	Datapoints  int64            `json:"datapoints"`
	CostLow     float64          `json:"cost_low"`
	CostHigh    float64          `json:"cost_high"`
	Notes       []string         `json:"notes"`
	Problems    []lake.Entry     `json:"problems"` // calls that planning made and that failed
	recent      int64            // datapoints under the quota of the last three hours
}

// PlannedSeries is one metric with all statistics that would be asked for.
type PlannedSeries struct {
	Namespace string           `json:"namespace"`
	Metric    string           `json:"metric"`
	Dims      []cloudwatch.Dim `json:"dims"`
	Stats     []string         `json:"stats"`
}

// PlannedGroup is a log group.
type PlannedGroup struct {
	Name         string `json:"name"`
	StreamPrefix string `json:"stream_prefix,omitempty"`
	Class        string `json:"class"`
	Bytes        int64  `json:"bytes"` // stored in the group, of all subjects and all time
}

// PlannedChunk is one future row of the ledger.
type PlannedChunk struct {
	Dataset     string    `json:"dataset"` // see lake.Entry
	Scope       string    `json:"scope"`
	Start       time.Time `json:"start"`
	End         time.Time `json:"end"`
	PeriodS     int32     `json:"period_s"`
	Provisional bool      `json:"provisional"` // would be asked for again later
	// Calls are those that the chunk begins: one that serves several is counted
	// with the first. Of log events it is the least.
	Calls      int64 `json:"calls"`
	Queries    int64 `json:"queries"`
	Datapoints int64 `json:"datapoints"`
}

// NewPlan says what Run would ask for, without asking for data: it calls
// Describe, ListMetrics and DescribeLogGroups. Errors are those of Run; that a
// subject does not exist shows here only for names without any trace.
func NewPlan(ctx context.Context, o Options) (*Plan, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	surveys := abreast(ctx, o, func(ctx context.Context, t Target, s subject.Subject) (*survey, error) {
		return look(ctx, o, t, s)
	})
	plan := &Plan{Policy: cloudwatch.Policy(described(o.Subjects)...), ByOperation: make(map[string]int64)}
	loads := make(map[string]*load) // by account and region
	errs := slices.Clone(o.broken)
	for i, ofSubject := range surveys {
		known := false
		for k, one := range ofSubject {
			if one.skipped {
				continue
			}
			if one.err != nil {
				errs = append(errs, o.named(fmt.Errorf("planning %s: %w", o.Subjects[i], one.err), k))
				known = true
				continue
			}
			plan.Usage.Add(one.got.usage)
			if !one.got.plannable() {
				plan.count(one.got, loads)
				continue
			}
			known = true
			plan.add(planSubject(o, one.got), loads)
		}
		if !known && ofSubject[0].got != nil {
			errs = append(errs, ofSubject[0].got.unknown())
		}
	}
	if len(errs) > 0 {
		return nil, join(errs)
	}
	for place, l := range loads {
		_, region, _ := cutLast(place, "/")
		plan.LeastSeconds = max(plan.LeastSeconds, l.least(region).Seconds())
	}
	return plan, nil
}

// plannable says whether there is anything to plan for a subject. One of
// CloudWatch's has no other trace than its points, which a plan does not ask for.
func (s *survey) plannable() bool {
	return !s.window.empty() && (s.exists() || s.subject.Kind == subject.CloudWatch)
}

// count adds the calls of a survey that found nothing.
func (p *Plan) count(s *survey, loads map[string]*load) {
	for operation, n := range s.operations {
		p.ByOperation[operation] += n
		p.Calls += n
		loadAt(loads, s.place()).calls[operation] += n
	}
}

func (p *Plan) add(one SubjectPlan, loads map[string]*load) {
	p.Subjects = append(p.Subjects, one)
	p.Calls += one.Calls
	p.Queries += one.Queries
	p.Datapoints += one.Datapoints
	p.CostLow += one.CostLow
	p.CostHigh += one.CostHigh
	l := loadAt(loads, one.Account+"/"+one.Region)
	l.recent += one.recent
	l.older += one.Datapoints - one.recent
	for operation, n := range one.ByOperation {
		p.ByOperation[operation] += n
		l.calls[operation] += n
	}
}

func loadAt(loads map[string]*load, place string) *load {
	if loads[place] == nil {
		loads[place] = &load{calls: make(map[string]int64)}
	}
	return loads[place]
}

func planSubject(o Options, found *survey) SubjectPlan {
	s := found.schedule(o)
	out := SubjectPlan{
		Subject: found.subject, Target: found.target, Account: found.account, Region: found.region,
		Start: s.window.start, End: s.window.end, ByOperation: maps.Clone(found.operations),
		Notes: append(found.notes(s), fineNotes(s, found.publishers)...),
	}
	for _, p := range found.publishers {
		for _, m := range p.metrics {
			out.Series = append(out.Series, PlannedSeries{
				Namespace: p.namespace, Metric: m.name, Dims: slices.Clone(p.dims), Stats: slices.Clone(m.stats),
			})
		}
	}
	out.metrics(s.metrics(found.publishers), s.now)
	for _, g := range found.groups {
		out.logs(g, s.of(g).logs(g))
	}
	if !found.exists() {
		out.Notes = append(out.Notes, fmt.Sprintf("nothing in %s is known by this name; metrics would be asked for by name", found.region))
	}
	for _, e := range found.calls {
		if !sealed(e.Status) {
			out.Problems = append(out.Problems, e)
		}
	}
	for _, n := range out.ByOperation {
		out.Calls += n
	}
	return out
}

// metrics adds the chunks of metrics and the calls that they make.
func (p *SubjectPlan) metrics(chunks []chunk, now time.Time) {
	for _, g := range batches(chunks) {
		planned := make([]PlannedChunk, len(g))
		for i, c := range g {
			planned[i] = c.planned()
		}
		for _, c := range pack(g) {
			planned[c.parts[0].chunk].Calls++
			p.ByOperation["GetMetricData"]++
			low, high := cloudwatch.MetricCost(c.request.Queries)
			p.CostLow += low
			p.CostHigh += high
			if now.Sub(c.request.Start) < recentFor {
				p.recent += c.request.Datapoints()
			}
			for _, of := range c.parts {
				part := c.request
				part.Queries = c.request.Queries[of.from:of.to]
				planned[of.chunk].Queries += int64(len(part.Queries))
				planned[of.chunk].Datapoints += part.Datapoints()
			}
		}
		for _, c := range planned {
			p.Queries += c.Queries
			p.Datapoints += c.Datapoints
		}
		p.Chunks = append(p.Chunks, planned...)
	}
}

func (c chunk) planned() PlannedChunk {
	return PlannedChunk{
		Dataset: c.dataset, Scope: c.scope(), Start: c.window.start, End: c.window.end,
		PeriodS: c.periodS, Provisional: c.provisional,
	}
}

// logs adds the chunks of a log group.
func (p *SubjectPlan) logs(g logGroup, chunks []chunk) {
	if g.err != nil {
		p.Notes = append(p.Notes, "no log events: "+g.err.Error())
		if !errors.Is(g.err, cloudwatch.ErrNotFound) {
			p.Problems = append(p.Problems, lake.Entry{
				Dataset: logsData, Subject: g.owner.Key(), Scope: g.scope(), Source: sourceName,
				Start: p.Start, End: p.End, Status: lake.Failed, Reason: g.err.Error(),
			})
		}
		return
	}
	p.LogGroups = append(p.LogGroups, PlannedGroup{Name: g.name, StreamPrefix: g.prefix, Class: g.class, Bytes: g.bytes})
	for _, c := range chunks {
		planned := c.planned()
		for operation, n := range g.firstCalls(c.window) {
			planned.Calls += n
			p.ByOperation[operation] += n
		}
		p.Chunks = append(p.Chunks, planned)
	}
}

// fineNotes say until when points of less than a minute can be had.
func fineNotes(s schedule, ps []publisher) []string {
	var finest int32
	for _, p := range ps {
		for _, m := range p.metrics {
			if m.publishS > 0 && m.publishS < 60 && (finest == 0 || m.publishS < finest) {
				finest = m.publishS
			}
		}
	}
	if finest == 0 {
		return nil
	}
	have, end := s.fine(), earlier(s.window.end, s.now)
	if have.empty() {
		return []string{fmt.Sprintf("points of %d s live three hours: those of this window were gone at %s", finest, stamp(end.Add(fineKeep)))}
	}
	first := have.start.Add(fineKeep)
	note := fmt.Sprintf("points of %d s live three hours: pull before %s for those that are left, after %s none are", finest, stamp(first), stamp(end.Add(fineKeep)))
	if have.start.After(s.window.start) {
		note += fmt.Sprintf("; those before %s are gone", stamp(have.start))
	}
	return []string{note}
}
