package job

import (
	"math"
	"slices"
	"time"

	"sizewise/analyze/dossier"
	"sizewise/analyze/finding"
)

// The resources of a host, by the names that phases and findings use.
const (
	cpu       = "cpu"
	gpu       = "gpu"
	gpuMemory = "gpu_memory"
	memory    = "memory"
	disk      = "disk"
)

// resources are the metrics of a host, and how many units of 100 percent each
// has on an instance.
func (r *run) resources() map[string]struct {
	metric string
	units  int
} {
	type m = struct {
		metric string
		units  int
	}
	return map[string]m{
		cpu: {"CPUUtilization", r.instance.VCPU}, gpu: {"GPUUtilization", r.instance.GPUs()},
		gpuMemory: {"GPUMemoryUtilization", r.instance.GPUs()}, memory: {"MemoryUtilization", 1}, disk: {"DiskUtilization", 1},
	}
}

// sample is one minute of one host, as shares of what the host has.
type sample struct {
	at         time.Time
	mean, most float64
}

// host is one instance of a job.
type host struct {
	name string
	use  map[string][]sample // by resource and time
}

// readHosts lays the series out by host. What is known only in sums over cores
// or GPUs of which the number is not known is left out.
func (r *run) readHosts() {
	at := map[string]int{}
	by := map[string]string{}
	units := r.resources()
	for name, m := range units {
		by[m.metric] = name
	}
	for i := range r.d.Series {
		s := &r.d.Series[i]
		name := by[s.Metric]
		if s.Host == "" || name == "" || s.Period != time.Minute || units[name].units == 0 {
			continue
		}
		if _, ok := at[s.Host]; !ok {
			at[s.Host] = len(r.hosts)
			r.hosts = append(r.hosts, host{name: s.Host, use: map[string][]sample{}})
		}
		h := &r.hosts[at[s.Host]]
		h.use[name] = append(h.use[name], samples(s, 100*float64(units[name].units))...)
	}
	slices.SortFunc(r.hosts, func(a, b host) int {
		if a.name < b.name {
			return -1
		}
		return 1
	})
}

func samples(s *dossier.Series, full float64) []sample {
	var out []sample
	for i := range s.Points {
		p := &s.Points[i]
		if math.IsNaN(p.Average) {
			continue
		}
		most := p.Maximum
		if math.IsNaN(most) {
			most = p.Average
		}
		out = append(out, sample{p.Time, p.Average / full, most / full})
	}
	return out
}

// within are the minutes that lie wholly in one of the stretches.
func within(all []sample, stretches []finding.Window) []sample {
	var out []sample
	for _, s := range all {
		for _, w := range stretches {
			if !s.at.Before(w.Start) && !s.at.Add(time.Minute).After(w.End) {
				out = append(out, s)
				break
			}
		}
	}
	return out
}

// fleet is the mean over hosts, minute by minute, of a resource.
func (r *run) fleet(resource string, stretches []finding.Window) []sample {
	sum, n := map[time.Time]sample{}, map[time.Time]float64{}
	for i := range r.hosts {
		for _, s := range within(r.hosts[i].use[resource], stretches) {
			old := sum[s.at]
			sum[s.at] = sample{s.at, old.mean + s.mean, max(old.most, s.most)}
			n[s.at]++
		}
	}
	out := make([]sample, 0, len(sum))
	for t, s := range sum {
		s.mean /= n[t]
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b sample) int { return a.at.Compare(b.at) })
	return out
}

func means(all []sample) []float64 {
	out := make([]float64, len(all))
	for i := range all {
		out[i] = all[i].mean
	}
	return out
}

// always is a stretch that holds everything.
func always() []finding.Window {
	return []finding.Window{{End: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}}
}
