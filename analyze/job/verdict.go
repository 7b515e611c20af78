package job

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sizewise/analyze/finding"
)

func (r *run) verdict() finding.Verdict {
	v := finding.Verdict{Reasons: r.found.reasons()}
	length := ""
	if s := r.seconds(); s > 0 {
		length = " after " + took(s)
	}
	switch {
	case r.failed():
		v.Status = finding.Fail
		v.Summary = "The job failed" + length
		if len(v.Reasons) > 0 {
			v.Summary, v.Reasons = v.Summary+": "+lowerFirst(v.Reasons[0]), v.Reasons[1:]
		}
		return v
	case r.status == "" && len(r.hosts) == 0:
		return finding.Verdict{Status: finding.Insufficient, Summary: "Neither the job's description nor metrics of its hosts are there"}
	case len(r.fleet(cpu, always()))+len(r.fleet(memory, always())) == 0:
		return finding.Verdict{
			Status: finding.Insufficient, Reasons: v.Reasons,
			Summary: fmt.Sprintf("The job is %s%s, but what it used cannot be told: no metrics of its hosts were published or read", orUnknown(r.status), length),
		}
	}
	v.Status = finding.Pass
	v.Summary = "The job still runs"
	if r.ended() || r.status == "" {
		v.Summary = "The job ran well" + strings.Replace(length, " after ", " for ", 1)
	}
	switch {
	case r.found.has(finding.Critical):
		v.Status = finding.Fail
		v.Summary = "The job ended, but hardly fit"
	case r.status == "Stopped":
		v.Summary = "The job was stopped" + length
	case r.found.has(finding.Warning):
		v.Summary = "The job completed" + strings.Replace(length, " after ", " in ", 1)
		if !r.ended() {
			v.Summary = "The job still runs"
		}
		v.Summary, v.Reasons = v.Summary+", but "+lowerFirst(v.Reasons[0]), v.Reasons[1:]
		return v
	}
	switch r.limit {
	case cpu:
		v.Summary += "; the CPU limits"
	case gpu:
		v.Summary += "; the GPU limits"
	}
	return v
}

func orUnknown(s string) string {
	if s == "" {
		return "of unknown status"
	}
	return strings.ToLower(s)
}

// lowerFirst writes a sentence as a clause; what begins with an abbreviation or
// a name of parts stays as it is.
func lowerFirst(s string) string {
	word, _, _ := strings.Cut(s, " ")
	if word != strings.ToUpper(word[:1])+strings.ToLower(word[1:]) {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// charts are the use of the hosts on average and, where there are several, what
// each did.
func (r *run) charts() []finding.Chart {
	all := finding.Chart{
		Name: "use", Title: "What the job used, and when", Axis: "mean over hosts, % of what one has", Percent: true, Query: querySeries, Bands: r.phases,
		Limits: []finding.ChartLimit{{Name: "all of it", Y: 1}},
		Read:   "What a job pays for should be busy from the first minute of its work to the last; what climbs to the top ends it.",
	}
	heavy := cpu
	if r.instance.GPUs() > 0 {
		heavy = gpu
	}
	for _, l := range []struct{ name, resource string }{{"CPU", cpu}, {"GPU", gpu}, {"GPU memory", gpuMemory}, {"memory", memory}, {"disk", disk}} {
		if samples := r.fleet(l.resource, always()); len(samples) > 0 {
			all.Lines = append(all.Lines, line(l.name, samples, l.resource == heavy))
		}
	}
	if len(all.Lines) == 0 {
		all.Absent = "There is no figure here: nothing was published of the hosts."
	}
	out := []finding.Chart{all}
	if len(r.hosts) < 2 || len(r.hosts) > 6 {
		return out
	}
	if len(r.fleet(heavy, always())) == 0 {
		return out
	}
	each := finding.Chart{
		Name: "hosts", Title: "Host by host", Axis: strings.ToUpper(heavy) + ", % of what one host has", Percent: true, Query: querySeries,
		Limits: []finding.ChartLimit{{Name: "all of it", Y: 1}},
		Read:   "The lines of hosts that share the work evenly lie on one another.",
	}
	odd := -1
	if slices.ContainsFunc(r.found, func(f finding.Finding) bool { return f.Check == "job_host_skew" }) {
		odd = r.odd(func(h int) float64 { return meanOf(within(r.hosts[h].use[heavy], r.working)) })
	}
	for i := range r.hosts {
		name := hostLabel(strings.TrimPrefix(r.hosts[i].name, r.d.Name+"/"))
		each.Lines = append(each.Lines, line(name, r.hosts[i].use[heavy], i == odd))
	}
	return append(out, each)
}

// hostLabel is short enough to stand beside a line: of an instance id, its end.
func hostLabel(name string) string {
	const most = 12
	if len(name) <= most || !strings.HasPrefix(name, "i-") {
		return name
	}
	return "i-..." + name[len(name)-6:]
}

func meanOf(all []sample) float64 {
	sum := 0.0
	for _, s := range all {
		sum += s.mean
	}
	return sum / max(1, float64(len(all)))
}

func line(name string, all []sample, heavy bool) finding.ChartLine {
	l := finding.ChartLine{Name: name, Heavy: heavy, Y: means(all)}
	l.Times = make([]time.Time, len(all))
	for i := range all {
		l.Times[i] = all[i].at
	}
	return l
}
