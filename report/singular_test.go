package report

import "testing"

// TestOneOfAThing: a count of one has its noun in the singular, a rate keeps its
// unit.
func TestOneOfAThing(t *testing.T) {
	for unit, want := range map[string]string{
		"instances": "1 instance", "copies": "1 copy", "workers": "1 worker", "GiB": "1 GiB", "objects/hour": "1 objects/hour",
	} {
		if got := inUnit(1, unit); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := inUnit(2, "copies"); got != "2 copies" {
		t.Errorf("%q", got)
	}
}
