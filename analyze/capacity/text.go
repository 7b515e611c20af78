package capacity

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

func sprintf(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// figure prints x with three or four significant digits: whole, with thousands
// apart, from 1000 on, and without a fraction that says nothing.
func figure(x float64) string {
	switch {
	case !known(x):
		return "unknown"
	case math.Abs(x) >= 1000:
		return whole(x)
	case math.Abs(x) >= 100:
		return strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0")
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}

// whole prints x rounded, with a comma between thousands.
func whole(x float64) string {
	if !known(x) {
		return "unknown"
	}
	digits := strconv.FormatFloat(math.Round(x), 'f', 0, 64)
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// percent prints a ratio as a percentage.
func percent(x float64) string {
	switch p := 100 * x; {
	case !known(x):
		return "unknown"
	case math.Abs(p) >= 10:
		return strconv.FormatFloat(p, 'f', 0, 64) + " %"
	default:
		return strconv.FormatFloat(p, 'g', 2, 64) + " %"
	}
}

// milliseconds prints seconds as milliseconds.
func milliseconds(s float64) string { return figure(s*1000) + " ms" }

// upper is a resource's name as it stands in a sentence.
func upper(name string) string {
	switch name {
	case "cpu", "gpu":
		return strings.ToUpper(name)
	case "gpu_memory":
		return "GPU memory"
	}
	return name
}

// sentence makes a clause a sentence.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// workersAre begins a sentence about w workers.
func workersAre(w int) string {
	if w == 1 {
		return "The one worker is"
	}
	return sprintf("All %d workers are", w)
}
