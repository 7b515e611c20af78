package server

import (
	"slices"
	"strings"
	"sync"
	"time"

	"sizewise/ingest/simaws/server/wire"
)

// scripted is a fault with how much of it is used up.
type scripted struct {
	Fault
	ends time.Time // by the wall clock, once a fault with For has begun
}

// faultList is the faults still to come. The zero value is empty.
type faultList struct {
	mu   sync.Mutex
	list []scripted
}

func (l *faultList) add(faults ...Fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range faults {
		l.list = append(l.list, scripted{Fault: f})
	}
}

func (l *faultList) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = nil
}

// take is the faults that fall on a call, at most one per action and target;
// each is counted as used.
func (l *faultList) take(c *call) []Fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	var taken []Fault
	rest := l.list[:0]
	for _, f := range l.list {
		same := func(t Fault) bool { return t.Action == f.Action && t.ID == f.ID && t.Metric == f.Metric }
		if !f.matches(c) || slices.ContainsFunc(taken, same) {
			rest = append(rest, f)
			continue
		}
		falls, stays := f.use(c.wall)
		if falls {
			taken = append(taken, f.Fault)
		}
		if stays {
			rest = append(rest, f)
		}
	}
	l.list = rest
	return taken
}

// use counts one matching call: whether the fault falls on it, and whether
// there is more of it to come.
func (f *scripted) use(wall time.Time) (falls, stays bool) {
	switch {
	case f.After > 0:
		f.After--
		return false, true
	case f.For > 0:
		if f.ends.IsZero() {
			f.ends = wall.Add(f.For)
		}
		active := wall.Before(f.ends)
		return active, active
	case f.Times < 0:
		return true, true
	}
	f.Times--
	return true, f.Times > 0
}

// matches reports whether the fault is meant for such a call.
func (f Fault) matches(c *call) bool {
	switch {
	case f.Operation != "" && f.Operation != c.Operation:
	case f.Caller != "" && f.Caller != c.Signer.AccessKeyID && f.Caller != c.caller.arn:
	case c.now.Before(f.From) || !f.Until.IsZero() && !c.now.Before(f.Until):
	case f.Action == ExpireToken && pageToken(c.Call) == "":
	case f.Group != "" && !slices.Contains(groupsOf(c.Params), f.Group):
	case f.Stream != "" && !slices.ContainsFunc(streamsOf(c.Params), func(s string) bool { return strings.HasPrefix(s, f.Stream) }):
	case f.Resource != "" && resourceOf(c.Call) != f.Resource:
	default:
		return f.matchesMetric(c.Params)
	}
	return false
}

// matchesMetric reports whether the request asks for a metric that the fault is
// meant for: in a query, or as the metric of GetMetricStatistics and ListMetrics.
func (f Fault) matchesMetric(p wire.Params) bool {
	if f.ID == "" && f.Metric == "" && f.Namespace == "" {
		return true
	}
	if f.ID == "" && f.meant("", p.String("Namespace"), p.String("MetricName")) {
		return true
	}
	for _, q := range p.Structs("MetricDataQueries") {
		m := q.Struct("MetricStat").Struct("Metric")
		if f.meant(q.String("Id"), m.String("Namespace"), m.String("MetricName")) {
			return true
		}
	}
	return false
}

// meant reports whether the fault names this query, by whatever it names.
func (f Fault) meant(id, namespace, name string) bool {
	return (f.ID == "" || f.ID == id) && (f.Namespace == "" || f.Namespace == namespace) && (f.Metric == "" || f.Metric == name)
}

// groupsOf is the names of the log groups that a request is about.
func groupsOf(p wire.Params) []string {
	names := []string{groupName(p.String("logGroupName")), groupName(p.String("logGroupIdentifier"))}
	for _, field := range []string{"logGroupNames", "logGroupIdentifiers"} {
		for _, name := range p.Strings(field) {
			names = append(names, groupName(name))
		}
	}
	return names
}

// streamsOf is the streams and stream prefixes that a request is about.
func streamsOf(p wire.Params) []string {
	return append(p.Strings("logStreamNames"), p.String("logStreamName"), p.String("logStreamNamePrefix"))
}

// resourceOf is the name that a SageMaker request asks for.
func resourceOf(c *wire.Call) string {
	if c.Service != wire.SageMaker {
		return ""
	}
	if k, ok := describedKinds()[c.Operation]; ok {
		return c.Params.String(k.parameter)
	}
	return c.Params.String("EndpointName") + c.Params.String("EndpointConfigName")
}
