package lake

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// damaged flips a bit in the middle of a file, or cuts it off there, and gives
// what is there then.
func damaged(t *testing.T, path string, cut bool) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	if cut {
		data = data[:len(data)/2]
	} else {
		data[len(data)/4] ^= 4
	}
	write(t, path, string(data))
	return data
}

// TestDamagedFilesAreSetAside writes onto damaged files of every dataset: the
// write goes on with what came, the file is kept and reported, the ledger forgets
// what it vouched for, and no other file changes.
func TestDamagedFilesAreSetAside(t *testing.T) {
	t.Parallel()
	day := at(0, 0) / dayMicros
	for _, c := range []struct {
		dataset, key string
		put          func(*Lake) error
		forgotten    []string // chunks of endpoint/x
	}{
		{"metrics", "endpoint/x", func(l *Lake) error {
			_, _, err := l.PutMetrics(t.Context(), "endpoint/x", series(sum(at(2, 0), 1, false)))
			return err
		}, []string{"metrics"}},
		{"logs", "jobs", func(l *Lake) error {
			_, err := l.PutLogs(t.Context(), "jobs", []Log{{TS: at(2, 0), EventID: "n", Subject: "endpoint/x"}})
			return err
		}, []string{"logs"}},
		{"requests", "endpoint/x", func(l *Lake) error {
			return l.PutRequests(t.Context(), "endpoint/x", []Request{{TS: at(2, 0)}})
		}, []string{"logs", "requests"}},
		{"ledger", "endpoint/x", func(l *Lake) error {
			return l.Record(t.Context(), entry("new", hour(1), hour(2)))
		}, []string{"logs", "metrics", "requests"}},
	} {
		for _, cut := range []bool{false, true} {
			l := filled(t)
			recordScoped(t, l)
			var told []Damage
			l.damaged = func(d Damage) { told = append(told, d) }
			path := l.dayPath(c.dataset, day, c.key)
			was := damaged(t, path, cut)
			must(t, c.put(l))
			if len(told) != 1 || told[0].Path != l.relative(path) || told[0].Cause == "" {
				t.Fatalf("%s cut %t: told of %+v", c.dataset, cut, told)
			}
			kept, err := os.ReadFile(filepath.Join(l.dir, told[0].Aside))
			if err != nil || !bytes.Equal(kept, was) {
				t.Errorf("%s cut %t: what was set aside differs: %v", c.dataset, cut, err)
			}
			if foot, err := readFooter(path, c.dataset); err != nil || foot.rows != 1 {
				t.Errorf("%s cut %t: %d rows after writing one, %v", c.dataset, cut, foot.rows, err)
			}
			if c.dataset != "ledger" && told[0].Entries == 0 {
				t.Errorf("%s cut %t: no ledger row dropped", c.dataset, cut)
			}
			for _, e := range entriesOf(t, l, hour(0), hour(24)) {
				if slices.Contains(c.forgotten, e.Dataset) && e.Chunk != "new" {
					t.Errorf("%s cut %t: the ledger still has %s", c.dataset, cut, e.Chunk)
				}
			}
			if left := entriesOf(t, l, hour(24), hour(48)); len(left) != 3 {
				t.Errorf("%s cut %t: %d rows of the next day, want 3", c.dataset, cut, len(left))
			}
			for _, f := range flawsOf(t, l.dir) {
				t.Errorf("%s cut %t: afterwards %s", c.dataset, cut, f)
			}
		}
	}
}

// recordScoped records the chunks of filled again, complete and with the log
// group as pulls name it.
func recordScoped(t *testing.T, l *Lake) {
	t.Helper()
	for _, subject := range []string{"endpoint/x", "endpoint/y"} {
		for _, h := range []int{0, 24} {
			for _, dataset := range []string{"metrics", "logs", "requests"} {
				e := entry(dataset+hour(h).String(), hour(h), hour(h+24))
				e.Subject, e.Dataset, e.Status = subject, dataset, Complete
				if dataset == "logs" {
					e.Scope = "jobs?prefix=" + subject
				}
				record(t, l, e)
			}
		}
	}
}

// TestRowsWithoutTheirFileDoNotVouch loses and damages files behind the ledger's
// back: their chunks are asked for again.
func TestRowsWithoutTheirFileDoNotVouch(t *testing.T) {
	t.Parallel()
	l := filled(t)
	recordScoped(t, l)
	day := at(0, 0) / dayMicros
	if n := len(entriesOf(t, l, hour(0), hour(24))); n != 3 {
		t.Fatalf("%d rows vouch, want 3", n)
	}
	must(t, os.Remove(l.dayPath("metrics", day, "endpoint/x")))
	damaged(t, l.dayPath("logs", day, "jobs"), true)
	var left []string
	for _, e := range entriesOf(t, l, hour(0), hour(24)) {
		left = append(left, e.Dataset)
	}
	same(t, left, []string{"requests"})
	damaged(t, l.dayPath("ledger", day, "endpoint/x"), true)
	if got := entriesOf(t, l, hour(0), hour(24)); len(got) > 0 {
		t.Errorf("a damaged ledger vouches for %v", got)
	}
}

// TestFilesThatMayNotBeReadStay leaves a file where it is that is not damaged
// but may not be opened.
func TestFilesThatMayNotBeReadStay(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may read everything")
	}
	l := filled(t)
	path := l.dayPath("metrics", at(0, 0)/dayMicros, "endpoint/x")
	must(t, os.Chmod(path, 0))
	if _, _, err := l.PutMetrics(t.Context(), "endpoint/x", series(sum(at(2, 0), 1, false))); err == nil {
		t.Error("wrote over a file that may not be read")
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

// TestVerifyNamesTheRepair damages a file of each dataset: verify names the
// command, and the subjects and the day that it is about.
func TestVerifyNamesTheRepair(t *testing.T) {
	t.Parallel()
	l := filled(t)
	recordScoped(t, l)
	e := entry("file", hour(0), hour(24))
	e.Subject, e.Dataset, e.Source = "endpoint/y", "metrics", "file"
	record(t, l, e)
	day := at(0, 0) / dayMicros
	ingest := func(subjects string) string {
		return "sizewise ingest " + subjects + " --lake " + quoted(l.dir) + " --start 2026-11-20T00:00:00Z --end 2026-11-21T00:00:00Z --refetch"
	}
	for _, c := range []struct{ dataset, key, want string }{
		{"metrics", "endpoint/x", ingest("endpoint/x")},
		{"metrics", "endpoint/y", ingest("endpoint/y") + "; and sizewise import --lake " + quoted(l.dir) + " FILE, with each file that brought metrics of endpoint/y"},
		{"logs", "jobs", ingest("endpoint/x endpoint/y")},
		{"requests", "endpoint/x", ingest("endpoint/x")},
		{"ledger", "endpoint/x", ingest("endpoint/x")},
		{"metrics", "endpoint/z", "nothing else in the lake tells what it held: move it out of the lake, then ingest or import 2026-11-20 again"},
	} {
		for _, cut := range []bool{false, true} {
			path := l.dayPath(c.dataset, day, c.key)
			intact, err := os.ReadFile(path)
			if err != nil {
				intact = nil
				write(t, path, "PAR1")
			}
			damaged(t, path, cut)
			r, err := Verify(t.Context(), l.dir, VerifyOptions{})
			must(t, err)
			at := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.Path == l.relative(path) })
			if at < 0 || r.Findings[at].Repair != c.want {
				t.Errorf("%s of %s, cut %t: %+v; want %s", c.dataset, c.key, cut, r.Findings, c.want)
			}
			bad, err := Broken(t.Context(), l.dir)
			must(t, err)
			same(t, bad, []string{l.relative(path)})
			if intact == nil {
				must(t, os.Remove(path))
				continue
			}
			write(t, path, string(intact))
		}
	}
	same(t, quoted("cloudwatch/My?A=it's"), `'cloudwatch/My?A=it'\''s'`)
}
