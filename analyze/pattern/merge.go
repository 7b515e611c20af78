package pattern

import (
	"cmp"
	"slices"
	"strings"
)

// How many different tokens a position must take, all else equal, to be a value.
const (
	leastNames = 3 // names: identifiers are made to be told apart
	leastWords = 5 // words: messages of one program are worded alike
	leastFirst = 8 // at the start, where messages say what they are about
	leastPairs = 6 // when two positions change together
)

// slot is a place of a message and the shapes that agree everywhere else.
type slot struct {
	at     []int // positions
	shapes []*shape
	count  int64
}

// mergeOne makes values of single positions that take many tokens.
func (m *miner) mergeOne() bool {
	slots := map[string]*slot{}
	for _, s := range m.shapes {
		for p, t := range s.tokens {
			if t.kind == kindPunct || t.kind == kindLiteral {
				continue
			}
			key := context(s, p)
			add(slots, key, s, p)
		}
	}
	return m.apply(slots, isValueAt)
}

// mergeGiven makes values of dotted names and of what stands behind equals signs
// wherever messages differ in nothing else, at however many places.
func (m *miner) mergeGiven() bool {
	groups := map[string]*slot{}
	for _, s := range m.shapes {
		at := s.at(func(p int, t token) bool { return t.kind == kindGiven && p > 0 })
		values := s.at(func(p int, t token) bool { return t.kind == kindValue || t.kind == kindGiven && p > 0 })
		if len(values) > 0 {
			add(groups, context(s, values...), s, at...)
		}
	}
	merged := false
	for _, g := range groups {
		if len(g.shapes) < 2 || constants(g.shapes[0], g.shapes[0].at(isGiven)) == 0 {
			continue
		}
		for p := range g.shapes[0].tokens {
			if !varies(g.shapes, p) {
				continue
			}
			for _, s := range g.shapes {
				s.tokens = slices.Clone(s.tokens)
				s.tokens[p] = token{Wildcard, kindValue, s.tokens[p].space}
			}
			merged = true
		}
	}
	if merged {
		for _, s := range m.shapes {
			s.tokens = collapse(s.tokens)
		}
		m.unite()
	}
	return merged
}

func isGiven(_ int, t token) bool { return t.kind == kindGiven }

// varies reports whether shapes of equal length have different tokens at p.
func varies(shapes []*shape, p int) bool {
	for _, s := range shapes[1:] {
		if s.tokens[p].text != shapes[0].tokens[p].text {
			return true
		}
	}
	return false
}

// at lists the positions for which f holds.
func (s *shape) at(f func(int, token) bool) []int {
	var out []int
	for p, t := range s.tokens {
		if f(p, t) {
			out = append(out, p)
		}
	}
	return out
}

// mergeTwo makes values of two positions that change together.
func (m *miner) mergeTwo() bool {
	slots := map[string]*slot{}
	for _, s := range m.shapes {
		names := s.at(func(_ int, t token) bool { return t.kind == kindName })
		if len(names) > 8 {
			continue
		}
		for i, p := range names {
			for _, q := range names[i+1:] {
				add(slots, context(s, p, q), s, p, q)
			}
		}
	}
	return m.apply(slots, func(s *slot) bool {
		return len(s.shapes) >= leastPairs && constants(s.shapes[0], s.at) > 0
	})
}

// mergeEqualWords makes values of a word that stands in two places of a message
// when other messages differ from it only in having another word there.
func (m *miner) mergeEqualWords() bool {
	slots := map[string]*slot{}
	for _, s := range m.shapes {
		seen := map[string]int{}
		for p, t := range s.tokens {
			if t.kind != kindWord && t.kind != kindName {
				continue
			}
			if q, ok := seen[t.text]; ok {
				add(slots, context(s, q, p), s, q, p)
			} else {
				seen[t.text] = p
			}
		}
	}
	return m.apply(slots, func(s *slot) bool {
		least := leastNames
		if s.shapes[0].tokens[s.at[0]].kind == kindName {
			least = 2
		}
		return len(s.shapes) >= least && constants(s.shapes[0], s.at) > 0
	})
}

// context is all of a shape but what stands at the given positions.
func context(s *shape, at ...int) string {
	var b strings.Builder
	for p, t := range s.tokens {
		if slices.Contains(at, p) {
			b.WriteByte(1)
			continue
		}
		b.WriteString(t.text)
		b.WriteByte(0)
	}
	return b.String()
}

func add(slots map[string]*slot, key string, s *shape, at ...int) {
	o := slots[key]
	if o == nil {
		o = &slot{at: at}
		slots[key] = o
	}
	o.shapes = append(o.shapes, s)
	o.count += s.count
}

// isValueAt decides for one position from the tokens that it takes.
func isValueAt(s *slot) bool {
	if len(s.shapes) < 2 {
		return false
	}
	p := s.at[0]
	others := constants(s.shapes[0], s.at)
	if others == 0 {
		return false
	}
	names, words := 0, 0
	for _, sh := range s.shapes {
		switch sh.tokens[p].kind {
		case kindValue:
			return len(s.shapes) >= 2 && p > 0
		case kindName:
			names++
		case kindWord:
			words++
		case kindGiven:
			names += 2
		case kindPunct, kindLiteral:
		}
	}
	least := leastWords
	switch {
	case p == 0:
		least = leastFirst
	case names > words:
		least = leastNames
	case s.shapes[0].tokens[p-1].text == "=":
		least = leastNames
	}
	return names+words >= least
}

// constants counts the words of a shape that are not at the given positions.
func constants(s *shape, at []int) int {
	n := 0
	for p, t := range s.tokens {
		if (t.kind == kindWord || t.kind == kindName || t.kind == kindGiven) && !slices.Contains(at, p) {
			n++
		}
	}
	return n
}

// apply turns the positions of every slot that qualifies into values, the best
// supported first. A shape takes part in one slot a round.
func (m *miner) apply(slots map[string]*slot, qualifies func(*slot) bool) bool {
	var list []*slot
	for _, s := range slots {
		if len(s.shapes) > 1 && qualifies(s) {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b *slot) int {
		return cmp.Or(
			cmp.Compare(len(b.shapes), len(a.shapes)), cmp.Compare(b.count, a.count),
			strings.Compare(a.shapes[0].text, b.shapes[0].text), slices.Compare(a.at, b.at),
		)
	})
	taken := map[*shape]bool{}
	for _, s := range list {
		free := s.shapes[:0:0]
		for _, sh := range s.shapes {
			if !taken[sh] {
				free = append(free, sh)
			}
		}
		rest := &slot{at: s.at, shapes: free, count: s.count}
		if len(free) < 2 || !qualifies(rest) {
			continue
		}
		for _, sh := range free {
			taken[sh] = true
			sh.tokens = replace(sh.tokens, s.at)
		}
	}
	if len(taken) > 0 {
		m.unite()
	}
	return len(taken) > 0
}

// replace makes values of the tokens at the given positions.
func replace(tokens []token, at []int) []token {
	out := slices.Clone(tokens)
	for _, p := range at {
		out[p] = token{Wildcard, kindValue, out[p].space}
	}
	return collapse(out)
}
