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
	// Fixed marks what is no message, such as a line of an access log: only its
	// dotted names can be values, and it is evidence for no message.
	Fixed bool
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
	m, fixed := &miner{}, &miner{}
	for i, s := range skeletons {
		sh := &shape{tokens: tokenize(s.Text), count: s.Count, members: []int{i}}
		if s.Fixed {
			fixed.shapes = append(fixed.shapes, sh)
		} else {
			m.shapes = append(m.shapes, sh)
		}
	}
	m.unite()
	fixed.unite()
	m.mergeRare()
	for range maxRounds {
		merged := m.mergeEqualWords()
		merged = m.mergeGiven() || merged
		merged = m.mergeOne() || merged
		merged = m.mergeTwo() || merged
		if !merged {
			break
		}
	}
	fixed.mergeGiven() // hosts
	m.shapes = append(m.shapes, fixed.shapes...)
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
	shapes []*shape // by text once united, no two with the same
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
	b.Grow(widthOf(tokens))
	for _, t := range tokens {
		b.WriteString(t.text)
		b.WriteByte(0)
	}
	return b.String()
}

// widthOf is how many bytes tokens take with a byte between them.
func widthOf(tokens []token) int {
	n := len(tokens)
	for i := range tokens {
		n += len(tokens[i].text)
	}
	return n
}

// spacing is the text as it is shown.
func spacing(tokens []token) string {
	var b strings.Builder
	b.Grow(widthOf(tokens))
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
