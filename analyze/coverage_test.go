package analyze

import (
	"math"
	"testing"
	"time"

	"sizewise/analyze/finding"
)

func TestOwnSpacing(t *testing.T) {
	for name, tt := range map[string]struct {
		period, points, want int
		spacing              float64
		span                 time.Duration
		wantPeriod, wantWant int
	}{
		"every period":          {60, 46, 46, 60, 45 * time.Minute, 60, 46},
		"every fifth, complete": {60, 10, 46, 300, 45 * time.Minute, 300, 10},
		"every fifth, one lost": {60, 9, 46, 300, 45 * time.Minute, 300, 10},
		"every fifth, few":      {60, 4, 46, 300, 45 * time.Minute, 60, 46},
		"stops early":           {60, 5, 60, 300, 20 * time.Minute, 300, 12},
		"no multiple":           {60, 10, 46, 290, 45 * time.Minute, 60, 46},
		"two points":            {60, 2, 46, 300, 5 * time.Minute, 60, 46},
		"one point":             {60, 1, 46, math.NaN(), 0, 60, 46},
		"one lost of every":     {60, 45, 46, 60, 45 * time.Minute, 60, 46},
		"spacing of a fraction": {60, 10, 46, 300.5, 45 * time.Minute, 60, 46},
	} {
		got := ownSpacing(finding.SeriesCoverage{PeriodS: tt.period, Points: tt.points, Want: tt.want}, tt.spacing, tt.span)
		if got.PeriodS != tt.wantPeriod || got.Want != tt.wantWant {
			t.Errorf("%s: %d points wanted every %d s, want %d every %d s", name, got.Want, got.PeriodS, tt.wantWant, tt.wantPeriod)
		}
	}
}
