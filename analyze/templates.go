package analyze

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"sizewise/analyze/finding"
	"sizewise/analyze/pattern"
)

// signal is how often one masked message came in one bucket of one stream.
type signal struct {
	stream, level, skeleton, exception string
	bucket                             time.Time
	lines                              int64
	first, last                        time.Time
	example                            string
}

// message is a template, or an exception type, with all that was counted of it.
type message struct {
	text      string
	exception bool
	levels    map[string]int64
	raised    bool // some line of it has an exception
	lines     int64
	buckets   map[time.Time]int64
	streams   map[string]bool
	first     time.Time
	last      time.Time
	example   string

	early *message // what the baseline has of it; nil when it has nothing
}

func newMessage(text string, exception bool) *message {
	return &message{text: text, exception: exception, levels: map[string]int64{}, buckets: map[time.Time]int64{}, streams: map[string]bool{}}
}

func (m *message) add(s *signal) {
	m.levels[s.level] += s.lines
	m.raised = m.raised || s.exception != ""
	m.lines += s.lines
	m.buckets[s.bucket] += s.lines
	m.streams[s.stream] = true
	if m.first.IsZero() || s.first.Before(m.first) || (s.first.Equal(m.first) && s.example < m.example) {
		m.first, m.example = s.first, s.example
	}
	if s.last.After(m.last) {
		m.last = s.last
	}
}

// commonShare is the share of a template's lines that makes a level its own: one
// line that was logged otherwise does not.
const commonShare = 0.1

// level is the most severe level that a tenth of the lines have.
func (m *message) level() string {
	for _, l := range []string{"FATAL", "ERROR", "WARN", "INFO", "DEBUG"} {
		if n := m.levels[l]; n > 0 && float64(n) >= commonShare*float64(m.lines) {
			return l
		}
	}
	return ""
}

// weight puts what names a failure before a warning, and both before lines of
// no level.
func (m *message) weight() int {
	switch level := m.level(); {
	case level == "FATAL" || level == "ERROR" || m.exception || m.raised:
		return 2
	case level == "WARN":
		return 1
	}
	return 0
}

// merge makes templates and exception types of the signals, the weightiest and
// then the most frequent first. The order of the signals does not show. Messages
// of a baseline are grouped with them and counted apart, so that both are told by
// the same templates; those that only it has come last, with no lines.
func merge(signals, baseline []signal) []*message {
	counts := map[string]int64{}
	for i := range signals {
		counts[signals[i].skeleton] += signals[i].lines
	}
	for i := range baseline {
		counts[baseline[i].skeleton] += baseline[i].lines
	}
	skeletons := skeletonsOf(counts)
	templateOf := map[string]*message{}
	var out []*message
	for _, t := range pattern.Mine(skeletons) {
		m := newMessage(t.Text, false)
		out = append(out, m)
		for _, i := range t.Members {
			templateOf[skeletons[i].Text] = m
		}
	}
	exceptions := map[string]*message{}
	for i := range signals {
		s := &signals[i]
		templateOf[s.skeleton].add(s)
		if s.exception == "" {
			continue
		}
		if exceptions[s.exception] == nil {
			exceptions[s.exception] = newMessage(s.exception, true)
			out = append(out, exceptions[s.exception])
		}
		exceptions[s.exception].add(s)
	}
	for i := range baseline {
		m := templateOf[baseline[i].skeleton]
		if m.early == nil {
			m.early = newMessage(m.text, false)
		}
		m.early.add(&baseline[i])
	}
	slices.SortFunc(out, func(a, b *message) int {
		return cmp.Or(cmp.Compare(one(a.lines == 0), one(b.lines == 0)), cmp.Compare(b.weight(), a.weight()), cmp.Compare(b.lines, a.lines), cmp.Compare(a.text, b.text), cmp.Compare(a.name(), b.name()))
	})
	return out
}

// where names the first three streams that printed the message.
func (m *message) where() []string {
	names := slices.Sorted(maps.Keys(m.streams))
	return names[:min(len(names), 3)]
}

// name is what tells a template from an exception type of the same text.
func (m *message) name() string {
	if m.exception {
		return "exception " + m.text
	}
	return "template " + m.text
}

// logTemplate counts the message by load step.
func (m *message) logTemplate(stepOf map[time.Time]int, steps int) finding.LogTemplate {
	return finding.LogTemplate{
		Template: m.text, Level: m.level(), Lines: m.lines, ByStep: m.byStep(stepOf, steps),
		First: m.first, Last: m.last, Example: m.example, Streams: len(m.streams),
	}
}

// byStep counts the message's lines in each load step.
func (m *message) byStep(stepOf map[time.Time]int, steps int) []int64 {
	out := make([]int64, steps)
	for bucket, lines := range m.buckets {
		if s := stepOf[bucket]; s > 0 && s <= steps {
			out[s-1] += lines
		}
	}
	return out
}
