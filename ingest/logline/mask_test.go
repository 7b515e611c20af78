package logline

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// streamLines makes about bytes of log lines of 72 bytes on average. A mixed
// stream takes its kinds from many containers in turn and fills in other values
// every time; a uniform one has five kinds of one container.
func streamLines(kinds []string, n int) []string {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([]string, n)
	for i := range out {
		var b strings.Builder
		for _, c := range []byte(kinds[i%len(kinds)]) {
			switch c {
			case '9':
				b.WriteByte(byte('0' + r.IntN(10)))
			case '@':
				fmt.Fprintf(&b, "%016x", r.Uint64())
			default:
				b.WriteByte(c)
			}
		}
		out[i] = b.String()
	}
	return out
}

func uniformKinds() []string {
	return []string{
		"2026-11-20 14:99:99,999 INFO store.Writer: Wrote block blk_-9999999999999 of size 67108864 to 10.250.99.99",
		"2026-11-20 14:99:99,999 INFO store.Writer: Closing block blk_9999999999999",
		"2026-11-20 14:99:99,999 INFO store.Reader: Serving blk_9999999999999 to /10.250.99.99:50010",
		"2026-11-20 14:99:99,999 INFO store.Space: Removing block blk_99999999 file /mnt/store/blk_99999999",
		"2026-11-20 14:99:99,999 WARN store.Reader: 10.251.99.99:50010: failed while serving blk_9999999",
	}
}

func mixedKinds() []string {
	return append(uniformKinds(),
		"2026-11-20T14:99:99,999 [INFO ] W-9009-embed_1.0 org.pytorch.serve.wlm.WorkerThread - Backend response time: 99",
		"[2026-11-20 14:99:99 +0000] [99] [INFO] Booting worker with pid: 999",
		"I1120 14:99:99.999999 99 model_lifecycle.cc:459] loading: ranker:9",
		"session opened for user root by (uid=9)",
		"connection from 10.99.9.9 port 99999 lost after 999 ms",
		"cache miss for key @ in region eu-west-1",
		"mac 00:1b:44:11:3a:b7 associated",
		"worker.init() ok /etc/serve/workers9.properties",
		"Times: total = 99, boot = -99, init = 99, finish = 9",
		"INFO:     10.0.99.99:59999 - \"POST /invocations HTTP/1.1\" 200 OK",
		"link error on broadcast tree interconnect",
		"node-99 psu failure ambient=99",
		"Started reading broadcast variable 99",
		"request @ took 99.99 ms for tenant acme",
		"(APIServer pid=9) INFO 11-20 14:99:99 [launcher.py:29] Route: /ping, Methods: GET",
	)
}

func benchmarkMask(b *testing.B, kinds []string) {
	in := streamLines(kinds, 20_000)
	size := 0
	for _, s := range in {
		size += len(s) + 1
	}
	var p Parser
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, s := range in {
			p.Mask(s)
		}
	}
	b.ReportMetric(float64(size)/float64(len(in)), "bytes/line")
	b.ReportMetric(float64(b.N)*float64(len(in))/b.Elapsed().Seconds(), "lines/s")
}

func BenchmarkMaskMixed(b *testing.B)   { benchmarkMask(b, mixedKinds()) }
func BenchmarkMaskUniform(b *testing.B) { benchmarkMask(b, uniformKinds()) }

// Mask and Parse read the same line the same way.
func TestMaskIsParse(t *testing.T) {
	var p, q Parser
	msgs := streamLines(mixedKinds(), 200)
	for _, l := range lines {
		msgs = append(msgs, l.msg)
	}
	for _, msg := range msgs {
		l, m := p.Parse(msg), q.Mask(msg)
		if l.Skeleton != string(m.Skeleton) || l.Level != Levels()[m.Level] || (l.Access != nil) != (m.Kind == AccessLine) {
			t.Errorf("%q: Mask %q %s %d, Parse %q %s", msg, m.Skeleton, Levels()[m.Level], m.Kind, l.Skeleton, l.Level)
		}
	}
}

func TestMaskDoesNotAllocate(t *testing.T) {
	var p Parser
	in := streamLines(mixedKinds(), 100)
	run := func() {
		for _, s := range in {
			p.Mask(s)
		}
	}
	run()
	if n := testing.AllocsPerRun(10, run); n > 0 {
		t.Errorf("%g allocations for %d lines", n, len(in))
	}
}

// Lines that no program should print, but some do.
func TestMaskHostile(t *testing.T) {
	var p Parser
	for _, msg := range []string{
		strings.Repeat("x", 1<<20), strings.Repeat("9", 1<<20), strings.Repeat("[", 1<<20), strings.Repeat("#033[", 1<<18),
		strings.Repeat("{\"a\":", 1<<18), strings.Repeat("\x1b[31m", 1<<18), strings.Repeat("a=", 1<<19), strings.Repeat("\r", 1<<20),
		strings.Repeat("\xff\xfe", 1<<19), strings.Repeat("(a pid=1) ", 1<<17), string(bytes.Repeat([]byte{0}, 1<<20)), "",
	} {
		m := p.Mask(msg)
		if len(m.Skeleton) > 3*maxSkeleton || bytes.ContainsAny(m.Skeleton, "\n\r\x1b\x00") {
			t.Errorf("%.20q: skeleton %.60q of %d bytes", msg, m.Skeleton, len(m.Skeleton))
		}
	}
}
