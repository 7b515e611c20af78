package analyze

import (
	"context"
	"slices"
	"time"

	"sizewise/analyze/dossier"
	"sizewise/analyze/engine"
	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
	"sizewise/analyze/stat"
)

// other analyzes a subject that is no endpoint with instances. What kind of set
// it is judged as may differ from its own kind.
func (r *reader) other(ctx context.Context, kind string) (finding.Set, error) {
	d, err := r.dossier(ctx)
	if err != nil {
		return finding.Set{}, err
	}
	ev := evidence{window: d.Window}
	ev.tested.PeriodS = 60
	if err := r.readLedger(ctx, &ev); err != nil {
		return finding.Set{}, err
	}
	r.options.Logger.Info("evidence read", "series", len(d.Series), "facts", len(d.Facts))
	if age, ok := r.options.SLO.Find(slo.Age); ok {
		d.MaxAge = age.Limit
	}
	result := judge(kind, &d)
	set := finding.Set{
		Format: finding.Format, Tool: r.options.Tool,
		Subject: d.Subject(), Kind: kind, Window: d.Window,
		Verdict: result.Verdict, Measures: result.Measures, Phases: result.Phases, Parts: result.Parts,
		Charts: result.Charts, Findings: result.Findings,
		Ledger:   ev.ledger,
		Coverage: coverageOf(&d, result.Notes),
		Logs:     logsOf(&d),
		Options: finding.Options{
			SLO: r.options.SLO.String(), PeakRPS: finding.Missing(), Growth: finding.Number(r.options.Growth),
			TargetUtilization: finding.Number(r.options.TargetUtilization), InstanceType: r.options.InstanceType,
		},
	}
	keep(&set, r.options.SLO)
	set.Tested.Account, set.Tested.Region, set.Tested.PeriodS = d.Account, d.Region, ev.tested.PeriodS
	set.Tested.InstancesMin, set.Tested.InstancesMax, set.Tested.InstancesLast = finding.Missing(), finding.Missing(), finding.Missing()
	set.Tested.Requests, set.Tested.MemoryGiB = finding.Missing(), finding.Missing()
	return set, nil
}

// dossier reads what the lake holds of the subject.
func (r *reader) dossier(ctx context.Context) (dossier.Dossier, error) {
	d := dossier.Dossier{
		Kind: r.options.Kind, Name: r.options.Name, Types: r.options.InstanceTypes, Prices: r.options.Prices, Today: r.options.Today,
		Account: r.options.Account, Region: r.options.Region,
	}
	if err := r.readFacts(ctx, &d); err != nil {
		return d, err
	}
	if err := r.oneHome(homesOf(d.Facts)); err != nil {
		return d, err
	}
	params := map[string]any{"subject": r.subject()}
	if !r.options.Start.IsZero() {
		d.Window = finding.Window{Start: r.options.Start.UTC(), End: r.options.End.UTC()}
		params["start"], params["end"] = d.Window.Start, d.Window.End
	}
	if err := r.readSeries(ctx, &d, params); err != nil {
		return d, err
	}
	if err := r.oneVariant(&d); err != nil {
		return d, err
	}
	if err := r.readMessages(ctx, &d, params); err != nil {
		return d, err
	}
	if len(d.Series) == 0 && len(d.Messages) == 0 && len(d.Facts) == 0 {
		if d.Window.Start.IsZero() {
			return d, r.unknown(ctx)
		}
		return d, r.noData(d.Window, "the lake may hold it at another time: sizewise query subjects")
	}
	if d.Window.Start.IsZero() {
		d.Window = spanOf(&d)
	}
	return d, nil
}

// homesOf are the places in which Describe found the subject.
func homesOf(facts dossier.Facts) []Home {
	var out []Home
	for i := range facts {
		if h := (Home{Account: facts[i].Account, Region: facts[i].Region}); (h.Account != "" || h.Region != "") && !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	return out
}

// spanOf is all that the lake holds of a subject, in whole minutes.
func spanOf(d *dossier.Dossier) finding.Window {
	var w finding.Window
	take := func(a, b time.Time) {
		if w.Start.IsZero() || a.Before(w.Start) {
			w.Start = a
		}
		if b.After(w.End) {
			w.End = b
		}
	}
	for i := range d.Series {
		s := &d.Series[i]
		take(s.Points[0].Time, s.Points[len(s.Points)-1].Time.Add(s.Period))
	}
	for i := range d.Messages {
		take(d.Messages[i].First, d.Messages[i].Last)
	}
	if w.Start.IsZero() { // a job that failed before it ran has only been described
		created, errCreated := time.Parse(time.RFC3339Nano, d.Facts.Of(d.Kind+"_job", d.Name, "creation_time"))
		end, errEnd := time.Parse(time.RFC3339Nano, d.Facts.Of(d.Kind+"_job", d.Name, "end_time"))
		if errCreated == nil && errEnd == nil && end.After(created) {
			take(created.UTC(), end.UTC())
		}
	}
	if !w.Start.IsZero() {
		w.Start, w.End = w.Start.Truncate(time.Minute), w.End.Add(time.Minute-1).Truncate(time.Minute)
	}
	return w
}

func (r *reader) readFacts(ctx context.Context, d *dossier.Dossier) error {
	return r.each(ctx, "resources_latest", map[string]any{"subject": r.subject()}, func(rows *engine.Rows) {
		f := dossier.Fact{
			Kind: rows.String("kind"), Name: rows.String("name"), Attribute: rows.String("attribute"), Value: rows.String("value"),
			AsOf: rows.Time("as_of").UTC(), Account: rows.String("account"), Region: rows.String("region"),
		}
		d.Facts = append(d.Facts, f)
		if d.Account == "" {
			d.Account = f.Account
		}
		if d.Region == "" {
			d.Region = f.Region
		}
	})
}

func (r *reader) readSeries(ctx context.Context, d *dossier.Dossier, params map[string]any) error {
	return r.each(ctx, "subject_series", params, func(rows *engine.Rows) {
		s := dossier.Series{
			Namespace: rows.String("namespace"), Metric: rows.String("metric"), Unit: rows.String("unit"),
			DimSet: rows.String("dim_set"), Dims: rows.String("dims"), Endpoint: rows.String("endpoint"), Variant: rows.String("variant"),
			Component: rows.String("component"), Host: rows.String("host"), InstanceID: rows.String("instance_id"),
			Period: time.Duration(rows.Int64("period_s")) * time.Second,
		}
		p := dossier.Point{
			Time: rows.Time("ts").UTC(), Count: rows.Float64("sample_count"), Sum: rows.Float64("sum"), Average: rows.Float64("average"),
			Minimum: rows.Float64("minimum"), Maximum: rows.Float64("maximum"),
			P50: rows.Float64("p50"), P90: rows.Float64("p90"), P99: rows.Float64("p99"), Provisional: rows.Bool("provisional"),
		}
		if n := len(d.Series); n == 0 || !d.Series[n-1].Same(&s) {
			d.Series = append(d.Series, s)
		}
		last := &d.Series[len(d.Series)-1]
		last.Points = append(last.Points, p)
	})
}

func (r *reader) readMessages(ctx context.Context, d *dossier.Dossier, params map[string]any) error {
	return r.each(ctx, "subject_messages", params, func(rows *engine.Rows) {
		m := dossier.Message{
			Minute: rows.Time("bucket_start").UTC(), Group: rows.String("log_group"), Stream: rows.String("log_stream"),
			Level: rows.String("level"), Skeleton: rows.String("skeleton"), Exception: rows.String("exception"),
			Lines: rows.Int64("lines"), First: rows.Time("first_seen").UTC(), Last: rows.Time("last_seen").UTC(), Example: rows.String("example"),
		}
		d.Messages = append(d.Messages, m)
		d.Lines += m.Lines
	})
}

// coverageOf says how complete each series is within its own span.
func coverageOf(d *dossier.Dossier, notes []string) finding.Coverage {
	c := finding.Coverage{LogEvents: d.Lines, Notes: notes}
	streams := map[string]bool{}
	for i := range d.Messages {
		streams[d.Messages[i].Group+"\x00"+d.Messages[i].Stream] = true
	}
	c.LogStreams = len(streams)
	for i := range d.Series {
		s := &d.Series[i]
		for j := range s.Points {
			if s.Points[j].Provisional {
				c.Provisional++
			}
		}
		first, last, every := s.Points[0].Time, s.Points[len(s.Points)-1].Time, spacing(s)
		c.Series = append(c.Series, finding.SeriesCoverage{
			Metric: s.Metric, PeriodS: int(every.Seconds()), Points: len(s.Points), Want: 1 + int(last.Sub(first)/every),
		})
	}
	return c
}

// spacing is how far apart the points of a series usually are: what is put once
// an hour has no gaps where a minute is empty.
func spacing(s *dossier.Series) time.Duration {
	var apart []float64
	for i := 1; i < len(s.Points); i++ {
		apart = append(apart, s.Points[i].Time.Sub(s.Points[i-1].Time).Seconds())
	}
	every := max(s.Period, time.Second)
	if len(apart) > 0 {
		every = max(every, time.Duration(stat.Median(apart))*time.Second)
	}
	return every
}

// logsOf lists the templates that name a failure or warn, and the exceptions.
func logsOf(d *dossier.Dossier) finding.Logs {
	signals := make([]signal, 0, len(d.Messages))
	ev := evidence{levels: map[string]int64{}}
	for i := range d.Messages {
		m := &d.Messages[i]
		ev.levels[m.Level] += m.Lines
		signals = append(signals, signal{
			stream: m.Stream, level: m.Level, skeleton: m.Skeleton, exception: m.Exception, bucket: m.Minute,
			lines: m.Lines, first: m.First, last: m.Last, example: m.Example,
		})
	}
	ev.signals = signals
	ev.coverage.LogEvents = d.Lines
	ev.coverage.LogStreams = coverageOf(d, nil).LogStreams
	for i := range signals {
		if signals[i].exception != "" {
			ev.thrown = append(ev.thrown, thrown{signal: signals[i]})
		}
	}
	ev.signalQuery = "subject_messages"
	return ev.logs(nil, 0)
}
