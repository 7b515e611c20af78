package ingest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
	"sizewise/ingest/subject"
)

// Classes of log groups that can be read.
const (
	standardClass   = "STANDARD"
	infrequentClass = "INFREQUENT_ACCESS"
)

// logGroup is a group with events of a subject.
type logGroup struct {
	name    string
	prefix  string // of streams, "" for all
	class   string
	account string
	bytes   int64
	lived   span            // when the owner can have logged to it; a zero end is open
	kept    time.Duration   // how long the group keeps events, 0 for ever
	err     error           // why it cannot be read; nil when it can or may be
	owner   subject.Subject // whose events they are: a component's pull reads its endpoint's group too
	ledger  []lake.Entry    // the owner's
}

// scope is the group in the ledger.
func (g logGroup) scope() string {
	if g.prefix == "" {
		return g.name
	}
	return g.name + "?prefix=" + g.prefix
}

// exclusive says whether the group is the subject's alone, so that it being
// there speaks for the subject.
func (g logGroup) exclusive() bool {
	s, ok := subject.FromLog(g.name, "")
	return ok && s.Key() == g.owner.Key()
}

// owns says whether an event of a stream is the owner's. In a group of many
// jobs a prefix can match more than one.
func (g logGroup) owns(stream string) bool {
	s, ok := subject.FromLog(g.name, stream)
	return ok && s.Key() == g.owner.Key()
}

// logGroups describes the groups of the subject, and of the endpoint that hosts
// a component.
func (v *surveyor) logGroups(ctx context.Context) error {
	s := &v.survey
	add := func(owner subject.Subject, ledger []lake.Entry) error {
		for _, g := range owner.LogGroups() {
			one, err := v.logGroup(ctx, logGroup{name: g.Name, prefix: g.StreamPrefix, owner: owner, ledger: ledger})
			if err != nil {
				return err
			}
			s.groups = append(s.groups, one)
		}
		return nil
	}
	if err := add(s.subject, s.ledger); err != nil || s.endpoint == "" {
		return err
	}
	host := subject.Subject{Kind: subject.Endpoint, Name: s.endpoint}
	ledger, err := v.entries(ctx, host)
	if err != nil {
		return err
	}
	return add(host, ledger)
}

func (v *surveyor) logGroup(ctx context.Context, g logGroup) (logGroup, error) {
	found, usage, err := v.from.Logs.Group(ctx, g.name)
	g.class, g.account, g.bytes = found.Class, found.Account, found.StoredBytes
	g.kept = time.Duration(found.RetentionDays) * day
	g.lived = v.survey.lived(g.owner, found.Created)
	rows := 1
	if err != nil {
		rows = 0
	}
	if fatal := v.called("DescribeLogGroups", rows, usage, err); fatal != nil {
		return g, fatal
	}
	switch {
	case errors.Is(err, cloudwatch.ErrNotFound):
		g.err = err
	case err == nil && g.class != "" && g.class != standardClass && g.class != infrequentClass:
		g.err = &cloudwatch.Error{
			Operation: "FilterLogEvents", Reason: cloudwatch.ErrUnsupported,
			Detail: g.name + " is of class " + g.class,
		}
	}
	return g, nil
}

// lived is when a subject can have logged to a group that was made at created:
// not before that, and a job neither before it was made nor after it ended. Both
// ends are padded, and zero when they are not known.
func (s *survey) lived(owner subject.Subject, created time.Time) span {
	var w span
	if created.Unix() > 0 {
		w.start = created.Add(-windowPad)
	}
	if owner == s.subject && s.subject.Kind.Job() {
		if made := s.made.start; !made.IsZero() {
			w.start = later(w.start, made.Add(-windowPad))
		}
		if ended := s.made.end; !ended.IsZero() {
			w.end = ended.Add(windowPad)
		}
	}
	return w
}

// holds is the part of a window in which the group can have events of the owner.
func (g logGroup) holds(w span, now time.Time) span {
	if !g.lived.start.IsZero() {
		w.start = later(w.start, floor(g.lived.start, time.Minute))
	}
	if !g.lived.end.IsZero() {
		w.end = earlier(w.end, ceil(g.lived.end, time.Minute))
	}
	if g.kept > 0 {
		w.start = later(w.start, g.oldest(now))
	}
	return w
}

// oldest is since when the group still keeps events, the epoch when it keeps all.
func (g logGroup) oldest(now time.Time) time.Time {
	if g.kept == 0 {
		return time.Unix(0, 0).UTC()
	}
	return ceil(now.Add(-g.kept), time.Minute)
}

// goneNote says which events of a window the group no longer keeps, "" for none.
func (g logGroup) goneNote(w span, now time.Time) string {
	gone := span{w.start, earlier(w.end, g.oldest(now))}
	if !g.lived.start.IsZero() {
		gone.start = later(gone.start, floor(g.lived.start, time.Minute))
	}
	if gone.empty() {
		return ""
	}
	return fmt.Sprintf("%s keeps events for %d days: %s to %s is gone", g.name, g.kept/day, stamp(gone.start), stamp(gone.end))
}

// firstCalls is how many calls a window of the group takes at least, by
// operation.
func (g logGroup) firstCalls(w span) map[string]int64 {
	if g.class == infrequentClass {
		return map[string]int64{"StartQuery": 1, "GetQueryResults": 1}
	}
	return map[string]int64{"FilterLogEvents": int64(len(cloudwatch.LogSlices(w.start, w.end)))}
}
