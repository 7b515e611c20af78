package server

import (
	"cmp"
	"encoding/base64"
	"hash/fnv"
	"slices"
	"sort"
	"strings"
	"sync"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server/wire"
)

// eventOverhead is what an event counts beside its message. Source:
// PutLogEvents, "26 bytes for each log event".
const eventOverhead = 26

// logIndex finds log groups by name.
type logIndex struct {
	byName map[string]*logGroup
	all    []*logGroup // by name
}

// logGroup is one group with its events in the order that FilterLogEvents
// returns them, sorted at first use.
type logGroup struct {
	*account.LogGroup
	account string               // its owner
	streams []*account.LogStream // by name
	hashes  []uint64             // of the streams' names, for event ids

	once   sync.Once
	order  []eventRef
	stored int64 // bytes
}

// eventRef is one event of a group.
type eventRef struct {
	ms       int64 // its time
	ingested int64 // when it can first be seen, epoch milliseconds
	stream   int32 // index into logGroup.streams
	event    int32
}

func newLogIndex(owner string, groups []account.LogGroup) *logIndex {
	x := &logIndex{byName: map[string]*logGroup{}}
	for i := range groups {
		g := &logGroup{LogGroup: &groups[i], account: owner}
		for j := range groups[i].Streams {
			g.streams = append(g.streams, &groups[i].Streams[j])
		}
		slices.SortStableFunc(g.streams, func(a, b *account.LogStream) int { return cmp.Compare(a.Name, b.Name) })
		for _, stream := range g.streams {
			h := fnv.New64a()
			h.Write([]byte(g.Name + "\x00" + stream.Name))
			g.hashes = append(g.hashes, h.Sum64())
		}
		x.byName[g.Name] = g
		x.all = append(x.all, g)
	}
	slices.SortStableFunc(x.all, func(a, b *logGroup) int { return cmp.Compare(a.Name, b.Name) })
	return x
}

// events is the group's events by time, then by ingestion.
func (g *logGroup) events() []eventRef {
	g.once.Do(func() {
		for i, stream := range g.streams {
			for j, e := range stream.Events {
				g.order = append(g.order, eventRef{e.Time.UnixMilli(), ingestedMS(e), int32(i), int32(j)})
				g.stored += int64(eventBytes(e))
			}
		}
		slices.SortStableFunc(g.order, func(a, b eventRef) int {
			return cmp.Or(cmp.Compare(a.ms, b.ms), cmp.Compare(a.ingested, b.ingested))
		})
	})
	return g.order
}

// between is the group's events between two times, both inclusive, in epoch
// milliseconds.
func (g *logGroup) between(start, end int64) []eventRef {
	all := g.events()
	from := sort.Search(len(all), func(i int) bool { return all[i].ms >= start })
	to := sort.Search(len(all), func(i int) bool { return all[i].ms > end })
	return all[from:max(from, to)]
}

// ingestedMS is when an event arrived: when it happened, if nobody says.
func ingestedMS(e account.LogEvent) int64 {
	if e.Ingested.IsZero() {
		return e.Time.UnixMilli()
	}
	return e.Ingested.UnixMilli()
}

// stream is the stream of a name, nil when there is none.
func (g *logGroup) stream(name string) *account.LogStream {
	for _, s := range g.streams {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// eventID is the event's 56 digits: the same event has the same one in every
// answer, and later events have larger ones.
func (g *logGroup) eventID(r eventRef) string {
	b := make([]byte, 0, 64)
	b = append(b, '3')
	b = appendDigits(b, uint64(max(0, r.ms)), 15)
	b = appendDigits(b, g.hashes[r.stream]+uint64(r.event)*0x9e3779b97f4a7c15, 20)
	return string(appendDigits(b, uint64(r.event), 20))
}

// appendDigits appends a number with leading zeros.
func appendDigits(b []byte, n uint64, width int) []byte {
	from := len(b)
	b = append(b, "00000000000000000000"[:width]...)
	for i := len(b) - 1; i >= from && n > 0; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
	return b
}

// pointer is the event's @ptr in Logs Insights: opaque, in no order.
func (g *logGroup) pointer(r eventRef) string {
	h := fnv.New128a()
	h.Write([]byte(g.eventID(r)))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// group finds the group that a request names, by name or by ARN, and holds it
// to the classes that the operation works on.
func (s *Server) group(c *call) (*logGroup, error) {
	name, identifier := c.Params.String("logGroupName"), c.Params.String("logGroupIdentifier")
	switch {
	case name == "" && identifier == "":
		return nil, invalidParameter("Either logGroupName or logGroupIdentifier is required.")
	case name != "" && identifier != "":
		return nil, invalidParameter("LogGroupName and LogGroupIdentifier are mutually exclusive parameters.")
	case identifier != "":
		name = groupName(identifier)
	}
	g, ok := s.logs.byName[name]
	if !ok {
		return nil, fail("ResourceNotFoundException", "The specified log group does not exist.")
	}
	return g, nil
}

// groupName is the name in an identifier, which is the name or the ARN.
func groupName(identifier string) string {
	if _, rest, ok := strings.Cut(identifier, ":log-group:"); ok {
		return strings.TrimSuffix(rest, ":*")
	}
	return identifier
}

// readable refuses groups whose class has no reading of events.
func (g *logGroup) readable(operation string) error {
	if g.Class == "" || g.Class == "STANDARD" {
		return nil
	}
	return fail("InvalidOperationException", "The log group %s is of log-group-class %s. %s is not supported for this log class.", g.Name, g.Class, operation)
}

// sight is which of a group's events a call can see.
type sight struct {
	now   int64
	every int   // 0, or one event of so many is late
	lag   int64 // milliseconds by which the times of last events are late
}

func (c *call) sight() sight {
	v := sight{now: c.now.UnixMilli()}
	if f, ok := c.fault(HideEvents); ok {
		v.every = cmp.Or(f.Every, 2)
	}
	return v
}

// sees reports whether the ith event of a stream has arrived.
func (v sight) sees(ingested int64, i int) bool {
	return ingested <= v.now && (v.every == 0 || i%v.every != v.every-1)
}

// eventBytes is what an event takes of a page.
func eventBytes(e account.LogEvent) int { return len(e.Message) + eventOverhead }

// logObject is the part of an event that both reading operations return.
func logObject(e account.LogEvent) wire.Object {
	return wire.Object{
		{Name: "timestamp", Value: e.Time.UnixMilli()},
		{Name: "message", Value: e.Message},
		{Name: "ingestionTime", Value: ingestedMS(e)},
	}
}

// milliseconds reads an optional time in epoch milliseconds, at most
// maxMilliseconds away from the epoch.
func milliseconds(p wire.Params, name string, absent int64) int64 {
	v, ok := p.Int(name)
	if !ok {
		return absent
	}
	return max(-maxMilliseconds, min(v, maxMilliseconds))
}

// maxMilliseconds bounds times so that differences do not overflow.
const maxMilliseconds = 1 << 52

// pageLimit reads an optional page size between 1 and most.
func pageLimit(p wire.Params, most int) (int, error) {
	n, ok := p.Int("limit")
	if !ok {
		return most, nil
	}
	if n < 1 {
		return 0, invalidParameter("1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1", n)
	}
	if n > int64(max(most, 10_000)) {
		return 0, invalidParameter("1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member must have value less than or equal to %d", n, max(most, 10_000))
	}
	return min(int(n), most), nil
}
