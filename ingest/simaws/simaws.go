// Package simaws runs a loopback AWS: an account.Account, most often one that a
// workload simulation filled, behind a server.Server on a local address. It is
// for `sizewise demo` and `sizewise simulate` and for tests.
package simaws

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server"
)

// Options tells Start where to listen and how to serve.
type Options struct {
	Addr        string         // host:port; default 127.0.0.1:0, any free port
	AllowRemote bool           // listen on other than loopback addresses: the server checks no signatures
	Server      server.Options // Now is required
	Replay      bool           // answer repeated requests from memory, for benchmarks of clients: see server.Server.Replay
	Logger      *slog.Logger   // nil logs nothing; also the server's, unless it has its own
}

// Running is a loopback AWS that serves until it is closed.
type Running struct {
	URL    string // http://127.0.0.1:PORT
	Region string
	Server *server.Server // for faults and counters

	http   *http.Server
	done   chan struct{}
	forget func() bool // stops watching the context
}

// Start serves an account until Close is called or ctx ends. The account must
// not change while it is served. It refuses addresses that other machines can
// reach, unless Options.AllowRemote says otherwise.
func Start(ctx context.Context, acct *account.Account, o Options) (*Running, error) {
	if o.Server.Now == nil {
		return nil, errors.New("starting simulated AWS: Options.Server.Now is not set")
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Server.Logger == nil {
		o.Server.Logger = o.Logger
	}
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	if !o.AllowRemote {
		if err := checkLoopback(o.Addr); err != nil {
			return nil, fmt.Errorf("starting simulated AWS: %w", err)
		}
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.Addr)
	if err != nil {
		return nil, fmt.Errorf("starting simulated AWS: %w", err)
	}
	r := &Running{
		URL:    "http://" + listener.Addr().String(),
		Region: acct.Region,
		Server: server.New(acct, o.Server),
		done:   make(chan struct{}),
	}
	var handler http.Handler = r.Server
	if o.Replay {
		handler = r.Server.Replay()
	}
	r.http = &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(o.Logger.Handler(), slog.LevelDebug),
	}
	go r.serve(listener, o.Logger)
	r.forget = context.AfterFunc(ctx, func() {
		if err := r.http.Close(); err != nil {
			o.Logger.Warn("closing simulated AWS", "error", err)
		}
	})
	return r, nil
}

func (r *Running) serve(l net.Listener, log *slog.Logger) {
	defer close(r.done)
	if err := r.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		log.Error("simulated AWS stopped", "error", err)
	}
}

// Close stops the server and drops what is under way.
func (r *Running) Close() error {
	r.forget()
	err := r.http.Close()
	<-r.done
	if err != nil {
		return fmt.Errorf("closing simulated AWS: %w", err)
	}
	return nil
}

// Env is the environment, as KEY=VALUE lines, that points AWS command lines and
// SDKs at the server. Clients older than mid-2023 do not know AWS_ENDPOINT_URL
// and want --endpoint-url or endpoint_url instead.
func (r *Running) Env() []string {
	return []string{
		"AWS_ENDPOINT_URL=" + r.URL,
		"AWS_REGION=" + r.Region,
		"AWS_DEFAULT_REGION=" + r.Region,
		"AWS_ACCESS_KEY_ID=sim",
		"AWS_SECRET_ACCESS_KEY=sim",
		"AWS_EC2_METADATA_DISABLED=true",
	}
}

// checkLoopback refuses an address that is not this machine's own.
func checkLoopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("listen address %q: %w", addr, err)
	}
	if ip := net.ParseIP(host); host == "localhost" || (ip != nil && ip.IsLoopback()) {
		return nil
	}
	return fmt.Errorf("listen address %q is not loopback, and the simulated AWS checks no signatures; use 127.0.0.1, or allow remote clients explicitly", addr)
}
