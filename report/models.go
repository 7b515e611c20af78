package report

import (
	"slices"
	"strings"

	"sizewise/analyze/finding"
)

// modelPrefixes begin the names of the measures of an endpoint that loads
// models on demand.
func modelPrefixes() []string { return []string{"model_", "models_"} }

// models is the table of what is known of models that are loaded on demand;
// without rows for other endpoints.
func (s *scribe) models() table {
	t := s.measureTable()
	t.Rows = nil
	for i := range s.set.Measures {
		if m := &s.set.Measures[i]; s.set.HasAnswers() && ofModels(m) {
			t.Rows = append(t.Rows, []string{prose(m.Label), measureValue(&m.Estimate), prose(howKnown(&m.Estimate))})
		}
	}
	return t
}

func ofModels(m *finding.Measure) bool {
	return slices.ContainsFunc(modelPrefixes(), func(p string) bool { return strings.HasPrefix(m.Name, p) })
}
