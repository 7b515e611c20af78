package lake

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// filled is a lake with two days of everything, of two subjects.
func filled(t *testing.T) *Lake {
	t.Helper()
	l := open(t)
	ctx := t.Context()
	for _, subject := range []string{"endpoint/x", "endpoint/y"} {
		data := series(sum(at(1, 0), 1, false), sum(at(25, 0), 2, false))
		data[0].Series.Subject = subject
		_, _, err := l.PutMetrics(ctx, subject, data)
		must(t, err)
		must(t, l.PutRequests(ctx, subject, []Request{{TS: at(1, 0)}, {TS: at(25, 0)}}))
		_, err = l.PutLogs(ctx, "jobs", []Log{{TS: at(1, 0), EventID: subject, Subject: subject}, {TS: at(25, 0), EventID: subject, Subject: subject}})
		must(t, err)
		for _, h := range []int{0, 24} {
			for _, dataset := range []string{"metrics", "logs", "requests"} {
				e := entry(dataset+hour(h).String(), hour(h), hour(h+24))
				e.Subject, e.Dataset = subject, dataset
				record(t, l, e)
			}
		}
	}
	return l
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestReadInfo(t *testing.T) {
	l := filled(t)
	got, err := ReadInfo(t.Context(), l.dir)
	must(t, err)
	two := []string{"endpoint/x", "endpoint/y"}
	first, last := hour(1), hour(25)
	want := []DatasetInfo{
		{Name: "metrics", Files: 4, Days: 2, Rows: 4, First: first, Last: last, Keys: two},
		{Name: "logs", Files: 2, Days: 2, Rows: 4, First: first, Last: last, Keys: []string{"jobs"}},
		{Name: "requests", Files: 4, Days: 2, Rows: 4, First: first, Last: last, Keys: two},
		{Name: "resources"},
		{Name: "ledger", Files: 4, Days: 2, Rows: 12, First: hour(0), Last: hour(24), Keys: two},
	}
	for i := range got.Datasets {
		if (got.Datasets[i].Bytes > 0) != (want[i].Files > 0) {
			t.Errorf("%s has %d bytes", want[i].Name, got.Datasets[i].Bytes)
		}
		want[i].Bytes = got.Datasets[i].Bytes
	}
	same(t, got.Datasets, want)
	write(t, filepath.Join(l.dir, "logs", "dt=2026-11-20", "broken.parquet"), "PAR1")
	got, err = ReadInfo(t.Context(), l.dir)
	must(t, err)
	same(t, got.Datasets[1].Unreadable, []string{"logs/dt=2026-11-20/broken.parquet"})
}

// flawsOf verifies the lake and gives its findings as "kind path".
func flawsOf(t *testing.T, dir string) []string {
	t.Helper()
	r, err := Verify(t.Context(), dir, VerifyOptions{})
	must(t, err)
	var out []string
	for _, f := range r.Findings {
		out = append(out, string(f.Kind)+" "+f.Path)
	}
	return slices.Compact(out)
}

func TestVerifySound(t *testing.T) {
	l := filled(t)
	calls := 0
	r, err := Verify(t.Context(), l.dir, VerifyOptions{Progress: func(done, total int) {
		calls++
		if done != calls || total != 14 {
			t.Errorf("progress %d of %d", done, total)
		}
	}})
	must(t, err)
	if len(r.Findings) != 0 || r.Files != 14 || r.Rows != 24 || r.Entries != 12 || r.Bytes == 0 {
		t.Errorf("report %+v", r)
	}
}

// writeRows writes rows as they are, as a foreign tool would.
func writeRows[R any](t *testing.T, path string, tab table[R], rows []R) {
	t.Helper()
	f, err := os.Create(path)
	must(t, err)
	l := &Lake{dir: filepath.Dir(path)}
	w, err := newRowWriter(f, tab, len(rows), open(t).mem)
	must(t, err)
	for i := range rows {
		must(t, w.add(&rows[i]))
	}
	must(t, w.close())
	must(t, l.finish(f))
}

func TestVerifyFinds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		damage func(t *testing.T, l *Lake, log string)
		want   []string
	}{
		{"truncated", func(t *testing.T, _ *Lake, log string) { must(t, os.Truncate(log, 100)) }, []string{"unreadable LOG", "missing logs"}},
		{"flipped page", func(t *testing.T, _ *Lake, log string) {
			data, err := os.ReadFile(log)
			must(t, err)
			for i := 4; i < 40; i++ {
				data[i] ^= 0xff
			}
			write(t, log, string(data))
		}, []string{"unreadable LOG", "missing logs"}},
		{"gone", func(t *testing.T, _ *Lake, log string) { must(t, os.Remove(log)) }, []string{"missing logs"}},
		{"unsorted and twice", func(t *testing.T, _ *Lake, log string) {
			a, b := Log{TS: at(1, 0), LogGroup: "jobs", Subject: "endpoint/x"}, Log{TS: at(2, 0), LogGroup: "jobs", Subject: "endpoint/y"}
			writeRows(t, log, logTable(), []Log{b, a, a})
		}, []string{"order LOG", "duplicate LOG"}},
		{"another group and day", func(t *testing.T, _ *Lake, log string) {
			a, b := Log{TS: at(1, 0), LogGroup: "a", Subject: "endpoint/x"}, Log{TS: at(30, 0), LogGroup: "jobs", Subject: "endpoint/y"}
			writeRows(t, log, logTable(), []Log{a, b})
		}, []string{"misplaced LOG", "missing logs"}},
		{"other columns", func(t *testing.T, _ *Lake, log string) {
			tab := logTable()
			tab.fields = func() []field[Log] { return logFields()[:16] }
			writeRows(t, log, tab, []Log{{TS: at(1, 0), LogGroup: "jobs", Subject: "endpoint/x"}, {TS: at(1, 0), LogGroup: "jobs", LogStream: "s", Subject: "endpoint/y"}})
		}, []string{"schema LOG"}},
		{"strays", func(t *testing.T, l *Lake, _ string) {
			write(t, filepath.Join(l.dir, "notes.txt"), "x")
			write(t, filepath.Join(l.dir, tempDir, "1-x"), "x")
		}, []string{"stray .tmp/1-x", "stray notes.txt"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := filled(t)
			log := l.dayPath("logs", at(0, 0)/dayMicros, "jobs")
			c.damage(t, l, log)
			for i, w := range c.want {
				c.want[i] = strings.Replace(w, "LOG", l.relative(log), 1)
			}
			same(t, flawsOf(t, l.dir), c.want)
		})
	}
}

// TestCompactGathers scatters a sound lake's rows over foreign files; compacting
// brings back the sound lake, byte by byte, and changes nothing after that.
func TestCompactGathers(t *testing.T) {
	l := filled(t)
	want := files(t, l.dir)
	day := filepath.Join(l.dir, "logs", "dt=2026-11-20")
	log := l.dayPath("logs", at(0, 0)/dayMicros, "jobs")
	all := append(scanDay(t, l, logTable(), at(0, 0), "jobs"), scanDay(t, l, logTable(), at(24, 0), "jobs")...)
	must(t, os.Remove(log))
	must(t, os.RemoveAll(filepath.Join(l.dir, "logs", "dt=2026-11-21")))
	writeRows(t, filepath.Join(day, "part-1.parquet"), logTable(), all[1:])
	writeRows(t, filepath.Join(day, "part-2.parquet"), logTable(), all[:3])
	metrics := filepath.Join(l.dir, "metrics", "dt=2026-11-20")
	must(t, os.Rename(l.dayPath("metrics", at(0, 0)/dayMicros, "endpoint/x"), filepath.Join(metrics, "m.parquet")))
	swap := filepath.Join(l.dir, "requests", "dt=2026-11-20")
	x, y := filepath.Join(swap, fileName("endpoint/x")), filepath.Join(swap, fileName("endpoint/y"))
	must(t, os.Rename(x, filepath.Join(swap, "t.parquet")))
	must(t, os.Rename(y, x))
	must(t, os.Rename(filepath.Join(swap, "t.parquet"), y))
	tab := ledgerTable()
	tab.fields = func() []field[Entry] { return ledgerFields()[:12] } // an older version
	ledger := l.dayPath("ledger", at(0, 0)/dayMicros, "endpoint/x")
	var old []Entry
	must(t, scan(t.Context(), ledgerTable(), ledger, everything(), func(e *Entry) error { old = append(old, *e); return nil }))

	done, err := l.Compact(t.Context())
	must(t, err)
	sameFiles(t, files(t, l.dir), want)
	if done.Rewritten == 0 || done.Removed == 0 || len(done.Skipped) != 0 {
		t.Errorf("compaction %+v", done)
	}
	if done, err = l.Compact(t.Context()); err != nil || done.Rewritten+done.Removed != 0 || done.Files != 14 {
		t.Errorf("second compaction %+v, %v", done, err)
	}
	writeRows(t, ledger, tab, old)
	if done, err = l.Compact(t.Context()); err != nil || done.Rewritten != 1 || done.Removed != 0 {
		t.Errorf("compaction of an old file %+v, %v", done, err)
	}
	if got := flawsOf(t, l.dir); len(got) > 0 {
		t.Errorf("after compacting: %v", got)
	}
	write(t, filepath.Join(day, "broken.parquet"), "PAR1")
	done, err = l.Compact(t.Context())
	must(t, err)
	same(t, done.Skipped, []string{"logs/dt=2026-11-20/broken.parquet"})
}

func TestPrune(t *testing.T) {
	t.Parallel()
	cut := hour(24 + 5) // within the second day: only the first is over
	for _, c := range []struct {
		name    string
		options PruneOptions
		rows    int64
		entries int64
		files   map[string]int // rows left by dataset
	}{
		{"all", PruneOptions{Before: cut}, 6, 6, map[string]int{"metrics": 2, "logs": 2, "requests": 2, "ledger": 6}},
		{"dataset", PruneOptions{Before: cut, Datasets: []string{"logs"}}, 2, 2, map[string]int{"metrics": 4, "logs": 2, "requests": 4, "ledger": 10}},
		{"subject", PruneOptions{Before: cut, Subjects: []string{"endpoint/x"}}, 3, 3, map[string]int{"metrics": 3, "logs": 3, "requests": 3, "ledger": 9}},
		{"too early", PruneOptions{Before: hour(23)}, 0, 0, map[string]int{"metrics": 4, "logs": 4, "requests": 4, "ledger": 12}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := filled(t)
			done, err := l.Prune(t.Context(), c.options)
			must(t, err)
			if done.Rows != c.rows || done.Entries != c.entries {
				t.Errorf("pruned %+v; want %d rows, %d entries", done, c.rows, c.entries)
			}
			info, err := ReadInfo(t.Context(), l.dir)
			must(t, err)
			got := map[string]int{}
			for _, d := range info.Datasets {
				if d.Files > 0 {
					got[d.Name] = int(d.Rows)
				}
			}
			same(t, got, c.files)
			if flaws := flawsOf(t, l.dir); len(flaws) > 0 {
				t.Errorf("after pruning: %v", flaws)
			}
			if c.rows > 0 {
				if left := entriesOf(t, l, hour(0), hour(24)); slices.ContainsFunc(left, func(e Entry) bool { return e.Dataset == "logs" }) {
					t.Errorf("the ledger still vouches for what was pruned: %v", left)
				}
			}
		})
	}
	l := filled(t)
	for _, o := range []PruneOptions{{}, {Before: cut, Datasets: []string{"ledger"}}, {Before: cut, Datasets: []string{"../.."}}} {
		if _, err := l.Prune(t.Context(), o); err == nil {
			t.Errorf("pruned with %+v", o)
		}
	}
}

// TestForeignIntent refuses an intent that reaches out of the lake.
func TestForeignIntent(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "precious.parquet")
	write(t, outside, "x")
	for _, text := range []string{
		`{"command":"prune","remove":["../precious.parquet"]}`,
		`{"command":"prune","remove":["lake.json"]}`,
		`{"command":"prune","remove":["logs/dt=2026-11-20/../../lake.json"]}`,
		`{"command":"compact","rename":[["../x","logs/dt=2026-11-20/a.parquet"]]}`,
		`{"command":"compact","rename":[[".tmp/1","lake.json"]]}`,
		`not json`,
	} {
		l := open(t)
		must(t, l.Close())
		write(t, filepath.Join(l.dir, intentFile), text)
		again, err := Create(t.Context(), Options{Dir: l.dir, Now: func() time.Time { return noon() }})
		if err == nil {
			t.Errorf("intent %s was carried out", text)
			must(t, again.Close())
		}
		if err := Check(l.dir); err != nil {
			t.Errorf("after intent %s: %v", text, err)
		}
	}
}
