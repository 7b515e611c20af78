package job

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"sizewise/analyze/finding"
)

// Names of phases that are read as more than a label.
const (
	phaseDownload    = "downloading"
	phaseLoading     = "loading data"
	phaseTraining    = "training"
	phaseRunning     = "running"
	phaseInterrupted = "interrupted"
)

const (
	idleGPU       = 0.10 // share of the GPUs under which a minute is idle
	leastLoading  = 2    // idle minutes at the start that are a phase of their own
	firmlyWorking = 3    // minutes in a row that end it
)

// readPhases takes the phases from Describe and finds in the first one of the
// program how long its GPUs waited to begin.
func (r *run) readPhases() {
	if r.d.Kind == "training" {
		r.transitions()
	} else {
		r.plainPhases()
	}
	for i := range r.phases {
		p := &r.phases[i]
		if p.Name == phaseTraining || p.Name == phaseRunning {
			r.running = append(r.running, finding.Window{Start: p.Start, End: p.End})
		}
	}
	if len(r.running) == 0 && len(r.hosts) > 0 && len(r.phases) == 0 {
		r.running = []finding.Window{r.d.Window}
		r.phases = []finding.Phase{{Name: phaseRunning, Source: "metrics", Start: r.d.Window.Start, End: r.d.Window.End}}
		r.notes = append(r.notes, "Describe tells no phases: all that was published counts as the job's work")
	}
	r.working = slices.Clone(r.running)
	r.splitLoading()
	for i := range r.phases {
		r.phases[i].Busy = r.busy(finding.Window{Start: r.phases[i].Start, End: r.phases[i].End})
	}
}

// transitions are those of the secondary status. States without a length are
// how the job ended, not where its time went.
func (r *run) transitions() {
	for _, n := range r.d.Facts.Names("phase") {
		of := func(a string) string { return r.d.Facts.Of("phase", n, a) }
		p := finding.Phase{
			Name: lower(of("status")), Source: "describe", Status: of("status"),
			Start: instant(of("start_time")), End: instant(of("end_time")),
		}
		if p.End.IsZero() {
			p.End = r.d.Window.End
		}
		if !p.Start.IsZero() && p.End.After(p.Start) {
			r.phases = append(r.phases, p)
		}
	}
	slices.SortStableFunc(r.phases, func(a, b finding.Phase) int { return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End)) })
}

func (r *run) plainPhases() {
	if !r.created.IsZero() && r.start.After(r.created) {
		r.phases = append(r.phases, finding.Phase{Name: "starting", Source: "describe", Start: r.created, End: r.start})
	}
	end := r.end
	if end.IsZero() {
		end = r.d.Window.End
	}
	if !r.start.IsZero() && end.After(r.start) {
		r.phases = append(r.phases, finding.Phase{Name: phaseRunning, Source: "describe", Status: r.status, Start: r.start, End: end})
	}
}

// lower is a status in plain words: PreparingTrainingStack becomes preparing
// training stack.
func lower(status string) string {
	var b strings.Builder
	for i, c := range status {
		if i > 0 && c >= 'A' && c <= 'Z' && status[i-1] >= 'a' && status[i-1] <= 'z' {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return strings.ToLower(b.String())
}

// splitLoading cuts the minutes in which no GPU had begun to work off the start
// of the program.
func (r *run) splitLoading() {
	if len(r.running) == 0 {
		return
	}
	first := r.running[0]
	minutes := r.fleet(gpu, r.running[:1])
	n := leading(minutes)
	if n < leastLoading {
		return
	}
	until := minutes[n].at
	at := slices.IndexFunc(r.phases, func(p finding.Phase) bool { return p.Start.Equal(first.Start) && p.End.Equal(first.End) })
	if at < 0 || !until.After(first.Start) {
		return
	}
	load := finding.Phase{Name: phaseLoading, Source: "metrics", Start: first.Start, End: until, Note: "The program ran, its GPUs did not yet."}
	r.phases[at].Start = until
	r.phases = slices.Insert(r.phases, at, load)
	r.working[0].Start = until
}

// leading is how many minutes pass before the GPUs work for some minutes on end.
func leading(minutes []sample) int {
	run := 0
	for i, m := range minutes {
		if m.mean < idleGPU {
			run = 0
			continue
		}
		if run++; run == firmlyWorking {
			return i + 1 - firmlyWorking
		}
	}
	return 0
}

// busy is the mean use of one host in a stretch. A minute belongs to the
// stretch in which its middle lies.
func (r *run) busy(w finding.Window) map[string]finding.Number {
	out := map[string]finding.Number{}
	for name := range r.resources() {
		sum, n := 0.0, 0.0
		for i := range r.hosts {
			for _, s := range r.hosts[i].use[name] {
				if middle := s.at.Add(time.Minute / 2); !middle.Before(w.Start) && middle.Before(w.End) && !math.IsNaN(s.mean) {
					sum, n = sum+s.mean, n+1
				}
			}
		}
		if n > 0 {
			out[name] = finding.Number(sum / n)
		}
	}
	return out
}
