package files

import (
	"bytes"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// tokens are what a mutation puts in: what parsers look at.
func tokens() []string {
	return []string{
		"{", "}", "[", "]", `"`, `\`, ",", ":", "\n", "\r\n", "\x00", "\xff", "\xef\xbb\xbf", "\x1f\x8b", "-", "0", "1e999", "-1e-999",
		strings.Repeat("9", 400), strings.Repeat("[", 80), strings.Repeat(`{"a":`, 70), strings.Repeat("x", 70_000), "null", "true",
		`\ud800`, `\u0000`, "2026-11-20T18:00:00.000Z ", "9999-99-99T99:99:99.999Z ", "1970-01-01T00:00:00.000Z ", "+00:00", "../", ";", "\t",
		`"events": [`, `"MetricDataResults": [`, "NaN", "Infinity",
	}
}

// mutate changes data in one to four places.
func mutate(r *rand.Rand, data []byte, all []string) []byte {
	out := slices.Clone(data)
	for range 1 + r.IntN(4) {
		if len(out) == 0 {
			return out
		}
		from := r.IntN(len(out))
		to := min(len(out), from+1+r.IntN(40))
		switch r.IntN(6) {
		case 0:
			out[from] ^= byte(1 << r.IntN(8))
		case 1:
			out = slices.Delete(out, from, to)
		case 2:
			out = slices.Insert(out, from, slices.Clone(out[from:to])...)
		case 3:
			out = slices.Insert(out, from, []byte(all[r.IntN(len(all))])...)
		case 4:
			out = out[:from]
		case 5:
			i := r.IntN(len(data))
			out = slices.Insert(out, from, data[i:min(len(data), i+200)]...)
		}
	}
	return out
}

// TestMutants reads ten thousand broken files of each format: none may panic,
// hang, or give a row that is out of range.
func TestMutants(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(2000)) // many short-lived buffers
	all := tokens()
	for _, ex := range examples() {
		t.Run(string(ex.format), func(t *testing.T) {
			var data [][]byte
			for _, name := range filesBelow(t, ex.paths) {
				b, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				// Short files are mutated more densely, and read faster.
				data = append(data, b[:min(len(b), 4096)])
			}
			r := rand.New(rand.NewPCG(7, uint64(len(ex.format))))
			o := ex.o
			for i := range mutants {
				if o.Format = ex.format; i%4 == 0 {
					o.Format = Auto
				}
				collect(t, mutate(r, data[i%len(data)], all), o)
			}
		})
	}
}

// What is read of a file does not depend on where the reads of it end.
func TestMutantsInPieces(t *testing.T) {
	all := tokens()
	for _, ex := range examples() {
		names := filesBelow(t, ex.paths)
		b, err := os.ReadFile(names[len(names)-1])
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(11, 5))
		for range 30 {
			bad := mutate(r, b[:min(len(b), 3000)], all[:20])
			o := ex.o
			o.Now, o.Stdin = clock, bytes.NewReader(bad)
			whole, pieces := newMemory(), newMemory()
			wholeSum, wholeErr := Import(t.Context(), whole, []string{"-"}, o)
			o.Stdin = iotest.OneByteReader(bytes.NewReader(bad))
			sum, err := Import(t.Context(), pieces, []string{"-"}, o)
			if whole.rows() != pieces.rows() || wholeSum.Malformed != sum.Malformed || (wholeErr == nil) != (err == nil) {
				t.Fatalf("%s: %q\nwhole: %v %v\nin pieces: %v %v", ex.format, bad, wholeSum, wholeErr, sum, err)
			}
		}
	}
}
