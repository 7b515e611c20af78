package lake

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Compaction is what Compact did.
type Compaction struct {
	Files     int      `json:"files"`     // looked at
	Rewritten int      `json:"rewritten"` // files written anew
	Removed   int      `json:"removed"`   // files whose rows are in others now
	Skipped   []string `json:"skipped"`   // files that cannot be read, left alone; relative to the lake
}

// Compact brings every file into the form in which this version writes it: one
// file per subject (log group) and day, sorted, one row of each key, the columns
// of today, row groups of full size. A lake that only this version wrote is that
// way already, and Compact reads its footers and changes nothing. It works on
// files that somebody else put into the lake, several files of one day, rows in
// the wrong place, and files of older versions. Where a foreign file and the
// lake differ about a row, the foreign file wins, as an import would.
//
// Files are not joined across subjects or days: a day's file is what a merge
// rewrites, and a query that prunes by day or subject reads no more than it has
// to. The price is 0.1 ms a file and query; see ManyFiles.
func (l *Lake) Compact(ctx context.Context) (Compaction, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var done Compaction
	for _, name := range datasets() {
		paths, err := dayFiles(l.dir, name)
		if err != nil {
			return done, err
		}
		for i, path := range paths {
			if paths[i], err = l.setAside(name, path); err != nil {
				return done, fmt.Errorf("compacting %s: %w", l.relative(path), err)
			}
		}
		for _, path := range paths {
			done.Files++
			if err := errors.Join(ctx.Err(), l.compactFile(ctx, name, path, &done)); err != nil {
				return done, fmt.Errorf("compacting %s: %w", l.relative(path), err)
			}
		}
	}
	return done, nil
}

// setAside gives a file whose rows do not all belong into it a name that no
// subject's file has, so that they are not taken for those of the subject, and
// says where the file is then.
func (l *Lake) setAside(dataset, path string) (string, error) {
	foot, err := readFooter(path, dataset)
	if err != nil || foot.inPlace(path) {
		return path, nil //nolint:nilerr // what cannot be read is skipped later
	}
	const prefix = "stray-"
	dir, name := filepath.Split(path)
	if strings.HasPrefix(name, prefix) {
		return path, nil
	}
	for n := 0; ; n++ {
		aside := filepath.Join(dir, prefix+strconv.Itoa(n)+"-"+name)
		if _, err := os.Lstat(aside); errors.Is(err, fs.ErrNotExist) {
			return aside, l.install(path, aside)
		} else if err != nil {
			return path, err
		}
	}
}

// compactFile writes the rows of one file to where they belong, if they are not
// there.
func (l *Lake) compactFile(ctx context.Context, dataset, path string, done *Compaction) error {
	want, err := columnsNow(dataset)
	if err != nil {
		return err
	}
	foot, err := readFooter(path, dataset)
	if err != nil {
		done.Skipped = append(done.Skipped, l.relative(path))
		return nil //nolint:nilerr // said in Skipped
	}
	if foot.ours && foot.summed && !foot.small && foot.inPlace(path) && slices.Equal(foot.columns, want) {
		return nil
	}
	if _, err := checkSum(path); errors.Is(err, errSum) {
		done.Skipped = append(done.Skipped, l.relative(path))
		return nil // writing it anew would give what is damaged a sum that fits
	}
	c := &change{l: l, intent: intent{Command: "compact"}}
	err = l.regather(ctx, c, dataset, path)
	if damaged := (*readError)(nil); errors.As(err, &damaged) {
		done.Skipped = append(done.Skipped, l.relative(path))
		return c.drop()
	}
	if err != nil {
		return errors.Join(err, c.drop())
	}
	if !c.writes(path) {
		c.remove(path)
	}
	done.Rewritten += len(c.intent.Rename)
	done.Removed += len(c.intent.Remove)
	return c.commit()
}

// inPlace reports whether all rows of a file belong into it, as far as its
// footer tells.
func (f *footer) inPlace(path string) bool {
	if len(f.keys) != 1 || filepath.Base(path) != fileName(f.keys[0]) {
		return false
	}
	day := filepath.Base(filepath.Dir(path))
	return f.span == noTime() || day == dayDir(f.span.first/dayMicros) && day == dayDir(f.span.last/dayMicros)
}

// writes reports whether the change writes path.
func (c *change) writes(path string) bool {
	rel := c.l.relative(path)
	return slices.ContainsFunc(c.intent.Rename, func(r [2]string) bool { return r[1] == rel })
}

// regather stages the files that the rows of path belong into.
func (l *Lake) regather(ctx context.Context, c *change, dataset, path string) error {
	switch dataset {
	case "metrics":
		return l.regatherMetrics(ctx, c, path)
	case "logs":
		return regatherRows(ctx, c, logTable(), path, func(r *Log) string { return r.LogGroup })
	case "requests":
		return regatherRows(ctx, c, requestTable(), path, func(r *Request) string { return r.Subject })
	case "resources":
		return regatherRows(ctx, c, resourceTable(), path, func(r *Resource) string { return r.Subject })
	default:
		return regatherRows(ctx, c, ledgerTable(), path, func(r *Entry) string { return r.Subject })
	}
}

// regatherRows reads path once for every key in it.
func regatherRows[R any](ctx context.Context, c *change, t table[R], path string, keyOf func(*R) string) error {
	keys := map[string]bool{}
	err := scan(ctx, t, path, everything(), func(r *R) error {
		keys[keyOf(r)] = true
		return nil
	})
	if err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		g := newGatherer(ctx, c.l, t, key)
		g.stage = func(to string, fresh came[R]) error {
			there := source[R](nothing[R]{})
			if to != path {
				if there, err = openSource(ctx, t, to, everything()); err != nil {
					return err
				}
			}
			return errors.Join(stageRows(c, t, to, there, fresh), there.close())
		}
		err := scan(ctx, t, path, everything(), func(r *R) error {
			if keyOf(r) != key {
				return nil
			}
			if _, err := dayOf(t.ts(r)); err != nil {
				return &readError{path, err}
			}
			return g.addRow(r)
		})
		if err == nil {
			err = g.commit()
		}
		if err = errors.Join(err, g.drop()); err != nil {
			return err
		}
	}
	return nil
}

// stageRows stages the union of two sources as the file to.
func stageRows[R any](c *change, t table[R], to string, there source[R], fresh came[R]) error {
	in, err := fresh.open()
	if err != nil {
		return err
	}
	err = c.stage(to, func(f *os.File) error {
		w, err := newRowWriter(f, t, fresh.rows, c.l.mem)
		if err != nil {
			return err
		}
		_, _, err = unite(t, there, in, func(r *R, _ bool) error { return w.add(r) })
		return errors.Join(err, w.close())
	})
	return errors.Join(err, in.close())
}

// regatherMetrics holds the file's points in memory.
func (l *Lake) regatherMetrics(ctx context.Context, c *change, path string) error {
	subjects := map[string]tracks{}
	var at *track
	err := walkMetrics(ctx, path, func(b *metricBatch, i int) error {
		if at == nil || !b.continues(&at.Series, i) {
			s := b.series(i)
			if subjects[s.Subject] == nil {
				subjects[s.Subject] = tracks{}
			}
			at = subjects[s.Subject].at(s)
		}
		at.push(b.point(i), b.fetched[i])
		return nil
	})
	if err != nil {
		return err
	}
	for _, subject := range slices.Sorted(maps.Keys(subjects)) {
		days, err := subjects[subject].byDay()
		if err != nil {
			return &readError{path, err}
		}
		for _, day := range sortedKeys(days) {
			to, all := l.dayPath("metrics", day, subject), tracks{}
			if to != path {
				if err := all.read(ctx, to); err != nil {
					return err
				}
			}
			for key, t := range days[day] {
				all.merge(key, t)
			}
			if err := c.stage(to, func(f *os.File) error { return l.writeMetrics(ctx, f, all) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// byDay cuts series into days.
func (ts tracks) byDay() (map[int64]tracks, error) {
	days := map[int64]tracks{}
	for key, t := range ts {
		t.order()
		for len(t.points) > 0 {
			day, err := dayOf(t.points[0].TS)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", t.Namespace, t.Metric, err)
			}
			if days[day] == nil {
				days[day] = tracks{}
			}
			n := before(t.points, (day+1)*dayMicros)
			days[day][key] = &track{Series: t.Series, points: t.points[:n], fetched: t.fetched[:n]}
			t.points, t.fetched = t.points[n:], t.fetched[n:]
		}
	}
	return days, nil
}
