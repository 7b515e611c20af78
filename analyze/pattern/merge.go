package pattern

import "slices"

// How many different tokens a position must take, all else equal, to be a value.
const (
	leastGiven = 2 // what stands behind an equals sign, dotted names
	leastNames = 3 // other identifiers, which are made to be told apart
	leastWords = 5 // words: messages of one program are worded alike
	leastFirst = 8 // at the start, where messages say what they are about
	leastPairs = 6 // when two positions change together
)

// maxTokens bounds the messages of which single positions are looked at: so much
// text is data rather than a message.
const maxTokens = 160

// mergeOne makes values of single positions that take many tokens.
func (m *miner) mergeOne() bool {
	var list []place
	for i, s := range m.shapes {
		if len(s.tokens) > maxTokens {
			continue
		}
		for p, t := range s.tokens {
			if t.kind != kindPunct && t.kind != kindLiteral {
				list = append(list, place{s.without(p), int32(i), int16(p), -1})
			}
		}
	}
	list = shared(list)
	roles := rolesOf(m.slots(list))
	return m.apply(list, func(s *slot) bool { return isValueAt(s) || roles.fill(s) })
}

// role is a word behind another.
type role struct{ before, word string }

// roles counts in how many places of otherwise different messages words change
// behind the same word.
type roles map[role]int

// leastRoles is how many words a place must share with another to be one for
// values: names of users that log in also log out.
const leastRoles = 3

func rolesOf(slots []*slot) roles {
	r := roles{}
	for _, s := range slots {
		for _, k := range s.roles() {
			r[k]++
		}
	}
	return r
}

// roles are the words that a place takes, with the word before it.
func (s *slot) roles() []role {
	if len(s.shapes) < leastRoles || len(s.shapes) > leastWords || s.p == 0 || s.constants() < 2 {
		return nil
	}
	before := s.shapes[0].tokens[s.p-1]
	if before.kind != kindWord && before.kind != kindName {
		return nil
	}
	var out []role
	for _, sh := range s.shapes {
		if t := sh.tokens[s.p]; t.kind == kindWord || t.kind == kindName {
			out = append(out, role{before.text, t.text})
		}
	}
	return out
}

// fill reports whether the words of a place stand in another message too, behind
// the same word.
func (r roles) fill(s *slot) bool {
	shared := 0
	for _, k := range s.roles() {
		if r[k] > 1 {
			shared++
		}
	}
	return shared >= leastRoles
}

// mergeTwo makes values of two names that change together.
func (m *miner) mergeTwo() bool {
	return m.apply(m.pairs(func(s *shape) []int {
		return s.at(func(_ int, t token) bool { return t.kind == kindName })
	}, func(_, _ token) bool { return true }), func(s *slot) bool {
		return len(s.shapes) >= leastPairs && s.constants() > 0
	})
}

// mergeEqualWords makes values of a word that stands in two places of a message
// when other messages differ from it only in having another word there.
func (m *miner) mergeEqualWords() bool {
	return m.apply(m.pairs(func(s *shape) []int {
		return s.at(func(_ int, t token) bool { return t.kind == kindWord || t.kind == kindName })
	}, func(a, b token) bool { return a.text == b.text }), func(s *slot) bool {
		least := leastNames
		if s.shapes[0].tokens[s.p].kind == kindName {
			least = leastGiven
		}
		return len(s.shapes) >= least && s.constants() > 0
	})
}

// maxPairWords bounds the words of which pairs are looked at.
const maxPairWords = 24

// pairs lists the places of two positions of every shape that fit each other.
func (m *miner) pairs(of func(*shape) []int, fit func(a, b token) bool) []place {
	var list []place
	for i, s := range m.shapes {
		at := of(s)
		if len(at) > maxPairWords {
			continue
		}
		for k, p := range at {
			for _, q := range at[k+1:] {
				if fit(s.tokens[p], s.tokens[q]) {
					list = append(list, place{s.without(p, q), int32(i), int16(p), int16(q)})
				}
			}
		}
	}
	return shared(list)
}

// isValueAt decides for one position from the tokens that it takes.
func isValueAt(s *slot) bool {
	if s.constants() == 0 {
		return false
	}
	names, words := 0, 0
	for _, sh := range s.shapes {
		switch sh.tokens[s.p].kind {
		case kindValue:
			return s.p > 0
		case kindName:
			names++
		case kindGiven:
			names += leastNames / leastGiven
		case kindWord:
			words++
		case kindPunct, kindLiteral:
		}
	}
	least := leastWords
	switch {
	case s.p == 0:
		least = leastFirst
	case names > words, s.shapes[0].tokens[s.p-1].text == "=":
		least = leastNames
	}
	return names+words >= least
}

// mergeGiven makes values of dotted names and of what stands behind equals signs
// wherever messages differ in nothing else, at however many places.
func (m *miner) mergeGiven() bool {
	var list []place
	for i, s := range m.shapes {
		if at := s.given(); len(at) > 0 {
			list = append(list, place{s.without(at...), int32(i), -1, -1})
		}
	}
	merged := false
	for _, shapes := range m.groups(shared(list)) {
		first := shapes[0].given()
		same := shapes[:0:0]
		for _, s := range shapes {
			if slices.Equal(first, s.given()) && agree(shapes[0], s, first...) {
				same = append(same, s)
			}
		}
		if len(same) < leastGiven || constants(shapes[0], first...) == 0 {
			continue
		}
		for _, p := range first {
			if varies(same, p) {
				for _, s := range same {
					s.tokens[p] = token{Wildcard, kindValue, s.tokens[p].space}
				}
				merged = true
			}
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

// given lists the positions of dotted names, but at the start, and of values.
func (s *shape) given() []int {
	return s.at(func(p int, t token) bool { return t.kind == kindValue || t.kind == kindGiven && p > 0 })
}

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
			if out == nil {
				out = make([]int, 0, len(s.tokens)-p)
			}
			out = append(out, p)
		}
	}
	return out
}

// constants counts the words of a shape that are not at the given positions.
func constants(s *shape, at ...int) int {
	n := 0
	for p, t := range s.tokens {
		if (t.kind == kindWord || t.kind == kindName || t.kind == kindGiven) && !slices.Contains(at, p) {
			n++
		}
	}
	return n
}
