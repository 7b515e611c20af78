package server

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"sizewise/ingest/simaws/server/wire"
)

// filterRequest is FilterLogEvents' input.
type filterRequest struct {
	Group   string
	Streams []string
	Prefix  string
	Start   int64 // epoch milliseconds, inclusive
	End     int64 // epoch milliseconds, inclusive
	Pattern string
	Down    bool // newest first
	Limit   int
}

// filterLogEvents answers FilterLogEvents. A page ends when it is full, when
// enough events were looked at, and at a long stretch of time without events:
// so pages can be empty while more is to come, as AWS says they can. A window in
// which no stream has an event is one empty page.
func (s *Server) filterLogEvents(c *call) (wire.Object, error) {
	g, err := s.group(c)
	if err != nil {
		return nil, err
	}
	if err := g.readable("FilterLogEvents"); err != nil {
		return nil, err
	}
	r, matches, err := readFilterRequest(c.Params, g, s.opt)
	if err != nil {
		return nil, err
	}
	came := c.Params.String("nextToken")
	at, ok := c.resume(came, r)
	if !ok {
		return nil, invalidToken(c.Service)
	}
	events, next := []wire.Object{}, ""
	if held, ok := c.held(came, at); ok {
		next = held
	} else {
		scan := &filterScan{server: s, group: g, request: r, matches: matches, sight: c.sight(), fresh: came == ""}
		if o, ok := c.fault(OverlapPage); ok {
			scan.again = cmp.Or(o.Every, 10)
		}
		events, next = scan.page(at)
		events = append(scan.overlap(at), events...)
		events = repeated(c, events)
	}
	out := wire.Object{{Name: "events", Value: events}, {Name: "searchedLogStreams", Value: []wire.Object{}}}
	return out.WithText("nextToken", next), nil
}

// readFilterRequest reads and checks FilterLogEvents' input, all but nextToken.
func readFilterRequest(p wire.Params, g *logGroup, o Options) (filterRequest, pattern, error) {
	r := filterRequest{
		Group: g.Name, Streams: p.Strings("logStreamNames"), Prefix: p.String("logStreamNamePrefix"),
		Start: milliseconds(p, "startTime", 0), End: milliseconds(p, "endTime", maxMilliseconds),
		Pattern: p.String("filterPattern"),
	}
	head, set := p.Bool("startFromHead")
	r.Down = set && !head
	limit, err := pageLimit(p, o.LogPageEvents)
	if err != nil {
		return r, nil, err
	}
	r.Limit = limit
	if err := p.Err(); err != nil {
		return r, nil, err
	}
	switch {
	case len(r.Streams) > 0 && r.Prefix != "":
		return r, nil, invalidParameter("logStreamNames and logStreamNamePrefix are mutually exclusive parameters.")
	case len(r.Streams) > 100:
		return r, nil, invalidParameter("1 validation error detected: Value at 'logStreamNames' failed to satisfy constraint: Member must have length less than or equal to 100")
	case r.Start > r.End:
		return r, nil, invalidParameter("endTime cannot be before startTime.")
	case r.Down && r.Start < newestFirstSince.UnixMilli():
		return r, nil, invalidParameter("startTime must not be before 2024-01-01 when startFromHead is false.")
	}
	for _, name := range r.Streams {
		if g.stream(name) == nil {
			return r, nil, fail("ResourceNotFoundException", "The specified log stream does not exist.")
		}
	}
	matches, err := parsePattern(r.Pattern)
	return r, matches, err
}

// newestFirstSince is the earliest startTime that FilterLogEvents takes when it
// is to begin with the newest event.
var newestFirstSince = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// filterScan is one page of FilterLogEvents in the making.
type filterScan struct {
	server  *Server
	group   *logGroup
	request filterRequest
	matches pattern
	sight   sight
	fresh   bool // the first page
	again   int  // events of the page before that are to come again
}

// page collects events from where the token stands. The token's Position is how
// many events of the window are done.
func (f *filterScan) page(at token) ([]wire.Object, string) {
	window, wanted := f.window(), f.wantedStreams()
	out, size := []wire.Object{}, 0
	if f.fresh && len(window) == 0 {
		return out, "" // no stream has anything to look at
	}
	from := int(at.Position)
	leave := func(done int) string {
		at.Position = int64(done)
		at.Turn++
		return at.encode()
	}
	for i := from; i < len(window); i++ {
		if (i > from || f.fresh) && f.quietBefore(window, i) {
			return out, leave(i)
		}
		if i-from == f.server.opt.LogScanEvents {
			return out, leave(i)
		}
		ref := f.at(window, i)
		event := f.group.streams[ref.stream].Events[ref.event]
		if !f.shows(wanted, ref) {
			continue
		}
		if size += eventBytes(event); len(out) == f.request.Limit || (size > f.server.opt.LogPageBytes && len(out) > 0) {
			return out, leave(i)
		}
		out = append(out, f.object(ref))
	}
	if (from < len(window) || f.fresh) && f.quietBefore(window, len(window)) {
		return out, leave(len(window))
	}
	return out, ""
}

// shows reports whether an event of the window is part of the answer.
func (f *filterScan) shows(wanted []bool, ref eventRef) bool {
	return wanted[ref.stream] && f.sight.sees(ref.ingested, int(ref.event)) &&
		f.matches.match(f.group.streams[ref.stream].Events[ref.event].Message)
}

func (f *filterScan) object(ref eventRef) wire.Object {
	stream := f.group.streams[ref.stream]
	o := append(wire.Object{{Name: "logStreamName", Value: stream.Name}}, logObject(stream.Events[ref.event])...)
	return o.With("eventId", f.group.eventID(ref))
}

// overlap is the last events before where the token stands, for OverlapPage.
func (f *filterScan) overlap(at token) []wire.Object {
	window, wanted := f.window(), f.wantedStreams()
	out := []wire.Object{}
	for i := int(at.Position) - 1; i >= 0 && len(out) < f.again; i-- {
		if ref := f.at(window, i); f.shows(wanted, ref) {
			out = append(out, f.object(ref))
		}
	}
	slices.Reverse(out)
	return out
}

// repeated puts events twice on a page, when that is scripted.
func repeated(c *call, events []wire.Object) []wire.Object {
	f, ok := c.fault(RepeatEvents)
	if !ok {
		return events
	}
	var out []wire.Object
	for i, e := range events {
		if out = append(out, e); i%cmp.Or(f.Every, 2) == 0 {
			out = append(out, e)
		}
	}
	return out
}

// at is the ith event of the scan.
func (f *filterScan) at(window []eventRef, i int) eventRef {
	if f.request.Down {
		return window[len(window)-1-i]
	}
	return window[i]
}

// window is the group's events between the two times.
func (f *filterScan) window() []eventRef { return f.group.between(f.request.Start, f.request.End) }

// wantedStreams says of each stream of the group whether it was asked for.
func (f *filterScan) wantedStreams() []bool {
	wanted := make([]bool, len(f.group.streams))
	for i, stream := range f.group.streams {
		wanted[i] = strings.HasPrefix(stream.Name, f.request.Prefix) &&
			(len(f.request.Streams) == 0 || slices.Contains(f.request.Streams, stream.Name))
	}
	return wanted
}

// quietBefore reports whether nothing happened for long before the ith event of
// the scan: since the event before it, or since the window's edge. Behind the
// last event comes the other edge.
func (f *filterScan) quietBefore(window []eventRef, i int) bool {
	begin, end := f.request.Start, min(f.request.End, f.sight.now)
	if f.request.Down {
		begin, end = end, begin
	}
	if i > 0 {
		begin = f.at(window, i-1).ms
	}
	if i < len(window) {
		end = f.at(window, i).ms
	}
	quiet := end - begin
	if f.request.Down {
		quiet = -quiet
	}
	return quiet >= f.server.opt.LogGap.Milliseconds()
}
