// Package server is a loopback AWS: CloudWatch, CloudWatch Logs, SageMaker,
// Service Quotas, STS and a made-up price list answered from an account.Account as the real services
// document themselves, limits, paging, retention and oddities included. Any AWS
// client can be pointed at it. Faults can be scripted, or drawn from a seed.
//
// It does not check signatures, and has its one account's resources in every
// region: ARNs are of the region that the request was signed for.
package server

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server/wire"
)

// Options tunes a Server. The zero value but for Now is AWS's own limits.
type Options struct {
	Now    func() time.Time // what the account believes the time is; required
	Wall   func() time.Time // what quotas, sessions, the Date header and Fault.For run on; default Now
	Logger *slog.Logger     // one debug line per call; nil logs nothing
	Faults []Fault          // injected at the start
	Chaos  *Chaos           // random faults; nil has none
	Quotas *Quotas          // nil: no throttling

	Skew       time.Duration // how far the server's clock is ahead of Wall, as the Date header tells it
	CheckClock bool          // refuse requests that were signed more than five minutes away from Wall plus Skew

	MaxDatapoints   int           // per GetMetricData call; default 100,800
	MaxQueries      int           // per GetMetricData call; default 500
	ListMetricsPage int           // series per ListMetrics page; default 500
	DescribePage    int           // groups or streams per Describe page of Logs; default 50
	LogPageEvents   int           // events per page of log events; default 10,000
	LogPageBytes    int           // message bytes plus 26 per event and page; default 1 MiB
	LogScanEvents   int           // events FilterLogEvents looks at before it ends a page; default 100,000
	QueryPolls      int           // GetQueryResults calls that find an Insights query Scheduled (the first) and Running; default 2, negative for none
	QueryTime       time.Duration // of Wall: an Insights query is Complete after that, however often it was asked for; default 1 min
	HomeRegion      bool          // ARNs are of the account's region, whatever the request was signed for
	QuerySlots      int           // Insights queries at a time; default 100
	StreamLag       time.Duration // how late the times of streams' last events are; default 30 min, negative for none
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
		{&o.QuerySlots, 100},
		{&o.QueryPolls, 2},
	} {
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	if o.LogGap == 0 {
		o.LogGap = time.Hour
	}
	if o.QueryTime == 0 {
		o.QueryTime = time.Minute
	}
	if o.StreamLag == 0 {
		o.StreamLag = 30 * time.Minute
	}
	if o.Wall == nil {
		o.Wall = o.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// Server answers for one account. It is safe for use by several goroutines.
type Server struct {
	opt      Options
	acct     *account.Account
	metrics  *metricIndex
	logs     *logIndex
	faults   faultList
	quota    *limiter
	sessions sessions
	queries  queryList
	chaos    atomic.Pointer[chaos]

	served atomic.Int64
	mu     sync.Mutex
	calls  map[string]int
}

// New is a server for an account, which must not change while it runs.
func New(acct *account.Account, o Options) *Server {
	o = o.withDefaults()
	s := &Server{
		opt:     o,
		acct:    acct,
		metrics: newMetricIndex(acct.Metrics),
		logs:    newLogIndex(acct.ID, acct.LogGroups),
		quota:   newLimiter(o.Quotas),
		calls:   map[string]int{},
	}
	s.faults.add(o.Faults...)
	s.SetChaos(o.Chaos)
	return s
}

// CallsByOperation is how often each operation was called, failures included.
func (s *Server) CallsByOperation() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.calls)
}

// ResetCalls starts counting anew.
func (s *Server) ResetCalls() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.calls)
}

// SetChaos replaces the random faults, by none when c is nil.
func (s *Server) SetChaos(c *Chaos) { s.chaos.Store(newChaos(c)) }

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
	now    time.Time // the account's
	wall   time.Time
	caller caller
	region string // of ARNs in the answer
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

// ServeHTTP answers one request in the protocol that it was asked in. A
// dropped connection is a panic with http.ErrAbortHandler, as net/http wants it.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	req, err := wire.Decode(r)
	req.RequestID = requestID(s.served.Add(1))
	c := &call{Call: req, now: s.opt.Now(), wall: s.opt.Wall()}
	c.region = s.acct.Region
	if signed := req.Signer.Region; signed != "" && !s.opt.HomeRegion {
		c.region = signed
	}
	s.count(req.Operation)
	who, identityErr := s.identify(c)
	c.caller = who
	c.faults = s.faults.take(c)
	if f, ok := s.chaos.Load().strike(c); ok {
		c.faults = append(c.faults, f)
	}
	if err := s.delay(r.Context(), c, Delay); err != nil {
		panic(http.ErrAbortHandler)
	}
	var reply wire.Reply
	if err == nil {
		err = identityErr
	}
	if err == nil {
		reply, err = s.answer(c)
	}
	if err != nil {
		reply = c.Failure(asError(err))
	}
	s.opt.Logger.Debug("simulated AWS call", "operation", req.Operation, "status", reply.Status, "bytes", len(reply.Body), "error", err)
	s.send(r.Context(), w, c, reply)
}

// answer runs the operation, unless a fault or a quota forbids it.
func (s *Server) answer(c *call) (wire.Reply, error) {
	if reply, ok := c.rawFailure(); ok {
		return reply, nil
	}
	if err := s.checkClock(c); err != nil {
		return wire.Reply{}, err
	}
	if err := s.scriptedError(c); err != nil {
		return wire.Reply{}, err
	}
	op, ok := lookup(c.Service, c.Operation)
	if !ok {
		return wire.Reply{}, unknownOperation(c.Call)
	}
	if c.Operation != "GetCallerIdentity" && !c.caller.may(action(c.Call)) {
		return wire.Reply{}, denied(c.Call, c.caller.arn)
	}
	if !s.quota.allow(c.Operation, c.wall) {
		return wire.Reply{}, throttled(c.Service)
	}
	result, err := op(s, c)
	if err != nil {
		return wire.Reply{}, err
	}
	return c.Result(result), nil
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
