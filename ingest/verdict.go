package ingest

import (
	"fmt"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
)

// metricEntries are the ledger rows of a chunk: one, when all of its metrics
// ended alike; otherwise one for those that came whole and one for each that
// did not. A metric that has had a row of its own keeps it, or that would say
// for ever what was true once.
func (p *pull) metricEntries(c chunk, o outcomes) []lake.Entry {
	all := group{}
	for i := range c.metrics {
		all.add(c.metrics[i], o.results[i])
	}
	if c.late || all.tally.alike() && !p.hadOwnRow(c) {
		e := p.metricEntry(c, all)
		took(&e, o.usage)
		return []lake.Entry{e}
	}
	whole := group{}
	var out []lake.Entry
	for i, m := range c.metrics {
		r := o.results[i]
		if r.tally.trouble == 0 && !p.had(lateKey(c.key, m.name)) {
			whole.add(m, r)
			continue
		}
		own := group{}
		own.add(m, r)
		late := c
		late.key = lateKey(c.key, m.name)
		out = append(out, p.metricEntry(late, own))
	}
	if len(whole.metrics) > 0 {
		out = append(out, p.metricEntry(c, whole))
	}
	took(&out[len(out)-1], o.usage)
	return out
}

// had says whether the ledger has a row of this key.
func (p *pull) had(key string) bool {
	if p.keys == nil {
		p.keys = make(map[string]bool, len(p.survey.ledger))
		for _, e := range p.survey.ledger {
			p.keys[e.Chunk] = true
		}
	}
	return p.keys[key]
}

func (p *pull) hadOwnRow(c chunk) bool {
	for _, m := range c.metrics {
		if p.had(lateKey(c.key, m.name)) {
			return true
		}
	}
	return false
}

func (p *pull) metricEntry(c chunk, g group) lake.Entry {
	c.metrics = g.metrics
	e := p.entry(c)
	e.Rows = g.rows
	e.Status, e.Reason = g.tally.verdict(g.rows > 0)
	return seal(c.provisional, e)
}

// group is some metrics of a chunk that end in one row.
type group struct {
	metrics []wanted
	rows    int64
	tally   tally
}

func (g *group) add(m wanted, r result) {
	g.metrics = append(g.metrics, m)
	g.rows += int64(len(r.rows.points))
	g.tally.unite(r.tally)
}

// tally counts how queries ended.
type tally struct {
	all, complete, forbidden int
	trouble                  int    // queries that are not complete
	came                     int    // queries that are not complete but brought points
	first                    string // what happened to the first of them
}

func (t *tally) add(q cloudwatch.Query, r cloudwatch.MetricResult) {
	t.all++
	if r.State == cloudwatch.Complete {
		t.complete++
		return
	}
	if r.State == cloudwatch.Forbidden {
		t.forbidden++
	}
	if len(r.Points) > 0 {
		t.came++
	}
	if t.trouble == 0 {
		t.first = fmt.Sprintf("%s %s: %s", q.Metric.Name, q.Stat, r.Reason)
	}
	t.trouble++
}

func (t *tally) unite(u tally) {
	if t.trouble == 0 {
		t.first = u.first
	}
	t.all += u.all
	t.complete += u.complete
	t.forbidden += u.forbidden
	t.trouble += u.trouble
	t.came += u.came
}

// alike says whether every query ended in the same way.
func (t *tally) alike() bool {
	return t.complete == t.all || t.forbidden == t.all || t.complete == 0 && t.forbidden == 0 && t.came == 0
}

// verdict is the status; came says whether any points did.
func (t *tally) verdict(came bool) (lake.Status, string) {
	switch {
	case t.trouble == 0 && came:
		return lake.Complete, ""
	case t.trouble == 0:
		return lake.Empty, ""
	case t.forbidden == t.all:
		return lake.Denied, t.first
	case t.complete == 0 && !came:
		return lake.Failed, t.first
	default:
		return lake.Partial, fmt.Sprintf("%d of %d statistics did not come whole; first: %s", t.trouble, t.all, t.first)
	}
}
