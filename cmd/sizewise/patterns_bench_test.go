package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"sizewise/analyze/pattern"
)

// logStream is a log of n lines with about 72 bytes each, of which the numbers
// and keys differ from line to line: of many programs in turn, or of one.
func logStream(n int, mixed bool) []byte {
	kinds := []string{
		"2026-11-20 14:99:99,999 INFO store.Writer: Wrote block blk_-9999999999999 size 99",
		"2026-11-20 14:99:99,999 INFO store.Writer: Closing block blk_9999999999",
		"2026-11-20 14:99:99,999 INFO store.Reader: Serving blk_99999999 to 10.250.99.99",
		"2026-11-20 14:99:99,999 WARN store.Space: Removing blk_99999999",
	}
	if mixed {
		kinds = append(kinds,
			"2026-11-20T14:99:99,999 [INFO ] W-9009-embed_1.0 org.pytorch.serve.wlm.WorkerThread - Backend response time: 99",
			"[2026-11-20 14:99:99 +0000] [99] [INFO] Booting worker with pid: 999",
			"I1120 14:99:99.999999 99 model_lifecycle.cc:459] loading: ranker:9",
			"session opened for user root by (uid=9) after a wait of 99 seconds",
			"connection from 10.99.9.9 port 99999 lost after 999 ms, peer is gone",
			"cache miss for key 9999-99@9-aa99 in region eu-west-1, asking the origin",
			"worker.init() ok /etc/serve/workers9.properties in scoreboard slot 9",
			"Times: total = 99, boot = -99, init = 99, finish = 9, wait = 9999",
			"INFO:     10.0.99.99:59999 - \"POST /invocations HTTP/1.1\" 200 OK",
			"link error on broadcast tree interconnect, waiting for the fabric manager",
			"(APIServer pid=9) INFO 11-20 14:99:99 [launcher.py:29] Route: /ping, Methods: GET")
	}
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same lines every time
	var b bytes.Buffer
	for i := range n {
		for _, c := range []byte(kinds[i%len(kinds)]) {
			if c == '9' {
				c = byte('0' + r.IntN(10)) //nolint:gosec // a digit
			}
			b.WriteByte(c)
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

func benchmarkPatterns(b *testing.B, mixed bool) {
	const lines = 200_000
	in := logStream(lines, mixed)
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		c := newLineCounter(pattern.MaxSkeletons)
		if err := c.read(context.Background(), bytes.NewReader(in)); err != nil {
			b.Fatal(err)
		}
		if rows := patternRows(c, c.templates(), true); len(rows) == 0 {
			b.Fatal("no templates")
		}
	}
	b.ReportMetric(float64(len(in))/lines, "bytes/line")
	b.ReportMetric(float64(b.N)*lines/b.Elapsed().Seconds(), "lines/s")
}

func BenchmarkPatternsMixed(b *testing.B)   { benchmarkPatterns(b, true) }
func BenchmarkPatternsUniform(b *testing.B) { benchmarkPatterns(b, false) }

// BenchmarkPatternsDistinct is the worst case for memory and mining: every line
// has words of its own.
func BenchmarkPatternsDistinct(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // the same lines every time
	var in bytes.Buffer
	const lines = 100_000
	for range lines {
		for range 6 {
			for range 7 {
				in.WriteByte(byte('a' + r.IntN(26))) //nolint:gosec // a letter
			}
			in.WriteByte(' ')
		}
		fmt.Fprintln(&in)
	}
	b.SetBytes(int64(in.Len()))
	b.ReportAllocs()
	for b.Loop() {
		c := newLineCounter(pattern.MaxSkeletons)
		if err := c.read(context.Background(), bytes.NewReader(in.Bytes())); err != nil {
			b.Fatal(err)
		}
		c.templates()
	}
	b.ReportMetric(float64(b.N)*lines/b.Elapsed().Seconds(), "lines/s")
}
