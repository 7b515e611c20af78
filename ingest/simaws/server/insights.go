package server

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"sizewise/ingest/simaws/server/wire"
)

// Limits of CloudWatch Logs Insights. Sources: StartQuery, GetQueryResults,
// CloudWatch Logs user guide, "CloudWatch Logs quotas".
const (
	maxQueryGroups  = 50
	defaultRows     = 10_000
	maxRows         = 100_000
	rowsPage        = 10_000
	queryTokenLife  = time.Hour
	queryTimeLayout = "2006-01-02 15:04:05.000"
)

// startQuery answers StartQuery for Logs Insights QL.
func (s *Server) startQuery(c *call) (wire.Object, error) {
	p := c.Params
	text, language := p.String("queryString"), p.String("queryLanguage")
	start, hasStart := p.Int("startTime")
	end, hasEnd := p.Int("endTime")
	limit, limited := p.Int("limit")
	if err := p.Err(); err != nil {
		return nil, err
	}
	switch {
	case !hasStart || !hasEnd || text == "":
		return nil, invalidParameter("1 validation error detected: startTime, endTime and queryString must not be null")
	case language != "" && language != "CWLI":
		return nil, invalidParameter("The simulated AWS knows Logs Insights QL only, not %s.", language)
	case start < 0 || end < start:
		return nil, invalidParameter("End time should not be less than start time.")
	case limited && (limit < 1 || limit > maxRows):
		return nil, invalidParameter("1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member must have value between 1 and %d", limit, maxRows)
	case !limited:
		limit = defaultRows
	}
	groups, err := s.queryGroups(p)
	if err != nil {
		return nil, err
	}
	end = min(end, maxMilliseconds/1000)
	if endsBeforeGroups(groups, end) {
		return nil, malformedQuery("Query's end date and time is either before the log groups creation time or exceeds the log groups log retention settings")
	}
	program, err := parseQuery(text)
	if err != nil {
		return nil, err
	}
	if program.limit > 0 {
		limit = int64(program.limit)
	}
	q := runQuery(program, groups, start*1000, end*1000, int(limit), c.sight())
	q.started = c.wall
	id := insightsID(c.RequestID)
	if !s.queries.start(id, q, s.opt) {
		return nil, fail("LimitExceededException", "Account maximum query concurrency limit of [%d] reached.", s.opt.QuerySlots)
	}
	return wire.Object{{Name: "queryId", Value: id}}, nil
}

// insightsID is an identifier in the form of Insights', from the request's.
func insightsID(request string) string {
	h := fnv.New64a()
	h.Write([]byte(request))
	return fmt.Sprintf("%08x-%s", uint32(h.Sum64()), request[9:])
}

func malformedQuery(format string, args ...any) error {
	return fail("MalformedQueryException", format, args...)
}

// queryGroups is the groups that StartQuery names, by exactly one of three
// parameters.
func (s *Server) queryGroups(p wire.Params) ([]*logGroup, error) {
	sets := [][]string{nil, p.Strings("logGroupNames"), p.Strings("logGroupIdentifiers")}
	if name := p.String("logGroupName"); name != "" {
		sets[0] = []string{name}
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	sets = slices.DeleteFunc(sets, func(names []string) bool { return len(names) == 0 })
	if len(sets) != 1 {
		return nil, invalidParameter("Exactly one of logGroupName, logGroupNames and logGroupIdentifiers is required.")
	}
	if len(sets[0]) > maxQueryGroups {
		return nil, invalidParameter("A query can include at most %d log groups.", maxQueryGroups)
	}
	var groups []*logGroup
	for _, name := range sets[0] {
		if strings.HasSuffix(name, ":*") {
			return nil, invalidParameter("The log group identifier must not end with an asterisk.")
		}
		g, ok := s.logs.byName[groupName(name)]
		if !ok {
			return nil, fail("ResourceNotFoundException", "Log group '%s' does not exist for account ID '%s'", groupName(name), s.acct.ID)
		}
		groups = append(groups, g)
	}
	return groups, nil
}

func endsBeforeGroups(groups []*logGroup, endSeconds int64) bool {
	for _, g := range groups {
		if g.Created.Unix() <= endSeconds {
			return false
		}
	}
	return true
}

// getQueryResults answers GetQueryResults: nothing while the query is
// Scheduled, half of it while it is Running.
func (s *Server) getQueryResults(c *call) (wire.Object, error) {
	id, came := c.Params.String("queryId"), c.Params.String("nextToken")
	items, limited := c.Params.Int("maxItems")
	if err := c.Params.Err(); err != nil {
		return nil, err
	}
	if limited && (items < 1 || items > rowsPage) {
		return nil, invalidParameter("1 validation error detected: Value '%d' at 'maxItems' failed to satisfy constraint: Member must have value between 1 and %d", items, rowsPage)
	}
	if !limited {
		items = rowsPage
	}
	at, ok := c.resume(came, id)
	if !ok || came != "" && at.age > queryTokenLife {
		return nil, invalidToken(c.Service)
	}
	s.queries.mu.Lock()
	defer s.queries.mu.Unlock()
	q, ok := s.queries.list[id]
	if !ok {
		return nil, fail("ResourceNotFoundException", "The specified query does not exist.")
	}
	q.polls++
	if f, ok := c.fault(FailStatus); ok && q.status == "" {
		if q.status = f.Code; f.Code == "" {
			q.status = "Failed"
		}
	}
	return q.page(at, q.state(c.wall, s.opt), int(items)), nil
}

// stopQuery answers StopQuery.
func (s *Server) stopQuery(c *call) (wire.Object, error) {
	id := c.Params.String("queryId")
	if err := c.Params.Err(); err != nil {
		return nil, err
	}
	s.queries.mu.Lock()
	defer s.queries.mu.Unlock()
	q, ok := s.queries.list[id]
	if !ok {
		return nil, fail("ResourceNotFoundException", "The specified query does not exist.")
	}
	if q.state(c.wall, s.opt) == "Complete" || q.status != "" {
		return nil, invalidParameter("The specified query has already ended.")
	}
	q.status = "Cancelled"
	return wire.Object{{Name: "success", Value: true}}, nil
}
