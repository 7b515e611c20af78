package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sizewise/analyze/finding"
	"sizewise/ingest/simaws"
	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/estate"
	"sizewise/ingest/simaws/server"
)

var (
	nightlyWeeks = flag.Bool("nightly-weeks", false, "run the three weeks of thirty endpoints")
	nightlySeed  = flag.Uint64("nightly-seed", 1, "seed of the three weeks")
	nightlySize  = flag.Int("nightly-endpoints", 30, "endpoints of the three weeks; two in five change")
	nightlyPages = flag.String("nightly-pages", "changed", "pages of the three weeks: all, changed or none")
)

// nightWorld is an estate over weeks, served at a clock that the test sets.
type nightWorld struct {
	estate *estate.Estate
	aws    *simaws.Running
	env    map[string]string
	clock  atomic.Int64
	dir    string
}

func (w *nightWorld) now() time.Time { return time.Unix(w.clock.Load(), 0).UTC() }

func newNightWorld(t *testing.T, c estate.Config) *nightWorld {
	t.Helper()
	drawn, err := estate.New(c)
	if err != nil {
		t.Fatal(err)
	}
	w := serveWorld(t, drawn.Account, c.End)
	w.estate = drawn
	return w
}

// serveWorld serves an account at a clock that begins at now.
func serveWorld(t *testing.T, acct *account.Account, now time.Time) *nightWorld {
	t.Helper()
	w := &nightWorld{env: map[string]string{}, dir: t.TempDir()}
	w.clock.Store(now.Unix())
	var err error
	w.aws, err = simaws.Start(context.Background(), acct, simaws.Options{Server: server.Options{Now: w.now}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.aws.Close() })
	for _, line := range w.aws.Env() {
		name, value, _ := strings.Cut(line, "=")
		t.Setenv(name, value)
	}
	return w
}

func (w *nightWorld) write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// sizewise runs a command at the world's time.
func (w *nightWorld) sizewise(args ...string) result {
	var out, errs bytes.Buffer
	code := run(context.Background(), args, console{
		in: strings.NewReader(""), out: &out, err: &errs,
		getenv: os.Getenv, now: w.now,
	})
	return result{code, out.String(), errs.String()}
}

// plantChanges draws changes for as many endpoints, each another, on days from first
// to last at any time of day.
func plantChanges(r *rand.Rand, start time.Time, endpoints, changes, first, last int) []estate.Change {
	names := r.Perm(endpoints)[:changes]
	effects := []estate.Effect{estate.Latency, estate.Errors, estate.Traffic, estate.Memory, estate.InstanceType, estate.Silence}
	var out []estate.Change
	for i, n := range names {
		c := estate.Change{Effect: effects[i%len(effects)], Endpoint: estate.PlainName(n)}
		day := first + r.IntN(last-first)
		c.At = start.Add(time.Duration(day)*24*time.Hour + time.Duration(r.IntN(1440))*time.Minute)
		up := r.IntN(3) > 0
		pick := func(a, b float64) float64 { return a + (b-a)*r.Float64() }
		switch c.Effect {
		case estate.Latency:
			c.Factor = pick(1.25, 1.6)
		case estate.Errors:
			c.Factor = pick(0.003, 0.02)
		case estate.Traffic:
			c.Factor = pick(1.7, 2.2)
			if !up {
				c.Factor = pick(0.4, 0.55)
			}
		case estate.Memory:
			c.Factor = pick(0.3, 0.8)
			c.Until = c.At.Add(time.Duration(pick(30, 60)) * time.Hour)
		case estate.InstanceType:
			c.Type, c.Factor = "ml.c5.4xlarge", pick(0.55, 0.75)
		case estate.Silence:
			c.Until = c.At.Add(time.Duration(pick(3, 8)*60) * time.Minute)
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b estate.Change) int { return a.At.Compare(b.At) })
	return out
}

// tally holds what nights told against what was planted.
type nightTally struct {
	planted []estate.Change
	found   []int // nights after the change that has it, -1 never
	false   []string
}

func newNightTally(planted []estate.Change) *nightTally {
	n := &nightTally{planted: planted, found: make([]int, len(planted))}
	for i := range n.found {
		n.found[i] = -1
	}
	return n
}

// shows says which changes of the nights can tell of an effect.
func shows(e estate.Effect, metric string) bool {
	return slices.Contains(map[estate.Effect][]string{
		estate.Latency: {"latency_p50", "latency_p99"}, estate.Errors: {"errors_5xx"}, estate.Traffic: {"traffic"},
		estate.Memory: {"memory_growth"}, estate.InstanceType: {"instance_type", "latency_p50", "cpu_demand"}, estate.Silence: {"coverage"},
	}[e], metric)
}

// follows says what may change beside the effect itself.
func follows(e estate.Effect, metric string) bool {
	return shows(e, metric) || e == estate.InstanceType && slices.Contains([]string{"latency_p99", "latency_p50", "cpu_demand"}, metric)
}

// add counts one night.
func (n *nightTally) add(night finding.Night) {
	for _, s := range night.Subjects {
		name := strings.TrimPrefix(s.Subject, "endpoint/")
		for _, c := range s.Changes {
			told := false
			for i, p := range n.planted {
				if p.Endpoint != name {
					continue
				}
				// Its begin or, where it ends, its end, to some hours.
				near := func(at time.Time) bool {
					return !at.IsZero() && c.From.After(at.Add(-6*time.Hour)) && c.From.Before(at.Add(24*time.Hour))
				}
				if follows(p.Effect, c.Metric) && (near(p.At) || near(p.Until)) {
					told = true
				}
				if shows(p.Effect, c.Metric) && near(p.At) && n.found[i] < 0 {
					n.found[i] = int(night.Window.End.Sub(p.At).Hours() / 24)
				}
			}
			if !told {
				n.false = append(n.false, fmt.Sprintf("%s %s: %s (from %s, q %.2g)", night.Window.End.Format("01-02"), s.Subject, c.Title, c.From.Format("01-02T15"), float64(c.Q)))
			}
		}
	}
}
