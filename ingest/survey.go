package ingest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
	"sizewise/ingest/subject"
)

// Datasets of the ledger.
const (
	metricsData   = "metrics"
	logsData      = "logs"
	resourcesData = "resources"
)

// defaultVariant is the variant name that consoles and most examples use. It is
// tried when nothing tells the variants of an endpoint that is gone.
const defaultVariant = "AllTraffic"

// survey is what is known of a subject before its data are pulled.
type survey struct {
	subject    subject.Subject
	account    string
	region     string
	variants   []string
	async      bool
	serverless bool
	publishS   int32 // how often utilization is published, seconds; 0 not said
	enhanced   bool  // invocation metrics are published that often too
	facts      []cloudwatch.Fact
	described  bool // SageMaker knows the endpoint
	missing    bool // SageMaker says that there is no such endpoint
	listed     bool // ListMetrics lists metrics of the subject
	publishers []publisher
	group      cloudwatch.LogGroup
	groupErr   error // why the group cannot be read; nil when it can or may be
	ledger     []lake.Entry
	calls      []lake.Entry // ledger rows of the calls made here
	causes     []error      // errors behind failed calls
	usage      cloudwatch.Usage
}

// surveyor makes one survey.
type surveyor struct {
	Options
	survey survey
}

// look asks everything that is not data: Describe first, then the list of
// metrics and the log group. A call that is denied or fails is noted and gone
// on without; the error is one that ends the run.
func look(ctx context.Context, o Options, s subject.Subject) (survey, error) {
	v := &surveyor{Options: o, survey: survey{subject: s, region: o.Region}}
	steps := []struct {
		stage Stage
		do    func(context.Context) error
	}{
		{StageDescribe, v.readLedger},
		{StageDescribe, v.describe},
		{StageList, v.list},
		{StageList, v.logGroup},
		{StageList, v.owner},
	}
	for i, step := range steps {
		o.Events(Event{Stage: step.stage, Subject: s.Key(), Done: int64(i), Total: int64(len(steps)), Unit: "calls"})
		if err := step.do(ctx); err != nil {
			return v.survey, err
		}
	}
	return v.survey, nil
}

// readLedger reads all of the subject's ledger: older rows name publishers that
// ListMetrics no longer lists.
func (v *surveyor) readLedger(ctx context.Context) error {
	entries, err := v.Lake.Entries(ctx, v.survey.subject.Key(), time.Unix(0, 0).UTC(), v.Now().Add(day))
	if err != nil {
		return fmt.Errorf("reading the ledger of %s: %w", v.survey.subject.Key(), err)
	}
	v.survey.ledger = entries
	return nil
}

func (v *surveyor) describe(ctx context.Context) error {
	s := &v.survey
	d, usage, err := v.Describe.Endpoint(ctx, s.subject.Name)
	if fatal := v.called("DescribeEndpoint", len(d.Facts), usage, err); fatal != nil {
		return fatal
	}
	s.missing = errors.Is(err, cloudwatch.ErrNotFound)
	s.described = err == nil
	v.take(d)
	if d.ConfigName == "" {
		return nil
	}
	d, usage, err = v.Describe.EndpointConfig(ctx, d.ConfigName)
	if fatal := v.called("DescribeEndpointConfig", len(d.Facts), usage, err); fatal != nil {
		return fatal
	}
	v.take(d)
	return nil
}

// take adopts what a Describe call said.
func (v *surveyor) take(d cloudwatch.Description) {
	s := &v.survey
	s.facts = append(s.facts, d.Facts...)
	if d.Account != "" {
		s.account = d.Account
	}
	if d.Region != "" {
		s.region = d.Region
	}
	s.async = s.async || d.Async
	s.serverless = s.serverless || d.Serverless
	s.enhanced = s.enhanced || d.Enhanced
	if d.PublishSeconds != 0 {
		s.publishS = d.PublishSeconds
	}
	for _, name := range d.Variants {
		s.addVariant(name)
	}
}

// called makes the ledger row of a call. It returns err only when err ends the
// run; any other is noted and gone on without.
func (v *surveyor) called(operation string, rows int, usage cloudwatch.Usage, err error) error {
	s := &v.survey
	s.usage.Add(usage)
	if hopeless(err) {
		return err
	}
	e := lake.Entry{
		Chunk:   fmt.Sprintf("%s %s %s %s", s.subject.Key(), resourcesData, operation, stamp(v.Start)),
		Dataset: resourcesData, Subject: s.subject.Key(), Scope: operation, Source: sourceName,
		Start: v.Start, End: v.End, Rows: int64(rows),
		Calls: usage.Calls, Retries: usage.Retries, CostLow: usage.CostLow, CostHigh: usage.CostHigh,
		Status: lake.Complete, FetchedAt: v.Now(),
	}
	switch {
	case errors.Is(err, cloudwatch.ErrNotFound):
		e.Status, e.Reason = lake.Empty, err.Error()
	case err != nil:
		e.Status, e.Reason = outcome(err), err.Error()
		s.causes = append(s.causes, err)
	}
	s.calls = append(s.calls, e)
	return nil
}

// sourceName is the ledger's source column for what this package pulls.
const sourceName = "cloudwatch"

// list unites what ListMetrics lists with what the catalogue and the ledger
// know. ListMetrics hides what had no data for two weeks, and for up to fifteen
// minutes what is new, so it alone would lose both.
func (v *surveyor) list(ctx context.Context) error {
	s := &v.survey
	var listed []cloudwatch.Metric
	var usage cloudwatch.Usage
	var failure error
	for _, namespace := range namespaces() {
		found, u, err := v.Metrics.List(ctx, namespace, []cloudwatch.Dim{{Name: "EndpointName", Value: s.subject.Name}})
		usage.Add(u)
		listed = append(listed, found...)
		if err != nil {
			failure = err
			break
		}
	}
	if fatal := v.called("ListMetrics", len(listed), usage, failure); fatal != nil {
		return fatal
	}
	s.unite(listed)
	return nil
}

func (v *surveyor) logGroup(ctx context.Context) error {
	s := &v.survey
	group, usage, err := v.Logs.Group(ctx, s.subject.LogGroup())
	s.group = group
	s.group.Name = s.subject.LogGroup()
	rows := 1
	if err != nil {
		rows = 0
	}
	if fatal := v.called("DescribeLogGroups", rows, usage, err); fatal != nil {
		return fatal
	}
	switch {
	case errors.Is(err, cloudwatch.ErrNotFound):
		s.groupErr = err
	case err == nil && !group.Readable():
		s.groupErr = &cloudwatch.Error{
			Operation: "FilterLogEvents", Reason: cloudwatch.ErrUnsupported,
			Detail: group.Name + " is of class " + group.Class,
		}
	}
	return nil
}

// owner finds the account where no endpoint told it. It is part of every row's
// identity, so the rows of an endpoint must bear it also when Describe is
// denied or the endpoint is gone.
func (v *surveyor) owner(ctx context.Context) error {
	s := &v.survey
	if s.account == "" {
		s.account = s.group.Account
	}
	if s.account != "" {
		return nil
	}
	account, usage, err := v.Describe.Account(ctx)
	s.usage.Add(usage)
	if hopeless(err) {
		return err
	}
	if err != nil {
		v.Logger.Warn("the account is not known, rows will lack it", "error", err)
	}
	s.account = account
	return nil
}

func (s *survey) addVariant(name string) {
	if name != "" && !slices.Contains(s.variants, name) {
		s.variants = append(s.variants, name)
	}
}

// exists says whether anything but the name itself speaks for the subject: for
// an endpoint that SageMaker does not know, its metrics or its log group.
func (s *survey) exists() bool {
	if s.described {
		return s.subject.Variant == "" || slices.Contains(s.variants, s.subject.Variant)
	}
	return !s.missing || s.listed || !errors.Is(s.groupErr, cloudwatch.ErrNotFound)
}

// unknown is the error for a subject that nothing speaks for.
func (s *survey) unknown() error {
	return &UnknownError{Subject: s.subject, Region: s.region, Account: s.account, Variants: slices.Clone(s.variants)}
}

// streamPrefix limits logs to the subject's variant; streams are named
// VARIANT/INSTANCE.
func (s *survey) streamPrefix() string {
	if s.subject.Variant == "" {
		return ""
	}
	return s.subject.Variant + "/"
}
