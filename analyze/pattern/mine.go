package pattern

import (
	"cmp"
	"slices"
	"strings"
)

// MaxSkeletons is how many unique skeletons [Mine] takes in; callers stop
// collecting there and say so.
const MaxSkeletons = 200_000

// Skeleton is a masked message and how many lines have it.
type Skeleton struct {
	Text  string
	Count int64
}

// Template is a kind of message.
type Template struct {
	Text    string // values are [Wildcard]
	Count   int64  // lines
	Members []int  // indices of its skeletons, ascending
}

// Mine groups skeletons into templates, most frequent first and by text where
// counts are equal. Every skeleton is in exactly one. The templates are the same
// for any order of the skeletons.
func Mine(skeletons []Skeleton) []Template {
	m := newMiner(skeletons)
	for range maxRounds {
		merged := m.mergeEqualWords()
		merged = m.mergeGiven() || merged
		merged = m.mergeOne() || merged
		merged = m.mergeTwo() || merged
		if !merged {
			break
		}
	}
	return m.templates()
}

// maxRounds bounds how many positions of one message can turn out to be values
// one after the other.
const maxRounds = 6

// shape is a set of skeletons that are one template as far as is known.
type shape struct {
	tokens  []token
	text    string // tokens joined: order and identity
	hash    uint64
	each    []uint64 // hash of each token
	count   int64
	members []int
}

type miner struct {
	shapes []*shape // by text, no two with the same
}

func newMiner(skeletons []Skeleton) *miner {
	m := &miner{}
	for i, s := range skeletons {
		m.shapes = append(m.shapes, &shape{tokens: tokenize(s.Text), count: s.Count, members: []int{i}})
	}
	m.unite()
	return m
}

// unite joins shapes that have become equal and puts all in order.
func (m *miner) unite() {
	byText := make(map[string]*shape, len(m.shapes))
	for _, s := range m.shapes {
		s.text = join(s.tokens)
		if have := byText[s.text]; have != nil {
			have.space(s)
			have.count += s.count
			have.members = append(have.members, s.members...)
			continue
		}
		byText[s.text] = s
	}
	m.shapes = m.shapes[:0]
	for _, s := range byText {
		m.shapes = append(m.shapes, s)
	}
	slices.SortFunc(m.shapes, func(a, b *shape) int { return strings.Compare(a.text, b.text) })
	for _, s := range m.shapes {
		s.hash, s.each = hash(s.tokens)
	}
}

// space takes over the blanks that b has and s has not, so that which of the two
// came first does not show.
func (s *shape) space(b *shape) {
	for p := range s.tokens {
		s.tokens[p].space = s.tokens[p].space || b.tokens[p].space
		s.tokens[p].kind = max(s.tokens[p].kind, b.tokens[p].kind)
	}
}

// join is what makes two token lists the same template; blanks do not count.
func join(tokens []token) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(t.text)
		b.WriteByte(0)
	}
	return b.String()
}

// spacing is the text as it is shown.
func spacing(tokens []token) string {
	var b strings.Builder
	for i, t := range tokens {
		if t.space && i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
	}
	return b.String()
}

func (m *miner) templates() []Template {
	out := make([]Template, 0, len(m.shapes))
	for _, s := range m.shapes {
		slices.Sort(s.members)
		out = append(out, Template{Text: spacing(s.tokens), Count: s.count, Members: s.members})
	}
	slices.SortStableFunc(out, func(a, b Template) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Text, b.Text))
	})
	return out
}
