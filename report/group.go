package report

import (
	"fmt"
	"slices"

	"sizewise/analyze/finding"
)

// maxGroups is how many columns of steps a table of templates has at most.
const maxGroups = 6

// group is load steps that share one column: neighbours in time, or in load
// where there are many.
type group struct {
	level
	lines int64 // of all templates
}

// groups joins steps in which no template moves until at most maxGroups columns
// are left, and then the quietest neighbours.
func (s *scribe) groups() []group {
	perStep := s.stepLines()
	var groups []group
	for _, u := range s.units() {
		g := group{level: u}
		for _, i := range u.steps {
			g.lines += perStep[i]
		}
		if k := len(groups) - 1; k >= 0 && g.lines == 0 && groups[k].lines == 0 {
			groups[k].join(g)
			continue
		}
		groups = append(groups, g)
	}
	for len(groups) > maxGroups {
		groups = joinQuietest(groups)
	}
	return groups
}

// units are what groups are made of: single steps, or levels of load.
func (s *scribe) units() []level {
	if len(s.set.Steps) > manySteps {
		return s.levels()
	}
	var out []level
	for i := range s.set.Steps {
		out = append(out, level{steps: []int{i}})
	}
	return out
}

// join adds the next group to g. Steps without a known rate do not change the
// rates of the others.
func (g *group) join(next group) {
	g.steps = append(g.steps, next.steps...)
	g.lines += next.lines
	if known(next.hi) {
		g.hi = next.hi
	}
}

// joinQuietest joins the two neighbours with the fewest lines between them.
func joinQuietest(groups []group) []group {
	best := 0
	for k := range len(groups) - 1 {
		if groups[k].lines+groups[k+1].lines < groups[best].lines+groups[best+1].lines {
			best = k
		}
	}
	groups[best].join(groups[best+1])
	return slices.Delete(groups, best+1, best+2)
}

// stepLines is how many lines all templates have in each step.
func (s *scribe) stepLines() []int64 {
	out := make([]int64, len(s.set.Steps))
	for i := range s.set.Logs.Templates {
		for k, n := range s.set.Logs.Templates[i].ByStep {
			if k < len(out) {
				out[k] += n
			}
		}
	}
	return out
}

// byStep is how often a template came in the given steps.
func byStep(t *finding.LogTemplate, steps []int) int64 {
	var total int64
	for _, i := range steps {
		if i < len(t.ByStep) {
			total += t.ByStep[i]
		}
	}
	return total
}

// head names the steps of a group, or the rates offered in them.
func (s *scribe) head(g group) string {
	if len(s.set.Steps) > manySteps {
		return "at " + g.rates()
	}
	from, to := s.set.Steps[g.steps[0]].N, s.set.Steps[g.steps[len(g.steps)-1]].N
	if from == to {
		return fmt.Sprintf("step %d", from)
	}
	return fmt.Sprintf("%d–%d", from, to)
}
