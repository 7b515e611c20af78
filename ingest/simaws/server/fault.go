package server

import (
	"net/http"
	"time"

	"sizewise/ingest/simaws/server/wire"
)

// Action is what a fault does to a call.
type Action string

// The faults that can be scripted.
const (
	Throttle     Action = "throttle"      // 400 Throttling or ThrottlingException, as the service says it
	Drop         Action = "drop"          // the operation runs, then the connection closes without an answer
	DropBody     Action = "drop-body"     // the connection closes in the middle of the answer
	Stall        Action = "stall"         // half of the answer, then nothing for Fault.Delay, then the rest
	Garble       Action = "garble"        // 200 with the right headers and a body that is cut off, as broken proxies send it
	Delay        Action = "delay"         // the answer waits for Fault.Delay
	Fail         Action = "fail"          // Fault.Status, default 500, with Fault.Code, in the protocol's own form
	FailPage     Action = "fail-page"     // Fault.Status, default 503, with an HTML page as a load balancer sends it
	Deny         Action = "deny"          // AccessDenied
	ExpireCreds  Action = "expire-creds"  // the caller's session is told to be over
	ExpireToken  Action = "expire-token"  // a call that brings a page token is told that it is invalid
	RepeatToken  Action = "repeat-token"  // an empty page with the very token that the call brought
	EmptyPage    Action = "empty-page"    // an empty page with a new token for the same place
	Partial      Action = "partial"       // GetMetricData: half of the points, PartialData, the rest by token
	FailQuery    Action = "fail-query"    // GetMetricData: StatusCode InternalError for the queries that the fault names
	ForbidQuery  Action = "forbid-query"  // GetMetricData: StatusCode Forbidden for the queries that the fault names
	Message      Action = "message"       // GetMetricData: a top-level message, and the queries that the fault names are left out
	HideEvents   Action = "hide-events"   // log events that would be late: every Fault.Every-th is not there yet
	RepeatEvents Action = "repeat-events" // FilterLogEvents: every Fault.Every-th event of the page stands there twice
	OverlapPage  Action = "overlap-page"  // FilterLogEvents: the page begins with up to Fault.Every events of the page before
	FailStatus   Action = "fail-status"   // GetQueryResults: status Failed, or Fault.Code (Timeout, Cancelled, Unknown)
)

// Fault is one scripted misbehaviour. It falls on the calls that it matches, one
// after the other, until it is used up. Fields that say what it matches and are
// left zero match everything.
type Fault struct {
	Action Action

	Operation string // exactly
	Caller    string // access key or ARN of who calls
	Group     string // log group that is read
	Stream    string // stream, or stream prefix, that is asked for begins so
	ID        string // query of GetMetricData
	Namespace string // of a metric asked for
	Metric    string // name of a metric asked for
	Resource  string // name that a Describe operation of SageMaker asks for

	From  time.Time     // by the server's clock
	Until time.Time     // by the server's clock, exclusive: with From, an outage
	After int           // how many matching calls to spare first
	Times int           // on how many calls it falls; 0 means 1, negative means every one
	For   time.Duration // of Options.Wall: once it fell on a call it falls on every one for so long, whatever Times says

	Delay  time.Duration // for Delay and Stall
	Status int           // for Fail and FailPage
	Code   string        // for Fail and FailStatus; default the protocol's own word for the status
	Every  int           // for HideEvents, RepeatEvents (0 means 2) and OverlapPage (0 means 10)
}

// Outage is a fault that fails every call of an operation between two times of
// the server's clock; an operation of "" is all of them.
func Outage(operation string, from, until time.Time) Fault {
	return Fault{Action: Fail, Status: http.StatusServiceUnavailable, Operation: operation, From: from, Until: until, Times: -1}
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
		return serverError(f.Status, f.Code)
	}
	if _, ok := c.fault(Deny); ok {
		return denied(c.Call, c.caller.arn)
	}
	if _, ok := c.fault(ExpireCreds); ok {
		return expiredCredentials(c.Service)
	}
	if _, ok := c.fault(ExpireToken); ok {
		return invalidToken(c.Service)
	}
	return nil
}

func serverError(status int, code string) error {
	e := &wire.Error{Shape: "InternalFailure", Message: "The request processing has failed because of an unknown error, exception or failure.", Status: status}
	if status == 0 {
		e.Status = http.StatusInternalServerError
	}
	if status == http.StatusServiceUnavailable {
		e.Shape, e.Code, e.Message = "ServiceUnavailableException", "ServiceUnavailable", "Service is unavailable"
	}
	if code != "" {
		e.Shape, e.Code = code, ""
	}
	return e
}

// invalidToken is the answer to a page token that is not or no longer good.
func invalidToken(service string) error {
	switch service {
	case wire.CloudWatch:
		return fail("InvalidNextToken", "The service cannot process the request because the value of the NextToken parameter is invalid.")
	case wire.SageMaker:
		return fail("ValidationException", "The provided NextToken is invalid.")
	case wire.ServiceQuotas:
		return fail("InvalidPaginationTokenException", "The pagination token is invalid.")
	case wire.PriceList:
		return fail("InvalidNextTokenException", "The pagination token is invalid.")
	}
	return invalidParameter("The specified nextToken is invalid.")
}
