package report

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sizewise/analyze/finding"
)

func TestGroups(t *testing.T) {
	groups := newScribe(saturatedGPU(), Options{}).groups()
	var all []int
	for _, g := range groups {
		all = append(all, g.steps...)
	}
	if len(groups) > maxGroups || !slices.Equal(all, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}) {
		t.Errorf("groups %v do not hold every step once", groups)
	}
}

// TestLevelsHoldEveryStepOnce holds for any rates that levels are few, apart,
// ascending, and right about what is in them.
func TestLevelsHoldEveryStepOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.OneOf(rapid.Float64Range(0, 1e5), rapid.Float64Range(99.9, 100.1), rapid.Just(math.NaN()))
		var set finding.Set
		for _, r := range rapid.SliceOfN(rate, 1, 200).Draw(t, "rates") {
			set.Steps = append(set.Steps, finding.Step{OfferedRPS: finding.Number(r)})
		}
		levels := newScribe(set, Options{}).levels()
		if len(levels) > maxLevels+2 {
			t.Fatalf("%d levels", len(levels))
		}
		seen := make([]int, len(set.Steps))
		for k, l := range levels {
			if k > 0 && l.lo < levels[k-1].hi*(1-1e-9) {
				t.Fatalf("level %v overlaps %v", l, levels[k-1])
			}
			for _, i := range l.steps {
				seen[i]++
				r := float64(set.Steps[i].OfferedRPS)
				if known(r) != known(l.lo) || r < l.lo*(1-1e-9) || r > l.hi*(1+1e-9) {
					t.Fatalf("a step at %v in level %v to %v", r, l.lo, l.hi)
				}
			}
		}
		if slices.ContainsFunc(seen, func(n int) bool { return n != 1 }) {
			t.Fatalf("steps seen %v times", seen)
		}
	})
}

func TestMerged(t *testing.T) {
	start := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	step := func(minutes int, p99, errors finding.Number) finding.Step {
		return finding.Step{
			Start: start, End: start.Add(time.Duration(minutes) * time.Minute), Instances: 2, OfferedRPS: 10,
			P99: p99, Errors5XX: errors, CPU: p99, LogErrors: minutes,
		}
	}
	set := finding.Set{Steps: []finding.Step{step(10, 0.1, 0.02), step(30, 0.9, 0), step(10, 0.2, finding.Missing()), step(10, finding.Missing(), 0)}}
	got := newScribe(set, Options{}).merged(level{steps: []int{0, 1, 2, 3}}, 1)
	for name, pair := range map[string][2]finding.Number{
		"p99, the median":           {got.P99, 0.2},
		"5xx, by requests":          {got.Errors5XX, 0.004},
		"CPU, the mean":             {got.CPU, 0.4},
		"instances":                 {got.Instances, 2},
		"error lines, their number": {finding.Number(got.LogErrors), 60},
	} {
		if math.Abs(float64(pair[0]-pair[1])) > 1e-12 {
			t.Errorf("%s: %v, want %v", name, pair[0], pair[1])
		}
	}
}

// TestManyStepsStayReadable holds that a month with more than a thousand load
// steps gives tables that fit a page and say that they were put together.
func TestManyStepsStayReadable(t *testing.T) {
	set := thirtyDays()
	if len(set.Steps) < 1000 {
		t.Fatalf("%d steps, want a thousand", len(set.Steps))
	}
	s := newScribe(set, Options{})
	steps := s.stepTable()
	if n := len(steps.Rows); n < 3 || n > maxLevels+2 {
		t.Errorf("the table of steps has %d rows", n)
	}
	if !strings.Contains(steps.Note, "1,440 steps, put together") || !strings.Contains(steps.Note, "findings.json has every step") {
		t.Errorf("the note does not say what was done: %s", steps.Note)
	}
	for _, row := range s.templates().Rows {
		if len(row) > maxGroups+6 {
			t.Errorf("the table of templates has %d columns", len(row))
		}
	}
	markdown, err := s.markdown(s.figures())
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(markdown), "\n"); n > 200 {
		t.Errorf("the report has %d lines", n)
	}
}
