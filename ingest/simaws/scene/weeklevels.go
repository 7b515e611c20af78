package scene

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"sizewise/ingest/simaws/account"
)

// put adds a point to a series.
func (w *weeks) put(space, name, unit string, dims []account.Dim, p account.Point) {
	for i := range w.account.Metrics {
		m := &w.account.Metrics[i]
		if m.Namespace == space && m.Name == name && slices.Equal(m.Dims, dims) {
			m.Points = append(m.Points, p)
			return
		}
	}
	w.account.Metrics = append(w.account.Metrics, account.Series{Namespace: space, Name: name, Dims: dims, Unit: unit, Resolution: time.Minute, Points: []account.Point{p}})
}

const weeksStep = 5 // minutes between points

// living is the level of a subject over time: its day, its week, days of their
// own and noise that lasts for hours.
type living struct {
	r                   *rand.Rand
	swing, weekend, day float64
	noise, at           float64
	of                  int
}

func (w *weeks) living(noise float64) *living {
	return &living{r: w.r, swing: w.between(0.2, 0.5), weekend: w.between(0.6, 1), noise: noise, of: -1}
}

// level is a factor around one at minute i.
func (l *living) level(start time.Time, i int) float64 {
	at := start.Add(time.Duration(i) * time.Minute)
	if day := i / (24 * 60); day != l.of {
		l.of, l.day = day, l.noise*l.r.NormFloat64()
	}
	l.at = 0.96*l.at + 0.28*l.noise*l.r.NormFloat64() // lasts two hours
	f := 1 + l.swing*math.Sin(2*math.Pi*(float64(at.Hour())+float64(at.Minute())/60-9)/24)
	if d := at.Weekday(); d == time.Saturday || d == time.Sunday {
		f *= l.weekend
	}
	return f * math.Exp(l.day+l.at)
}

// steps calls for each step of the weeks.
func (w *weeks) steps(each func(i int, t time.Time)) {
	for i := 0; i < w.minutes; i += weeksStep {
		each(i, w.at(i))
	}
}

// series is a series to be filled.
func (w *weeks) series(space, name, unit string, dims []account.Dim) func(t time.Time, values, counts []float32) {
	one := &account.Series{Namespace: space, Name: name, Dims: dims, Unit: unit, Resolution: time.Minute}
	w.account.Metrics = append(w.account.Metrics, *one)
	k := len(w.account.Metrics) - 1
	return func(t time.Time, values, counts []float32) {
		w.account.Metrics[k].Points = append(w.account.Metrics[k].Points, account.Point{Time: t, Values: values, Counts: counts})
	}
}

func ones(hits, all int) (values, counts []float32) {
	if hits > 0 {
		values, counts = append(values, 1), append(counts, float32(hits))
	}
	if all > hits {
		values, counts = append(values, 0), append(counts, float32(all-hits))
	}
	return values, counts
}

// latencies are nine values around a median that stand for n requests.
func latencies(median float64, n int) (values, counts []float32) {
	for j := range 9 {
		p := (float64(j) + 0.5) / 9
		values = append(values, float32(median*math.Exp(0.3*math.Sqrt2*math.Erfinv(2*p-1))))
		counts = append(counts, float32(max(1, n/9)))
	}
	return values, counts
}
