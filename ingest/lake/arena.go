package lake

// arenaBlock is about how much memory an arena takes at once.
const arenaBlock = 1 << 20

// arena holds rows in memory in the form in which runs hold them: a third of
// what they take as structs, without a pointer for the garbage collector to
// follow. Text that repeats is held once, by the fields.
type arena[R any] struct {
	fields []field[R]
	blocks [][]byte
	used   int   // blocks with rows in them
	size   int64 // bytes of them
}

// place is where a row begins.
type place struct{ block, offset int }

func newArena[R any](fields []field[R]) *arena[R] {
	for _, f := range fields {
		if f.memory != nil {
			f.memory.resident = true
		}
	}
	return &arena[R]{fields: fields}
}

// room is the place of the next row, which takes at most need bytes.
func (a *arena[R]) room(need int) place {
	if a.used > 0 {
		b := a.blocks[a.used-1]
		if cap(b)-len(b) >= need {
			return place{a.used - 1, len(b)}
		}
		a.size += int64(cap(b) - len(b)) // lost
	}
	if a.used < len(a.blocks) && cap(a.blocks[a.used]) < need {
		a.blocks = a.blocks[:a.used] // too small for this one
	}
	if a.used == len(a.blocks) {
		a.blocks = append(a.blocks, make([]byte, 0, max(arenaBlock, need)))
	}
	a.used++
	return place{a.used - 1, 0}
}

// put adds a row at the place that room gave for it and says how many bytes it
// takes.
func (a *arena[R]) put(at place, r *R) int {
	b := a.blocks[at.block]
	for i := range a.fields {
		b = a.fields[i].encode(b, r)
	}
	a.blocks[at.block] = b
	a.size += int64(len(b) - at.offset)
	return len(b) - at.offset
}

// reset forgets the rows, but not text that repeats: runs may refer to it. Blocks
// are kept for the rows to come, save those that a long row made larger.
func (a *arena[R]) reset() {
	kept := a.blocks[:0]
	for _, b := range a.blocks {
		if cap(b) == arenaBlock {
			kept = append(kept, b[:0])
		}
	}
	clear(a.blocks[len(kept):])
	a.blocks, a.used, a.size = kept, 0, 0
}

// forget forgets text that repeats.
func (a *arena[R]) forget() {
	for _, f := range a.fields {
		if f.memory != nil {
			f.memory.forget()
		}
	}
}

// stretch is rows one after the other in one block, in ascending order and of
// different keys.
type stretch struct {
	start  place
	size   int // bytes
	rows   int
	number int // rises with what came; parts of one long stretch share it
}

// chain is stretches of one day that follow one another in the order of rows.
// Slices of a window that are read side by side make one each.
type chain struct {
	stretches []stretch
	last      place // of the last row
}

// dayRows is a day's rows in an arena.
type dayRows struct {
	chains []*chain
	rows   int
	span   span // of their timestamps
}

// chainSource gives the rows of a chain.
type chainSource[R any] struct {
	arena *arena[R]
	left  []stretch
	rows  int // of the stretch at hand
	which int // its number
	read  decoder
	row   R
}

func (s *chainSource[R]) next() (*R, error) {
	if s.rows == 0 {
		if len(s.left) == 0 {
			return nil, nil
		}
		next := s.left[0]
		s.left, s.rows, s.which = s.left[1:], next.rows, next.number
		s.seek(next.start)
	}
	s.rows--
	return s.decode()
}

// seek goes to a row.
func (s *chainSource[R]) seek(at place) {
	s.read.rest = s.arena.blocks[at.block][at.offset:]
}

// decode reads the row at hand.
func (s *chainSource[R]) decode() (*R, error) {
	for i := range s.arena.fields {
		s.arena.fields[i].decode(&s.read, &s.row)
	}
	return &s.row, s.read.err
}

func (s *chainSource[R]) number() int { return s.which }

func (s *chainSource[R]) close() error { return nil }
