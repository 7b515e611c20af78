package pattern

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// texts are the templates of skeletons that came once each.
func texts(skeletons ...string) []string {
	var in []Skeleton
	for _, s := range skeletons {
		in = append(in, Skeleton{Text: s, Count: 1})
	}
	var out []string
	for _, t := range Mine(in) {
		out = append(out, t.Text)
	}
	slices.Sort(out)
	return out
}

func TestMine(t *testing.T) {
	for _, test := range []struct {
		name     string
		in, want []string
	}{
		{"placeholders are values", []string{"took <n> ms on <ip>:<n>"}, []string{"took <*> ms on <*>"}},
		{"a list of values is one", []string{"shape (<n>, <n>, <n>)", "shape (<n>)"}, []string{"shape (<*>)"}},
		{"few words are kinds of message", []string{"VM Started now", "VM Paused now", "VM Resumed now"}, []string{"VM Paused now", "VM Resumed now", "VM Started now"}},
		{"many words are values", []string{"user ann left", "user bob left", "user cid left", "user dan left", "user eve left"}, []string{"user <*> left"}},
		{"dotted names are values", []string{"loaded org.a.B now", "loaded org.c.D now"}, []string{"loaded <*> now"}},
		{"exceptions are kinds", []string{"failed with java.io.IOException now", "failed with java.lang.NullPointerException now"}, []string{"failed with java.io.IOException now", "failed with java.lang.NullPointerException now"}},
		{"what is given behind = is a value", []string{"lock=<hex>, tag=\"View Lock\", ws=null", "lock=<hex>, tag=\"Mix\", ws=W{<n>}"}, []string{"lock=<*>, tag=<*>, ws=<*>"}},
		{"true and false are options", []string{"clip overlap=true", "clip overlap=false"}, []string{"clip overlap=false", "clip overlap=true"}},
		{"the same word twice", []string{"store red is gone: no red", "store blue is gone: no blue", "store green is gone: no green"}, []string{"store <*> is gone: no <*>"}},
		{"transitions stay", []string{"job moved from NEW to INITED", "job moved from INITED to SETUP"}, []string{"job moved from INITED to SETUP", "job moved from NEW to INITED"}},
		{"a word where others have values", []string{"asked by <n> today", "asked by root today"}, []string{"asked by <*> today"}},
		{"a repeated phrase is one", []string{"set node-<n> <ok> node-<n> <ok>", "set node-<n> <ok> node-<n> <ok> node-<n> <ok>"}, []string{"set <*> <ok>"}},
		{"words alone are never merged", []string{"normal", "warning", "running", "blocked", "active", "idle", "stopped", "new", "old"}, []string{"active", "blocked", "idle", "new", "normal", "old", "running", "stopped", "warning"}},
		{"leaders end a word", []string{"space address...<n>"}, []string{"space address...<*>"}},
		{"a cut list is a list", []string{"delete blk_<n> blk_<n> bl…", "delete blk_<n>"}, []string{"delete <*>"}},
		{"users log in and out", []string{"opened for user ann by <n>", "opened for user bob by <n>", "opened for user cid by <n>", "closed for user ann", "closed for user bob", "closed for user cid"}, []string{"closed for user <*>", "opened for user <*> by <*>"}},
		{"nothing", []string{""}, []string{""}},
	} {
		if diff := cmp.Diff(test.want, texts(test.in...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestMineKeepsFixedApart(t *testing.T) {
	got := Mine([]Skeleton{{"GET /a 200", 5, true}, {"GET /b 200", 4, true}, {"GET /a 200", 3, false}})
	want := []Template{{"GET /a 200", 5, []int{0}}, {"GET /b 200", 4, []int{1}}, {"GET /a 200", 3, []int{2}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Two words that change together are seen among many messages only.
func TestMineRareWords(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	word := func() string {
		b := make([]byte, 9)
		for i := range b {
			b[i] = byte('a' + r.IntN(26))
		}
		return string(b)
	}
	var in []string
	for range 50 {
		in = append(in, "event "+word()+" was seen at "+word()+" today")
	}
	if got := texts(in...); len(got) != 1 || got[0] != "event <*> was seen at <*> today" {
		t.Errorf("%d templates, the first %q", len(got), got[0])
	}
}

// vocabulary of messages that merge in all ways.
var vocabulary = []string{"user", "ann", "bob", "<n>", "a.b.C", "a.b.D", "k=v", "k=w", "left", "fooBar", "barFoo", "x_y", "NEW", "OLD", "true", "<ip>:<n>", "(", ")", ",", "…"}

func drawSkeletons(t *rapid.T) []Skeleton {
	return rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) Skeleton {
		words := rapid.SliceOfN(rapid.SampledFrom(vocabulary), 1, 6).Draw(t, "words")
		return Skeleton{Text: strings.Join(words, " "), Count: int64(rapid.IntRange(1, 9).Draw(t, "count"))}
	}), 1, 60, func(s Skeleton) string { return s.Text }).Draw(t, "skeletons")
}

// The templates do not depend on the order of the skeletons, nor on whether one
// was counted by two, and no skeleton is lost.
func TestMineOrder(t *testing.T) {
	type group struct {
		Text    string
		Count   int64
		Members []string
	}
	groups := func(in []Skeleton) []group {
		var out []group
		for _, tmpl := range Mine(in) {
			g := group{Text: tmpl.Text, Count: tmpl.Count}
			for _, i := range tmpl.Members {
				g.Members = append(g.Members, in[i].Text)
			}
			slices.Sort(g.Members)
			g.Members = slices.Compact(g.Members)
			out = append(out, g)
		}
		return out
	}
	rapid.Check(t, func(t *rapid.T) {
		in := drawSkeletons(t)
		want := groups(in)
		total := 0
		for _, g := range want {
			total += len(g.Members)
		}
		if total != len(in) {
			t.Fatalf("%d of %d skeletons", total, len(in))
		}
		other := rapid.Permutation(in).Draw(t, "order")
		if diff := cmp.Diff(want, groups(other)); diff != "" {
			t.Fatalf("another order:\n%s", diff)
		}
		if in[0].Count > 1 {
			split := slices.Clone(in)
			split[0].Count--
			split = append(split, Skeleton{Text: in[0].Text, Count: 1})
			if diff := cmp.Diff(want, groups(split)); diff != "" {
				t.Fatalf("counted by two:\n%s", diff)
			}
		}
	})
}

func FuzzMine(f *testing.F) {
	f.Add("a <n> b\na <ip> b\n=<n>=<<n>>", "k=\"x y\", z={[(")
	f.Add("…", "k=(… x")
	f.Fuzz(func(t *testing.T, a, b string) {
		var in []Skeleton
		for _, s := range append(strings.Split(a, "\n"), b) {
			in = append(in, Skeleton{Text: s, Count: 1})
		}
		n := 0
		for _, tmpl := range Mine(in) {
			n += len(tmpl.Members)
		}
		if n != len(in) {
			t.Errorf("%d of %d skeletons", n, len(in))
		}
	})
}

// distinct are skeletons that have nothing in common.
func distinct(n int) []Skeleton {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([]Skeleton, n)
	for i := range out {
		out[i] = Skeleton{Text: fmt.Sprintf("%x %x %x failed with %x <n> of key=%x", r.Uint32(), r.Uint32(), r.Uint32(), r.Uint32(), r.Uint32()), Count: 1}
	}
	return out
}

func BenchmarkMineDistinct(b *testing.B) {
	in := distinct(20_000)
	b.ReportAllocs()
	for b.Loop() {
		Mine(in)
	}
	b.ReportMetric(float64(b.N)*float64(len(in))/b.Elapsed().Seconds(), "skeletons/s")
}
