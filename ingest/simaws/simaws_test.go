package simaws_test

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"sizewise/ingest/simaws"
	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server"
)

func options(addr string) simaws.Options {
	return simaws.Options{Addr: addr, Server: server.Options{Now: func() time.Time { return time.Unix(1_800_000_000, 0) }}}
}

func TestStartRefusesOtherMachines(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "example.com:0", "127.0.0.1"} {
		running, err := simaws.Start(context.Background(), &account.Account{}, options(addr))
		if err == nil {
			t.Errorf("%s was taken, at %s", addr, running.URL)
			if err := running.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	o := options("0.0.0.0:0")
	o.AllowRemote = true
	running, err := simaws.Start(context.Background(), &account.Account{}, o)
	if err != nil {
		t.Fatalf("allowed explicitly: %v", err)
	}
	if err := running.Close(); err != nil {
		t.Error(err)
	}
}

func TestStartNeedsAClock(t *testing.T) {
	if _, err := simaws.Start(context.Background(), &account.Account{}, simaws.Options{}); err == nil || !strings.Contains(err.Error(), "Now") {
		t.Errorf("without a clock: %v", err)
	}
}

func TestStopsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	running, err := simaws.Start(ctx, &account.Account{Region: "eu-west-1"}, options(""))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Get(running.URL)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusBadRequest {
		t.Errorf("a request that is no call: %d, %v", response.StatusCode, err)
	}
	for _, line := range []string{"AWS_ENDPOINT_URL=" + running.URL, "AWS_REGION=eu-west-1"} {
		if !slices.Contains(running.Env(), line) {
			t.Errorf("environment %v lacks %s", running.Env(), line)
		}
	}
	cancel()
	if err := running.Close(); err != nil { // waits until it no longer listens
		t.Error(err)
	}
	conn, err := net.Dial("tcp", strings.TrimPrefix(running.URL, "http://"))
	if err == nil {
		t.Error("still listens")
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	}
}
