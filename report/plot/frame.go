package plot

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"
)

// Frame is the time axis that the panels of a figure share.
type Frame struct {
	Start, End time.Time
	Zone       *time.Location // nil is UTC
	Bucket     time.Duration  // width of one bucket
	Times      []time.Time    // starts of the buckets, ascending; every series has one value for each
	Steps      []Step         // load steps or phases, shaded
	StepWord   string         // what they are called; "" is step
	Answer     Span           // where the answer was read; zero draws nothing
}

// Step is one load step.
type Step struct {
	Number     int
	Start, End time.Time
	Name       string // shown instead of the number; steps have all a name, or none
}

// Span is a labelled stretch of time.
type Span struct {
	Start, End time.Time
	Label      string
}

// spacing is how far apart the values of a series are published: several buckets
// where nearly all of its values are that far apart, and else one.
func (f Frame) spacing(ys []float64) time.Duration {
	var gaps []time.Duration
	last := -1
	for i, y := range ys {
		if !finite(y) {
			continue
		}
		if last >= 0 {
			gaps = append(gaps, f.Times[i].Sub(f.Times[last]))
		}
		last = i
	}
	if len(gaps) < 3 {
		return f.Bucket
	}
	sorted := slices.Sorted(slices.Values(gaps))
	usual, same := sorted[len(sorted)/2], 0
	for _, g := range gaps {
		if g == usual {
			same++
		}
	}
	if 5*same < 4*len(gaps) {
		return f.Bucket
	}
	return max(usual, f.Bucket)
}

func (f Frame) zone() *time.Location {
	if f.Zone == nil {
		return time.UTC
	}
	return f.Zone
}

// Margins of a time figure, in points.
const (
	marginLeft   = 66.0
	marginRight  = 168.0
	stepRow      = 19.0 // height of the row of step numbers
	answerRow    = 20.0 // height of the row that marks the answer's window
	titleRow     = 24.0 // height of a panel's title
	timeAxisRows = 44.0 // tick labels and title of the time axis
)

// layout places panels of the given heights under each other on a new page and
// draws what they share: steps, the answer's window and the time axis.
type layout struct {
	*page
	frame Frame
	x     scale
	boxes []rect
}

// newLayout makes a page as high as its panels need.
func newLayout(f Frame, heights ...float64) *layout {
	top := 8.0
	if len(f.Steps) > 0 {
		top += stepRow
	}
	if !f.Answer.Start.IsZero() {
		top += answerRow
	}
	l := &layout{frame: f}
	y := top
	for _, h := range heights {
		y += titleRow
		if len(l.boxes) == 0 {
			y += 5
		}
		l.boxes = append(l.boxes, rect{marginLeft, y, pageWidth - marginRight, y + h})
		y += h + 12
	}
	l.page = newPage(y - 12 + timeAxisRows + 6)
	l.x = scale{min: 0, max: f.End.Sub(f.Start).Seconds(), lo: marginLeft, hi: pageWidth - marginRight}
	l.shadeSteps()
	l.markAnswer()
	l.timeAxis()
	return l
}

// xOf is the position of an instant.
func (l *layout) xOf(t time.Time) float64 { return l.x.at(t.Sub(l.frame.Start).Seconds()) }

// clampX is xOf, held within the axis.
func (l *layout) clampX(t time.Time) float64 {
	return math.Max(l.x.lo, math.Min(l.x.hi, l.xOf(t)))
}

// shadeSteps shades every other step behind all panels and numbers as many as
// have room.
func (l *layout) shadeSteps() {
	steps := l.frame.Steps
	if len(steps) == 0 {
		return
	}
	letter := lettering{size: tickSize, ink: faint, anchor: center}
	named := steps[0].Name != ""
	l.text(lettering{size: tickSize, ink: faint, anchor: right}, point{marginLeft - 8, 8 + stepRow - 5}, cmp.Or(l.frame.StepWord, "step"))
	for i, s := range steps {
		a, b := l.clampX(s.Start), l.clampX(s.End)
		if i%2 == 0 {
			l.fillRect(shade, rect{a, 8, b, 8 + stepRow})
			for _, box := range l.boxes {
				l.fillRect(shade, rect{a, box.y0, b, box.y1})
			}
		}
	}
	if named {
		l.nameSteps(letter)
		return
	}
	every, roomy := l.stepStride(letter), l.roomy(letter)
	for _, s := range steps {
		a, b := l.clampX(s.Start), l.clampX(s.End)
		name := strconv.Itoa(s.Number)
		if every == 1 || s.Number%every == 0 && !roomy || roomy && l.fits(letter, s) {
			l.text(letter, point{(a + b) / 2, 8 + stepRow - 5}, name)
		}
	}
}

// nameSteps writes the names that have room.
func (l *layout) nameSteps(letter lettering) {
	for _, s := range l.frame.Steps {
		a, b := l.clampX(s.Start), l.clampX(s.End)
		if b-a > l.textWidth(letter, s.Name)+4 {
			l.text(letter, point{(a + b) / 2, 8 + stepRow - 5}, s.Name)
		}
	}
}

// roomy reports whether most steps are wide enough for their own number, so that
// the narrow ones between them can go without.
func (l *layout) roomy(letter lettering) bool {
	n := 0
	for _, s := range l.frame.Steps {
		if l.fits(letter, s) {
			n++
		}
	}
	return 3*n >= 2*len(l.frame.Steps)
}

// fits reports whether a step is wide enough for its number.
func (l *layout) fits(letter lettering, s Step) bool {
	return l.clampX(s.End)-l.clampX(s.Start) > l.textWidth(letter, strconv.Itoa(s.Number))+4
}

// stepStride is how many steps share one number, so that numbers do not touch.
func (l *layout) stepStride(letter lettering) int {
	steps := l.frame.Steps
	widest := l.textWidth(letter, strconv.Itoa(steps[len(steps)-1].Number)) + 7
	for _, every := range []int{1, 2, 5, 10, 20, 50, 100, 200, 500} {
		room := math.Inf(1)
		last := math.Inf(-1)
		for _, s := range steps {
			if s.Number%every != 0 && every != 1 {
				continue
			}
			at := (l.clampX(s.Start) + l.clampX(s.End)) / 2
			room = math.Min(room, at-last)
			last = at
		}
		if room >= widest {
			return every
		}
	}
	return 1000
}

// markAnswer draws a bar over the window that the answer was read in.
func (l *layout) markAnswer() {
	a := l.frame.Answer
	if a.Start.IsZero() {
		return
	}
	y := 8 + answerRow/2
	if len(l.frame.Steps) > 0 {
		y += stepRow
	}
	x0, x1 := l.clampX(a.Start), l.clampX(a.End)
	if x1-x0 < 3 {
		x0, x1 = x0-1.5, x1+1.5
	}
	l.fillRect(navy, rect{x0, y - 2, x1, y + 2})
	l.line(stroke{ink: navy, width: 1.4}, point{x0, y - 5}, point{x0, y + 5})
	l.line(stroke{ink: navy, width: 1.4}, point{x1, y - 5}, point{x1, y + 5})
	letter := lettering{size: tickSize, ink: navy}
	if x0-l.x.lo > l.textWidth(letter, a.Label)+10 {
		letter.anchor = right
		l.text(letter, point{x0 - 7, y + middle(tickSize)}, a.Label)
		return
	}
	l.text(letter, point{x1 + 7, y + middle(tickSize)}, a.Label)
}

// timeAxis draws vertical grid lines through all panels and labels them below
// the last.
func (l *layout) timeAxis() {
	f := l.frame
	last := l.boxes[len(l.boxes)-1]
	ticks := timeTicks(f.Start, f.End, f.zone(), 9)
	letter := lettering{size: tickSize, anchor: center}
	for _, t := range ticks {
		x := l.xOf(t.at)
		for _, box := range l.boxes {
			l.line(stroke{ink: hairline, width: 0.8}, point{x, box.y0}, point{x, box.y1})
		}
		l.line(stroke{ink: axisInk, width: 1}, point{x, last.y1}, point{x, last.y1 + 4})
		letter.bold = t.strong
		l.text(letter, point{x, last.y1 + 18}, t.label)
	}
	title := timeTitle(f.Start, f.End, f.zone())
	l.text(lettering{size: tickSize, ink: faint, anchor: center}, point{(l.x.lo + l.x.hi) / 2, last.y1 + 36}, title)
}

// panel returns the i-th panel with the given value axis, its grid and title
// drawn.
func (l *layout) panel(i int, title string, y axis) *panel {
	return newPanel(l.page, l.boxes[i], title, y)
}
