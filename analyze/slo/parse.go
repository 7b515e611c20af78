package slo

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// example is what every parse error shows as a form that would be right.
const example = `for example "p99<200ms, errors<0.1%, cpu<70%"`

// Parse reads objectives separated by commas. Limits of latency and age take us,
// ms, s, min or h; all others take %. The empty string is an SLO that asks for nothing. The
// error names the objective that is wrong and shows the right form.
func Parse(s string) (SLO, error) {
	if strings.TrimSpace(s) == "" {
		return SLO{}, nil
	}
	var out SLO
	for _, part := range strings.Split(s, ",") {
		o, err := parseObjective(strings.TrimSpace(part))
		if err != nil {
			return SLO{}, fmt.Errorf("SLO %q: %w", s, err)
		}
		if _, twice := out.Find(o.Metric); twice {
			return SLO{}, fmt.Errorf("SLO %q: %s is limited twice", s, o.Metric)
		}
		out.Objectives = append(out.Objectives, o)
	}
	return out, nil
}

func parseObjective(s string) (Objective, error) {
	if s == "" {
		return Objective{}, fmt.Errorf("an objective is empty: want METRIC<LIMIT, %s", example)
	}
	name, limit, ok := strings.Cut(s, "<")
	if !ok {
		return Objective{}, fmt.Errorf("objective %q has no < or <=: want METRIC<LIMIT, %s", s, example)
	}
	limit, orEqual := strings.CutPrefix(limit, "=")
	m, err := parseMetric(strings.ToLower(strings.TrimSpace(name)))
	if err != nil {
		return Objective{}, err
	}
	o := Objective{Metric: m, OrEqual: orEqual}
	if m.isTime() {
		o.Limit, err = parseSeconds(strings.TrimSpace(limit), m)
	} else {
		o.Limit, err = parseRatio(strings.TrimSpace(limit))
	}
	if err != nil {
		return Objective{}, fmt.Errorf("objective %q: %w", s, err)
	}
	return o, nil
}

func parseMetric(name string) (Metric, error) {
	switch m := Metric(name); m {
	case P50, P90, P95, P99, Mean, Max, Errors, Errors4XX, Errors5XX, CPU, GPU, GPUMemory, Memory, Disk, Age:
		return m, nil
	}
	return "", fmt.Errorf("unknown metric %q: want p50, p90, p95, p99, mean or max (of ModelLatency), errors, 4xx, 5xx, cpu, gpu, gpu_memory, memory, disk or age (of the oldest request of an asynchronous endpoint), %s", name, example)
}

func parseSeconds(s string, m Metric) (float64, error) {
	for _, u := range []struct {
		suffix string
		scale  float64
	}{{"us", 1e-6}, {"µs", 1e-6}, {"ms", 1e-3}, {"s", 1}, {"min", 60}, {"h", 3600}} {
		digits, ok := strings.CutSuffix(s, u.suffix)
		if !ok {
			continue
		}
		x, err := parsePositive(strings.TrimSpace(digits))
		if err != nil {
			return 0, err
		}
		most, named := 3600.0, "1 hour"
		if m == Age {
			most, named = 24*3600, "a day"
		}
		if x *= u.scale; x < 1e-9 || x > most {
			return 0, fmt.Errorf("limit %q is not between 1 nanosecond and %s", s, named)
		}
		return x, nil
	}
	return 0, fmt.Errorf("limit %q needs a unit: us, ms, s, min or h", s)
}

func parseRatio(s string) (float64, error) {
	digits, ok := strings.CutSuffix(s, "%")
	if !ok {
		return 0, fmt.Errorf("limit %q needs a %% sign, for example 0.1%%", s)
	}
	x, err := parsePositive(strings.TrimSpace(digits))
	if err != nil {
		return 0, err
	}
	if x > 100 || x < 1e-6 {
		return 0, fmt.Errorf("limit %q is not between 0.000001 %% and 100 %%", s)
	}
	return x / 100, nil
}

// parsePositive reads a plain decimal number; strconv alone would also take
// hexadecimal, underscores, Inf and NaN.
func parsePositive(s string) (float64, error) {
	if s == "" || strings.Trim(s, "0123456789.") != "" {
		return 0, fmt.Errorf("%q is not a number", s)
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, fmt.Errorf("%q is not a number", s)
	}
	if x <= 0 || math.IsInf(x, 0) {
		return 0, fmt.Errorf("limit %q is not above zero", s)
	}
	return x, nil
}
