package statistic

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// Stat is one statistic, as its name says.
type Stat struct {
	kind    kind
	percent bool    // low and high are percentages of the count, not values
	low     float64 // lower bound; for a percentile, the percentage
	high    float64
}

type kind int

const (
	sampleCount kind = iota
	sum
	average
	minimum
	maximum
	percentile
	trimmedMean
	winsorizedMean
	trimmedCount
	trimmedSum
	percentileRank
)

// Forms of the parametric statistics. Source: CloudWatch user guide,
// "CloudWatch statistics definitions".
var (
	shortForm = regexp.MustCompile(`^(p|tm|wm|tc|ts)(\d{1,3}(?:\.\d{0,10})?)$`)
	longForm  = regexp.MustCompile(`^(TM|WM|TC|TS|PR)\((-?\d+(?:\.\d+)?%?)?:(-?\d+(?:\.\d+)?%?)?\)$`)
)

// Parse reads a statistic's name: SampleCount, Sum, Average, Minimum, Maximum,
// p99.9, IQM, tm90, TM(2%:98%), WM, TC, TS and PR likewise.
func Parse(name string) (Stat, error) {
	switch name {
	case "SampleCount":
		return Stat{kind: sampleCount}, nil
	case "Sum":
		return Stat{kind: sum}, nil
	case "Average":
		return Stat{kind: average}, nil
	case "Minimum":
		return Stat{kind: minimum}, nil
	case "Maximum":
		return Stat{kind: maximum}, nil
	case "IQM":
		return Stat{kind: trimmedMean, percent: true, low: 25, high: 75}, nil
	}
	if m := shortForm.FindStringSubmatch(name); m != nil {
		return parseShort(name, m[1], m[2])
	}
	if m := longForm.FindStringSubmatch(name); m != nil && m[2]+m[3] != "" {
		return parseLong(name, m[1], m[2], m[3])
	}
	return Stat{}, fmt.Errorf("%q is not a statistic", name)
}

// Extended reports whether GetMetricStatistics takes the statistic in
// ExtendedStatistics rather than in Statistics.
func (s Stat) Extended() bool { return s.kind >= percentile }

func kindOf(prefix string) kind {
	switch strings.ToLower(prefix) {
	case "p":
		return percentile
	case "tm":
		return trimmedMean
	case "wm":
		return winsorizedMean
	case "tc":
		return trimmedCount
	case "ts":
		return trimmedSum
	}
	return percentileRank
}

func parseShort(name, prefix, number string) (Stat, error) {
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || v > 100 {
		return Stat{}, fmt.Errorf("%q: a percentage is between 0 and 100", name)
	}
	s := Stat{kind: kindOf(prefix), percent: true, high: v}
	if s.kind == percentile {
		s.low = v
	}
	return s, nil
}

func parseLong(name, prefix, low, high string) (Stat, error) {
	s := Stat{kind: kindOf(prefix), percent: strings.HasSuffix(low+high, "%")}
	if low != "" && high != "" && strings.HasSuffix(low, "%") != strings.HasSuffix(high, "%") {
		return Stat{}, fmt.Errorf("%q: both bounds must be percentages or neither", name)
	}
	if s.percent && s.kind == percentileRank {
		return Stat{}, fmt.Errorf("%q: percentile rank takes values, not percentages", name)
	}
	s.low, s.high = math.Inf(-1), math.Inf(1)
	if s.percent {
		s.low, s.high = 0, 100
	}
	for _, bound := range []struct {
		text string
		to   *float64
	}{{low, &s.low}, {high, &s.high}} {
		if bound.text == "" {
			continue
		}
		v, err := strconv.ParseFloat(strings.TrimSuffix(bound.text, "%"), 64)
		if err != nil || (s.percent && (v < 0 || v > 100)) {
			return Stat{}, fmt.Errorf("%q: bound %s is out of range", name, bound.text)
		}
		*bound.to = v
	}
	if s.low >= s.high {
		return Stat{}, fmt.Errorf("%q: the lower bound is not below the upper", name)
	}
	return s, nil
}

// Of is the statistic of a set. The second result is false when there is none:
// the set is empty, nothing is left after trimming, or the statistic needs
// ranks and a value is negative (CloudWatch has no percentiles then).
func (s Stat) Of(set *Set) (float64, bool) {
	if set.Empty() {
		return 0, false
	}
	switch s.kind {
	case sampleCount:
		return set.n, true
	case sum:
		return set.sum, true
	case average:
		return set.sum / set.n, true
	case minimum:
		return set.min, true
	case maximum:
		return set.max, true
	case percentile:
		if set.min < 0 {
			return 0, false
		}
		return set.percentile(s.low), true
	default:
		if set.min < 0 {
			return 0, false
		}
		return s.trimmed(set)
	}
}

// trimmed computes the statistics that cut the set at two ranks.
func (s Stat) trimmed(set *Set) (float64, bool) {
	from, to := set.n*s.low/100, set.n*s.high/100
	if !s.percent {
		from, to = set.atMost(s.low), set.atMost(s.high)
	}
	kept := to - from
	switch s.kind {
	case percentileRank:
		return 100 * kept / set.n, true
	case trimmedCount:
		return kept, true
	case trimmedSum:
		return set.sumBetween(from, to), true
	case winsorizedMean:
		if kept <= 0 {
			return 0, false
		}
		// What was cut off counts as the nearest value that was kept.
		outside := from*set.at(from) + (set.n-to)*set.at(math.Ceil(to)-1)
		return (set.sumBetween(from, to) + outside) / set.n, true
	default: // the trimmed mean
		if kept <= 0 {
			return 0, false
		}
		return set.sumBetween(from, to) / kept, true
	}
}
