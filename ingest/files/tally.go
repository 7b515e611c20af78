package files

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sizewise/ingest/lake"
)

// tally counts what one file said, for the ledger.
type tally struct {
	name      string
	etag      string // of an object of S3
	digest    string // SHA-256 of the file as stored
	skipped   int64  // records, malformed or of no use
	malformed int64
	notes     []*Note
	queries   int64 // of GetMetricData
	err       error
	rows      map[what]*count
}

// what is one row of the ledger.
type what struct{ dataset, subject, scope string }

// count is how many records there were, and their first and last timestamps in
// microseconds.
type count struct {
	n, first, last int64
	periodS        int32 // the longest of a metric's, 0 when the file does not say it
}

func (c *count) add(first, last int64) {
	if c.n == 0 || first < c.first {
		c.first = first
	}
	if c.n == 0 || last > c.last {
		c.last = last
	}
	c.n++
}

func newTally(s source) *tally {
	return &tally{name: s.shown(), etag: s.etag, rows: map[what]*count{}}
}

func (t *tally) row(dataset, subject, scope string) *count {
	k := what{dataset, subject, scope}
	c := t.rows[k]
	if c == nil {
		c = &count{}
		t.rows[k] = c
	}
	return c
}

// entries are the ledger rows of the file: one for each subject and dataset in
// it, or one that says why there is none. The chunk is named by the file's
// content, so that importing it again, under any name, is the same row. A
// malformed record belongs to no subject that could be known, so each row of
// the file counts all of them.
func (t *tally) entries(o Options) []lake.Entry {
	keys := slices.SortedFunc(maps.Keys(t.rows), func(a, b what) int {
		return strings.Compare(a.dataset+"\x00"+a.subject+"\x00"+a.scope, b.dataset+"\x00"+b.subject+"\x00"+b.scope)
	})
	if len(keys) == 0 {
		return []lake.Entry{t.entry(what{subject: o.Subject}, &count{}, o)}
	}
	var out []lake.Entry
	for _, k := range keys {
		out = append(out, t.entry(k, t.rows[k], o))
	}
	return out
}

func (t *tally) entry(k what, c *count, o Options) lake.Entry {
	e := lake.Entry{
		Dataset: k.dataset, Subject: k.subject, Scope: k.scope, Source: "file",
		Rows: c.n, Skipped: t.skipped, Status: lake.Complete, FetchedAt: o.Now().UTC(),
	}
	parts := []string{"file", t.digest, k.dataset, k.subject, k.scope}
	if c.n > 0 {
		e.Start = time.UnixMicro(c.first).UTC()
		e.End = time.UnixMicro(c.last).UTC().Add(time.Microsecond)
		if k.dataset == "metrics" {
			e.PeriodS = cmp.Or(c.periodS, 60)
			e.End = time.UnixMicro(c.last).UTC().Add(time.Duration(e.PeriodS) * time.Second)
		}
		parts = append(parts, e.Start.Format(time.RFC3339Nano)+"/"+e.End.Format(time.RFC3339Nano))
	}
	if c.n == 0 {
		// The day of a row without a window must not depend on when the file was
		// read: then reading it again would add a row.
		e.Start = time.Unix(0, 0).UTC()
	}
	if e.Scope == "" {
		e.Scope = strings.TrimSpace(t.name + " " + t.etag)
	}
	e.Chunk = strings.Join(parts, " ")
	switch {
	case t.err != nil && c.n > 0:
		e.Status, e.Reason = lake.Partial, t.err.Error()
	case t.err != nil:
		e.Status, e.Reason = lake.Failed, t.err.Error()
	case c.n == 0 && t.queries > 0 && t.skipped == 0:
		e.Reason = fmt.Sprintf("%d queries of GetMetricData, no result", t.queries)
	case c.n == 0 && t.skipped > 0:
		e.Status, e.Reason = lake.Failed, t.why()
	case c.n == 0:
		e.Status, e.Reason = lake.Empty, "no record in "+t.name
	case t.skipped > 0 || len(t.notes) > 0:
		e.Status, e.Reason = lake.Partial, t.why()
	}
	return e
}

// mostReasons bounds the notes that a ledger row tells.
const mostReasons = 3

// why says what of the file is missing.
func (t *tally) why() string {
	var out []string
	if t.malformed > 0 {
		out = append(out, plural(t.malformed, "malformed record")+" of "+t.name+" skipped")
	}
	for _, n := range t.notes[:min(mostReasons, len(t.notes))] {
		out = append(out, n.String())
	}
	return strings.Join(out, "; ")
}
