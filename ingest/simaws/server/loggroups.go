package server

import (
	"cmp"
	"slices"
	"strings"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server/wire"
)

// groupsRequest is DescribeLogGroups' input.
type groupsRequest struct {
	Prefix, Pattern, Class string
	Identifiers            []string
}

// describeLogGroups answers DescribeLogGroups, in the order of names.
func (s *Server) describeLogGroups(c *call) (wire.Object, error) {
	p := c.Params
	r := groupsRequest{
		Prefix: p.String("logGroupNamePrefix"), Pattern: p.String("logGroupNamePattern"),
		Class: p.String("logGroupClass"), Identifiers: p.Strings("logGroupIdentifiers"),
	}
	if r.Prefix != "" && r.Pattern != "" {
		return nil, invalidParameter("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
	}
	var found []*logGroup
	for _, g := range s.logs.all {
		if s.groupMatches(c, g, r) {
			found = append(found, g)
		}
	}
	return paged(s, c, r, "logGroups", found, func(g *logGroup) wire.Object { return s.groupObject(c, g, r.Pattern != "") })
}

func (s *Server) groupMatches(c *call, g *logGroup, r groupsRequest) bool {
	if !strings.HasPrefix(g.Name, r.Prefix) || !strings.Contains(g.Name, r.Pattern) {
		return false
	}
	if r.Class != "" && r.Class != cmp.Or(g.Class, "STANDARD") {
		return false
	}
	return len(r.Identifiers) == 0 || slices.Contains(r.Identifiers, g.Name) || slices.Contains(r.Identifiers, s.logARN(c.region, g.Name))
}

// groupObject is one group; with a pattern AWS returns three fields only.
func (s *Server) groupObject(c *call, g *logGroup, brief bool) wire.Object {
	o := wire.Object{
		{Name: "logGroupName", Value: g.Name},
		{Name: "creationTime", Value: g.Created.UnixMilli()},
		{Name: "arn", Value: s.logARN(c.region, g.Name) + ":*"},
	}
	if brief {
		return o
	}
	g.events() // counts what is stored
	return append(o,
		wire.Field{Name: "logGroupArn", Value: s.logARN(c.region, g.Name)},
		wire.Field{Name: "logGroupClass", Value: cmp.Or(g.Class, "STANDARD")},
		wire.Field{Name: "metricFilterCount", Value: int64(0)},
		wire.Field{Name: "storedBytes", Value: g.stored},
	)
}

// logARN is a group's name without the :* that DescribeLogGroups puts behind it.
func (s *Server) logARN(region, name string) string {
	return "arn:aws:logs:" + region + ":" + s.acct.ID + ":log-group:" + name
}

// streamsRequest is DescribeLogStreams' input.
type streamsRequest struct {
	Group, Prefix string
	ByTime, Down  bool
}

// describeLogStreams answers DescribeLogStreams. The times of a stream's last
// event lag behind by Options.StreamLag, as AWS says that they can; storedBytes
// is 0, as AWS has it since 2019.
func (s *Server) describeLogStreams(c *call) (wire.Object, error) {
	p := c.Params
	g, err := s.group(c)
	if err != nil {
		return nil, err
	}
	orderBy := p.String("orderBy")
	down, _ := p.Bool("descending")
	r := streamsRequest{Group: g.Name, Prefix: p.String("logStreamNamePrefix"), ByTime: orderBy == "LastEventTime", Down: down}
	switch {
	case orderBy != "" && orderBy != "LogStreamName" && orderBy != "LastEventTime":
		return nil, invalidParameter("1 validation error detected: Value '%s' at 'orderBy' failed to satisfy constraint: Member must satisfy enum value set: [LogStreamName, LastEventTime]", orderBy)
	case r.ByTime && r.Prefix != "":
		return nil, invalidParameter("Cannot order by LastEventTime with a logStreamNamePrefix.")
	}
	v := c.sight()
	v.lag = max(0, s.opt.StreamLag.Milliseconds())
	var found []streamSummary
	for _, stream := range g.streams {
		if strings.HasPrefix(stream.Name, r.Prefix) {
			found = append(found, summarize(stream, v))
		}
	}
	slices.SortStableFunc(found, func(a, b streamSummary) int {
		order := cmp.Compare(a.Name, b.Name)
		if r.ByTime {
			order = cmp.Or(cmp.Compare(a.last, b.last), order)
		}
		if r.Down {
			order = -order
		}
		return order
	})
	return paged(s, c, r, "logStreams", found, func(m streamSummary) wire.Object { return s.streamObject(c, g, m) })
}

// streamSummary is a stream with its times, in epoch milliseconds.
type streamSummary struct {
	*account.LogStream
	any                   bool // it has events
	first, last, ingested int64
}

func summarize(stream *account.LogStream, v sight) streamSummary {
	m := streamSummary{LogStream: stream}
	for i, e := range stream.Events {
		in := ingestedMS(e)
		if !v.sees(in, i) {
			continue
		}
		ms := e.Time.UnixMilli()
		if !m.any {
			m.any, m.first, m.last, m.ingested = true, ms, ms, in
		}
		m.first = min(m.first, ms)
		if in <= v.now-v.lag {
			m.last, m.ingested = max(m.last, ms), max(m.ingested, in)
		}
	}
	return m
}

func (s *Server) streamObject(c *call, g *logGroup, m streamSummary) wire.Object {
	o := wire.Object{
		{Name: "logStreamName", Value: m.Name},
		{Name: "creationTime", Value: m.Created.UnixMilli()},
	}
	if m.any {
		o = append(o,
			wire.Field{Name: "firstEventTimestamp", Value: m.first},
			wire.Field{Name: "lastEventTimestamp", Value: m.last},
			wire.Field{Name: "lastIngestionTime", Value: m.ingested},
		)
	}
	return append(o,
		wire.Field{Name: "arn", Value: s.logARN(c.region, g.Name) + ":log-stream:" + m.Name},
		wire.Field{Name: "storedBytes", Value: int64(0)}, // zero for every stream since 2019
	)
}

// paged answers a Describe operation of Logs with one page of a list.
func paged[T any](s *Server, c *call, request any, field string, list []T, object func(T) wire.Object) (wire.Object, error) {
	limit := int64(s.opt.DescribePage)
	if n, ok := c.Params.Int("limit"); ok {
		if n < 1 || n > 50 {
			return nil, invalidParameter("1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member must have value between 1 and 50", n)
		}
		limit = min(limit, n)
	}
	came := c.Params.String("nextToken")
	if err := c.Params.Err(); err != nil {
		return nil, err
	}
	at, ok := c.resume(came, request)
	if !ok {
		return nil, invalidToken(c.Service)
	}
	out := []wire.Object{}
	if next, ok := c.held(came, at); ok {
		return wire.Object{{Name: field, Value: out}, {Name: "nextToken", Value: next}}, nil
	}
	from := min(at.Position, int64(len(list)))
	to := min(from+limit, int64(len(list)))
	for _, one := range list[from:to] {
		out = append(out, object(one))
	}
	result := wire.Object{{Name: field, Value: out}}
	if to < int64(len(list)) {
		at.Position = to
		result = result.With("nextToken", at.encode())
	}
	return result, nil
}
