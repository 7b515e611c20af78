package report

import (
	"fmt"
	"math"
	"strings"

	"sizewise/analyze/finding"
)

// How a load test is best cut: the first minute of a step is dropped, and a
// plateau is read over ten.
const (
	stepMinutes    = 5
	plateauMinutes = 12
)

// next are the tests and inputs that would turn refusals into answers.
func (s *scribe) next() []string {
	t := s.set.Tested
	lines := []string{s.higherTest()}
	if t.ClosedLoop {
		lines = append(lines, "Send requests at a fixed rate (open loop) instead of from clients that wait for their answer: only then does the offered rate stay while the endpoint falls behind.")
	}
	if s.set.Options.SLO == "" {
		lines = append(lines, "Give the latency that counts, for example "+code("--slo 'p99<200ms, errors<0.1%'")+": without it, nothing here can say which rate is good enough.")
	}
	if !s.set.Options.PeakRPS.Known() {
		lines = append(lines, "Give the traffic to size for, for example "+code("--peak-rps 400")+".")
	}
	if !s.hasLogs() {
		lines = append(lines, "Read the container's log group as well: without it, errors cannot be explained.")
	}
	if !s.anyUtilization() {
		lines = append(lines, "Instance metrics (CPU, GPU, memory) are missing; without them neither the bottleneck nor an extrapolation is possible.")
	}
	lines = nonEmpty(lines)
	if len(lines) == 0 {
		return []string{fmt.Sprintf("Nothing is missing for %s: every question above has an answer.", s.instanceType())}
	}
	return lines
}

func (s *scribe) anyUtilization() bool {
	for _, r := range resources() {
		if anyKnown(s.series(r.busy)) {
			return true
		}
	}
	return false
}

// higherTest proposes the steps that would answer what this test could not.
func (s *scribe) higherTest() string {
	a := s.set.Answers
	if a.Capacity.Status == "" {
		return ""
	}
	capacityOpen := a.Capacity.Status != finding.Measured
	sloOpen := s.set.Options.SLO != "" && a.SLORate.Status != finding.Measured
	if !capacityOpen && !sloOpen {
		return ""
	}
	rates := s.proposed()
	if len(rates) == 0 {
		return fmt.Sprintf("Run a load test of at least five rising steps of %d minutes, the last held for %d.", stepMinutes, plateauMinutes)
	}
	var each, fleet []string
	k := s.instancesNow()
	for _, r := range rates {
		each = append(each, exact(r))
		fleet = append(fleet, exact(r*k))
	}
	out := fmt.Sprintf("To measure %s: offer %s requests/s per instance", s.openQuestions(capacityOpen, sloOpen), list(each))
	if k > 1 {
		out += fmt.Sprintf(" (%s for the %s of now)", strings.Join(fleet, ", "), plural(k, "instance"))
	}
	return out + fmt.Sprintf(", %d minutes each, the last for %d: the first minute of a step is not used, and a plateau is read over ten. Stop when answers fall behind requests.", stepMinutes, plateauMinutes)
}

func (s *scribe) openQuestions(capacity, slo bool) string {
	switch {
	case capacity && slo:
		return "the capacity and the rate within the SLO"
	case capacity:
		return "the capacity instead of " + insteadOf(s.set.Answers.Capacity.Status)
	default:
		return "the rate within the SLO"
	}
}

func insteadOf(st finding.Status) string {
	switch st {
	case finding.Extrapolated:
		return "extrapolating it"
	case finding.AtLeast:
		return "a lower bound"
	default:
		return "refusing it"
	}
}

// proposed are rates per instance that bracket what is not known: up to beyond an
// extrapolated capacity, or upwards from the highest rate that was served. Rates
// that were served already are not proposed again, unless the data did not carry
// even a lower bound.
func (s *scribe) proposed() []float64 {
	served, e := s.highestServed(), s.set.Answers.Capacity
	if !known(served) || served <= 0 {
		return nil
	}
	parts, around := []float64{1, 1.5, 2, 2.5, 3}, served
	if e.Status == finding.Extrapolated && e.Value.Known() {
		parts, around = []float64{0.7, 0.85, 1, 1.15, 1.3}, float64(e.Value)
	}
	if !e.Value.Known() {
		parts, served = []float64{0.5, 1, 1.5, 2, 2.5}, 0
	}
	var out []float64
	for _, p := range parts {
		if r := tidy(around * p); r >= served && (len(out) == 0 || r > out[len(out)-1]) {
			out = append(out, r)
		}
	}
	for len(out) < 5 {
		top := served
		if len(out) > 0 {
			top = out[len(out)-1]
		}
		r := tidy(top * 1.25)
		if r <= top {
			return out
		}
		out = append(out, r)
	}
	return out
}

func (s *scribe) instancesNow() float64 {
	return math.Max(1, math.Round(currentOr(s.set.Answers.Instances, s.set.Tested.InstancesLast)))
}
