package report

import (
	"math"
	"strconv"
	"strings"

	"sizewise/analyze/finding"
)

// unknown is written where a number is missing.
const unknownText = "unknown"

// A number is a float64 or a finding.Number.
type number interface{ ~float64 }

// known reports whether v is a finite number.
func known[N number](v N) bool { return !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0) }

// fixed writes v with the given decimals and thousands separators.
func fixed[N number](v N, decimals int) string {
	if !known(v) {
		return unknownText
	}
	s := strconv.FormatFloat(float64(v), 'f', decimals, 64)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if strings.Trim(whole, "0.,") == "" {
		sign = ""
	}
	return sign + whole
}

// decimalsFor is the number of decimals that shows v with n significant digits.
func decimalsFor(v float64, n int) int {
	v = math.Abs(v)
	if !known(v) || v == 0 {
		return 0
	}
	return min(max(n-1-int(math.Floor(math.Log10(v)+1e-12)), 0), 9)
}

// plain writes v with three significant digits, without trailing zeros after
// the point.
func plain[N number](v N) string {
	s := fixed(v, decimalsFor(float64(v), 3))
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// exact writes a number that was given rather than measured: as it was given, up
// to six decimals.
func exact[N number](v N) string {
	if !known(v) {
		return unknownText
	}
	rounded := math.Round(float64(v)*1e6) / 1e6
	_, fraction, _ := strings.Cut(strconv.FormatFloat(rounded, 'f', -1, 64), ".")
	return fixed(rounded, len(fraction))
}

// whole writes a count.
func whole[N number](v N) string { return fixed(math.Round(float64(v)), 0) }

// percent writes a ratio as a percentage with up to three significant digits;
// utilization is whole percent from ten up.
func percent[N number](ratio N) string {
	if !known(ratio) {
		return unknownText
	}
	v := float64(ratio) * 100
	switch {
	case v == 0:
		return "0 %"
	case math.Abs(v) >= 10:
		return fixed(v, 0) + " %"
	case math.Abs(v) >= 1:
		return trimmed(fixed(v, 1)) + " %"
	default:
		return trimmed(fixed(v, decimalsFor(v, 2))) + " %"
	}
}

func trimmed(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

// intervalDecimals is how many decimals an interval deserves: two digits of a
// narrow one, whole units of a wide one, and never more than five significant
// digits of the value.
func intervalDecimals(value, lo, hi float64) int {
	width := hi - lo
	if !known(width) || width <= 0 {
		return decimalsFor(value, 3)
	}
	d := 1 - int(math.Floor(math.Log10(width)))
	return min(max(d, 0), max(decimalsFor(value, 5), 0))
}

// span writes an interval, or nothing where there is none or it has no width.
func span(value, lo, hi float64) string {
	if !known(lo) || !known(hi) || lo == hi {
		return ""
	}
	d := intervalDecimals(value, lo, hi)
	return fixed(lo, d) + "–" + fixed(hi, d)
}

// withSpan writes "142.3 UNIT (139.1–145.2)".
func withSpan(value, lo, hi float64, unit string) string {
	s := valueOf(value, lo, hi)
	if unit != "" {
		s += " " + unit
	}
	if i := span(value, lo, hi); i != "" {
		s += " (" + i + ")"
	}
	return s
}

// valueOf writes the value as precisely as its interval allows.
func valueOf(value, lo, hi float64) string {
	if span(value, lo, hi) == "" {
		return plain(value)
	}
	return fixed(value, intervalDecimals(value, lo, hi))
}

// seconds writes a duration given in seconds with a fitting unit.
func seconds[N number](s N) string {
	if !known(s) {
		return unknownText
	}
	if s == 0 {
		return "0 ms"
	}
	unit, scale := timeUnit(float64(s))
	return plain(float64(s)*scale) + " " + unit
}

// timeUnit is the unit that fits a duration in seconds, and how many of it a
// second has.
func timeUnit(s float64) (unit string, scale float64) {
	switch v := math.Abs(s); {
	case v < 1e-3:
		return "µs", 1e6
	case v < 10:
		return "ms", 1e3
	case v < 600:
		return "s", 1
	case v < 36000:
		return "min", 1.0 / 60
	default:
		return "h", 1.0 / 3600
	}
}

// secondsSpan writes two durations with one unit where they share it.
func secondsSpan[N number](lo, hi N) string {
	a, b := seconds(lo), seconds(hi)
	from, unit, _ := strings.Cut(a, " ")
	if _, other, _ := strings.Cut(b, " "); other != unit {
		return a + "–" + b
	}
	return from + "–" + b
}

// unitText is how a unit of an estimate is written behind its value.
func unitText(unit string) string {
	switch unit {
	case "requests/s/instance", "requests/s":
		return "requests/s"
	case "invocations/instance/minute":
		return "invocations/instance/minute"
	case "instances", "ratio", "":
		return ""
	default:
		return unit
	}
}

// estimateText writes an estimate's value in the words of its status.
func estimateText(e finding.Estimate) string {
	if e.Status == finding.Unanswerable || !e.Value.Known() {
		return "no answer"
	}
	if e.Status == finding.AtLeast && e.Unit == "ratio" && e.Value < 0 {
		return "unknown; by the lower bound the peak asks " + percent(-e.Value) + " more than it holds"
	}
	var s string
	switch e.Unit {
	case "ratio":
		s = ratioText(e)
	case "instances", "invocations/instance/minute":
		s = strings.TrimSpace(countText(e) + " " + unitText(e.Unit))
	case "USD", "USD/hour":
		s = moneyText(e)
	default:
		s = withSpan(float64(e.Value), float64(e.Lo), float64(e.Hi), unitText(e.Unit))
	}
	if e.Status == finding.AtLeast {
		return "at least " + s
	}
	return s
}

func ratioText(e finding.Estimate) string {
	if e.Value < 0 {
		return "none; the peak asks " + percent(-float64(e.Value)) + " more than it holds"
	}
	s := percent(float64(e.Value))
	if e.Lo.Known() && e.Hi.Known() && e.Lo != e.Hi {
		s += " (" + percent(float64(e.Lo)) + " to " + percent(float64(e.Hi)) + ")"
	}
	return strings.ReplaceAll(s, "-", "−")
}

// countText writes whole numbers with their interval.
func countText(e finding.Estimate) string {
	s := whole(float64(e.Value))
	if e.Lo.Known() && e.Hi.Known() && e.Lo != e.Hi && e.Lo != e.Value {
		s += " (" + whole(float64(e.Lo)) + "–" + whole(float64(e.Hi)) + ")"
	}
	return s
}
