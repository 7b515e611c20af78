package lake

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"unsafe"
)

// Bounds of a merge.
const (
	gatherBytes = 128 << 20 // of rows held before they are spilled
	stageBytes  = 8 << 30   // of spilled rows before they are committed
	fanIn       = 128       // runs that are merged at once
)

// limits are the bounds of a merge; tests lower them.
type limits struct {
	gather, stage int64
	fan           int
}

func defaultLimits() limits { return limits{gather: gatherBytes, stage: stageBytes, fan: fanIn} }

// gatherer sorts batches of rows of one key into the day files. It holds rows up
// to a limit, then spills them as a sorted run, and merges the runs in the end.
type gatherer[R any] struct {
	ctx   context.Context
	l     *Lake
	t     table[R]
	key   string
	clean *cleaner[R]

	slabs  [][]R // rows in memory, in chunks that stay where they are
	slab   int   // the one that is being filled
	days   map[int64][]*R
	last   int64 // day of the row before
	lastIn []*R  // days[last], not yet put back
	size   int64
	runs   []*run
	spill  int64 // bytes of runs

	added, changed int64
	// stage, where it is set, takes the place of merging into the file at path.
	stage func(path string, c came[R]) error
}

func newGatherer[R any](ctx context.Context, l *Lake, t table[R], key string) *gatherer[R] {
	return &gatherer[R]{ctx: ctx, l: l, t: t, key: key, days: map[int64][]*R{}, last: -1, clean: newCleaner(t, key)}
}

// Rows are allocated in chunks of slabRows, the first growing chunks smaller.
const (
	slabRows = 4096
	growing  = 8
)

// put merges batches of rows of key into day files, in bounded memory. The rows
// are not changed; a batch may be reused once the next is asked for, its text is
// shared.
func put[R any](ctx context.Context, l *Lake, t table[R], key string, batches iter.Seq[[]R]) (added, changed int64, err error) {
	g := newGatherer(ctx, l, t, key)
	for batch := range batches {
		if err = g.add(batch); err != nil {
			break
		}
	}
	if err == nil {
		err = g.commit()
	}
	err = errors.Join(err, g.drop())
	if err != nil {
		err = fmt.Errorf("writing %s of %s: %w", t.dataset, key, err)
	}
	return g.added, g.changed, err
}

// once is a sequence of one batch.
func once[R any](rows []R) iter.Seq[[]R] {
	return func(yield func([]R) bool) { yield(rows) }
}

// add takes a batch.
func (g *gatherer[R]) add(batch []R) error {
	for i := range batch {
		if err := g.addRow(&batch[i]); err != nil {
			return fmt.Errorf("row %d: %w", i, err)
		}
	}
	return nil
}

// addRow takes a copy of one row.
func (g *gatherer[R]) addRow(row *R) error {
	r := g.room()
	*r = *row
	size, err := g.clean.row(r)
	if err != nil {
		return err
	}
	day, err := dayOf(g.t.ts(r))
	if err != nil {
		return err
	}
	if day != g.last {
		g.turn(day)
	}
	g.lastIn = append(g.lastIn, r)
	g.size += size
	if g.size >= g.l.limits.gather {
		return g.flush()
	}
	return nil
}

// turn makes day the one that rows are appended to.
func (g *gatherer[R]) turn(day int64) {
	if g.last >= 0 {
		g.days[g.last] = g.lastIn
	}
	g.last, g.lastIn = day, nil
	if day >= 0 {
		g.lastIn = g.days[day]
	}
}

// room is the next free row.
func (g *gatherer[R]) room() *R {
	if g.slab == len(g.slabs) {
		g.slabs = append(g.slabs, make([]R, 0, slabRows>>max(0, growing-len(g.slabs))))
	}
	s := &g.slabs[g.slab]
	*s = (*s)[:len(*s)+1]
	if len(*s) == cap(*s) {
		g.slab++
	}
	return &(*s)[len(*s)-1]
}

// sorted orders the rows in memory, day by day, one of each key.
func (g *gatherer[R]) sorted() map[int64][]*R {
	g.turn(-1)
	for day, rows := range g.days {
		if !slices.IsSortedFunc(rows, g.t.compare) {
			slices.SortStableFunc(rows, g.t.compare)
		}
		g.days[day] = foldEqual(g.t, rows)
	}
	return g.days
}

// flush spills the rows in memory as a run.
func (g *gatherer[R]) flush() error {
	r, err := spill(g.ctx, g.l, g.t, g.sorted())
	if err != nil {
		return err
	}
	g.runs = append(g.runs, r)
	g.spill += r.size
	g.forget()
	if g.spill < g.l.limits.stage || g.stage != nil {
		return nil
	}
	return errors.Join(g.commit(), g.drop())
}

// forget empties the memory; slabs are kept for the rows to come.
func (g *gatherer[R]) forget() {
	for i, s := range g.slabs {
		clear(s)
		g.slabs[i] = s[:0]
	}
	for day, rows := range g.days {
		clear(rows)
		g.days[day] = rows[:0]
	}
	g.slab, g.size, g.last, g.lastIn = 0, 0, -1, nil
}

// commit merges what was gathered into the day files.
func (g *gatherer[R]) commit() error {
	if len(g.runs) == 0 {
		return g.commitMemory()
	}
	if g.size > 0 {
		r, err := spill(g.ctx, g.l, g.t, g.sorted())
		if err != nil {
			return err
		}
		g.runs = append(g.runs, r)
	}
	g.slabs, g.days = nil, map[int64][]*R{} // merging needs the memory
	g.forget()
	return g.commitRuns()
}

func (g *gatherer[R]) commitMemory() error {
	days := g.sorted()
	for _, day := range sortedKeys(days) {
		rows := days[day]
		if len(rows) == 0 {
			continue
		}
		s := noTime()
		for _, r := range rows {
			s.include(g.t.ts(r))
		}
		err := g.day(day, came[R]{
			open: func() (source[R], error) { return &memorySource[R]{rows}, nil },
			span: s, rows: len(rows),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (g *gatherer[R]) commitRuns() error {
	var err error
	if g.runs, err = reduceRuns(g.ctx, g.l, g.t, g.runs); err != nil {
		return err
	}
	parts := map[int64]span{}
	rows := map[int64]int{}
	for _, r := range g.runs {
		for day, s := range r.sections {
			p, ok := parts[day]
			if !ok {
				p = noTime()
			}
			p.include(s.span.first)
			p.include(s.span.last)
			parts[day] = p
			rows[day] += s.rows
		}
	}
	for _, day := range sortedKeys(parts) {
		err := g.day(day, came[R]{
			open: func() (source[R], error) { return openRuns(g.ctx, g.t, g.runs, day) },
			span: parts[day], rows: rows[day],
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// day commits one day.
func (g *gatherer[R]) day(day int64, c came[R]) error {
	path := g.l.dayPath(g.t.dataset, day, g.key)
	if g.stage != nil {
		return g.stage(path, c)
	}
	g.l.mu.Lock()
	defer g.l.mu.Unlock()
	added, changed, err := mergeDay(g.ctx, g.l, g.t, path, c)
	g.added += added
	g.changed += changed
	return err
}

// drop removes the runs.
func (g *gatherer[R]) drop() error {
	var err error
	for _, r := range g.runs {
		err = errors.Join(err, g.l.remove(r.path))
	}
	g.runs, g.spill = nil, 0
	return err
}

// sizeOf is the size of a row without its text.
func sizeOf[R any]() int64 {
	var r R
	return int64(unsafe.Sizeof(r)) + 8 // and the pointer to it
}
