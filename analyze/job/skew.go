package job

import (
	"fmt"
	"math"
	"time"

	"sizewise/analyze/finding"
	"sizewise/analyze/measure"
	"sizewise/analyze/stat"
)

const skewed = 0.15 // of the mean: hosts that far apart do not share the work evenly

// skew is how far apart hosts are in what they work on: GPUs where there are
// some, else cores.
func (r *run) skew() {
	if len(r.hosts) < 2 && r.count < 2 {
		return
	}
	resource, word := cpu, "CPU"
	if len(r.fleet(gpu, r.working)) > 0 {
		resource, word = gpu, "GPU"
	}
	m := named("host_skew", "how far the oddest host is from the others, of the mean ("+word+")", unitRatio, finding.Lower)
	rows := r.common(resource)
	if len(r.hosts) < 2 || len(rows) < leastSteps {
		r.put(m.Refused("Fewer than two hosts published enough minutes in common."))
		return
	}
	level := func(h int, index []int) float64 {
		sum := 0.0
		for _, i := range index {
			sum += rows[i][h]
		}
		return sum / float64(len(index))
	}
	all := make([]int, len(rows))
	for i := range all {
		all[i] = i
	}
	// Which host is odd is settled once, so that leaving a stretch out does not
	// change what is compared. The median of the others is what it is compared
	// with: the lowest of several is low by chance alone.
	odd := r.odd(func(h int) float64 { return level(h, all) })
	others := func(index []int) float64 {
		var levels []float64
		for h := range r.hosts {
			if h != odd {
				levels = append(levels, level(h, index))
			}
		}
		return stat.Median(levels)
	}
	iv := stat.Jackknife(len(rows), 10, measure.Confidence, func(index []int) float64 {
		mean := 0.0
		for h := range r.hosts {
			mean += level(h, index) / float64(len(r.hosts))
		}
		if len(index) == 0 || mean <= 0 {
			return math.NaN()
		}
		return math.Abs(level(odd, index)-others(index)) / mean
	})
	iv.Lo = max(0, iv.Lo)
	e := r.put(m.Within(iv, len(rows), "jackknife", fmt.Sprintf("%s %s, the others %s (median), over %d minutes that all hosts published.",
		r.hosts[odd].name, share(level(odd, all)), share(others(all)), len(rows))))
	if known(e) && float64(e.Lo) > skewed {
		r.found.add("job_host_skew", finding.Warning, querySeries,
			fmt.Sprintf("The hosts did not share the work evenly: %s differs, at %s against %s on the others.", r.hosts[odd].name, share(level(odd, all)),
				share(others(all))),
			fmt.Sprintf("That is %s of the mean of all.", ranged(e, share)),
			"Where steps are taken together, the others wait for the slowest: look at how the data is divided, and for a host that does other work.")
	}
}

// odd is the host that is furthest from the median of all.
func (r *run) odd(level func(h int) float64) int {
	all := make([]float64, len(r.hosts))
	for h := range all {
		all[h] = level(h)
	}
	middle, at := stat.Median(all), 0
	for h := range all {
		if math.Abs(all[h]-middle) > math.Abs(all[at]-middle) {
			at = h
		}
	}
	return at
}

// common are the minutes that every host published, by host.
func (r *run) common(resource string) [][]float64 {
	by := map[time.Time][]float64{}
	var order []time.Time
	for h := range r.hosts {
		for _, s := range within(r.hosts[h].use[resource], r.working) {
			if h == 0 {
				order = append(order, s.at)
			}
			if len(by[s.at]) == h {
				by[s.at] = append(by[s.at], s.mean)
			}
		}
	}
	var out [][]float64
	for _, t := range order {
		if len(by[t]) == len(r.hosts) {
			out = append(out, by[t])
		}
	}
	return out
}

// parts are the hosts.
func (r *run) parts() []finding.Part {
	var out []finding.Part
	for i := range r.hosts {
		h := &r.hosts[i]
		p := finding.Part{Kind: "host", Name: h.name}
		for _, m := range []struct{ name, label, resource string }{{"cpu_busy", "CPU", cpu}, {"gpu_busy", "GPU", gpu}} {
			if m.resource == gpu && r.instance.GPUs() == 0 {
				continue
			}
			x := means(within(h.use[m.resource], r.working))
			p.Measures = append(p.Measures, named(m.name, m.label, unitRatio, "").Mean(x, "Mean while the job worked."))
		}
		for _, m := range []struct{ name, label, resource string }{{"memory_peak", "memory, highest", memory}, {"disk_peak", "disk, highest", disk}} {
			if m.resource == disk && r.d.Kind == "transform" {
				continue
			}
			n, top := named(m.name, m.label, unitRatio, finding.Lower), math.NaN()
			for _, s := range h.use[m.resource] {
				if math.IsNaN(top) || s.most > top {
					top = s.most
				}
			}
			if math.IsNaN(top) {
				p.Measures = append(p.Measures, n.Refused("Nothing was published of it."))
			} else {
				p.Measures = append(p.Measures, n.Seen(top, len(h.use[m.resource]), "The highest point."))
			}
		}
		out = append(out, p)
	}
	return out
}
