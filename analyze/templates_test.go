package analyze

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestMerge: skeletons that differ in a value are one template whose counts are
// added up; its level is the most severe common one; exception types are counted
// beside; the order of the rows does not show.
func TestMerge(t *testing.T) {
	at := func(m int) time.Time { return time.Date(2026, 11, 20, 14, m, 0, 0, time.UTC) }
	var signals []signal
	for i, host := range []string{"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "my"} {
		signals = append(signals, signal{
			stream: "v/i-" + host[:1], level: "WARN", skeleton: "no answer from shard " + host + " within <*> s, giving up",
			bucket: at(i % 3), lines: 10, first: at(i), last: at(i), example: "no answer from shard " + host + " within 2 s, giving up",
		})
	}
	odd := signals[0]
	odd.level, odd.lines = "ERROR", 1 // logged otherwise once
	signals = append(signals, odd,
		signal{stream: "v/i-a", skeleton: "ValueError: bad shape <*>", exception: "ValueError", bucket: at(1), lines: 3, first: at(1), last: at(1), example: "ValueError: bad shape 3"})
	got := merge(signals, nil)
	var texts []string
	for _, m := range got {
		texts = append(texts, m.name())
	}
	want := []string{"exception ValueError", "template ValueError: bad shape <*>", "template no answer from shard <*> within <*> s, giving up"}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Fatal(diff)
	}
	m := got[2]
	if m.lines != 121 || m.buckets[at(0)] != 41 || m.level() != "WARN" || !m.first.Equal(at(0)) || m.example != "no answer from shard alpha within 2 s, giving up" || len(m.streams) != 11 {
		t.Errorf("got %+v at %s", m, m.level())
	}
	r := rand.New(rand.NewPCG(1, 2))
	r.Shuffle(len(signals), func(i, j int) { signals[i], signals[j] = signals[j], signals[i] })
	if diff := cmp.Diff(got, merge(signals, nil), cmp.AllowUnexported(message{})); diff != "" {
		t.Errorf("in another order:\n%s", diff)
	}
}
