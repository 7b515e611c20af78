package loadtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"
)

// check reads data and holds what must hold of any input: samples in range,
// malformed records with a place in the file, errors of the documented kinds.
func check(t *testing.T, data []byte, f Format) (samples, malformed int) {
	t.Helper()
	o := Options{MaxRecord: 1 << 14, Zone: time.UTC}
	ended := false
	for r, err := range Read(context.Background(), bytes.NewReader(data), f, o) {
		if ended {
			t.Fatalf("%s: something behind the error", f)
		}
		if err != nil {
			ended = true
			if r != nil || err.Error() == "" || !strings.HasPrefix(err.Error(), "reading "+string(f)) {
				t.Fatalf("%s: %v %v", f, r, err)
			}
			continue
		}
		switch r := r.(type) {
		case *Sample:
			samples++
			checkSample(t, f, r)
		case *Malformed:
			malformed++
			if r.Line < 1 || r.Line > int64(bytes.Count(data, []byte("\n")))+1 || r.Offset < 0 || r.Offset > int64(len(data)) || r.Reason == "" {
				t.Fatalf("%s: malformed %+v", f, r)
			}
			if at := int64(bytes.Count(data[:r.Offset], []byte("\n"))) + 1; at != r.Line {
				t.Fatalf("%s: line %d at offset %d, which is on line %d", f, r.Line, r.Offset, at)
			}
		}
	}
	return samples, malformed
}

func checkSample(t *testing.T, f Format, s *Sample) {
	t.Helper()
	switch {
	case s.TS < 0, s.TS > maxTS, s.SpanUS < 0, s.DurationUS < -1, s.DurationUS > maxDurationUS,
		s.Status < 0, s.Status > 999, s.Weight < 1, s.TTFTUS < -1, s.TokensIn < -1, s.TokensOut < -1,
		len(s.Route) > maxText, len(s.Error) > maxText, !utf8.ValidString(s.Route), !utf8.ValidString(s.Error):
		t.Fatalf("%s: sample %+v", f, s)
	}
}

func fuzz(f *testing.F, format Format) {
	for _, name := range sampleNames() {
		if sampleFiles()[name] == format {
			f.Add(sample(f, name))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		Detect(data)
		samples, malformed := check(t, data, format)
		if len(data) > 1<<12 {
			return
		}
		s, m := 0, 0
		o := Options{MaxRecord: 1 << 14, Zone: time.UTC}
		for r := range Read(context.Background(), iotest.OneByteReader(bytes.NewReader(data)), format, o) {
			switch r.(type) {
			case *Sample:
				s++
			case *Malformed:
				m++
			}
		}
		if s != samples || m != malformed {
			t.Errorf("whole: %d and %d; byte by byte: %d and %d", samples, malformed, s, m)
		}
	})
}

func FuzzK6JSON(f *testing.F)        { fuzz(f, K6JSON) }
func FuzzK6CSV(f *testing.F)         { fuzz(f, K6CSV) }
func FuzzLocustHistory(f *testing.F) { fuzz(f, LocustHistory) }
func FuzzLocustJSON(f *testing.F)    { fuzz(f, LocustJSON) }
func FuzzVegetaJSON(f *testing.F)    { fuzz(f, VegetaJSON) }
func FuzzVegetaCSV(f *testing.F)     { fuzz(f, VegetaCSV) }
func FuzzJMeterCSV(f *testing.F)     { fuzz(f, JMeterCSV) }
func FuzzFortioJSON(f *testing.F)    { fuzz(f, FortioJSON) }
func FuzzAIPerfRecords(f *testing.F) { fuzz(f, AIPerfRecords) }
func FuzzAIPerfSummary(f *testing.F) { fuzz(f, AIPerfSummary) }
func FuzzGuideLLM(f *testing.F)      { fuzz(f, GuideLLM) }

// FuzzParser compares the reader of JSON with encoding/json: what is valid is
// read, and as the same.
func FuzzParser(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5e3,-0,"x\n\u00e9\ud83d\ude00"],"b":{"c":null,"d":true}}`, `{"a":1,}`, `"\ud83d\u0041"`, `"a\\\"b"`, `-12.50e-1`, `1.`, `[[]]`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1000 || bytes.Count(data, []byte("[")) > 50 || bytes.Count(data, []byte("{")) > 50 {
			return
		}
		var p parser
		p.reset(data)
		err := p.skip()
		valid := json.Valid(data)
		if valid && (err != nil || p.peek() != 0) {
			t.Fatalf("%q is valid: stopped at %d: %v", data, p.i, err)
		}
		s := stream{lines: newLines(iotest.HalfReader(bytes.NewReader(data)), 1<<20)}
		raw, _, bad, err := s.value(true)
		if valid && (err != nil || bad != "" || !bytes.Equal(bytes.TrimSpace(raw), bytes.TrimSpace(data))) {
			t.Fatalf("%q is valid: streamed as %q %s %v", data, raw, bad, err)
		}
		var want string
		if json.Unmarshal(data, &want) == nil && bytes.HasPrefix(bytes.TrimSpace(data), []byte(`"`)) {
			p.reset(data)
			if got, err := p.str(); err != nil || string([]rune(string(got))) != want {
				t.Errorf("%q: %q %v, want %q", data, got, err, want)
			}
		}
	})
}

// FuzzScaled compares the reader of numbers with strconv.
func FuzzScaled(f *testing.F) {
	for _, s := range []string{"0", "-1.5", "123.4565", "1e3", "9223372036854775807", "0.0000005", "118302499", "-0.4999999", "00012", "1.2.3", "."} {
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, s string, exp int) {
		if exp < -3 || exp > 9 {
			return
		}
		got, ok := scaled([]byte(s), exp)
		want, err := strconv.ParseFloat(s, 64)
		if err != nil || strings.ContainsAny(s, "xXpP_niNI+") {
			return
		}
		want *= math.Pow10(exp)
		if math.Abs(want) > 1e15 {
			return
		}
		if !ok || math.Abs(float64(got)-want) > 0.6+math.Abs(want)*1e-15 {
			t.Errorf("%s times 10^%d: %d %t, want %v", s, exp, got, ok, want)
		}
	})
}

// mutate changes a few bytes of data: other bytes, cuts, repeats, and pieces
// that are dangerous to parsers.
func mutate(r *rand.Rand, data []byte) []byte {
	pieces := []string{
		"\"", "\"\"", "{", "}", "[", "]", ",", "\n", "\r\n", "\\", "\\u12", "\x00", "\xff", "\xef\xbb\xbf", "null", "-", "1e999", "-1",
		"9223372036854775808", "99999999999999999999999999", "NaN", "0.0000000000000000001", ";", "\t", "true", strings.Repeat("[", 70), strings.Repeat("{\"a\":", 70), strings.Repeat("9", 500),
	}
	out := append([]byte(nil), data...)
	for range 1 + r.IntN(4) {
		if len(out) == 0 {
			return out
		}
		i := r.IntN(len(out))
		switch r.IntN(6) {
		case 0:
			out[i] = byte(r.IntN(256))
		case 1:
			out = append(out[:i:i], out[min(len(out), i+1+r.IntN(20)):]...)
		case 2:
			out = out[:i]
		case 3:
			j := min(len(out), i+r.IntN(200))
			out = append(out[:j:j], out[i:]...)
		default:
			p := pieces[r.IntN(len(pieces))]
			out = append(out[:i:i], append([]byte(p), out[i:]...)...)
		}
	}
	return out
}

// TestMutated reads 10,000 damaged files of each format.
func TestMutated(t *testing.T) {
	n := 10_000
	if testing.Short() {
		n = 500
	}
	for _, f := range Formats() {
		t.Run(string(f), func(t *testing.T) {
			var seeds [][]byte
			for _, name := range sampleNames() {
				if sampleFiles()[name] == f {
					data := sample(t, name)
					seeds = append(seeds, data[:min(len(data), 3000)], data)
				}
			}
			r := rand.New(rand.NewPCG(7, uint64(len(f))))
			total := 0
			for i := range n {
				data := mutate(r, seeds[i%len(seeds)])
				s, _ := check(t, data, f)
				total += s
			}
			if total < n/4 {
				t.Errorf("only %d samples in %d damaged files: the damage hides the reader", total, n)
			}
		})
	}
}

// endless gives the same bytes again and again.
type endless struct {
	head, b []byte
	n       int64 // bytes left
}

func (e *endless) Read(p []byte) (int, error) {
	if e.n <= 0 {
		return 0, io.EOF
	}
	if len(e.head) > 0 {
		n := copy(p, e.head)
		e.head = e.head[n:]
		return n, nil
	}
	n := 0
	for n+len(e.b) <= len(p) {
		n += copy(p[n:], e.b)
	}
	if n == 0 {
		n = copy(p, e.b)
	}
	e.n -= int64(n)
	return n, nil
}

// TestGigantic reads 4 MiB without a line break: the record
// is refused, and nothing of it kept.
func TestGigantic(t *testing.T) {
	for _, f := range Formats() {
		for _, head := range []string{"", "{\"a\":\"", "[{\"name\":\"", "{\"benchmarks\":[{\"requests\":{\"successful\":[{\"output\":\"", "a,\""} {
			var err error
			records := 0
			d := newDecoder(context.Background(), &endless{head: []byte(head), b: []byte("xyzxyzxyzxyzxyzx"), n: 4 << 20}, f, Options{MaxRecord: 1 << 16},
				func(r Record, _ error) bool {
					if m, ok := r.(*Malformed); ok && m.Reason == "" {
						t.Errorf("%s: %v", f, r)
					}
					records++
					return true
				})
			err = d.run()
			if err == nil || records > 2 {
				t.Errorf("%s, %q: %d records, error %v", f, head, records, err)
			}
			if cap(d.lines.buf) > 1<<20 {
				t.Errorf("%s, %q: buffer of %d bytes", f, head, cap(d.lines.buf))
			}
		}
	}
}

// TestStop holds that a caller who stops gets nothing more, that a cancelled
// context ends the reading, and that an error of the reader comes out.
func TestStop(t *testing.T) {
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	for _, name := range sampleNames() {
		f, data := sampleFiles()[name], sample(t, name)
		for range Read(context.Background(), bytes.NewReader(data), f, Options{}) {
			break
		}
		var last error
		for _, err := range Read(cancelled, bytes.NewReader(data), f, Options{}) {
			last = err
		}
		if !errors.Is(last, context.Canceled) {
			t.Errorf("%s: cancelled: %v", name, last)
		}
		broken := errors.New("cable cut")
		for _, err := range Read(context.Background(), io.MultiReader(bytes.NewReader(data[:len(data)/2]), iotest.ErrReader(broken)), f, Options{}) {
			last = err
		}
		if !errors.Is(last, broken) {
			t.Errorf("%s: broken reader: %v", name, last)
		}
	}
}
