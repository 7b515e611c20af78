package analyze

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"sizewise/analyze/engine"
	"sizewise/analyze/finding"
	"sizewise/analyze/pattern"
)

// nightMessage is a row of log_messages_by_night.
type nightMessage struct {
	skeleton     string
	night        int
	lines, hours int64
	first        time.Time
	example      string
}

// leastLines is how often a message must have come in a night to be news, in at
// least two different hours: one mishap writes many lines.
const (
	leastLines = 10
	leastHours = 2
)

// readMessages gives messages to the first variant of each endpoint: streams do
// not always name theirs. Those of jobs are not compared: each is another subject.
func (n *nightReader) readMessages(ctx context.Context) error {
	params := map[string]any{"start": n.o.start(), "end": n.o.End}
	return n.each(ctx, "log_messages_by_night", params, func(r *engine.Rows) {
		for _, f := range n.followed {
			if f.key != r.String("subject") || !alike(f.account, r.String("account")) || !alike(f.region, r.String("region")) {
				continue
			}
			f.logs = append(f.logs, nightMessage{
				skeleton: r.String("skeleton"), night: int(r.Int64("night")), lines: r.Int64("lines"), hours: r.Int64("hours"),
				first: r.Time("first_seen").UTC(), example: r.String("example"),
			})
			return
		}
	})
}

// template is a message and how often it came in each night.
type template struct {
	text    string
	nights  map[int]int64
	hours   int64
	first   time.Time
	example string
}

// templates merges skeletons as reports do.
func (f *followed) templates() []template {
	counts := map[string]int64{}
	for _, m := range f.logs {
		counts[m.skeleton] += m.lines
	}
	var skeletons []pattern.Skeleton
	for _, text := range slices.Sorted(maps.Keys(counts)) {
		skeletons = append(skeletons, pattern.Skeleton{Text: text, Count: counts[text]})
	}
	mined := pattern.Mine(skeletons)
	of := map[string]int{}
	out := make([]template, len(mined))
	for i, t := range mined {
		out[i] = template{text: t.Text, nights: map[int]int64{}}
		for _, k := range t.Members {
			of[skeletons[k].Text] = i
		}
	}
	for _, m := range f.logs {
		t := &out[of[m.skeleton]]
		t.nights[m.night] += m.lines
		if m.night == 0 {
			t.hours = max(t.hours, m.hours)
			if t.first.IsZero() || m.first.Before(t.first) {
				t.first, t.example = m.first, m.example
			}
		}
	}
	return out
}

// messageChanges are the messages of the night that are new, or at least twice
// as frequent as in the loudest night before.
func (n *nightReader) messageChanges(f *followed) []finding.Change {
	nights := 0
	for d := range n.o.Nights {
		if dayThere(f.hours[24*d : 24*d+24]) {
			nights++
		}
	}
	if nights < n.o.MinNights {
		return nil
	}
	before := pattern.Window{Lines: map[string]int64{}, Exposure: float64(nights)}
	after := pattern.Window{Lines: map[string]int64{}, Exposure: 1}
	byText := map[string]template{}
	for _, t := range f.templates() {
		byText[t.text] = t
		for night, lines := range t.nights {
			if night == 0 {
				after.Lines[t.text] += lines
			} else {
				before.Lines[t.text] += lines
			}
		}
	}
	var out []finding.Change
	// The rate of one night holds over all of its subjects.
	for _, c := range pattern.Changes(before, after, n.o.Rate/float64(len(n.followed))) {
		t := byText[c.Template]
		loudest := int64(0)
		for night, lines := range t.nights {
			if night > 0 {
				loudest = max(loudest, lines)
			}
		}
		if c.Kind != pattern.New && c.Kind != pattern.Louder || c.After < leastLines || c.After < 2*loudest || t.hours < leastHours {
			continue
		}
		title := fmt.Sprintf("a log message that no night before had came %d times: %s", c.After, c.Template)
		if c.Kind == pattern.Louder {
			title = fmt.Sprintf("a log message came %d times, at most %d in any night before: %s", c.After, loudest, c.Template)
		}
		out = append(out, finding.Change{
			Metric: "log_message", Label: "log message", Kind: finding.ChangeMessage, Worse: true, Title: title,
			From: t.first, Lasting: true, Before: finding.Number(float64(c.Before) / float64(nights)), After: finding.Number(c.After), Unit: "lines/night",
			Effect: finding.Number(float64(c.After) - float64(c.Before)/float64(nights)), Lo: finding.Missing(), Hi: finding.Missing(),
			Q: finding.Number(c.Q), N: int(c.After), Compared: int(c.Before), Example: t.example, Query: "log_messages_by_night",
		})
	}
	return out
}
