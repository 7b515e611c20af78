package lake

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// text draws text of any content, valid UTF-8 or not.
func text() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"", "a", "b", "é", "a,b", "../../etc/passwd", "x\x00y", "\xff", "日本"}),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 12), func(b []byte) string { return string(b) }),
	)
}

// stat draws a statistic that may be missing.
func stat() *rapid.Generator[float64] {
	return rapid.OneOf(
		rapid.Just(math.NaN()),
		rapid.SampledFrom([]float64{0, 1, -1, math.Inf(1), math.Inf(-1), math.MaxFloat64, 0.1}),
		rapid.Float64(),
	)
}

// stamp draws a timestamp near the border between two days, so that collisions
// and both days are common.
func stamp() *rapid.Generator[int64] {
	return rapid.Map(rapid.Int64Range(-20, 20), func(m int64) int64 { return at(0, 0) + m*60_000_000 })
}

// drawPoints draws points with distinct timestamps.
func drawPoints(t *rapid.T) []Point {
	var out []Point
	for _, ts := range rapid.SliceOfNDistinct(stamp(), 0, 12, rapid.ID[int64]).Draw(t, "ts") {
		p := Point{TS: ts, Provisional: rapid.Bool().Draw(t, "provisional")}
		for i := range p.Stats {
			p.Stats[i] = stat().Draw(t, "stat")
		}
		for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"tm90", "PR(:300)", "wm98"}), 0, 3, rapid.ID[string]).Draw(t, "other") {
			if p.Other == nil {
				p.Other = map[string]float64{}
			}
			p.Other[name] = rapid.Float64Range(-10, 10).Draw(t, "value")
		}
		out = append(out, p)
	}
	return out
}

// drawSeries draws series of distinct keys.
func drawSeries(t *rapid.T) []SeriesPoints {
	one := rapid.Custom(func(t *rapid.T) SeriesPoints {
		s := Series{
			Account: rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "account"),
			Region:  rapid.SampledFrom([]string{"", "us-east-1"}).Draw(t, "region"),
			Subject: "endpoint/x", Namespace: text().Draw(t, "namespace"), Metric: text().Draw(t, "metric"),
			Unit: text().Draw(t, "unit"), PeriodS: rapid.SampledFrom([]int32{10, 60}).Draw(t, "period"),
		}
		names := rapid.SampledFrom([]string{"EndpointName", "VariantName", "Host", "GpuId", "weird,=name"})
		for _, name := range rapid.SliceOfNDistinct(names, 0, 3, rapid.ID[string]).Draw(t, "dims") {
			s.Dims = append(s.Dims, Dim{Name: name, Value: text().Draw(t, "value")})
		}
		return SeriesPoints{Series: s, Points: drawPoints(t)}
	})
	return rapid.SliceOfNDistinct(one, 0, 6, func(s SeriesPoints) string {
		c, err := cleanSeries("endpoint/x", s.Series)
		if err != nil {
			t.Fatal(err)
		}
		return seriesKey(&c)
	}).Draw(t, "series")
}

// split cuts the points of series into puts at random, some points twice.
func split(t *rapid.T, data []SeriesPoints) [][]SeriesPoints {
	puts := make([][]SeriesPoints, rapid.IntRange(1, 4).Draw(t, "puts"))
	for _, s := range data {
		parts := make([][]Point, len(puts))
		for _, p := range rapid.Permutation(s.Points).Draw(t, "order") {
			for range rapid.IntRange(1, 2).Draw(t, "times") {
				i := rapid.IntRange(0, len(puts)-1).Draw(t, "put")
				parts[i] = append(parts[i], p)
			}
		}
		for i, points := range parts {
			puts[i] = append(puts[i], SeriesPoints{Series: s.Series, Points: points})
		}
	}
	return puts
}

// files is the content of every file of a lake that readers see.
func files(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == lockFile {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		out[rel] = data
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func sameFiles(t interface{ Errorf(string, ...any) }, got, want map[string][]byte) {
	for name := range want {
		if !bytes.Equal(got[name], want[name]) {
			t.Errorf("%s: %d bytes differ from %d", name, len(got[name]), len(want[name]))
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d files, want %d", len(got), len(want))
	}
}

// lakeOf runs do on a new lake and returns its files.
func lakeOf(t testing.TB, do func(*Lake)) map[string][]byte {
	dir, err := os.MkdirTemp(scratchDir(t), "lake")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	l, err := Create(t.Context(), Options{Dir: dir, Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	do(l)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return files(t, dir)
}

func TestMetricsAnySplitSameBytes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		data := drawSeries(r)
		puts := split(r, data)
		whole := lakeOf(t, func(l *Lake) { mustPutMetrics(t, l, data) })
		parts := lakeOf(t, func(l *Lake) {
			for _, p := range puts {
				mustPutMetrics(t, l, p)
			}
			mustPutMetrics(t, l, data)
		})
		sameFiles(r, parts, whole)
	})
}

func mustPutMetrics(t testing.TB, l *Lake, data []SeriesPoints) (added, changed int64) {
	t.Helper()
	added, changed, err := l.PutMetrics(t.Context(), "endpoint/x", data)
	if err != nil {
		t.Fatal(err)
	}
	return added, changed
}

// TestMetricsReadBack checks that what was written is what was given, up to
// order and invalid text.
func TestMetricsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		data := drawSeries(r)
		lakeOf(t, func(l *Lake) {
			mustPutMetrics(t, l, data)
			var got, want []SeriesPoints
			for _, day := range []int64{at(0, 0) - dayMicros, at(0, 0)} {
				got = append(got, readDay(t, l, "endpoint/x", day)...)
				for _, s := range data {
					part := SeriesPoints{}
					part.Series, _ = cleanSeries("endpoint/x", s.Series)
					for _, p := range ordered(s.Points) {
						if p.TS/dayMicros == day/dayMicros {
							part.Points = append(part.Points, p)
						}
					}
					if len(part.Points) > 0 {
						want = append(want, part)
					}
				}
			}
			byKey := func(a, b SeriesPoints) int {
				return strings.Compare(seriesKey(&a.Series)+fmt.Sprint(a.Points[0].TS), seriesKey(&b.Series)+fmt.Sprint(b.Points[0].TS))
			}
			slices.SortFunc(got, byKey)
			slices.SortFunc(want, byKey)
			same(t, got, want)
		})
	})
}

// drawLogs draws events with distinct keys.
func drawLogs(t *rapid.T) []Log {
	one := rapid.Custom(func(t *rapid.T) Log {
		return Log{
			TS: stamp().Draw(t, "ts"), IngestedAt: rapid.Int64Range(0, 3).Draw(t, "ingested"),
			Account: text().Draw(t, "account"), Region: text().Draw(t, "region"), Subject: text().Draw(t, "subject"),
			LogStream: rapid.SampledFrom([]string{"", "s/1", "s/2"}).Draw(t, "stream"),
			EventID:   rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "id"),
			Seq:       rapid.Int64().Draw(t, "seq"), Message: text().Draw(t, "message"),
			Level: text().Draw(t, "level"), Logger: text().Draw(t, "logger"), Thread: text().Draw(t, "thread"),
			Skeleton: text().Draw(t, "skeleton"), Exception: text().Draw(t, "exception"),
			RequestID: text().Draw(t, "request"), Parser: text().Draw(t, "parser"),
		}
	})
	return rapid.SliceOfNDistinct(one, 0, 20, func(l Log) string {
		return fmt.Sprint(l.TS, l.LogStream, l.EventID)
	}).Draw(t, "logs")
}

func TestLogsAnySplitSameBytes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		data := drawLogs(r)
		whole := lakeOf(t, func(l *Lake) { mustPutLogs(t, l, data) })
		parts := lakeOf(t, func(l *Lake) {
			rest := rapid.Permutation(data).Draw(r, "order")
			for len(rest) > 0 {
				n := rapid.IntRange(1, len(rest)).Draw(r, "n")
				again := rapid.IntRange(0, n).Draw(r, "again")
				mustPutLogs(t, l, slices.Concat(rest[:n], rest[:again]))
				rest = rest[n:]
			}
			mustPutLogs(t, l, data)
		})
		sameFiles(r, parts, whole)
	})
}

func mustPutLogs(t testing.TB, l *Lake, events []Log) int64 {
	t.Helper()
	added, err := l.PutLogs(t.Context(), "group", events)
	if err != nil {
		t.Fatal(err)
	}
	return added
}

func TestLogsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		data := drawLogs(r)
		lakeOf(t, func(l *Lake) {
			mustPutLogs(t, l, data)
			want := slices.Clone(data)
			for i := range want {
				if _, err := newCleaner(logTable(), "group").row(&want[i]); err != nil {
					t.Fatal(err)
				}
			}
			slices.SortFunc(want, func(a, b Log) int { return compareLogs(&a, &b) })
			got := append(scanDay(t, l, logTable(), at(0, 0)-dayMicros, "group"), scanDay(t, l, logTable(), at(0, 0), "group")...)
			same(t, got, want)
		})
	})
}

// scanDay reads one file of a flat table.
func scanDay[R any](t testing.TB, l *Lake, tab table[R], ts int64, key string) []R {
	t.Helper()
	var out []R
	err := scan(t.Context(), tab, l.dayPath(tab.dataset, ts/dayMicros, key), everything(), func(r *R) error {
		out = append(out, *r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestFileNames(t *testing.T) {
	seen := map[string]string{}
	rapid.Check(t, func(r *rapid.T) {
		key := rapid.OneOf(text(), rapid.String()).Draw(r, "key")
		name := fileName(key)
		for _, c := range strings.TrimSuffix(name, ".parquet") {
			if !isPlain(c) && c != '-' {
				r.Errorf("name %q of %q holds %q", name, key, c)
			}
		}
		if len(name) > 120 || filepath.Base(name) != name || strings.HasPrefix(name, ".") {
			r.Errorf("name %q of %q is not safe", name, key)
		}
		folded := strings.ToLower(name)
		if other, ok := seen[folded]; ok && other != key {
			r.Errorf("%q and %q share the name %q", key, other, name)
		}
		seen[folded] = key
		l := &Lake{dir: filepath.Join("some", "lake")}
		day := rapid.Int64Range(0, maxTS/dayMicros).Draw(r, "day")
		path := l.dayPath("logs", day, key)
		if dir := filepath.Dir(filepath.Dir(path)); dir != filepath.Join("some", "lake", "logs") {
			r.Errorf("path %q of %q is elsewhere", path, key)
		}
		dt := strings.TrimPrefix(filepath.Base(filepath.Dir(path)), "dt=")
		if _, err := time.Parse(time.DateOnly, dt); err != nil {
			r.Errorf("path %q: %v", path, err)
		}
	})
}
