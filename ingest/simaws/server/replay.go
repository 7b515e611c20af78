package server

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"

	"sizewise/ingest/simaws/server/wire"
)

// Replay is the server for benchmarks of clients: it remembers every answer of
// status 200 and gives it again to the same request, at the cost of a copy.
// Faults, quotas and the clock do not touch what is answered from memory; calls
// are counted. A client that runs its load once to warm it up meets no server
// cost worth mentioning the second time.
func (s *Server) Replay() http.Handler {
	return &replay{server: s, answers: map[string]wire.Reply{}}
}

type replay struct {
	server  *Server
	mu      sync.RWMutex
	answers map[string]wire.Reply // by operation and body
}

// ServeHTTP answers from memory if it can.
func (p *replay) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, wire.MaxBody))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	target := r.Header.Get("X-Amz-Target") + r.URL.Path
	key := target + "\x00" + string(body)
	p.mu.RLock()
	known, ok := p.answers[key]
	p.mu.RUnlock()
	if !ok {
		r.Body = io.NopCloser(bytes.NewReader(body))
		p.record(w, r, key)
		return
	}
	p.server.count(strings.TrimRight(target[strings.LastIndexAny(strings.TrimRight(target, "/"), "./")+1:], "/"))
	for name, values := range known.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(known.Status)
	if _, err := w.Write(known.Body); err != nil {
		p.server.opt.Logger.Debug("simulated AWS call: writing remembered reply", "error", err)
	}
}

// record lets the server answer and remembers what it said.
func (p *replay) record(w http.ResponseWriter, r *http.Request, key string) {
	copied := &recorder{ResponseWriter: w, status: http.StatusOK}
	p.server.ServeHTTP(copied, r)
	if copied.status != http.StatusOK {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answers[key] = wire.Reply{Status: copied.status, Header: w.Header().Clone(), Body: copied.body.Bytes()}
}

// recorder writes through and keeps a copy.
type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader notes the status.
func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Write notes the bytes.
func (r *recorder) Write(b []byte) (int, error) {
	r.body.Write(b)
	return r.ResponseWriter.Write(b) //nolint:wrapcheck // the writer's own error is the caller's business
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
