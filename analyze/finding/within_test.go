package finding_test

import (
	"testing"

	"sizewise/analyze/finding"
)

func TestWithin(t *testing.T) {
	for _, c := range [][4]string{
		{"15 %", "12 %", "18 %", "15 % (12 % to 18 %)"},
		{"15 %", "15 %", "16 %", "15 % (15 % to 16 %)"},
		{"15 %", "15 %", "15 %", "15 %"},
	} {
		if got := finding.Within(c[0], c[1], c[2]); got != c[3] {
			t.Errorf("%q", got)
		}
	}
}
