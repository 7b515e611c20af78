package server

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"sizewise/ingest/simaws/server/wire"
)

// send writes the reply, or what the script leaves of it.
func (s *Server) send(ctx context.Context, w http.ResponseWriter, c *call, reply wire.Reply) {
	if _, drop := c.fault(Drop); drop {
		panic(http.ErrAbortHandler)
	}
	for name, values := range reply.Header {
		w.Header()[name] = values
	}
	if s.opt.Skew != 0 {
		w.Header().Set("Date", c.wall.Add(s.opt.Skew).UTC().Format(http.TimeFormat))
	}
	body := reply.Body
	if _, garble := c.fault(Garble); garble {
		body = body[:len(body)/2]
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(reply.Status)
	_, drop := c.fault(DropBody)
	_, stall := c.fault(Stall)
	if drop || stall {
		if _, err := w.Write(body[:len(body)/2]); err == nil {
			// An error here means that the connection is already gone.
			_ = http.NewResponseController(w).Flush()
		}
		if drop || s.delay(ctx, c, Stall) != nil {
			panic(http.ErrAbortHandler)
		}
		body = body[len(body)/2:]
	}
	if _, err := w.Write(body); err != nil {
		s.opt.Logger.Debug("simulated AWS call: writing reply", "operation", c.Operation, "error", err)
	}
}

// delay waits as long as the script says, or until the client goes away.
func (s *Server) delay(ctx context.Context, c *call, a Action) error {
	f, ok := c.fault(a)
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
