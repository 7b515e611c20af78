package service

import (
	"fmt"
	"math"
	"regexp"
	"time"

	"sizewise/analyze/dossier"
	"sizewise/analyze/finding"
)

const (
	longQuiet   = 2 * time.Hour // without a line of the log, at the end of the window
	inService   = "InService"
	stoppedNow  = "Stopped"
	diskFullAt  = `(?i)no space left on device|\bENOSPC\b|disk quota exceeded|disk is full`
	quietCaveat = "A cell that computes writes nothing to this log while it does, so look before you stop it."
)

// notebook is the evidence about a notebook instance.
type notebook struct {
	d        *dossier.Dossier
	bad      int64 // lines that name an error
	full     int64 // lines that say the disk is full
	fullLine string
	last     time.Time // of the lines; zero without any
	measures []finding.Measure
	finds    finds
}

// Notebook judges a notebook instance by its state and its log: what it complained
// of, and for how long nothing was heard of it. It publishes no metrics.
func Notebook(d *dossier.Dossier) dossier.Result {
	n := &notebook{d: d}
	n.read()
	n.errors()
	n.quiet()
	return dossier.Result{
		Verdict: n.verdict(), Measures: n.measures, Charts: []finding.Chart{n.chart()}, Findings: n.finds,
		Notes: []string{"A notebook instance publishes no metrics: what is known of it is its description and its log"},
	}
}

func (n *notebook) of(attribute string) string { return n.d.Facts.Text("notebook_instance", attribute) }

func (n *notebook) read() {
	full := regexp.MustCompile(diskFullAt)
	for i := range n.d.Messages {
		m := &n.d.Messages[i]
		if m.Level == "ERROR" || m.Level == "FATAL" || m.Exception != "" {
			n.bad += m.Lines
		}
		if full.MatchString(m.Example) {
			n.full += m.Lines
			n.fullLine = m.Example
		}
		if m.Last.After(n.last) {
			n.last = m.Last
		}
	}
}

func (n *notebook) errors() {
	lines := named("log_error_lines", "log lines at ERROR or with an exception", "lines", finding.Lower)
	full := named("disk_full_lines", "log lines that say the disk is full", "lines", finding.Lower)
	lines.Query, full.Query = queryLines, queryLines
	if n.d.Lines == 0 {
		n.measures = append(n.measures, lines.Refused("No log was read."), full.Refused("No log was read."))
		return
	}
	of := fmt.Sprintf("Of %s.", plural(float64(n.d.Lines), "line", "lines"))
	n.measures = append(n.measures, lines.Seen(float64(n.bad), int(n.d.Lines), of), full.Seen(float64(n.full), int(n.d.Lines), of))
}

// quiet is for how long the log has been silent when the window ends.
func (n *notebook) quiet() {
	m := named("quiet_s", "without a log line, at the end", unitSeconds, finding.Lower)
	m.Query = queryLines
	switch {
	case n.last.IsZero():
		n.measures = append(n.measures, m.Refused("No log line was read, so since when it is silent is not known."))
	case n.of("status") == stoppedNow:
		n.measures = append(n.measures, m.Refused("The instance is stopped: that nothing is heard of it says nothing."))
	default:
		silent := max(0, n.d.Window.End.Sub(n.last).Seconds())
		n.measures = append(n.measures, m.Seen(silent, int(n.d.Lines), "From the last of its lines, at "+clock(n.last)+", to the end of the window. "+quietCaveat))
	}
}

// chartPoints is how many instants the figure shows at most.
const chartPoints = 480

// chart is for how long nothing had been heard of the instance, all along.
func (n *notebook) chart() finding.Chart {
	c := finding.Chart{
		Name: "silence", Title: "For how long its log was silent", Axis: "hours without a log line", Query: queryLines,
		Limits: []finding.ChartLimit{{Name: "worth a look", Y: longQuiet.Hours()}},
	}
	switch {
	case n.last.IsZero():
		c.Absent = "There is no figure of its log: no line of it was read."
		return c
	case n.of("status") == stoppedNow:
		c.Absent = "There is no figure of its log: the instance is stopped, so that its silence says nothing."
		return c
	}
	step := max(time.Minute, n.d.Window.End.Sub(n.d.Window.Start)/chartPoints).Truncate(time.Minute)
	line := finding.ChartLine{Name: "silent for", Heavy: true}
	heard, next := time.Time{}, 0
	for at := n.d.Window.Start; !at.After(n.d.Window.End); at = at.Add(step) {
		for ; next < len(n.d.Messages) && !n.d.Messages[next].Minute.After(at); next++ {
			if last := n.d.Messages[next].Last; last.After(heard) && !last.After(at.Add(time.Minute)) {
				heard = last
			}
		}
		y := math.NaN() // before the first line nothing is known
		if !heard.IsZero() {
			y = max(0, at.Sub(heard).Hours())
		}
		line.Times, line.Y = append(line.Times, at), append(line.Y, y)
	}
	c.Lines = []finding.ChartLine{line}
	c.Read = "Short teeth are somebody at work; a slope that climbs past the line is an instance that is paid for and not used, or computes without a word."
	longest, since := n.longest()
	if longest < time.Minute {
		c.Read += " It was never silent for a minute."
	} else {
		c.Read += fmt.Sprintf(" The longest silence here lasted %s, from %s on.", took(longest.Seconds()), clock(since))
	}
	return c
}

// longest is the longest time without a line, to the minute, and when it began.
func (n *notebook) longest() (longest time.Duration, since time.Time) {
	heard := time.Time{}
	for i := range n.d.Messages {
		m := &n.d.Messages[i]
		if gap := m.First.Sub(heard); !heard.IsZero() && gap > longest {
			longest, since = gap, heard
		}
		if m.Last.After(heard) {
			heard = m.Last
		}
	}
	if gap := n.d.Window.End.Sub(heard); gap > longest {
		longest, since = gap, heard
	}
	return longest, since
}

func (n *notebook) verdict() finding.Verdict {
	status, silent := n.of("status"), estimate(n.measures, "quiet_s")
	if status == "" && n.d.Lines == 0 {
		return insufficient("Nothing is known of the notebook instance: neither its description nor its log was read.")
	}
	summary := fmt.Sprintf("The notebook instance is %s on %s; %s", orUnknown(status), orUnknown(n.of("instance_type")), problemsOf(n.bad, n.d.Lines))
	if status == "Failed" {
		n.finds.add("notebook_state", finding.Critical, queryFacts, "The notebook instance failed.", n.of("failure_reason"))
		summary = "The notebook instance failed"
	}
	if n.full > 0 {
		size := ""
		if v := n.of("volume_gb"); v != "" {
			size = " The volume has " + v + " GB."
		}
		n.finds.add("notebook_disk_full", finding.Critical, queryLines, fmt.Sprintf("The disk is full: %s of the log say so.", plural(float64(n.full), "line", "lines")),
			"The last: "+n.fullLine, "Delete what is not wanted, checkpoints and the trash of the file browser first, or stop the instance and enlarge its volume."+size)
		summary = fmt.Sprintf("The disk of the notebook instance is full, as %s of its log say", plural(float64(n.full), "line", "lines"))
	}
	if status == inService && known(silent) && float64(silent.Value) >= longQuiet.Seconds() {
		n.finds.add("notebook_quiet", finding.Warning, queryLines,
			fmt.Sprintf("The instance is in service and paid for, and its log is silent since %s, %s before the window ended.", clock(n.last), took(float64(silent.Value))),
			quietCaveat+" A lifecycle script can stop it after a while without kernels at work.")
		summary += fmt.Sprintf("; nothing was heard of it for the last %s", took(float64(silent.Value)))
	}
	if n.bad > n.full && status != "Failed" {
		n.finds.add("notebook_state", finding.Warning, queryLines, fmt.Sprintf("The log holds %s that name an error.", plural(float64(n.bad), "line", "lines")),
			"The messages are below, the most frequent first.")
	}
	return finding.Verdict{Status: n.finds.judged(), Summary: summary + ".", Reasons: n.finds.reasons()}
}

func orUnknown(s string) string {
	if s == "" {
		return "(not described)"
	}
	return s
}

func problemsOf(bad, lines int64) string {
	switch {
	case lines == 0:
		return "no log was read"
	case bad == 0:
		return "its log names no error"
	}
	return "its log names errors in " + plural(float64(bad), "line", "lines")
}
