// Package server is a loopback AWS: CloudWatch, CloudWatch Logs, SageMaker and
// STS answered from an account.Account as the real services document
// themselves, limits, paging, retention and oddities included. Any AWS client
// can be pointed at it. Faults can be scripted.
//
// It does not check signatures, and answers for its one account and region
// whatever the client signed for.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server/wire"
)

// Options tunes a Server. The zero value but for Now is AWS's own limits.
type Options struct {
	Now    func() time.Time // what the account believes the time is; required
	Logger *slog.Logger     // one debug line per call; nil logs nothing
	Faults []Fault          // injected at the start
	Quotas *Quotas          // nil: no throttling

	MaxDatapoints   int           // per GetMetricData call; default 100,800
	MaxQueries      int           // per GetMetricData call; default 500
	ListMetricsPage int           // series per ListMetrics page; default 500
	DescribePage    int           // groups or streams per Describe page of Logs; default 50
	LogPageEvents   int           // events per page of log events; default 10,000
	LogPageBytes    int           // message bytes plus 26 per event and page; default 1 MiB
	LogScanEvents   int           // events FilterLogEvents looks at before it ends a page; default 100,000
	LogGap          time.Duration // FilterLogEvents ends a page, even an empty one, at a stretch this long without events; default 1 h
}

// withDefaults fills in what was left zero.
func (o Options) withDefaults() Options {
	for _, d := range []struct {
		field *int
		value int
	}{
		{&o.MaxDatapoints, 100_800},
		{&o.MaxQueries, 500},
		{&o.ListMetricsPage, 500},
		{&o.DescribePage, 50},
		{&o.LogPageEvents, 10_000},
		{&o.LogPageBytes, 1 << 20},
		{&o.LogScanEvents, 100_000},
	} {
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	if o.LogGap == 0 {
		o.LogGap = time.Hour
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// Server answers for one account. It is safe for use by several goroutines.
type Server struct {
	opt     Options
	acct    *account.Account
	metrics *metricIndex
	logs    *logIndex
	faults  faultList
	quota   *limiter

	served atomic.Int64
	mu     sync.Mutex
	calls  map[string]int
}

// New is a server for an account, which must not change while it runs.
func New(acct *account.Account, o Options) *Server {
	o = o.withDefaults()
	return &Server{
		opt:     o,
		acct:    acct,
		metrics: newMetricIndex(acct.Metrics),
		logs:    newLogIndex(acct.LogGroups),
		faults:  faultList{list: append([]Fault(nil), o.Faults...)},
		quota:   newLimiter(o.Quotas),
		calls:   map[string]int{},
	}
}

// Calls is how often an operation was called, failures included.
func (s *Server) Calls(operation string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[operation]
}

// Inject adds a fault behind those already there.
func (s *Server) Inject(f Fault) { s.faults.add(f) }

// ClearFaults forgets every fault.
func (s *Server) ClearFaults() { s.faults.clear() }

// call is one request on its way through the server.
type call struct {
	*wire.Call
	now    time.Time
	faults []Fault
}

// fault is the first fault of the given action that fell on this call.
func (c *call) fault(a Action) (Fault, bool) {
	for _, f := range c.faults {
		if f.Action == a {
			return f, true
		}
	}
	return Fault{}, false
}

// operation answers one call.
type operation func(*Server, *call) (wire.Object, error)

// lookup is the operation by its service and name.
func lookup(service, name string) (operation, bool) {
	var op operation
	switch service + "." + name {
	case wire.CloudWatch + ".GetMetricData":
		op = (*Server).getMetricData
	case wire.CloudWatch + ".GetMetricStatistics":
		op = (*Server).getMetricStatistics
	case wire.CloudWatch + ".ListMetrics":
		op = (*Server).listMetrics
	case wire.Logs + ".DescribeLogGroups":
		op = (*Server).describeLogGroups
	case wire.Logs + ".DescribeLogStreams":
		op = (*Server).describeLogStreams
	case wire.Logs + ".FilterLogEvents":
		op = (*Server).filterLogEvents
	case wire.Logs + ".GetLogEvents":
		op = (*Server).getLogEvents
	case wire.SageMaker + ".DescribeEndpoint":
		op = (*Server).describeEndpoint
	case wire.SageMaker + ".DescribeEndpointConfig":
		op = (*Server).describeEndpointConfig
	case wire.SageMaker + ".ListEndpoints":
		op = (*Server).listEndpoints
	case wire.STS + ".GetCallerIdentity":
		op = (*Server).getCallerIdentity
	}
	return op, op != nil
}

// ServeHTTP answers one request in the protocol that it was asked in. A
// dropped connection is a panic with http.ErrAbortHandler, as net/http wants it.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	req, err := wire.Decode(r)
	req.RequestID = requestID(s.served.Add(1))
	c := &call{Call: req, now: s.opt.Now()}
	s.count(req.Operation)
	c.faults = s.faults.take(req)
	if err := s.delay(r.Context(), c); err != nil {
		panic(http.ErrAbortHandler)
	}
	var reply wire.Reply
	if err == nil {
		reply, err = s.answer(c)
	}
	if err != nil {
		reply = c.Failure(asError(err))
	}
	s.opt.Logger.Debug("simulated AWS call", "operation", req.Operation, "status", reply.Status, "bytes", len(reply.Body), "error", err)
	s.send(w, c, reply)
}

// answer runs the operation, unless a fault or a quota forbids it.
func (s *Server) answer(c *call) (wire.Reply, error) {
	if reply, ok := c.rawFailure(); ok {
		return reply, nil
	}
	if err := s.scriptedError(c); err != nil {
		return wire.Reply{}, err
	}
	op, ok := lookup(c.Service, c.Operation)
	if !ok {
		return wire.Reply{}, unknownOperation(c.Call)
	}
	if !s.quota.allow(c.Operation, c.now) {
		return wire.Reply{}, throttled(c.Service)
	}
	result, err := op(s, c)
	if err != nil {
		return wire.Reply{}, err
	}
	return c.Result(result), nil
}

// send writes the reply, or the first half of it when the script says so.
func (s *Server) send(w http.ResponseWriter, c *call, reply wire.Reply) {
	if _, drop := c.fault(Drop); drop {
		panic(http.ErrAbortHandler)
	}
	for name, values := range reply.Header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(reply.Body)))
	w.WriteHeader(reply.Status)
	if _, drop := c.fault(DropBody); drop {
		if _, err := w.Write(reply.Body[:len(reply.Body)/2]); err == nil {
			// An error here means that the connection is already gone.
			_ = http.NewResponseController(w).Flush()
		}
		panic(http.ErrAbortHandler)
	}
	if _, err := w.Write(reply.Body); err != nil {
		s.opt.Logger.Debug("simulated AWS call: writing reply", "operation", c.Operation, "error", err)
	}
}

// delay waits as long as the script says, or until the client goes away.
func (s *Server) delay(ctx context.Context, c *call) error {
	f, ok := c.fault(Delay)
	if !ok {
		return nil
	}
	t := time.NewTimer(f.Delay)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("delaying %s: %w", c.Operation, ctx.Err())
	}
}

func (s *Server) count(operation string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[operation]++
}

// requestID is the nth identifier, in the form that AWS's have.
func requestID(n int64) string {
	return fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
}

// asError is err in wire terms. What is not yet in them is a defect of this
// package and answered as the real service would answer its own.
func asError(err error) *wire.Error {
	var e *wire.Error
	if errors.As(err, &e) {
		return e
	}
	return &wire.Error{Shape: "InternalFailure", Message: err.Error(), Status: http.StatusInternalServerError}
}

func unknownOperation(c *wire.Call) error {
	return &wire.Error{
		Shape:   "UnknownOperationException",
		Code:    "InvalidAction",
		Message: fmt.Sprintf("the simulated AWS has no operation %s.%s", c.Service, c.Operation),
	}
}
