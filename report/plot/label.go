package plot

import (
	"math"
	"sort"
)

// tag names a line in the margin right of a panel, at the height where the line
// ends, with a sample of the line.
type tag struct {
	text  string
	at    float64 // wanted height, in points from the top of the page
	style style
	bold  bool
	bar   bool // the sample is a filled box
	free  bool // belongs to no height: no line leads to it
}

// tagHeight is the room that one line of a tag takes.
const tagHeight = 16.5

// tags writes the tags beside the panel, moved apart where they would touch. A
// thin line leads from where a line ends to a tag that had to move.
func (n *panel) tags(tags []tag) {
	sort.SliceStable(tags, func(i, j int) bool { return tags[i].at < tags[j].at })
	x := n.box.x1 + 12
	letter := lettering{size: labelSize}
	width := pageWidth - 8 - (x + 30)
	var heights, want []float64
	var texts [][]string
	for _, t := range tags {
		letter.bold = t.bold
		lines := n.wrap(letter, t.text, width, 3)
		texts = append(texts, lines)
		height := float64(len(lines)) * tagHeight
		heights = append(heights, height)
		want = append(want, t.at+(height-tagHeight)/2)
	}
	centers := spread(want, heights, n.box.y0-6, math.Max(n.box.y1+5, n.box.y0+sum(heights)))
	for i, t := range tags {
		y := centers[i]
		first := y - heights[i]/2 + tagHeight/2
		letter.bold = t.bold
		n.sample(t, point{x, first})
		for k, s := range texts[i] {
			n.text(letter, point{x + 30, first + float64(k)*tagHeight + middle(labelSize)}, s)
		}
		if math.Abs(first-t.at) > 3 && !t.bar && !t.free {
			n.line(stroke{ink: leaderInk, width: 0.8}, point{n.box.x1 + 2, t.at}, point{x - 3, first})
		}
	}
}

// sample draws a short piece of the line, or its marker alone.
func (n *panel) sample(t tag, at point) {
	if t.bar {
		n.fillRect(t.style.ink, rect{at.x + 4, at.y - 5, at.x + 20, at.y + 5})
		return
	}
	mark := point{at.x + 12, at.y}
	if t.style.width > 0 {
		n.line(t.style.stroke, at, point{at.x + 24, at.y})
		// On the first dash the marker leaves the pattern of the others to be seen.
		mark.x = at.x + 4
	}
	n.mark(t.style.mark, t.style.ink, mark, 4)
}

func sum(xs []float64) float64 {
	total := 0.0
	for _, x := range xs {
		total += x
	}
	return total
}

// spread returns centers as near as possible to the wanted ones, which ascend,
// so that boxes of the given heights neither touch nor leave [lo, hi]. Boxes that
// would touch move as one group.
func spread(want, heights []float64, lo, hi float64) []float64 {
	type group struct {
		top, height float64
		count       int
		first       int
	}
	var groups []group
	for i := range want {
		groups = append(groups, group{top: want[i] - heights[i]/2, height: heights[i], count: 1, first: i})
		for k := len(groups) - 1; k >= 0; k = len(groups) - 1 {
			g := &groups[k]
			g.top = math.Max(lo, math.Min(g.top, hi-g.height))
			if k == 0 || groups[k-1].top+groups[k-1].height <= g.top {
				break
			}
			before := &groups[k-1]
			overlap := before.top + before.height - g.top
			before.top -= overlap * float64(g.count) / float64(g.count+before.count)
			before.height += g.height
			before.count += g.count
			groups = groups[:k]
		}
	}
	out := make([]float64, len(want))
	for _, g := range groups {
		y := g.top
		for i := g.first; i < g.first+g.count; i++ {
			out[i] = y + heights[i]/2
			y += heights[i]
		}
	}
	return out
}

// lastOf is the height at which a series ends: its last value on the axis, or the
// bottom of the panel.
func (n *panel) lastOf(ys []float64) float64 {
	for i := len(ys) - 1; i >= 0; i-- {
		if n.y.holds(ys[i]) {
			return n.y.at(ys[i])
		}
	}
	return n.box.y1
}

// present reports whether a series has a value at all.
func present(ys []float64) bool {
	_, _, ok := extent(ys)
	return ok
}
