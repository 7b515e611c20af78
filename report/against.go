package report

import "fmt"

// against is what became of the numbers since the baseline: nothing when none
// was asked for.
func (s *scribe) against() (notes []string, changed, sameLoad table) {
	if s.set.Against == nil || len(s.set.Against.Runs) < 2 {
		return nil, table{}, table{}
	}
	c := newCollator(*s.set.Against, Options{Zone: s.zone})
	notes = []string{
		fmt.Sprintf("The baseline is %s.", c.window(s.set.Against.Runs[0].Window)),
		sentence(s.set.Against.Verdict.Summary),
		"A change is told only when its interval leaves no room for none.",
	}
	return notes, c.contrasts(), c.levels()
}
