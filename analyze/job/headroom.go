package job

import (
	"fmt"
	"math"
	"time"

	"sizewise/analyze/finding"
	"sizewise/analyze/measure"
	"sizewise/analyze/stat"
)

const (
	nearlyFull  = 0.95 // of memory or disk: the next run may not fit
	overfull    = 0.98 // and here this one hardly did
	leastTrend  = 20   // minutes that a trend is looked for in
	trendBlocks = 24   // stretches whose medians it is drawn through
	leastRise   = 0.03 // of what there is, that makes a trend worth telling
	farthest    = 10   // times what was seen: beyond, no time is told
)

func (r *run) headroom() {
	r.room("memory_headroom", "memory never used on the fullest host", memory, "job_memory_tight", "memory")
	r.exhaustion("memory_exhaustion_s", "time until memory is full, from the end", memory, "job_memory_grows", "Memory")
	if r.d.Kind != "transform" {
		r.room("disk_headroom", "disk never used on the fullest host", disk, "job_disk_tight", "disk")
		r.exhaustion("disk_exhaustion_s", "time until the disk is full, from the end", disk, "job_disk_fills", "The disk")
	}
	if r.instance.GPUs() > 0 {
		r.room("gpu_memory_headroom", "GPU memory never used on the fullest host", gpuMemory, "", "GPU memory")
	}
}

// peak is the highest use of a resource on any host, and where.
func (r *run) peak(resource string) (top float64, on string, n int) {
	top = math.NaN()
	for i := range r.hosts {
		for _, s := range r.hosts[i].use[resource] {
			if n++; math.IsNaN(top) || s.most > top {
				top, on = s.most, r.hosts[i].name
			}
		}
	}
	return top, on, n
}

func (r *run) room(name, label, resource, check, what string) {
	m := named(name, label, unitRatio, finding.Higher)
	top, on, n := r.peak(resource)
	if n == 0 {
		r.put(m.Refused(r.tooShort(resource, 0)))
		return
	}
	r.put(m.Seen(max(0, 1-top), n, fmt.Sprintf("The highest of %d points, on %s, was %s.", n, on, share(top))))
	if check == "" || top < nearlyFull {
		return
	}
	severity := finding.Warning
	if top >= overfull && !r.failed() { // of a failed job the failure is what is grave
		severity = finding.Critical
	}
	r.found.add(check, severity, querySeries, fmt.Sprintf("The %s of a host was %s full.", what, share(top)), "On "+on+". A little more data, or a larger batch, would not have fit.")
}

// exhaustion is when a resource that grows would be full, were the job to go
// on: Sen's slope through the medians of stretches, which jumps at checkpoints
// and neighbours that resemble each other do not fool.
func (r *run) exhaustion(name, label, resource, check, what string) {
	m := named(name, label, unitSeconds, finding.Higher)
	at := -1
	for i := range r.hosts {
		if at < 0 || lastOf(within(r.hosts[i].use[resource], r.working)) > lastOf(within(r.hosts[at].use[resource], r.working)) {
			at = i
		}
	}
	if at < 0 {
		r.put(m.Refused(r.tooShort(resource, 0)))
		return
	}
	minutes := within(r.hosts[at].use[resource], r.working)
	if len(minutes) < leastTrend {
		r.put(m.Refused(fmt.Sprintf("A trend wants %d minutes of work; there are %d.", leastTrend, len(minutes))))
		return
	}
	x, y := blocks(minutes)
	slope, ok := stat.SenSlope(x, y, measure.Confidence)
	span := minutes[len(minutes)-1].at.Sub(minutes[0].at).Seconds()
	if !ok || slope.Lo <= 0 || slope.Value*span < leastRise {
		r.put(m.Refused(fmt.Sprintf("It did not grow beyond noise in %s.", took(span))))
		return
	}
	last := ends(x, y, slope.Value, minutes[len(minutes)-1].at.Add(time.Minute).Sub(minutes[0].at).Seconds())
	left := 1 - last
	if top, _, _ := r.peak(resource); top >= overfull {
		r.put(m.Refused("It was full already."))
		return
	}
	if left <= 0 || left/slope.Value > farthest*span {
		r.put(m.Refused(fmt.Sprintf("It grows by %s an hour, but would not be full within %d times what was seen.", share(slope.Value*3600), farthest)))
		return
	}
	below, over := about(minutes, slope.Value, last)
	iv := stat.Interval{Value: left / slope.Value, Lo: max(0, left-over) / slope.Hi, Hi: (left - below) / slope.Lo}
	one := m.Within(iv, len(minutes), "sen_slope", fmt.Sprintf("It grew by %s an hour to %s on %s; were it to go on so.", share(slope.Value*3600), share(last), r.hosts[at].name))
	one.Estimate.Status = finding.Extrapolated
	e := r.put(one)
	r.found.add(check, finding.Warning, querySeries,
		fmt.Sprintf("%s fills up: %s more at this pace and it is full.", what, ranged(e, took)), e.Why)
}

// ends is where the line stands at a time: its level is the median of what all
// stretches say of it, since the last one alone may lie at any place of a step.
func ends(x, y []float64, slope, at float64) float64 {
	levels := make([]float64, len(x))
	for i := range x {
		levels[i] = y[i] + slope*(at-x[i])
	}
	return stat.Median(levels)
}

// about is how far the minutes lie below (negative) and above the line that ends
// at last: what grows in steps, as checkpoints do, is full at a step.
func about(minutes []sample, slope, last float64) (below, over float64) {
	end := minutes[len(minutes)-1].at.Add(time.Minute)
	for _, s := range minutes {
		r := s.mean - (last - slope*end.Sub(s.at).Seconds())
		below, over = min(below, r), max(over, r)
	}
	return below, over
}

func lastOf(all []sample) float64 {
	if len(all) == 0 {
		return math.Inf(-1)
	}
	return all[len(all)-1].mean
}

// blocks are the medians of stretches, at the middle of their times in seconds.
func blocks(minutes []sample) (x, y []float64) {
	n := min(trendBlocks, len(minutes)/2)
	for b := range n {
		part := minutes[b*len(minutes)/n : (b+1)*len(minutes)/n]
		sum := 0.0
		for _, s := range part {
			sum += s.at.Sub(minutes[0].at).Seconds()
		}
		x, y = append(x, sum/float64(len(part))), append(y, stat.Median(means(part)))
	}
	return x, y
}
