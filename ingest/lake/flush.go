package lake

import "errors"

// flush spills the rows in memory as a run.
func (g *gatherer[R]) flush() error {
	r, err := g.write()
	if err != nil {
		return err
	}
	g.runs = append(g.runs, r)
	g.spill += r.size
	g.empty()
	if g.spill < g.l.limits.stage || g.stage != nil {
		return nil
	}
	return errors.Join(g.commit(), g.drop())
}

// write writes the rows in memory as a run: chain by chain where they are few
// and of long stretches, which costs hardly more than copying, else sorted.
func (g *gatherer[R]) write() (*run, error) {
	w, err := newRunWriter(g.l)
	if err != nil {
		return nil, err
	}
	w.run.number = g.stretches - 1
	for _, day := range sortedKeys(g.days) {
		if err = errors.Join(g.ctx.Err(), g.writeDay(w, day)); err != nil {
			break
		}
	}
	return w.close(err)
}

// Bounds of what is written chain by chain: chains, each of which a merge reads
// as one source with a block in memory, of a day and in all; and the bytes of a
// stretch on average.
const (
	runChains    = 32
	allChains    = 1024 // of all runs
	stretchBytes = 8 << 10
)

func (g *gatherer[R]) writeDay(w *runWriter, day int64) error {
	d := g.days[day]
	size, stretches := 0, 0
	for _, c := range d.chains {
		stretches += len(c.stretches)
		for _, s := range c.stretches {
			size += s.size
		}
	}
	sections := len(w.run.sections) + len(d.chains)
	for _, r := range g.runs {
		sections += len(r.sections)
	}
	if len(d.chains) > runChains || sections > allChains || len(d.chains) > 1 && size < stretches*stretchBytes {
		src, err := g.open(day)
		if err != nil {
			return err
		}
		return errors.Join(writeSection(w, g.t, g.arena.fields, day, src), src.close())
	}
	for _, c := range d.chains {
		if err := writeChain(w, day, g.arena, c, d.span); err != nil {
			return err
		}
	}
	return nil
}

// empty empties the memory of rows.
func (g *gatherer[R]) empty() {
	g.arena.reset()
	clear(g.days)
	g.chain, g.pair = nil, [2]R{}
}

// forget empties the memory of all, text that runs refer to included.
func (g *gatherer[R]) forget() {
	g.empty()
	g.arena.forget()
	g.stretches = 0
}
