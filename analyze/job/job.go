package job

import (
	"math"
	"slices"
	"time"

	"sizewise/analyze/capacity"
	"sizewise/analyze/dossier"
	"sizewise/analyze/finding"
	"sizewise/analyze/price"
)

// run is a job as it is judged.
type run struct {
	d                   *dossier.Dossier
	what                string // kind of its facts
	use                 price.Use
	status              string
	created, start, end time.Time // zero unknown
	kind                string    // of instance, "" unknown
	instance            capacity.Instance
	count               int // of instances, 0 unknown
	hosts               []host
	phases              []finding.Phase
	working             []finding.Window // when the job's own program ran, start-up left out
	running             []finding.Window // the same with its start-up
	candidates          []hypothesis     // other types
	limit               string           // cpu, gpu, data input or ""

	measures []finding.Measure
	found    finds
	notes    []string
}

// Analyze judges a training, processing or transform job.
func Analyze(d *dossier.Dossier) dossier.Result {
	r := open(d)
	r.readHosts()
	r.readPhases()
	r.time()
	r.autopsy()
	r.skew()
	r.limits()
	r.headroom()
	r.fit()
	r.money()
	r.interruptions()
	out := dossier.Result{
		Measures: r.measures, Phases: r.phases, Parts: append(r.parts(), r.candidateParts()...), Charts: r.charts(),
		Notes: r.notes,
	}
	out.Verdict = r.verdict()
	out.Findings = r.found
	return out
}

func open(d *dossier.Dossier) *run {
	r := &run{d: d, what: d.Kind + "_job", use: price.Use(d.Kind)}
	r.status = r.fact("status")
	r.created, r.start, r.end = instant(r.fact("creation_time")), instant(r.fact("start_time")), instant(r.fact("end_time"))
	r.kind = r.fact("instance_type")
	if d.Types != nil {
		r.instance, _ = d.Types.Lookup(r.kind)
	}
	if n := number(r.fact("instance_count")); n >= 1 {
		r.count = int(n)
	}
	switch {
	case r.kind == "":
		r.notes = append(r.notes, "The instance type is not known, so the use of cores and GPUs, published as sums over them, cannot be set against what there is")
	case r.instance.VCPU == 0:
		r.notes = append(r.notes, "The table of instance types does not know "+r.kind+", so the use of cores and GPUs cannot be set against what there is")
	}
	return r
}

func (r *run) fact(attribute string) string { return r.d.Facts.Of(r.what, r.d.Name, attribute) }

func (r *run) put(m finding.Measure) finding.Estimate {
	r.measures = append(r.measures, m)
	return m.Estimate
}

// ended reports whether the job is over.
func (r *run) ended() bool {
	return slices.Contains([]string{"Completed", "Failed", "Stopped"}, r.status)
}

// seconds is the time that the instances were had for.
func (r *run) seconds() float64 {
	if r.start.IsZero() || r.end.IsZero() {
		return math.NaN()
	}
	return r.end.Sub(r.start).Seconds()
}

// time says where the time went.
func (r *run) time() {
	whole := math.NaN()
	if !r.created.IsZero() && !r.end.IsZero() {
		whole = r.end.Sub(r.created).Seconds()
	}
	length := told("duration_s", "time from start to end", unitSeconds, finding.Lower)
	if s := r.seconds(); math.IsNaN(s) {
		r.put(length.Refused("Describe tells no start or no end of it."))
	} else {
		r.put(length.Seen(s, 1, "As described, without the wait for instances."))
	}
	start := told("startup_share", "share of the time before the program ran", unitRatio, finding.Lower)
	if math.IsNaN(whole) || whole <= 0 || len(r.running) == 0 {
		r.put(start.Refused("Describe does not tell when the program began."))
	} else {
		r.put(start.Seen(r.running[0].Start.Sub(r.created).Seconds()/whole, 1, "From the request to the first minute of the program, of "+took(whole)+" in all."))
	}
	if r.d.Kind == "training" {
		r.loading(whole)
	}
}

func (r *run) loading(whole float64) {
	name := told("data_loading_share", "share of the time spent loading data before the first step", unitRatio, finding.Lower)
	spent, seen := 0.0, false
	for i := range r.phases {
		if n := r.phases[i].Name; n == phaseDownload || n == phaseLoading {
			spent, seen = spent+r.phases[i].End.Sub(r.phases[i].Start).Seconds(), true
		}
	}
	if !seen || math.IsNaN(whole) || whole <= 0 {
		r.put(name.Refused("No phase of it is told."))
		return
	}
	r.put(name.Seen(spent/whole, len(r.phases), "Downloading, and the first minutes of the program in which no GPU worked, of "+took(whole)+"."))
}
