package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

const gatesHeading = "## Load tests drawn at random\n"

const gatesText = `
Three sets, drawn anew by every seed. *Easy*: CPU, GPU, workers or batching as the limit, 1 to 4
instances, three balancers, ten steps of five minutes to 60, 90 and 130 % of the capacity, the number of
workers known. *Hard*: the same with twists, one or two each: unknown workers (and in a quarter of the
others), two resources within 10 %, instances up to 15 % apart from the mean, autoscaling from one, work that
drifts by 5 to 15 %, waiting clients, warm-up, missing minutes, utilization every 10 s or 300 s, a leak,
client errors, no queue, a test of 10 to 17 minutes, a ramp, a deploy half way, batching. *Production*: three hours of a random walk at a quarter to two thirds of the capacity, with
5 % of noise and work per request that drifts by up to 15 %; then the same once more without the number of
workers, where a low load often leaves open whether they or the processor would end first: what is answered
is held to the same gates, and how much is answered has none. The first rows count the sets together, the
others hold each set to the same by itself.

Written by ` + "`go test ./cmd/sizewise -run 'TestAccuracy$' -timeout 60m -accuracy-runs 160 -accuracy-seed 662607 -accuracy-gates ../../docs/accuracy.md`" + `.
The method was worked out on other seeds, among them 1, 4711, 5001 to 5004, 31337, 60606, 90210, 424242,
880088, 271828, 314159, 577215 and 600011.

`

const methodsText = `Beside them, the methods are held to published tables (A), to series in which there is nothing to find
(E), and to changes of the easy set's data that change nothing of the service (F): the capacity may move by
less than its interval.

`

// writeGates puts the table into its section of the file.
func writeGates(path, table string) error {
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	before, _, _ := strings.Cut(string(old), gatesHeading)
	return os.WriteFile(path, []byte(strings.TrimRight(before, "\n")+"\n\n"+gatesHeading+gatesText+table), 0o644)
}

// keptGates is the section of the gates in a file that another measurement
// rewrites, "" when there is none.
func keptGates(path string) string {
	old, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	if _, after, ok := strings.Cut(string(old), gatesHeading); ok {
		return "\n" + gatesHeading + after
	}
	return ""
}

// gate is a share of trials and what it has to be.
type gate struct {
	name       string
	least      float64
	most       float64 // 0: no upper limit
	parts      []string
	good, seen int
}

// together is a gate over the trials of several sets, which have gates of the
// same question of their own.
func together(about string, least, most float64, sets ...string) gate {
	g := gate{name: strings.Join(sets, ", ") + " together" + about, least: least, most: most}
	for _, set := range sets {
		g.parts = append(g.parts, set+about)
	}
	return g
}

func (g gate) share() float64 { return float64(g.good) / float64(g.seen) }

func (g gate) met() bool { return g.share() >= g.least && (g.most == 0 || g.share() <= g.most) }

// gates counts over all trials.
func gates(all []verdictOfTrial) []gate {
	out := []gate{
		together(", saturated: capacity within 5 %", .95, 0, "easy", "hard"),
		together(", saturated: capacity within 2 %", .90, 0, "easy", "hard"),
		together(", not saturated: capacity within 5 %", .95, 0, "easy", "hard"),
		together(": capacity answered", .90, 0, "easy", "hard", "production"),
		together(": capacity in its interval", .88, .99, "easy", "hard", "production"),
		together(": SLO rate, bracketed, within 10 %", .95, 0, "easy", "hard"),
		together(": SLO rate, by a model, within 15 %", .92, 0, "easy", "hard", "production"),
		together(": SLO rate in its interval", .88, .99, "easy", "hard", "production"),
		together(": count not below need", .99, 0, "easy", "hard", "production"),
		together(": count exact or one above", .95, 0, "easy", "hard", "production"),
		{name: "easy, saturated: capacity within 5 %", least: .95},
		{name: "easy, saturated: capacity within 2 %", least: .90},
		{name: "easy, not saturated: capacity within 5 %", least: .95},
		{name: "hard, saturated: capacity within 5 %", least: .95},
		{name: "hard, saturated: capacity within 2 %", least: .90},
		{name: "hard, not saturated: capacity within 5 %", least: .95},
		{name: "production: capacity within 10 %", least: .95},
		{name: "easy: capacity answered", least: .90},
		{name: "hard: capacity answered", least: .90},
		{name: "production: capacity answered", least: .90},
		{name: "easy: capacity in its interval", least: .88, most: .99},
		{name: "hard: capacity in its interval", least: .88, most: .99},
		{name: "production: capacity in its interval", least: .88, most: .99},
		{name: "easy: SLO rate, bracketed, within 10 %", least: .95},
		{name: "hard: SLO rate, bracketed, within 10 %", least: .95},
		{name: "easy: SLO rate, by a model, within 15 %", least: .92},
		{name: "hard: SLO rate, by a model, within 15 %", least: .92},
		{name: "production: SLO rate, by a model, within 15 %", least: .92},
		{name: "easy: SLO rate in its interval", least: .88, most: .99},
		{name: "hard: SLO rate in its interval", least: .88, most: .99},
		{name: "production: SLO rate in its interval", least: .88, most: .99},
		{name: "easy: bottleneck", least: .98},
		{name: "hard: bottleneck", least: .90},
		{name: "production: bottleneck", least: .90},
		{name: unseen + ": capacity answered"},
		{name: unseen + ": capacity within 10 %", least: .95},
		{name: unseen + ": capacity in its interval", least: .88, most: .99},
		{name: unseen + ": SLO rate, by a model, within 15 %", least: .92},
		{name: unseen + ": SLO rate in its interval", least: .88, most: .99},
		{name: unseen + ": bottleneck", least: .90},
		{name: unseen + ": count not below need", least: .99},
		{name: unseen + ": count exact or one above", least: .95},
		{name: "batching refused", least: .95},
		{name: "no batching where there is none", least: .95},
		{name: "lower bound of capacity is one", least: 1},
		{name: "lower bound of the SLO rate is one", least: 1},
		{name: "easy: count not below need", least: .99},
		{name: "hard: count not below need", least: .99},
		{name: "production: count not below need", least: .99},
		{name: "easy: count exact or one above", least: .95},
		{name: "hard: count exact or one above", least: .95},
		{name: "production: count exact or one above", least: .95},
	}
	for i := range out {
		for _, v := range all {
			out[i].count(v)
		}
	}
	return out
}

// count counts one trial, which is of one set.
func (g *gate) count(v verdictOfTrial) {
	names := g.parts
	if names == nil {
		names = []string{g.name}
	}
	for _, name := range names {
		if ok, judged := v.passes[name]; judged {
			g.seen++
			if ok {
				g.good++
			}
		}
	}
}

// gateTable prints the gates.
func gateTable(all []gate) string {
	var b strings.Builder
	b.WriteString("| gate | required | reached | of | |\n|---|---|---|---|---|\n")
	for _, g := range all {
		if g.seen == 0 {
			continue
		}
		need, word := fmt.Sprintf("%.0f %%", 100*g.least), "met"
		if g.most > 0 {
			need += fmt.Sprintf(" to %.0f %%", 100*g.most)
		}
		switch {
		case g.least == 0:
			need, word = "-", ""
		case !g.met():
			word = "missed"
		}
		fmt.Fprintf(&b, "| %s | %s | %.1f %% | %d of %d | %s |\n", g.name, need, 100*g.share(), g.good, g.seen, word)
	}
	return b.String()
}
