package loadtest

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestPath(t *testing.T) {
	for in, want := range map[string]string{
		"https://runtime.example.com/endpoints/harbor/invocations?v=2": "/endpoints/harbor/invocations",
		"http://h.example":              "/",
		"http://h.example?x=1":          "/",
		"http://h.example#top":          "/",
		"http://h.example/a#top?x":      "/a",
		"/invocations?model=a":          "/invocations",
		"POST /invocations":             "POST /invocations",
		"Is it up? Ask twice":           "Is it up? Ask twice",
		"see https://h.example/a?b":     "see https://h.example/a",
		" padded ":                      "padded",
		"https://${}/posts":             "/posts",
		"":                              "",
		"ws://h.example:8080/chat?id=7": "/chat",
	} {
		if got := string(path([]byte(in))); got != want {
			t.Errorf("path(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestScaled(t *testing.T) {
	for _, c := range []struct {
		in   string
		exp  int
		want int64
		ok   bool
	}{
		{"118.302", 3, 118302, true},
		{"0.0004999", 3, 0, true},
		{"0.0005", 3, 1, true},
		{"1795183380.000250", 6, 1795183380000250, true},
		{"118302499", -3, 118302, true},
		{"118302500", -3, 118303, true},
		{"2e3", 3, 2_000_000, true},
		{"-1.5", 0, -2, true},
		{"9223372036854775807", 3, 0, false},
		{"99999999999999999999999999", 0, 0, false},
		{"1e999", 0, 0, false},
		{"", 0, 0, false},
		{"-", 0, 0, false},
		{".", 3, 0, false},
		{"12abc", 0, 0, false},
		{"0x10", 0, 0, false},
		{strings.Repeat("9", 1000), 0, 0, false},
	} {
		if got, ok := scaled([]byte(c.in), c.exp); ok != c.ok || ok && got != c.want {
			t.Errorf("scaled(%.40q, %d) = %d %t, want %d %t", c.in, c.exp, got, ok, c.want, c.ok)
		}
	}
}

func TestText(t *testing.T) {
	if got := text([]byte("a\xffb\xc3")); got != "a\ufffdb\ufffd" {
		t.Errorf("%q", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOfN(rapid.Byte(), 0, 64).Draw(t, "bytes")
		b = bytes.Repeat(b, rapid.IntRange(1, 200).Draw(t, "times"))
		s := text(b)
		if !utf8.ValidString(s) || len(s) > maxText {
			t.Fatalf("%d bytes, valid %t", len(s), utf8.ValidString(s))
		}
		if utf8.Valid(b) && len(s) < min(len(b), maxText-3) {
			t.Fatalf("%d bytes of %d left", len(s), len(b))
		}
	})
}

// TestRows holds that whatever fields hold, they come back from CSV.
func TestRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.SliceOfN(rapid.StringMatching(`[a-z"\n,; ]{0,8}`), 1, 5), 1, 8).Draw(t, "rows")
		var b strings.Builder
		for _, fields := range want {
			for i, f := range fields {
				if i > 0 {
					b.WriteByte(',')
				}
				b.WriteString(`"` + strings.ReplaceAll(f, `"`, `""`) + `"`)
			}
			b.WriteByte('\n')
		}
		l := newLines(strings.NewReader(b.String()), 1<<16)
		l.quotes = true
		r := row{comma: ','}
		for _, fields := range want {
			line, _, bad, err := l.next()
			if bad != "" || err != nil {
				t.Fatal(bad, err)
			}
			got, err := r.cut(line)
			if err != nil || len(got) != len(fields) {
				t.Fatalf("%q: %q %v", line, got, err)
			}
			for i := range got {
				if string(got[i]) != fields[i] {
					t.Fatalf("%q, want %q", got[i], fields[i])
				}
			}
		}
	})
}

// TestStrayQuote holds that a quote which is never closed costs its own line.
func TestStrayQuote(t *testing.T) {
	const good = "1795183380123,118,invoke,200,OK,Load 1-1,text,true,,1,1,1,1,117,0,40\n"
	in := good + strings.Replace(good, "OK", `"OK`, 1) + good + good
	samples, malformed := check(t, []byte(in), JMeterCSV)
	if samples != 3 || malformed != 1 {
		t.Errorf("%d samples, %d malformed, want 3 and 1", samples, malformed)
	}
}

// TestSpread holds that a run's requests are all handed out, once, inside the
// run, and evenly.
func TestSpread(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := run{start: 1795183380_000_000, length: rapid.Int64Range(0, 4*3600*1_000_000).Draw(t, "length")}
		counts := rapid.SliceOfN(rapid.Int64Range(1, 100_000), 1, 20).Draw(t, "counts")
		for i, n := range counts {
			r.add(Sample{Status: int32(i), DurationUS: -1}, n)
		}
		got, slices := make([]int64, len(counts)), map[int64]bool{}
		per := map[[2]int64]int64{}
		d := newDecoder(context.Background(), nil, FortioJSON, Options{}, func(rec Record, _ error) bool {
			s := rec.(*Sample)
			got[s.Status] += s.Weight
			slices[s.TS] = true
			per[[2]int64{s.TS, int64(s.Status)}] += s.Weight
			if s.TS < r.start || s.TS+s.SpanUS > r.start+r.length {
				t.Fatalf("%+v outside the run", s)
			}
			return true
		})
		if err := r.spread(d); err != nil {
			t.Fatal(err)
		}
		n := min(max(1, (r.length+sliceUS-1)/sliceUS), maxSlices)
		for i, want := range counts {
			if got[i] != want {
				t.Fatalf("kind %d: %d of %d", i, got[i], want)
			}
			for ts := range slices {
				if w := per[[2]int64{ts, int64(i)}]; w < want/n || w > want/n+1 {
					t.Fatalf("kind %d: %d in a slice, want %d or one more", i, w, want/n)
				}
			}
		}
	})
}

// TestLocustTotals holds that the windows of a history add up to the last
// counts, with names and without, whatever the steps between.
func TestLocustTotals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		full := rapid.Bool().Draw(t, "full")
		var b strings.Builder
		b.WriteString("Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,Total Request Count,Total Failure Count\n")
		ts := int64(1795183380)
		fmt.Fprintf(&b, "%d,0,,Aggregated,0,0,N/A,0,0\n", ts)
		var total [2]counts
		for range rapid.IntRange(1, 20).Draw(t, "writes") {
			ts += rapid.Int64Range(0, 5).Draw(t, "step")
			for i, name := range []string{"/a", "/b"} {
				more := rapid.Int64Range(0, 50).Draw(t, "more")
				total[i].requests += more
				total[i].failures += rapid.Int64Range(0, more).Draw(t, "failed")
				if full {
					fmt.Fprintf(&b, "%d,1,GET,%s,0,0,1,%d,%d\n", ts, name, total[i].requests, total[i].failures)
				}
			}
			fmt.Fprintf(&b, "%d,1,,Aggregated,0,0,1,%d,%d\n", ts, total[0].requests+total[1].requests, total[0].failures+total[1].failures)
		}
		var got counts
		for r, err := range Read(context.Background(), strings.NewReader(b.String()), LocustHistory, Options{}) {
			s, ok := r.(*Sample)
			if !ok || err != nil {
				t.Fatal(r, err)
			}
			if s.DurationUS != -1 || s.SpanUS < 1 || s.TS+s.SpanUS > ts*1_000_000 {
				t.Fatalf("%+v", s)
			}
			got.requests += s.Weight
			if s.Error != "" {
				got.failures += s.Weight
			}
		}
		if want := (counts{total[0].requests + total[1].requests, total[0].failures + total[1].failures}); got != want {
			t.Fatalf("%+v, want %+v\n%s", got, want, b.String())
		}
	})
}

// TestSubtract holds that good and failed requests of fortio are told apart, or
// not at all.
func TestSubtract(t *testing.T) {
	all := []bucket{{100, 200, 5}, {200, 300, 7}, {300, 350, 2}}
	for _, c := range []struct {
		failed []bucket
		count  int64
		want   []int64 // nil: cannot be told apart
	}{
		{[]bucket{{150, 200, 1}, {200, 260, 3}}, 4, []int64{4, 4, 2}},
		{[]bucket{{310, 350, 2}}, 2, []int64{5, 7, 0}},
		{[]bucket{{310, 350, 3}}, 3, nil},
		{[]bucket{{310, 350, 2}}, 5, nil},
		{[]bucket{{310, 400, 1}}, 1, nil},
	} {
		r := fortioResult{all: all, failed: c.failed}
		if ok := r.subtract(c.count); ok != (c.want != nil) {
			t.Errorf("%v: %t", c.failed, ok)
			continue
		}
		for i, n := range c.want {
			if r.all[i].count != n {
				t.Errorf("%v: bucket %d has %d, want %d", c.failed, i, r.all[i].count, n)
			}
		}
	}
}

func TestLocal(t *testing.T) {
	zone := time.FixedZone("UTC-5", -5*3600)
	for in, want := range map[string]string{
		"2026/11/20 14:03:00":        "2026-11-20T19:03:00Z",
		"2026/11/20 14:03:00.250":    "2026-11-20T19:03:00.25Z",
		"2026-11-20 14:03:00,250":    "2026-11-20T19:03:00.25Z",
		"2026-11-20T14:03:00.000250": "2026-11-20T19:03:00.00025Z",
		"11/20/26 14:03:00":          "",
		"2026-13-20 14:03:00":        "",
	} {
		got, ok := local([]byte(in), zone)
		if ok != (want != "") || ok && time.UnixMicro(got).UTC().Format(time.RFC3339Nano) != want {
			t.Errorf("%s: %v %t, want %s", in, time.UnixMicro(got).UTC(), ok, want)
		}
		if _, ok := local([]byte(in), nil); ok {
			t.Errorf("%s is read without a zone", in)
		}
	}
}
