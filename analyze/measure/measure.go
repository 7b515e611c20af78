// Package measure makes the named numbers of a subject from what was published
// minute by minute: each with its interval, or refused with a reason.
package measure

import (
	"fmt"
	"math"
	"slices"

	"sizewise/analyze/finding"
	"sizewise/analyze/stat"
)

// Confidence is that of every interval made here.
const Confidence = 0.95

// Least is from how many values on a level is told with an interval.
const Least = 5

// batches is into how many stretches a series is cut, so that minutes that
// resemble their neighbours do not count as so many.
const batches = 10

// Name says what a number is called and where its rows are.
type Name struct {
	Name   string // stable, see finding.Measure
	Label  string
	Unit   string // as of finding.Estimate
	Better finding.Direction
	Query  string // named query with the rows
}

// Refused is the number that the data does not carry, and why.
func (n Name) Refused(why string) finding.Measure {
	return n.measure(finding.Estimate{
		Status: finding.Unanswerable, Why: why,
		Value: finding.Missing(), Lo: finding.Missing(), Hi: finding.Missing(), Current: finding.Missing(),
	})
}

// Seen is a number that was read off and not inferred, such as the highest of
// n values: its interval is itself.
func (n Name) Seen(value float64, of int, why string) finding.Measure {
	return n.told(stat.Interval{Value: value, Lo: value, Hi: value}, of, "observed", why)
}

// AtLeast is a number that the truth is not below.
func (n Name) AtLeast(value float64, of int, why string) finding.Measure {
	m := n.told(stat.Interval{Value: value, Lo: value, Hi: math.NaN()}, of, "bound", why)
	m.Estimate.Status = finding.AtLeast
	return m
}

// Mean is the mean of a series of minutes, which hold NaN where nothing was
// published. The interval is that of batch means.
func (n Name) Mean(x []float64, why string) finding.Measure {
	x = finite(x)
	if len(x) < Least {
		return n.Refused(tooFew(len(x)))
	}
	return n.told(stat.BatchMeans(x, min(batches, len(x)), Confidence), len(x), "batch_means", why)
}

// Typical is the median of a series of minutes. The interval is that of order
// statistics, for as many independent values as the series is worth by its
// autocorrelation.
func (n Name) Typical(x []float64, why string) finding.Measure {
	x = finite(x)
	if len(x) < Least {
		return n.Refused(tooFew(len(x)))
	}
	phi := min(max(stat.Autocorrelation(x), 0), 0.95)
	worth := max(2, float64(len(x))*(1-phi)/(1+phi))
	half := 1.96 / (2 * math.Sqrt(worth))
	sorted := slices.Sorted(slices.Values(x))
	at := func(p float64) float64 {
		return sorted[min(max(int(math.Round(p*float64(len(sorted)-1))), 0), len(sorted)-1)]
	}
	return n.told(stat.Interval{Value: stat.Median(x), Lo: at(0.5 - half), Hi: at(0.5 + half)}, len(x), "median", why)
}

// Share is a proportion, hits of trials, counted by minute. Its interval is
// Wilson's, widened where whole stretches differ by more than chance: errors
// come together.
func (n Name) Share(hits, trials []float64, why string) finding.Measure {
	h, t, used := counts(hits, trials)
	all := sum(t)
	if all == 0 {
		return n.Refused("Nothing was counted that it could be a share of.")
	}
	iv := stat.Wilson(min(sum(h), all), all, Confidence)
	blocks := stat.Jackknife(len(h), batches, Confidence, func(index []int) float64 {
		part, whole := 0.0, 0.0
		for _, i := range index {
			part, whole = part+h[i], whole+t[i]
		}
		if whole == 0 {
			return math.NaN()
		}
		return part / whole
	})
	if !math.IsNaN(blocks.Lo) {
		iv.Lo, iv.Hi = max(0, min(iv.Lo, blocks.Lo)), min(1, max(iv.Hi, blocks.Hi))
	}
	return n.told(iv, used, "wilson", why)
}

// Repeat is an answer under a name of its own.
func (n Name) Repeat(e finding.Estimate) finding.Measure {
	n.Unit = e.Unit
	if e.Query != "" {
		n.Query = e.Query
	}
	return n.measure(e)
}

// Within is a number with an interval that was found elsewhere.
func (n Name) Within(iv stat.Interval, of int, method, why string) finding.Measure {
	if math.IsNaN(iv.Value) || math.IsNaN(iv.Lo) || math.IsNaN(iv.Hi) {
		return n.Refused(tooFew(of))
	}
	return n.told(iv, of, method, why)
}

func (n Name) told(iv stat.Interval, of int, method, why string) finding.Measure {
	e := finding.Estimate{
		Status: finding.Measured, Value: finding.Number(iv.Value), Lo: finding.Number(iv.Lo), Hi: finding.Number(iv.Hi),
		N: of, Method: method, Why: why, Current: finding.Missing(),
	}
	if iv.Lo != iv.Hi {
		e.Confidence = Confidence
	}
	return n.measure(e)
}

func (n Name) measure(e finding.Estimate) finding.Measure {
	e.Unit, e.Query = n.Unit, n.Query
	return finding.Measure{Name: n.Name, Label: n.Label, Better: n.Better, Estimate: e}
}

func tooFew(n int) string {
	if n == 0 {
		return "Nothing was published that tells it."
	}
	return fmt.Sprintf("%d values are too few for an interval: %d are wanted.", n, Least)
}

func finite(x []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(x), func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
}

// counts are the minutes in which trials were counted; hits that were not
// published with them are none.
func counts(hits, trials []float64) (h, t []float64, used int) {
	for i, n := range trials {
		if !(n > 0) {
			continue
		}
		hit := 0.0
		if i < len(hits) && hits[i] > 0 {
			hit = hits[i]
		}
		h, t = append(h, hit), append(t, n)
	}
	return h, t, len(h)
}

func sum(x []float64) float64 {
	total := 0.0
	for _, v := range x {
		total += v
	}
	return total
}

// Ratio is one sum over another, both by minute, such as the time that a
// request took on average. The interval is that of the jackknife over stretches.
func (n Name) Ratio(part, whole []float64, why string) finding.Measure {
	var p, w []float64
	for i := range whole {
		if whole[i] > 0 && i < len(part) && !math.IsNaN(part[i]) {
			p, w = append(p, part[i]), append(w, whole[i])
		}
	}
	if len(p) < Least {
		return n.Refused(tooFew(len(p)))
	}
	iv := stat.Jackknife(len(p), batches, Confidence, func(index []int) float64 {
		a, b := 0.0, 0.0
		for _, i := range index {
			a, b = a+p[i], b+w[i]
		}
		return a / b
	})
	iv.Lo = max(0, iv.Lo)
	return n.Within(iv, len(p), "jackknife", why)
}
