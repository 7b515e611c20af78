package lake

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
)

// Bounds of a merge.
const (
	gatherBytes = 96 << 20 // of rows held before they are spilled
	stageBytes  = 8 << 30  // of spilled rows before they are committed
	fanIn       = 128      // runs that are merged at once
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

	arena     *arena[R]
	days      map[int64]*dayRows
	stretches int // so many were begun
	order     []int
	// Of the row before: its day, chain and itself, in one of two places.
	day   int64
	chain *chain
	pair  [2]R
	turn  int

	runs  []*run
	spill int64 // bytes of runs

	added, changed int64
	// stage, where it is set, takes the place of merging into the file at path.
	stage func(path string, c came[R]) error
}

func newGatherer[R any](ctx context.Context, l *Lake, t table[R], key string) *gatherer[R] {
	g := &gatherer[R]{ctx: ctx, l: l, t: t, key: key, days: map[int64]*dayRows{}, clean: newCleaner(t, key)}
	g.arena = newArena(g.clean.fields)
	return g
}

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
	compare := func(i, j int) int { return g.t.compare(&batch[i], &batch[j]) }
	ascending := true
	for i := 1; i < len(batch) && ascending; i++ {
		ascending = compare(i-1, i) < 0
	}
	g.order = g.order[:0]
	for i := range batch {
		g.order = append(g.order, i)
	}
	if !ascending {
		slices.SortStableFunc(g.order, compare)
	}
	for _, i := range g.order {
		if err := g.addRow(&batch[i]); err != nil {
			return fmt.Errorf("row %d: %w", i, err)
		}
	}
	return nil
}

// fieldBytes is what a field without text takes at most, and text besides its
// bytes.
const fieldBytes = 11

// addRow takes a copy of one row.
func (g *gatherer[R]) addRow(row *R) error {
	r, before := &g.pair[g.turn], &g.pair[1-g.turn]
	*r = *row
	text, err := g.clean.row(r)
	if err != nil {
		return err
	}
	ts := g.t.ts(r)
	day, err := dayOf(ts)
	if err != nil {
		return err
	}
	at := g.arena.room(text + fieldBytes*len(g.arena.fields))
	if g.chain == nil || day != g.day || g.t.compare(before, r) >= 0 {
		if err := g.begin(day, at, r); err != nil {
			return err
		}
	}
	last := &g.chain.stretches[len(g.chain.stretches)-1]
	if last.rows > 0 && (last.start.block != at.block || last.size >= blockBytes) {
		g.chain.stretches = append(g.chain.stretches, stretch{start: at, number: last.number})
		last = &g.chain.stretches[len(g.chain.stretches)-1]
	}
	last.size += g.arena.put(at, r)
	last.rows++
	g.chain.last = at
	d := g.days[day]
	d.rows++
	d.span.include(ts)
	g.turn = 1 - g.turn
	if g.arena.size >= g.l.limits.gather/max(1, g.t.share) {
		return g.flush()
	}
	return nil
}

// triedChains is how many chains are asked whether a stretch follows.
const triedChains = 64

// begin begins a stretch with the row r, in a chain that it follows or a new one.
func (g *gatherer[R]) begin(day int64, at place, r *R) error {
	d := g.days[day]
	if d == nil {
		d = &dayRows{span: noTime()}
		g.days[day] = d
	}
	g.day, g.chain = day, nil
	for i := len(d.chains) - 1; i >= max(0, len(d.chains)-triedChains) && g.chain == nil; i-- {
		s := chainSource[R]{arena: g.arena}
		s.seek(d.chains[i].last)
		last, err := s.decode()
		if err != nil {
			return err
		}
		if g.t.compare(last, r) < 0 {
			g.chain = d.chains[i]
		}
	}
	if g.chain == nil {
		g.chain = &chain{}
		d.chains = append(d.chains, g.chain)
	}
	g.chain.stretches = append(g.chain.stretches, stretch{start: at, number: g.stretches})
	g.stretches++
	return nil
}

// open gives a day's rows in memory, sorted, one of each key.
func (g *gatherer[R]) open(day int64) (source[R], error) {
	var parts []source[R]
	for _, c := range g.days[day].chains {
		parts = append(parts, &chainSource[R]{arena: g.arena, left: c.stretches})
	}
	return newMerger(g.t, parts)
}

// commit merges what was gathered into the day files.
func (g *gatherer[R]) commit() error {
	if len(g.runs) == 0 {
		return g.commitMemory()
	}
	if g.arena.size > 0 {
		r, err := g.write()
		if err != nil {
			return err
		}
		g.runs = append(g.runs, r)
	}
	g.empty()
	g.arena.blocks = nil // merging needs the memory
	return g.commitRuns()
}

func (g *gatherer[R]) commitMemory() error {
	for _, day := range sortedKeys(g.days) {
		d := g.days[day]
		err := g.commitDay(day, came[R]{
			open: func() (source[R], error) { return g.open(day) },
			span: d.span, rows: d.rows,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (g *gatherer[R]) commitRuns() error {
	var err error
	if g.runs, err = reduceRuns(g.ctx, g.l, g.t, g.arena.fields, g.runs); err != nil {
		return err
	}
	parts := map[int64]span{}
	rows := map[int64]int{}
	for _, r := range g.runs {
		for _, s := range r.sections {
			p, ok := parts[s.day]
			if !ok {
				p = noTime()
			}
			p.include(s.span.first)
			p.include(s.span.last)
			parts[s.day] = p
			rows[s.day] += s.rows
		}
	}
	for _, day := range sortedKeys(parts) {
		err := g.commitDay(day, came[R]{
			open: func() (source[R], error) { return openRuns(g.ctx, g.t, g.arena.fields, g.runs, day) },
			span: parts[day], rows: rows[day],
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// commitDay commits one day.
func (g *gatherer[R]) commitDay(day int64, c came[R]) error {
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
	g.forget()
	return err
}
