package server

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server/wire"
)

// eventsRequest is GetLogEvents' input. Its tokens say where in the stream a
// page ended and are good for any window, as AWS's are.
type eventsRequest struct {
	stream   *account.LogStream
	start    int64 // epoch milliseconds, inclusive
	end      int64 // epoch milliseconds, exclusive
	fromHead bool
	limit    int
	token    string
}

// getLogEvents answers GetLogEvents: pages of one stream, read in either
// direction from either end, each in the order of time. Both tokens are always
// there; at an end the token that came in is given back.
func (s *Server) getLogEvents(c *call) (wire.Object, error) {
	g, err := s.group(c)
	if err != nil {
		return nil, err
	}
	if err := g.readable("GetLogEvents"); err != nil {
		return nil, err
	}
	r, err := readEventsRequest(c.Params, g, s.opt)
	if err != nil {
		return nil, err
	}
	from := r.firstAt(r.start)
	to := max(from, r.firstAt(r.end))
	at, forward, err := r.position(from, to)
	if err != nil {
		return nil, err
	}
	first, last := at, at
	events := []wire.Object{}
	if _, held := c.held("", token{}); !held {
		events, first, last = s.streamPage(c.sight(), r, from, to, at, forward)
	}
	out := wire.Object{{Name: "events", Value: events}}
	out = out.With("nextForwardToken", r.edge("f", last, first == last))
	return out.With("nextBackwardToken", r.edge("b", first, first == last)), nil
}

func readEventsRequest(p wire.Params, g *logGroup, o Options) (eventsRequest, error) {
	r := eventsRequest{
		stream: g.stream(p.String("logStreamName")),
		start:  milliseconds(p, "startTime", -maxMilliseconds), end: milliseconds(p, "endTime", maxMilliseconds),
		token: p.String("nextToken"),
	}
	r.fromHead, _ = p.Bool("startFromHead")
	limit, err := pageLimit(p, o.LogPageEvents)
	if err != nil {
		return r, err
	}
	r.limit = limit
	if err := p.Err(); err != nil {
		return r, err
	}
	if r.stream == nil {
		return r, fail("ResourceNotFoundException", "The specified log stream does not exist.")
	}
	if r.start > r.end {
		return r, invalidParameter("endTime cannot be before startTime.")
	}
	return r, nil
}

// firstAt is the index of the first event at or after a time.
func (r eventsRequest) firstAt(ms int64) int {
	return sort.Search(len(r.stream.Events), func(i int) bool { return r.stream.Events[i].Time.UnixMilli() >= ms })
}

// position is where the page begins (forward) or ends (backward), and its
// direction: the token's, or startFromHead's when there is no token.
func (r eventsRequest) position(from, to int) (at int, forward bool, err error) {
	if r.token == "" {
		if r.fromHead {
			return from, true, nil
		}
		return to, false, nil
	}
	direction, digits, ok := strings.Cut(strings.TrimSuffix(r.token, "/s"), "/")
	n, err := strconv.ParseUint(digits, 10, 31)
	if !ok || err != nil || (direction != "f" && direction != "b") {
		return 0, false, invalidParameter("The specified nextToken is invalid.")
	}
	return max(from, min(int(n), to)), direction == "f", nil
}

// edge is the token of one end of a page. When the page is empty there is
// nothing further on that side, and a token of that side is given back as it came.
func (r eventsRequest) edge(direction string, at int, empty bool) string {
	if empty && strings.HasPrefix(r.token, direction) {
		return r.token
	}
	return fmt.Sprintf("%s/%056d/s", direction, at)
}

// streamPage is as many events as fit, from at on, and where they begin and end.
func (s *Server) streamPage(v sight, r eventsRequest, from, to, at int, forward bool) (events []wire.Object, first, last int) {
	events, first, last = []wire.Object{}, at, at
	size := 0
	for forward && last < to || !forward && first > from {
		i := first - 1
		if forward {
			i = last
		}
		if e := r.stream.Events[i]; v.sees(ingestedMS(e), i) {
			if size += eventBytes(e); len(events) == r.limit || (size > s.opt.LogPageBytes && len(events) > 0) {
				break
			}
			events = append(events, logObject(e))
		}
		if forward {
			last++
		} else {
			first--
		}
	}
	if !forward {
		slices.Reverse(events)
	}
	return events, first, last
}
