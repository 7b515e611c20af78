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
		lines = []string{fmt.Sprintf("Nothing is missing for %s: every question about it has an answer.", s.instanceType())}
	}
	return append(lines, nonEmpty([]string{s.otherTest()})...)
}

// otherTest is the test that tells what another instance type takes.
func (s *scribe) otherTest() string {
	o := s.set.OtherTypes
	if o == nil || len(o.Stages) == 0 {
		return ""
	}
	var rates []string
	for _, stage := range o.Stages {
		rates = append(rates, exact(stage.RPS))
	}
	first, last := o.Stages[0].Minutes, o.Stages[len(o.Stages)-1].Minutes
	return fmt.Sprintf("To learn what another instance type takes, serve the same model in the same container from one instance of a type of the table below, and offer it %s requests/s, %d minutes each and the last for %d, until answers fall behind requests. The rates are a range to find its limit in, no prediction. %s sets the two tests side by side.",
		list(rates), first, last, code("sizewise compare"))
}

func (s *scribe) anyUtilization() bool {
	for _, r := range resources() {
		if anyKnown(s.series(r.busy)) {
			return true
		}
	}
	return false
}

// higherTest is the test that would answer what this one could not.
func (s *scribe) higherTest() string {
	if s.set.Answers.Capacity.Status == "" {
		return ""
	}
	n := s.set.Next
	if n == nil || len(n.Stages) == 0 {
		if s.set.Answers.Capacity.Status == finding.Measured {
			return ""
		}
		return fmt.Sprintf("Run a load test of at least five rising steps of %d minutes, the last held for %d.", stepMinutes, plateauMinutes)
	}
	var rates []string
	for _, stage := range n.Stages {
		rates = append(rates, exact(stage.RPS))
	}
	first, last := n.Stages[0].Minutes, n.Stages[len(n.Stages)-1].Minutes
	return fmt.Sprintf("To measure %s, offer %s requests/s to %s, %d minutes each and the last for %d. %s Stop when answers fall behind requests.",
		s.openQuestions(n.Answers), list(rates), s.fleet(float64(n.Instances)), first, last, sentence(n.Why))
}

func (s *scribe) fleet(k float64) string {
	if k == 1 {
		return "the one instance"
	}
	return "the " + plural(k, "instance") + " together"
}

func (s *scribe) openQuestions(answers []string) string {
	words := map[string]string{"capacity": "the capacity", "slo_rate": "the rate within the SLO"}
	var out []string
	for _, a := range answers {
		if w, ok := words[a]; ok {
			out = append(out, w)
		}
	}
	if len(out) == 0 {
		return "what is open"
	}
	return list(out)
}

// nextStages are the stages of the test to run next: of the tested type, and
// where nothing is left to ask of that, of the candidates.
func (s *scribe) nextStages() []finding.Stage {
	if n := s.set.Next; n != nil && len(n.Stages) > 0 {
		return n.Stages
	}
	if o := s.set.OtherTypes; o != nil {
		return o.Stages
	}
	return nil
}

// k6Intro says which test the stages are.
func (s *scribe) k6Intro() string {
	if n := s.set.Next; n != nil && len(n.Stages) > 0 {
		return fmt.Sprintf("The test of %s for k6, in requests a minute:", s.instanceType())
	}
	return "The test of another type for k6, in requests a minute:"
}

// k6Stages are the stages of the next test as a k6 script has them.
func (s *scribe) k6Stages() string {
	stages := s.nextStages()
	if len(stages) == 0 {
		return ""
	}
	var b strings.Builder
	perMinute := func(rps finding.Number) int64 { return int64(math.Round(float64(rps) * 60)) }
	fmt.Fprintf(&b, "export const options = { scenarios: { next: {\n")
	fmt.Fprintf(&b, "  executor: 'ramping-arrival-rate', timeUnit: '1m', preAllocatedVUs: %d,\n", s.usersAt(stages[len(stages)-1].RPS, 4))
	fmt.Fprintf(&b, "  startRate: %d,\n  stages: [\n", perMinute(stages[0].RPS))
	for i, stage := range stages {
		if i > 0 {
			fmt.Fprintf(&b, "    { target: %d, duration: '0s' },\n", perMinute(stage.RPS))
		}
		fmt.Fprintf(&b, "    { target: %d, duration: '%dm' },\n", perMinute(stage.RPS), stage.Minutes)
	}
	b.WriteString("  ],\n} } };")
	return b.String()
}

// usersAt is how many requests are under way at a rate of the fleet, by Little's
// law with the longest latency that was seen, times a reserve.
func (s *scribe) usersAt(rps finding.Number, reserve float64) int {
	longest, other := 0.0, s.set.Next == nil
	for _, step := range s.set.Steps {
		if other && step.Saturated {
			continue // another type's test ends where answers fall behind
		}
		if l := float64(step.ModelMean) + orZero(step.Overhead); known(l) && l > longest {
			longest = l
		}
	}
	return int(math.Max(1, math.Ceil(float64(rps)*longest*reserve)))
}

func orZero(n finding.Number) float64 {
	if !n.Known() {
		return 0
	}
	return float64(n)
}

// stairs is the next test as the traffic pattern of an Inference Recommender
// job. Its users wait for their answers, so that the rates follow from latency;
// the stages' own are for open clients.
func (s *scribe) stairs() string {
	stages := s.nextStages()
	if len(stages) == 0 {
		return ""
	}
	steps := len(stages)
	users := int(math.Ceil(float64(s.usersAt(stages[steps-1].RPS, 1)) / float64(steps)))
	return fmt.Sprintf(`"TrafficPattern": { "TrafficType": "STAIRS", "Stairs": { "DurationInSeconds": %d, "NumberOfSteps": %d, "UsersPerStep": %d } }`,
		stages[0].Minutes*60, steps, users)
}
