package pattern

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
)

// place is one or two positions of a shape and the hash of all around them.
type place struct {
	context uint64
	shape   int32
	p, q    int16 // q is -1 when there is one position
}

// slot is a place that several shapes have, which agree everywhere else.
type slot struct {
	p, q   int
	shapes []*shape
	count  int64
}

// constants counts the words around the slot.
func (s *slot) constants() int { return constants(s.shapes[0], s.p, s.q) }

// hash sums the hashes of a shape's tokens with their positions, so that the
// hash of a shape without some of them takes one subtraction each.
func hash(tokens []token) (sum uint64, each []uint64) {
	each = make([]uint64, len(tokens))
	for p, t := range tokens {
		each[p] = mix(fnv(t.text) + uint64(p)*0x9e3779b97f4a7c15)
		sum += each[p]
	}
	return sum, each
}

// fnv is the 64-bit FNV-1a hash: the same in every run, unlike a seeded one.
func fnv(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// mix is the finisher of SplitMix64 (Steele, Lea and Flood 2014).
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// without is the hash of a shape with holes at the given positions.
func (s *shape) without(at ...int) uint64 {
	h := s.hash + uint64(len(s.tokens))
	for _, p := range at {
		h += mix(uint64(p)+1) - s.each[p]
	}
	return mix(h)
}

// agree reports whether two shapes are equal but at the given positions.
func agree(a, b *shape, at ...int) bool {
	if len(a.tokens) != len(b.tokens) {
		return false
	}
	for p := range a.tokens {
		if a.tokens[p].text != b.tokens[p].text && !slices.Contains(at, p) {
			return false
		}
	}
	return true
}

// sortPlaces puts equal contexts together, in an order that only the shapes
// decide.
func sortPlaces(list []place) {
	slices.SortFunc(list, func(a, b place) int {
		if a.context != b.context { // nearly always: the rest is not worth computing
			return cmp.Compare(a.context, b.context)
		}
		return cmp.Or(
			cmp.Compare(a.p, b.p), cmp.Compare(a.q, b.q), cmp.Compare(a.shape, b.shape),
		)
	})
}

// shared keeps the places whose context may be another's too, which of many
// messages that have nothing in common are few. It counts contexts by a part of
// their hash.
func shared(list []place) []place {
	size := 1 << bits.Len(uint(2*len(list)))
	count := make([]uint8, size)
	for i := range list {
		if c := &count[list[i].context&uint64(size-1)]; *c < 2 {
			*c++
		}
	}
	kept := list[:0]
	for _, pl := range list {
		if count[pl.context&uint64(size-1)] > 1 {
			kept = append(kept, pl)
		}
	}
	return kept
}

// groups are the shapes of equal contexts, where there are two or more.
func (m *miner) groups(list []place) [][]*shape {
	sortPlaces(list)
	var out [][]*shape
	for i := 0; i < len(list); {
		j := i + 1
		for j < len(list) && list[j].context == list[i].context {
			j++
		}
		if j > i+1 {
			shapes := make([]*shape, 0, j-i)
			for _, pl := range list[i:j] {
				shapes = append(shapes, m.shapes[pl.shape])
			}
			out = append(out, shapes)
		}
		i = j
	}
	return out
}

// slots are the places of equal contexts. Hashes that happen to be equal are
// found by looking.
func (m *miner) slots(list []place) []*slot {
	sortPlaces(list)
	var out []*slot
	for i := 0; i < len(list); {
		first := list[i]
		j := i + 1
		for j < len(list) && list[j].context == first.context && list[j].p == first.p && list[j].q == first.q {
			j++
		}
		if j > i+1 {
			s := &slot{p: int(first.p), q: int(first.q)}
			for _, pl := range list[i:j] {
				if sh := m.shapes[pl.shape]; agree(m.shapes[first.shape], sh, s.p, s.q) {
					s.shapes = append(s.shapes, sh)
					s.count += sh.count
				}
			}
			out = append(out, s)
		}
		i = j
	}
	return out
}

// apply turns the places that qualify into values, the best supported first. A
// shape takes part in one a round.
func (m *miner) apply(list []place, qualifies func(*slot) bool) bool {
	var found []*slot
	for _, s := range m.slots(list) {
		if len(s.shapes) > 1 && qualifies(s) {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, func(a, b *slot) int {
		return cmp.Or(
			cmp.Compare(len(b.shapes), len(a.shapes)), cmp.Compare(b.count, a.count),
			strings.Compare(a.shapes[0].text, b.shapes[0].text), cmp.Compare(a.p, b.p), cmp.Compare(a.q, b.q),
		)
	})
	taken := map[*shape]bool{}
	for _, s := range found {
		free := s.shapes[:0:0]
		for _, sh := range s.shapes {
			if !taken[sh] {
				free = append(free, sh)
			}
		}
		if len(free) < 2 || !qualifies(&slot{p: s.p, q: s.q, shapes: free}) {
			continue
		}
		for _, sh := range free {
			taken[sh] = true
			sh.replace(s.p, s.q)
		}
	}
	if len(taken) > 0 {
		m.unite()
	}
	return len(taken) > 0
}

// replace makes values of the tokens at the given positions, of which negative
// ones are none.
func (s *shape) replace(at ...int) {
	for _, p := range at {
		if p >= 0 {
			s.tokens[p] = token{Wildcard, kindValue, s.tokens[p].space}
		}
	}
	s.tokens = collapse(s.tokens)
}
