package ingest

import (
	"fmt"
	"slices"
	"strings"
	"time"

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
	window      span
	periodS     int32 // 0 for logs
	provisional bool  // younger than the settle time

	publisher publisher // metrics
	metrics   []wanted  // metrics: those that are asked for
	late      bool      // metrics: one that an earlier chunk of the key did not have
	group     logGroup  // logs
}

// scope is the chunk in the ledger.
func (c chunk) scope() string {
	if c.dataset == logsData {
		return c.group.scope()
	}
	names := make([]string, len(c.metrics))
	for i, m := range c.metrics {
		names[i] = m.name
	}
	return c.publisher.scopeOf(names)
}

// schedule is what turns a window into chunks. It has no clock and no network.
type schedule struct {
	subject  string // kind/name
	place    string // account/region: the same name elsewhere is another thing
	window   span
	now      time.Time
	settle   time.Duration
	lateLogs time.Duration
	ledger   []lake.Entry // nil asks for everything again
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

// metrics are the chunks of some publishers, by day, then key.
func (s schedule) metrics(ps []publisher) []chunk {
	bands, _ := s.bands()
	var out []chunk
	for _, p := range ps {
		fine := make(map[int32][]wanted)
		for _, m := range p.metrics {
			if m.publishS > 0 && m.publishS < 60 {
				fine[m.publishS] = append(fine[m.publishS], m)
			}
		}
		for periodS, metrics := range fine {
			out = append(out, s.publisher(p, metrics, periodS, s.fine())...)
		}
		for _, r := range retentions() {
			w, ok := bands[r.periodS]
			if !ok {
				continue
			}
			for periodS, metrics := range byPeriod(p.metrics, r.periodS) {
				out = append(out, s.publisher(p, metrics, periodS, w.align(time.Duration(periodS)*time.Second))...)
			}
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

// byPeriod groups metrics by the period to ask for in the band of a period: the
// band's own, or how often they are published where that is less often.
func byPeriod(metrics []wanted, band int32) map[int32][]wanted {
	out := make(map[int32][]wanted, 2)
	for _, m := range metrics {
		periodS := band
		if m.publishS > band && m.publishS%60 == 0 {
			periodS = m.publishS
		}
		out[periodS] = append(out[periodS], m)
	}
	return out
}

// publisher are the chunks of one publisher and period: of all metrics where no
// chunk of it is sealed, and where one is, of each metric that it did not have.
func (s schedule) publisher(p publisher, metrics []wanted, periodS int32, w span) []chunk {
	period := time.Duration(periodS) * time.Second
	done := s.answered(p, metrics, periodS)
	var all []span
	for _, spans := range done {
		all = append(all, spans...)
	}
	settle := s.settle
	if periodS > 60 {
		settle += period
	}
	var out []chunk
	add := func(pieces []chunk, of []wanted, late bool) {
		for _, c := range pieces {
			c.dataset, c.periodS, c.publisher, c.metrics, c.late = metricsData, periodS, p, of, late
			c.key = fmt.Sprintf("%s %s metrics %d %s %s", s.subject, s.place, periodS, stamp(c.window.start), p.scope())
			if late {
				c.key = lateKey(c.key, of[0].name)
			}
			out = append(out, c)
		}
	}
	base := w.subtract(all)
	add(s.cut(base, w.start, period, settle), metrics, false)
	for _, m := range metrics {
		holes := slices.Concat(done[m.name], alignAll(base, period))
		add(s.cut(w.subtract(holes), w.start, period, settle), []wanted{m}, true)
	}
	return out
}

// lateKey is the key of a ledger row that stands for one metric of a chunk.
func lateKey(key, name string) string { return key + "#" + name }

// answered are the spans that the ledger has for good, by metric. Minutes
// answer for coarser periods; what is finer than a minute answers for nothing
// else, since not every metric has it.
func (s schedule) answered(p publisher, metrics []wanted, periodS int32) map[string][]span {
	out := make(map[string][]span, len(metrics))
	scope := p.scope()
	for _, e := range s.ledger {
		fits := e.PeriodS == periodS || e.PeriodS >= 60 && e.PeriodS < periodS
		if e.Dataset != metricsData || !sealed(e.Status) || !fits || !s.here(e) {
			continue
		}
		whole, _, _ := cutLast(e.Scope, "#")
		if whole != scope {
			continue
		}
		_, names, _ := parseScope(e.Scope)
		for _, m := range metrics {
			if slices.Contains(names, m.name) {
				out[m.name] = append(out[m.name], span{e.Start, e.End})
			}
		}
	}
	return out
}

// here says whether a row of the ledger is of this account and region.
func (s schedule) here(e lake.Entry) bool {
	return strings.HasPrefix(e.Chunk, s.subject+" "+s.place+" ")
}

// logs are the chunks of one log group.
func (s schedule) logs(g logGroup) []chunk {
	w := g.holds(span{s.window.start, earlier(s.window.end, s.now)}, s.now)
	if w.empty() {
		return nil
	}
	// Log events carry milliseconds, and the ledger's keys whole seconds.
	w = w.align(time.Second)
	var done []span
	for _, e := range s.ledger {
		covers := e.Scope == g.scope() || e.Scope == g.name
		if e.Dataset == logsData && sealed(e.Status) && covers && s.here(e) {
			done = append(done, span{e.Start, e.End})
		}
	}
	var out []chunk
	for _, c := range s.cut(w.subtract(done), w.start, time.Second, s.lateLogs) {
		c.dataset, c.group = logsData, g
		c.key = fmt.Sprintf("%s %s logs %s %s", s.subject, s.place, stamp(c.window.start), g.scope())
		out = append(out, c)
	}
	return out
}

// cut makes chunks of spans: at midnights and at the settle time, so that a
// chunk is either final or provisional. A key holds the start only: when a
// provisional or failed chunk is asked for again, its row in the ledger is
// replaced.
func (s schedule) cut(open []span, start time.Time, period, settle time.Duration) []chunk {
	cut := floor(s.now.Add(-settle), max(period, time.Minute))
	var out []chunk
	asked := start
	for _, rest := range open {
		// Minutes that are covered can end within a coarser period.
		rest = rest.align(period)
		rest.start = later(rest.start, asked)
		asked = later(asked, rest.end)
		for _, d := range rest.days() {
			if old := d.clip(span{d.start, cut}); !old.empty() {
				out = append(out, chunk{window: old})
			}
			if young := d.clip(span{cut, d.end}); !young.empty() {
				out = append(out, chunk{window: young, provisional: true})
			}
		}
	}
	return out
}

func alignAll(spans []span, period time.Duration) []span {
	out := make([]span, len(spans))
	for i, w := range spans {
		out[i] = w.align(period)
	}
	return out
}

// sealed says whether a chunk of this status need not be asked for again.
func sealed(s lake.Status) bool { return s == lake.Complete || s == lake.Empty }
