package estate

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/workload/container"
)

// author writes the nth of a stream's events.
type author func(n int, at time.Time) string

// printer is the part of a serving stack's log that the estate uses.
type printer interface {
	Access(at time.Time, status int, took time.Duration) []string
	Ping(at time.Time) []string
	Fault(at time.Time) []string
	Metrics(at time.Time, u container.Usage) []string
}

// modelServer writes what TorchServe writes: mostly requests, some health
// checks and metrics, now and then a traceback.
func (d *drawer) modelServer(name string) author {
	r := d.random("logs", name)
	var p printer = &container.ModelServer{Facts: container.Facts{Model: "model", Workers: 4, QueueLimit: 100, VCPU: 8, MemoryMiB: 16_384, Random: r}}
	var waiting []string
	return func(_ int, at time.Time) string {
		for len(waiting) == 0 {
			waiting = lines(p, r, at)
		}
		line := waiting[0]
		waiting = waiting[1:]
		return line
	}
}

// lines is what the server says on one occasion.
func lines(p printer, r *rand.Rand, at time.Time) []string {
	switch n := r.IntN(1000); {
	case n < 2:
		return p.Fault(at)
	case n < 40:
		return p.Ping(at)
	case n < 60:
		return p.Metrics(at, container.Usage{CPUPercent: 100 * r.Float64(), MemoryMiB: 9000, RequestsPerSecond: 12})
	}
	return p.Access(at, 200, time.Duration(20+r.IntN(180))*time.Millisecond)
}

// script writes what a job's Python prints.
func (d *drawer) script(name string) author {
	r := d.random("logs", name)
	return func(n int, at time.Time) string {
		stamp := at.Format("2006-01-02 15:04:05,000")
		switch r.IntN(500) {
		case 0:
			return stamp + " WARNING loader retrying shard " + fmt.Sprint(r.IntN(64))
		case 1:
			return stamp + " ERROR loader could not read shard " + fmt.Sprint(r.IntN(64)) + ": connection reset"
		}
		return fmt.Sprintf("%s INFO step %d loss=%.4f samples/s=%.1f", stamp, n, 2/(1+float64(n)/500)+0.01*r.Float64(), 700+100*r.Float64())
	}
}

// endpointLogs writes the logs of an endpoint's instances, in streams whose
// names end with suffix.
func (d *drawer) endpointLogs(e *endpoint, suffix string) {
	group := "/aws/sagemaker/Endpoints/" + e.name
	for _, on := range d.eras(e) {
		from, to := on.from, on.to
		if from.IsZero() {
			from = d.Start
		}
		if to.IsZero() {
			to = d.End
		}
		for _, id := range on.ids {
			if e.instanceType == "" {
				id = fmt.Sprintf("%032x", d.random("container", e.name).Uint64())
			}
			d.writeStream(group, variantName+"/"+id+suffix, from, to, d.modelServer(e.name+id))
		}
	}
	if g := d.group(group); g != nil {
		g.Class = cmp.Or(d.LogClass, "STANDARD")
	}
}

// group is the log group of a name, nil when there is none.
func (d *drawer) group(name string) *account.LogGroup {
	i := slices.IndexFunc(d.Account.LogGroups, func(g account.LogGroup) bool { return g.Name == name })
	if i < 0 {
		return nil
	}
	return &d.Account.LogGroups[i]
}

// writeStream adds a stream with Config.LogEvents events an hour at even
// distances with some jitter. A group comes to be with its first stream.
func (d *drawer) writeStream(group, name string, from, to time.Time, write author) {
	from, to = later(from, d.Start), earlier(to, d.End)
	if d.group(group) == nil {
		d.Account.LogGroups = append(d.Account.LogGroups, account.LogGroup{Name: group, Class: "STANDARD", Created: d.Start.Add(-24 * time.Hour)})
	}
	g := d.group(group)
	s := account.LogStream{Name: name, Created: from}
	r := d.random("stream", group, name)
	n := int(to.Sub(from).Hours() * float64(d.LogEvents))
	s.Events = make([]account.LogEvent, 0, max(0, n))
	for i := range n {
		share := (float64(i) + r.Float64()) / float64(n)
		at := from.Add(time.Duration(share * float64(to.Sub(from)))).Truncate(time.Millisecond)
		lag := time.Duration(80+r.IntN(900)) * time.Millisecond
		if r.IntN(1_000_000) < d.LogLatePPM {
			lag = time.Duration(1+r.IntN(7200)) * time.Second
		}
		s.Events = append(s.Events, account.LogEvent{Time: at, Ingested: at.Add(lag), Message: write(i, at)})
	}
	g.Streams = append(g.Streams, s)
	d.Truth.Events[group] += int64(n)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
