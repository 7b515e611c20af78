package analyze

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sizewise/analyze/change"
	"sizewise/analyze/engine"
	"sizewise/analyze/finding"
)

// NightOptions of Night.
type NightOptions struct {
	Lake      string       // directory
	Endpoints []string     // names to follow
	Others    []NightOther // subjects of other kinds to follow
	End       time.Time    // of the night, a whole hour; what is younger does not count
	Nights    int          // to compare with, at most; 0 means 28
	MinNights int          // and at least; 0 means 3
	Rate      float64      // false discoveries among the changes of a night; 0 means 0.01
	Floor     float64      // least relative change that matters; 0 means 0.05

	Tool        string
	Threads     int
	MemoryLimit string
	TempDir     string
}

// NightOther is a subject that is no endpoint.
type NightOther struct {
	Subject string // kind/name
	Family  string // what runs of a job are compared as; "" takes its name without what tells runs apart
	Found   bool   // by a pattern: a job that did not run in the night is passed over
}

func (o NightOptions) withDefaults() NightOptions {
	o.Nights, o.MinNights = cmp.Or(o.Nights, 28), cmp.Or(o.MinNights, 3)
	o.Rate, o.Floor = cmp.Or(o.Rate, 0.01), cmp.Or(o.Floor, 0.05)
	o.End = o.End.UTC()
	return o
}

const nightLength = 24 * time.Hour

// start is the first hour of the oldest night.
func (o NightOptions) start() time.Time { return o.End.Add(-time.Duration(o.Nights+1) * nightLength) }

// begin is the first hour of the night that is judged.
func (o NightOptions) begin() time.Time { return o.End.Add(-nightLength) }

// mostLate is how far back changes are told again, because their data came late.
const mostLate = 3 * nightLength

// Night compares the day before o.End with the days before it, for every
// endpoint variant that the lake holds of o.Endpoints and for o.Others: what
// lasts hour by hour, jobs and pipelines run by run. It depends on the lake
// and the options alone. A lake without any of them gives a night whose subjects
// are absent. Errors are those of the engine.
func Night(ctx context.Context, o NightOptions) (night finding.Night, err error) {
	o = o.withDefaults()
	e, err := engine.Open(ctx, engine.Options{Lake: o.Lake, Threads: o.Threads, MemoryLimit: o.MemoryLimit, TempDir: o.TempDir})
	if err != nil {
		return finding.Night{}, err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	n := &nightReader{reader: reader{engine: e}, o: o}
	steps := []func(context.Context) error{n.readLevels, n.readOthers, n.readJobs, n.readPipelines, n.readArrivals, n.readAsked, n.readFacts, n.readMessages}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return finding.Night{}, err
		}
	}
	n.judge()
	return n.night(), nil
}

// nightReader gathers what the lake says of every follower.
type nightReader struct {
	reader
	o        NightOptions
	followed []*followed
	jobs     []*jobRun
	lines    []*pipeline          // of pipelines
	trials   []trial              // numbers of runs
	arrivals map[string]time.Time // by subject: how far back reaches what came since the night ended
	asked    map[string][]asked
}

// span is a half-open stretch of time.
type span struct{ start, end time.Time }

// home is where a variant of an endpoint, or another subject, is and what it is
// called.
type home struct{ account, region, key, variant string }

func (h home) subject() string { return h.key }

func (h home) compare(g home) int {
	return cmp.Or(strings.Compare(h.key, g.key), strings.Compare(h.variant, g.variant),
		strings.Compare(h.account, g.account), strings.Compare(h.region, g.region))
}

// followed is one variant of an endpoint or another subject that lasts: an hour
// each from the oldest night on.
type followed struct {
	home
	hours   []hour
	first   int          // hour with the first data
	steady  bool         // something is published whether it is called or not
	more    []moreSeries // what only its kind publishes
	facts   []fact
	logs    []nightMessage
	since   time.Time
	changes []finding.Change
}

// hour is a row of hourly_levels; there is false for an hour without one.
type hour struct {
	there                   bool
	minutes, invocations    float64
	errors4xx, errors5xx    float64
	p50, p99                float64
	cpu, gpu, gpuMemory     float64
	memory, disk, instances float64
	utilMinutes             float64
}

func (n *nightReader) follows(endpoint string) bool { return slices.Contains(n.o.Endpoints, endpoint) }

func (n *nightReader) readLevels(ctx context.Context) error {
	byHome := map[home]*followed{}
	params := map[string]any{"start": n.o.start(), "end": n.o.End}
	if len(n.o.Endpoints) == 1 {
		params["endpoint"] = n.o.Endpoints[0]
	}
	err := n.each(ctx, "hourly_levels", params, func(r *engine.Rows) {
		if !n.follows(r.String("endpoint")) {
			return
		}
		h := home{r.String("account"), r.String("region"), "endpoint/" + r.String("endpoint"), r.String("variant")}
		f := byHome[h]
		if f == nil {
			f = n.newFollowed(h)
			byHome[h] = f
			n.followed = append(n.followed, f)
		}
		at := int(r.Time("hour").UTC().Sub(n.o.start()) / time.Hour)
		if at < 0 || at >= len(f.hours) {
			return
		}
		if f.first < 0 || at < f.first {
			f.first = at
		}
		f.hours[at] = hour{
			there: true, minutes: r.Float64("minutes"), utilMinutes: r.Float64("utilization_minutes"), invocations: r.Float64("invocations"),
			errors4xx: r.Float64("errors_4xx"), errors5xx: r.Float64("errors_5xx"),
			p50: r.Float64("model_p50_s"), p99: r.Float64("model_p99_s"),
			cpu: r.Float64("cpu_busy"), gpu: r.Float64("gpu_busy"), gpuMemory: r.Float64("gpu_memory_busy"),
			memory: r.Float64("memory_ratio"), disk: r.Float64("disk_ratio"), instances: r.Float64("live_instances"),
		}
	})
	slices.SortFunc(n.followed, func(a, b *followed) int { return a.compare(b.home) })
	for _, f := range n.followed {
		f.fill()
	}
	return err
}

func (n *nightReader) newFollowed(h home) *followed {
	return &followed{home: h, first: -1, hours: make([]hour, (n.o.Nights+1)*24)}
}

// fill makes minutes say how much of an hour was published, whatever the period
// of publishing: utilization comes every minute or every few, Invocations only
// when there are some, and serverless variants have nothing else.
func (f *followed) fill() {
	full := 0.0
	for _, h := range f.hours {
		full = max(full, h.utilMinutes)
	}
	f.steady = full > 0
	for i := range f.hours {
		h := &f.hours[i]
		switch {
		case !h.there:
		case !f.steady:
			h.minutes = 60
		default:
			h.minutes = min(60, max(h.minutes, 60*h.utilMinutes/min(60, full)))
		}
	}
}

// readArrivals finds how far back reaches what was pulled since the night
// ended: a night that lost CloudWatch is told of by the night that has it.
func (n *nightReader) readArrivals(ctx context.Context) error {
	n.arrivals = map[string]time.Time{}
	return n.each(ctx, "arrivals", map[string]any{"since": n.o.End}, func(r *engine.Rows) {
		n.arrivals[r.String("subject")] = r.Time("first_window").UTC()
	})
}

// asked is a stretch of metrics that was asked for.
type asked struct {
	span
	answered bool
}

func (n *nightReader) readAsked(ctx context.Context) error {
	n.asked = map[string][]asked{}
	params := map[string]any{"start": n.o.start(), "end": n.o.End}
	return n.each(ctx, "metrics_asked", params, func(r *engine.Rows) {
		subject := r.String("subject")
		n.asked[subject] = append(n.asked[subject], asked{
			span{r.Time("window_start").UTC(), r.Time("window_end").UTC()}, r.Int64("unanswered") == 0,
		})
	})
}

// answered says whether all that was asked for an hour came, and anything was
// asked. A lake of imported files was asked for nothing, and is taken as it is.
func (n *nightReader) answered(subject string, hour time.Time) bool {
	all := n.asked[subject]
	end, covered := hour.Add(time.Hour), len(all) == 0
	for _, a := range all {
		if !a.start.Before(end) || !hour.Before(a.end) {
			continue
		}
		if !a.answered {
			return false
		}
		covered = true
	}
	return covered
}

// night puts everything into one structure, the subjects with changes first.
func (n *nightReader) night() finding.Night {
	out := finding.Night{
		Format: finding.Format, Tool: n.o.Tool, Window: finding.Window{Start: n.o.begin(), End: n.o.End},
		Options: finding.NightOptions{
			Nights: n.o.Nights, MinNights: n.o.MinNights, MinRuns: change.LeastRuns, Rate: finding.Number(n.o.Rate), Floor: finding.Number(n.o.Floor),
		},
	}
	seen := map[string]int{}
	for _, f := range n.followed {
		seen[f.key]++
	}
	for _, f := range n.followed {
		s := n.subject(f)
		if seen[f.key] > 1 && f.variant != "" {
			s.Subject += "/" + f.variant
		}
		out.Subjects = append(out.Subjects, s)
	}
	runs := n.runSubjects()
	for i := range runs {
		seen[runs[i].Subject]++
	}
	out.Subjects = append(out.Subjects, runs...)
	for _, key := range n.keys() {
		if seen[key] == 0 {
			out.Subjects = append(out.Subjects, finding.NightSubject{
				Subject: key, Status: finding.NightAbsent, Since: n.o.begin(), Why: "the lake has no metrics of it in these nights",
			})
		}
	}
	slices.SortStableFunc(out.Subjects, compareSubjects)
	return out
}

// compareSubjects puts what a reader must know first first.
func compareSubjects(a, b finding.NightSubject) int {
	rank := func(s finding.NightSubject) int {
		worse := slices.ContainsFunc(s.Changes, func(c finding.Change) bool { return c.Worse })
		failed := slices.ContainsFunc(s.Changes, func(c finding.Change) bool { return c.Kind == finding.ChangeFailure })
		switch {
		case failed:
			return -1
		case worse:
			return 0
		case len(s.Changes) > 0:
			return 1
		case s.Status == finding.NightIncomplete || s.Status == finding.NightAbsent:
			return 2
		}
		return 3
	}
	return cmp.Or(rank(a)-rank(b), strings.Compare(a.Subject, b.Subject), strings.Compare(a.Account, b.Account), strings.Compare(a.Region, b.Region))
}

// subject says how the night of one variant was.
func (n *nightReader) subject(f *followed) finding.NightSubject {
	s := finding.NightSubject{
		Subject: f.subject(), Account: f.account, Region: f.region, Status: finding.NightQuiet, Since: f.since, Changes: f.changes,
	}
	last := len(f.hours) - 24
	for _, h := range f.hours[last:] {
		if h.there {
			s.Hours++
		}
	}
	for d := range n.o.Nights {
		if dayThere(f.hours[24*d : 24*d+24]) {
			s.Nights++
		}
	}
	lost := 0
	for at := n.o.begin(); at.Before(n.o.End); at = at.Add(time.Hour) {
		if !n.answered(f.subject(), at) {
			lost++
		}
	}
	switch {
	case lost > 0:
		s.Status, s.Why = finding.NightIncomplete, fmt.Sprintf("%d of 24 hours were not asked for, or CloudWatch did not answer; the next night asks again", lost)
	case len(f.changes) > 0:
		s.Status = finding.NightChanged
	case s.Hours == 0:
		s.Status, s.Why = finding.NightAbsent, "nothing was published"
	case s.Nights < n.o.MinNights:
		s.Status, s.Why = finding.NightNew, fmt.Sprintf("%d of %d nights to compare with", s.Nights, n.o.MinNights)
	}
	return s
}

func dayThere(hours []hour) bool {
	n := 0
	for _, h := range hours {
		if h.there {
			n++
		}
	}
	return n >= 12
}
