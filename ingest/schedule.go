package ingest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
)

// retention is how long CloudWatch keeps points of a period. A request whose
// start is older must ask for the next longer period, or the answer is empty
// without an error. Source: GetMetricData API reference, Period.
type retention struct {
	periodS int32
	keep    time.Duration
}

// retentions are the bands from minutes on, finest first.
func retentions() []retention {
	return []retention{
		{60, 15 * day},
		{300, 63 * day},
		{3600, 455 * day},
	}
}

const (
	// fineKeep is how long points of less than a minute are kept.
	fineKeep = 3 * time.Hour
	// ageMargin is taken off every retention, because time goes by between
	// planning and asking.
	ageMargin = 5 * time.Minute
)

// chunk is one thing to ask for and one row of the ledger.
type chunk struct {
	key         string
	dataset     string // metrics, logs
	scope       string
	window      span
	periodS     int32 // 0 for logs
	provisional bool  // younger than the settle time

	publisher publisher                  // metrics
	requests  []cloudwatch.MetricRequest // metrics
	group     string                     // logs
	prefix    string                     // logs: of streams
}

// schedule is what turns a window into chunks. It has no clock and no network.
type schedule struct {
	subject string // kind/name
	window  span
	now     time.Time
	settle  time.Duration
	ledger  []lake.Entry // nil asks for everything again
}

// bands cuts the window by age into what each period can still answer. The
// bands do not overlap and begin on whole hours. gone is the oldest part, which
// CloudWatch no longer has.
func (s schedule) bands() (bands map[int32]span, gone span) {
	bands = make(map[int32]span, 3)
	end := earlier(s.window.end, ceil(s.now, time.Minute))
	for _, r := range retentions() {
		oldest := ceil(s.now.Add(ageMargin-r.keep), time.Hour)
		part := span{later(s.window.start, oldest), end}
		if !part.empty() {
			bands[r.periodS] = part.align(time.Duration(r.periodS) * time.Second)
			end = bands[r.periodS].start
		}
		if !s.window.start.Before(end) {
			return bands, span{}
		}
	}
	return bands, span{s.window.start, end}
}

// fine is the part of the window that can be asked for in less than a minute.
func (s schedule) fine() span {
	oldest := ceil(s.now.Add(ageMargin-fineKeep), time.Minute)
	w := span{later(s.window.start, oldest), earlier(s.window.end, s.now)}
	if w.empty() {
		return span{}
	}
	return w.align(time.Minute)
}

// metrics are the chunks of some publishers, by day, then scope, then period.
func (s schedule) metrics(ps []publisher) []chunk {
	bands, _ := s.bands()
	var out []chunk
	for _, p := range ps {
		for _, r := range retentions() {
			if w, ok := bands[r.periodS]; ok {
				out = append(out, s.publisher(p, p.metrics, r.periodS, w)...)
			}
		}
		fine := make(map[int32][]wanted)
		for _, m := range p.metrics {
			if m.fineS > 0 {
				fine[m.fineS] = append(fine[m.fineS], m)
			}
		}
		for periodS, metrics := range fine {
			out = append(out, s.publisher(p, metrics, periodS, s.fine())...)
		}
	}
	slices.SortFunc(out, func(a, b chunk) int {
		if c := floor(a.window.start, day).Compare(floor(b.window.start, day)); c != 0 {
			return c
		}
		return strings.Compare(a.key, b.key)
	})
	return out
}

// publisher are the chunks of one publisher and period.
func (s schedule) publisher(p publisher, metrics []wanted, periodS int32, w span) []chunk {
	var out []chunk
	covers := func(e lake.Entry) bool {
		// Minutes answer for coarser periods; what is finer than a minute is
		// asked of some metrics only and answers for nothing else.
		return e.Scope == p.scope() && (e.PeriodS == periodS || e.PeriodS >= 60 && e.PeriodS < periodS)
	}
	for _, piece := range s.open("metrics", w, time.Duration(periodS)*time.Second, covers) {
		piece.key = fmt.Sprintf("%s metrics %d %s %s", s.subject, periodS, stamp(piece.window.start), p.scope())
		piece.scope = p.scope()
		piece.periodS = periodS
		piece.publisher = p
		piece.requests = requests(p, metrics, periodS, piece.window)
		out = append(out, piece)
	}
	return out
}

// logs are the chunks of one log group.
func (s schedule) logs(group, prefix string) []chunk {
	scope := group
	if prefix != "" {
		scope += "?prefix=" + prefix
	}
	w := span{s.window.start, earlier(s.window.end, s.now)}
	// Log events carry milliseconds, and the ledger's keys whole seconds.
	w = w.align(time.Second)
	var out []chunk
	covers := func(e lake.Entry) bool { return e.Scope == scope || e.Scope == group }
	for _, piece := range s.open("logs", w, time.Second, covers) {
		piece.key = fmt.Sprintf("%s logs %s %s", s.subject, stamp(piece.window.start), scope)
		piece.scope = scope
		piece.group, piece.prefix = group, prefix
		out = append(out, piece)
	}
	return out
}

// open is what of w the ledger does not have for good, cut at midnights and at
// the settle time, so that a chunk is either final or provisional. A key holds
// the start only: when a provisional or failed chunk is asked for again, its
// row in the ledger is replaced.
func (s schedule) open(dataset string, w span, period time.Duration, covers func(lake.Entry) bool) []chunk {
	var done []span
	for _, e := range s.ledger {
		if e.Dataset == dataset && sealed(e.Status) && covers(e) {
			done = append(done, span{e.Start, e.End})
		}
	}
	cut := floor(s.now.Add(-s.settle), max(period, time.Minute))
	var out []chunk
	asked := w.start
	for _, rest := range w.subtract(done) {
		// Minutes that are covered can end within a coarser period.
		rest = rest.align(period)
		rest.start = later(rest.start, asked)
		asked = later(asked, rest.end)
		for _, d := range rest.days() {
			if old := d.clip(span{d.start, cut}); !old.empty() {
				out = append(out, chunk{dataset: dataset, window: old})
			}
			if young := d.clip(span{cut, d.end}); !young.empty() {
				out = append(out, chunk{dataset: dataset, window: young, provisional: true})
			}
		}
	}
	return out
}

// sealed says whether a chunk of this status need not be asked for again.
func sealed(s lake.Status) bool { return s == lake.Complete || s == lake.Empty }

// requests packs the queries of a window into as few calls as CloudWatch
// allows, keeping the statistics of one metric in one call.
func requests(p publisher, metrics []wanted, periodS int32, w span) []cloudwatch.MetricRequest {
	points := max(1, int(w.end.Sub(w.start)/time.Second)/int(periodS))
	limit := max(1, min(cloudwatch.MaxQueries, cloudwatch.MaxDatapoints/points))
	var out []cloudwatch.MetricRequest
	var queries []cloudwatch.Query
	flush := func() {
		if len(queries) > 0 {
			out = append(out, cloudwatch.MetricRequest{Queries: queries, PeriodS: periodS, Start: w.start, End: w.end})
			queries = nil
		}
	}
	for _, m := range metrics {
		if len(queries)+len(m.stats) > limit {
			flush()
		}
		for _, stat := range m.stats {
			if len(queries) == limit {
				flush()
			}
			queries = append(queries, cloudwatch.Query{Metric: p.metric(m.name), Stat: stat})
		}
	}
	flush()
	return out
}
