package server

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"sizewise/ingest/simaws/server/wire"
)

// Action is what a fault does to a call.
type Action string

// The faults that can be scripted.
const (
	Throttle    Action = "throttle"     // 400 Throttling or ThrottlingException, as the service says it
	Drop        Action = "drop"         // the operation runs, then the connection closes without an answer
	DropBody    Action = "drop-body"    // the connection closes in the middle of the answer
	Delay       Action = "delay"        // the answer waits for Fault.Delay
	Fail        Action = "fail"         // Fault.Status, default 500, in the protocol's own form
	FailPage    Action = "fail-page"    // Fault.Status, default 503, with an HTML page as a load balancer sends it
	Deny        Action = "deny"         // AccessDenied
	ExpireToken Action = "expire-token" // a call that brings a page token is told that it is invalid
	RepeatToken Action = "repeat-token" // an empty page with the very token that the call brought
	EmptyPage   Action = "empty-page"   // an empty page with a new token for the same place
	Partial     Action = "partial"      // GetMetricData: half of the points, PartialData, the rest by token
	FailQuery   Action = "fail-query"   // GetMetricData: StatusCode InternalError for Fault.ID
	ForbidQuery Action = "forbid-query" // GetMetricData: StatusCode Forbidden for Fault.ID
	Message     Action = "message"      // GetMetricData: a top-level message, and Fault.ID is left out
	HideEvents  Action = "hide-events"  // log events that would be late: every Fault.Every-th is not there yet
)

// Fault is one scripted misbehaviour. It falls on calls of its operation, one
// after the other, until it is used up.
type Fault struct {
	Action    Action
	Operation string        // "" means every operation
	After     int           // how many matching calls to spare first
	Times     int           // on how many calls it falls; 0 means 1, negative means every one
	Delay     time.Duration // for Delay
	Status    int           // for Fail and FailPage
	ID        string        // query of GetMetricData, for FailQuery, ForbidQuery and Message
	Every     int           // for HideEvents; 0 means 2
}

// faultList is the faults still to come. The zero value is empty.
type faultList struct {
	mu   sync.Mutex
	list []Fault
}

func (l *faultList) add(f Fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, f)
}

func (l *faultList) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = nil
}

// take is the faults that fall on a call, at most one per action; each is
// counted as used.
func (l *faultList) take(c *wire.Call) []Fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	var taken []Fault
	rest := l.list[:0]
	for _, f := range l.list {
		same := func(t Fault) bool { return t.Action == f.Action && t.ID == f.ID }
		if !f.matches(c) || slices.ContainsFunc(taken, same) {
			rest = append(rest, f)
			continue
		}
		if f.After > 0 {
			f.After--
			rest = append(rest, f)
			continue
		}
		taken = append(taken, f)
		if f.Times < 0 {
			rest = append(rest, f)
		} else if f.Times > 1 {
			f.Times--
			rest = append(rest, f)
		}
	}
	l.list = rest
	return taken
}

// matches reports whether the fault is meant for such a call.
func (f Fault) matches(c *wire.Call) bool {
	if f.Operation != "" && f.Operation != c.Operation {
		return false
	}
	if f.Action == ExpireToken {
		return pageToken(c) != ""
	}
	if f.ID == "" {
		return true
	}
	for _, q := range c.Params.Structs("MetricDataQueries") {
		if q.String("Id") == f.ID {
			return true
		}
	}
	return false
}

// pageToken is the page token of a request: services differ in its case.
func pageToken(c *wire.Call) string {
	return c.Params.String("NextToken") + c.Params.String("nextToken")
}

// rawFailure is the scripted answer that is not in the protocol's form.
func (c *call) rawFailure() (wire.Reply, bool) {
	f, ok := c.fault(FailPage)
	if !ok {
		return wire.Reply{}, false
	}
	if f.Status == 0 {
		f.Status = http.StatusServiceUnavailable
	}
	return wire.Reply{
		Status: f.Status,
		Header: http.Header{"Content-Type": {"text/html"}},
		Body:   []byte("<html><body><h1>" + http.StatusText(f.Status) + "</h1></body></html>\n"),
	}, true
}

// scriptedError is the scripted answer that is an error, nil when there is none.
func (s *Server) scriptedError(c *call) error {
	if _, ok := c.fault(Throttle); ok {
		return throttled(c.Service)
	}
	if f, ok := c.fault(Fail); ok {
		return serverError(f.Status)
	}
	if _, ok := c.fault(Deny); ok {
		return denied(c.Call, s.callerARN())
	}
	if _, ok := c.fault(ExpireToken); ok {
		return invalidToken(c.Service)
	}
	return nil
}

func serverError(status int) error {
	if status == http.StatusServiceUnavailable {
		return &wire.Error{Shape: "ServiceUnavailableException", Code: "ServiceUnavailable", Message: "Service is unavailable", Status: status}
	}
	if status == 0 {
		status = http.StatusInternalServerError
	}
	return &wire.Error{Shape: "InternalFailure", Message: "The request processing has failed because of an unknown error, exception or failure.", Status: status}
}

// denied is the answer of IAM to a caller without the permission.
func denied(c *wire.Call, caller string) error {
	prefix := map[string]string{wire.CloudWatch: "cloudwatch", wire.Logs: "logs", wire.SageMaker: "sagemaker", wire.STS: "sts"}[c.Service]
	e := &wire.Error{
		Shape:   "AccessDeniedException",
		Message: "User: " + caller + " is not authorized to perform: " + prefix + ":" + c.Operation + " because no identity-based policy allows the " + prefix + ":" + c.Operation + " action",
	}
	if c.Service == wire.CloudWatch || c.Service == wire.STS {
		e.Code, e.Status = "AccessDenied", http.StatusForbidden
	}
	return e
}

// invalidToken is the answer to a page token that is not or no longer good.
func invalidToken(service string) error {
	if service == wire.CloudWatch {
		return fail("InvalidNextToken", "The service cannot process the request because the value of the NextToken parameter is invalid.")
	}
	if service == wire.SageMaker {
		return fail("ValidationException", "The provided NextToken is invalid.")
	}
	return invalidParameter("The specified nextToken is invalid.")
}
