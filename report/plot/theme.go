package plot

// ink is a colour as 0xRRGGBBAA, not premultiplied.
type ink uint32

// The palette. Neighbours differ in luminance, so that a grey print still
// separates them; hues follow the Okabe-Ito set, which colour-blind readers can
// tell apart.
const (
	paper     ink = 0xffffffff
	text      ink = 0x1c2430ff
	faint     ink = 0x5b6675ff
	hairline  ink = 0xdfe4eaff
	axisInk   ink = 0x8a95a3ff
	leaderInk ink = 0xb9c2ccff
	shade     ink = 0xeef2f6ff
	navy      ink = 0x0b3c6fff
	blue      ink = 0x2f86c8ff
	sky       ink = 0x86bde6ff
	orange    ink = 0xe08a00ff
	amber     ink = 0xf3c98bff
	vermilion ink = 0xc44a00ff
	green     ink = 0x00876aff
	purple    ink = 0x9c4f86ff
	crimson   ink = 0x9f1239ff
)

// RGBA implements color.Color.
func (i ink) RGBA() (r, g, b, a uint32) {
	a = uint32(i&0xff) * 0x101
	channel := func(shift uint) uint32 { return uint32(i>>shift&0xff) * 0x101 * a / 0xffff }
	return channel(24), channel(16), channel(8), a
}

// alpha returns i with the given opacity, 0 to 255.
func (i ink) alpha(a uint8) ink { return i&^0xff | ink(a) }

// dash names a dash pattern.
type dash int

const (
	solid dash = iota
	dashed
	dotted
	dashDot
	longDash
)

// pattern is the lengths of dashes and gaps in points; nil is a solid line.
func (d dash) pattern() []float64 {
	switch d {
	case dashed:
		return []float64{6, 3.5}
	case dotted:
		return []float64{1.8, 2.6}
	case dashDot:
		return []float64{8, 3, 2, 3}
	case longDash:
		return []float64{12, 4}
	default:
		return nil
	}
}

// stroke is how a line looks: colour, width in points, dashes.
type stroke struct {
	ink   ink
	width float64
	dash  dash
}

// shape names a marker.
type shape int

const (
	noMark shape = iota
	disc
	ring
	square
	triangle
	diamond
	cross
)

// style is how a series looks: its line and the marker set on it now and then.
type style struct {
	stroke
	mark shape
}

// limitStroke is how every limit is drawn, in every figure.
func limitStroke() stroke { return stroke{ink: crimson, width: 1.4, dash: longDash} }

// targetStroke is how a softer line than a limit is drawn.
func targetStroke() stroke { return stroke{ink: faint, width: 1.2, dash: dotted} }

// The sizes of type in points, and of the page.
const (
	pageWidth = 800.0
	dpi       = 144 // two pixels a point, for screens of double density

	tickSize  = 12.5
	labelSize = 13.0
	titleSize = 14.0
)
