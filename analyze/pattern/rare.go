package pattern

import (
	"slices"
	"strings"
)

// How messages show that several of their words are values at once.
const (
	leastRare = 20  // shapes that agree in all words but the rare ones
	rareShare = 100 // a word is rare at its position in one of so many shapes
)

// mergeRare makes values of words that are rare at their position where many
// messages agree in all others: of two words that change together, neither
// changes while all else stays, so that looking at one position misses both. It
// counts words by position among messages of equal length and start.
func (m *miner) mergeRare() {
	type layout struct {
		first string
		n     int
	}
	alike := map[layout][]*shape{}
	for _, s := range m.shapes {
		if len(s.tokens) > 1 && s.tokens[0].kind != kindPunct {
			k := layout{s.tokens[0].text, len(s.tokens)}
			alike[k] = append(alike[k], s)
		}
	}
	merged := false
	for _, shapes := range alike {
		if len(shapes) >= leastRare {
			merged = mergeRareOf(shapes) || merged
		}
	}
	if merged {
		m.unite()
	}
}

// mergeRareOf does it for shapes of equal length and start.
func mergeRareOf(shapes []*shape) bool {
	type word struct {
		p    int
		text string
	}
	often := map[word]int{}
	for _, s := range shapes {
		for p, t := range s.tokens {
			often[word{p, t.text}]++
		}
	}
	groups := map[uint64][]*shape{}
	rare := func(s *shape) []int {
		return s.at(func(p int, t token) bool {
			n := often[word{p, t.text}]
			return p > 0 && t.kind >= kindWord && t.kind != kindLiteral && (t.kind == kindValue || n == 1 || n*rareShare <= len(shapes))
		})
	}
	for _, s := range shapes {
		at := rare(s)
		groups[s.without(at...)] = append(groups[s.without(at...)], s)
	}
	merged := false
	for _, g := range groups {
		slices.SortFunc(g, func(a, b *shape) int { return strings.Compare(a.text, b.text) })
		first, at := g[0], rare(g[0])
		g = slices.DeleteFunc(g, func(s *shape) bool { return !agree(first, s, at...) })
		if len(g) < leastRare || constants(g[0], at...) < 2 {
			continue
		}
		for _, p := range at {
			if varied(g, p)*2 < len(g) {
				continue
			}
			for _, s := range g {
				s.tokens[p] = token{Wildcard, kindValue, s.tokens[p].space}
			}
			merged = true
		}
	}
	for _, s := range shapes {
		s.tokens = collapse(s.tokens)
	}
	return merged
}

// varied is how many different tokens shapes have at p.
func varied(shapes []*shape, p int) int {
	seen := map[string]bool{}
	for _, s := range shapes {
		seen[s.tokens[p].text] = true
	}
	return len(seen)
}
