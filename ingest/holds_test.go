package ingest

import (
	"strings"
	"testing"
	"time"

	"sizewise/ingest/subject"
)

// TestLogChunksAreWhereEventsCanBe: none before the group was made or beyond
// its retention, and none of a job beside its life.
func TestLogChunksAreWhereEventsCanBe(t *testing.T) {
	now := at("14:00:00")
	endpoint, job := subject.Subject{Kind: subject.Endpoint, Name: "ep"}, subject.Subject{Kind: subject.Training, Name: "job"}
	window := span{now.Add(-500 * day), now}
	for _, c := range []struct {
		name    string
		subject subject.Subject
		created time.Time
		kept    time.Duration
		made    span
		want    span
		note    bool
	}{
		{"nothing known", endpoint, time.Time{}, 0, span{}, window, false},
		{"made yesterday", endpoint, now.Add(-day), 0, span{}, span{now.Add(-day - windowPad), now}, false},
		{"kept a week", endpoint, time.Time{}, 7 * day, span{}, span{now.Add(-7 * day), now}, true},
		{"made since the retention", endpoint, now.Add(-day), 7 * day, span{}, span{now.Add(-day - windowPad), now}, false},
		{"ended job", job, now.Add(-300 * day), 0, span{now.Add(-3 * day), now.Add(-2 * day)}, span{now.Add(-3*day - windowPad), now.Add(-2*day + windowPad)}, false},
		{"running job", job, time.Time{}, 0, span{start: now.Add(-time.Hour)}, span{now.Add(-time.Hour - windowPad), now}, false},
		{"job beyond the retention", job, time.Time{}, 7 * day, span{now.Add(-30 * day), now.Add(-29 * day)}, span{}, true},
	} {
		s := &survey{subject: c.subject, made: c.made, window: window}
		g := logGroup{name: "group", owner: c.subject, kept: c.kept, lived: s.lived(c.subject, c.created)}
		plan := schedule{subject: c.subject.Key(), window: window, now: now, lateLogs: time.Hour}
		chunks := plan.logs(g)
		switch {
		case c.want.empty() && len(chunks) > 0:
			t.Errorf("%s: %d chunks, want none", c.name, len(chunks))
		case !c.want.empty() && (len(chunks) == 0 || !chunks[0].window.start.Equal(c.want.start) || !chunks[len(chunks)-1].window.end.Equal(c.want.end)):
			t.Errorf("%s: %d chunks, not from %s to %s", c.name, len(chunks), stamp(c.want.start), stamp(c.want.end))
		}
		if note := g.goneNote(window, now); strings.Contains(note, "is gone") != c.note {
			t.Errorf("%s: note %q", c.name, note)
		}
	}
}
