package estate

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"
	"time"

	"sizewise/ingest/simaws/account"
)

// Namespaces of CloudWatch metrics that SageMaker publishes.
const (
	invocationSpace = "AWS/SageMaker"
	instanceSpace   = "/aws/sagemaker/Endpoints"
	componentSpace  = "/aws/sagemaker/InferenceComponents"
)

// drawer fills an estate.
type drawer struct {
	Config
	*Estate
}

// random is a source that depends on the seed and on what it is for, so that
// one subject's data do not depend on which others there are.
func (d *drawer) random(what ...string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(strings.Join(what, "\x00")))
	return rand.New(rand.NewPCG(d.Seed, h.Sum64()))
}

// periods is how many publish periods of a length begin before End.
func (d *drawer) periods(step time.Duration) int {
	return int((d.End.Sub(d.Start) + step - 1) / step)
}

// instanceID is an id for one of a subject's instances.
func (d *drawer) instanceID(subject string, n int) string {
	return fmt.Sprintf("i-0%016x", d.random("instance", subject, fmt.Sprint(n)).Uint64())
}

func (d *drawer) subject(kind, name string) {
	d.Subjects = append(d.Subjects, Subject{Kind: kind, Name: name})
}

// dims is a list of dimensions from names and values in turn.
func dims(pairs ...string) []account.Dim {
	out := make([]account.Dim, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, account.Dim{Name: pairs[i], Value: pairs[i+1]})
	}
	return out
}

// with is dims and some more.
func with(base []account.Dim, pairs ...string) []account.Dim {
	return append(append([]account.Dim(nil), base...), dims(pairs...)...)
}

// metric names one series to draw.
type metric struct {
	space, name, unit string
	dims              []account.Dim
	step              time.Duration // publish period; 0 is a minute
	from, to          time.Time     // when it is published; zero is the whole estate
}

// pen collects the raw values of one point after the other. Its memory comes in
// large pieces, since a series has thousands of small points.
type pen struct {
	values, counts []float32
	from           int
	counted        bool
}

// penPiece is how many values are allocated at once.
const penPiece = 4096

// put adds a value that was published once.
func (p *pen) put(v float64) { p.times(v, 1) }

// times adds a value that was published n times.
func (p *pen) times(v float64, n int) {
	if n <= 0 {
		return
	}
	if len(p.values) == cap(p.values) {
		p.grow()
	}
	p.values = append(p.values, float32(v))
	p.counts = append(p.counts, float32(n))
	p.counted = p.counted || n != 1
}

// grow moves the point that is being drawn to a new piece.
func (p *pen) grow() {
	size := max(penPiece, 4*(len(p.values)-p.from))
	values, counts := make([]float32, 0, size), make([]float32, 0, size)
	p.values, p.counts = append(values, p.values[p.from:]...), append(counts, p.counts[p.from:]...)
	p.from = 0
}

// cut ends a point; false when nothing was put.
func (p *pen) cut(at time.Time) (account.Point, bool) {
	n := len(p.values)
	if n == p.from {
		return account.Point{}, false
	}
	point := account.Point{Time: at, Values: p.values[p.from:n:n]}
	if p.counted {
		point.Counts = p.counts[p.from:n:n]
	}
	p.from, p.counted = n, false
	return point, true
}

// draw publishes a series: point is called with the number of each period since
// Start, and puts what was measured in it; nothing leaves the period out.
func (d *drawer) draw(m metric, p *pen, point func(i int)) {
	if m.step == 0 {
		m.step = time.Minute
	}
	n := d.periods(m.step)
	s := account.Series{Namespace: m.space, Name: m.name, Dims: m.dims, Unit: m.unit, Resolution: m.step}
	s.Points = make([]account.Point, 0, n)
	for i := range n {
		at := d.Start.Add(time.Duration(i) * m.step)
		if at.Before(m.from) || !m.to.IsZero() && !at.Before(m.to) {
			continue
		}
		point(i)
		if one, ok := p.cut(at); ok {
			s.Points = append(s.Points, one)
			d.Truth.Values += int64(len(one.Values))
		}
	}
	if len(s.Points) > 0 {
		d.Truth.Points += int64(len(s.Points))
		d.Account.Metrics = append(d.Account.Metrics, s)
	}
}
