package analyze

import (
	"context"
	"fmt"
	"math"
	"time"

	"sizewise/analyze/engine"
	"sizewise/analyze/finding"
)

// fact is a row of variant_facts.
type fact struct {
	attribute, value string
	since            time.Time
}

func (n *nightReader) readFacts(ctx context.Context) error {
	return n.each(ctx, "variant_facts", nil, func(r *engine.Rows) {
		for _, f := range n.followed {
			same := r.String("subject") == f.subject() && r.String("variant") == f.variant &&
				alike(r.String("account"), f.account) && alike(r.String("region"), f.region)
			if same {
				f.facts = append(f.facts, fact{r.String("attribute"), r.String("value"), r.Time("since").UTC()})
			}
		}
	})
}

// alike compares what may not be known.
func alike(a, b string) bool { return a == b || a == "" || b == "" }

// factChanges are what SageMaker says otherwise than before, and another number
// of instances than any earlier hour had.
func (n *nightReader) factChanges(f *followed) []finding.Change {
	var out []finding.Change
	last := map[string]string{}
	labels := map[string]string{"instance_type": "instance type", "initial_instance_count": "configured instances", "model_name": "model"}
	for _, x := range f.facts {
		before, ok := last[x.attribute]
		last[x.attribute] = x.value
		if !ok || before == x.value || x.since.Before(f.since) || !x.since.Before(n.o.End) {
			continue
		}
		out = append(out, finding.Change{
			Metric: x.attribute, Label: labels[x.attribute], Kind: finding.ChangeFact,
			Title: fmt.Sprintf("%s changed from %s to %s", labels[x.attribute], before, x.value),
			From:  x.since, Lasting: true,
			Before: finding.Missing(), After: finding.Missing(), Effect: finding.Missing(), Lo: finding.Missing(), Hi: finding.Missing(), Q: finding.Missing(),
			N: 1, Query: "variant_facts",
		})
	}
	if c, ok := n.fleet(f); ok {
		out = append(out, c)
	}
	return out
}

// fleet tells of a number of instances outside of all that earlier nights had,
// for two hours at least.
func (n *nightReader) fleet(f *followed) (finding.Change, bool) {
	from := int(f.since.Sub(n.o.start()) / time.Hour)
	lo, hi, seen := math.Inf(1), math.Inf(-1), 0
	for _, h := range f.hours[:from] {
		if k := math.Round(h.instances); h.there && k > 0 && h.invocations >= leastForP50 {
			lo, hi = min(lo, k), max(hi, k)
			seen++
		}
	}
	if seen < 24*n.o.MinNights/2 {
		return finding.Change{}, false
	}
	for i := from; i+1 < len(f.hours); i++ {
		a, b := f.hours[i], f.hours[i+1]
		k := math.Round(b.instances)
		if !a.there || !b.there || math.Round(a.instances) != k || k >= lo && k <= hi || !(k > 0) || b.invocations < leastForP50 {
			continue
		}
		was := number(lo)
		if hi > lo {
			was = number(lo) + " to " + number(hi)
		}
		return finding.Change{
			Metric: "instances", Label: "live instances", Kind: finding.ChangeFact,
			Title: fmt.Sprintf("%s live instances, %s in all nights before", number(k), was),
			From:  n.o.start().Add(time.Duration(i) * time.Hour), Lasting: math.Round(f.hours[len(f.hours)-1].instances) == k,
			Before: finding.Number(hi), After: finding.Number(k), Unit: "instances", Effect: finding.Number(k - hi),
			Lo: finding.Missing(), Hi: finding.Missing(), Q: finding.Missing(), N: 2, Compared: seen, Query: "hourly_levels",
		}, true
	}
	return finding.Change{}, false
}

const (
	silentMinutes = 30   // of an hour without any metric
	silentSeldom  = 0.02 // share of earlier hours that may be so for silence to be news
)

// silences are hours in which nothing was published, though CloudWatch
// answered. An endpoint publishes its utilization whether it is called or not.
func (n *nightReader) silences(f *followed) []finding.Change {
	from := int(f.since.Sub(n.o.start()) / time.Hour)
	if !f.steady || f.first < 0 || from-f.first < 24 {
		return nil
	}
	silent := func(i int) bool {
		h := f.hours[i]
		start := n.o.start().Add(time.Duration(i) * time.Hour)
		return (!h.there || 60-h.minutes >= silentMinutes) && n.answered(f.subject(), start)
	}
	before := 0
	for i := f.first; i < from; i++ {
		if silent(i) {
			before++
		}
	}
	if float64(before) > silentSeldom*float64(from-f.first) {
		return nil
	}
	var out []finding.Change
	for i := from; i < len(f.hours); i++ {
		if !silent(i) || silent(i-1) {
			continue
		}
		end := i
		for end < len(f.hours) && silent(end) {
			end++
		}
		at := func(i int) time.Time { return n.o.start().Add(time.Duration(i) * time.Hour) }
		c := finding.Change{
			Metric: "coverage", Label: "published metrics", Kind: finding.ChangeSilence, Worse: true,
			Title: fmt.Sprintf("nothing was published for %d h, though CloudWatch answered: silence is not zero", end-i),
			From:  at(i), Lasting: end == len(f.hours), Unit: "h", Effect: finding.Number(end - i),
			Before: finding.Missing(), After: finding.Missing(), Lo: finding.Missing(), Hi: finding.Missing(), Q: finding.Missing(),
			N: end - i, Compared: from - f.first, Query: "hourly_levels",
		}
		if !c.Lasting {
			c.Until = at(end)
		}
		out = append(out, c)
		i = end
	}
	return out
}
