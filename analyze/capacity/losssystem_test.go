package capacity

import (
	"math"
	"testing"

	"sizewise/analyze/finding"
)

// Published values of Erlang's loss formula.
func TestErlangB(t *testing.T) {
	for _, tt := range []struct {
		servers       int
		offered, want float64
	}{{1, 1, .5}, {2, 1, .2}, {5, 3, .110054}, {10, 8, .121661}} {
		if got := erlangB(tt.servers, tt.offered); math.Abs(got-tt.want) > 1e-6 {
			t.Errorf("B(%d, %g) = %.6f, want %g", tt.servers, tt.offered, got, tt.want)
		}
	}
}

// Workers without a queue refuse long before they are busy all the time.
func TestLossSystem(t *testing.T) {
	for _, workers := range []int{1, 4, 16} {
		for seed := range uint64(10) {
			l := lab{vcpu: 4, k: 1, cpu: .02, wait: .1, background: .1, noise: .01, width: 5, seed: seed}
			truth := float64(workers) / l.alone()
			mean := 4 / l.cpu // the lab's shares are of the cores
			for _, share := range []float64{.2, .4, .6, .8, 1, 1.2} {
				l.shares = append(l.shares, share*truth/mean)
			}
			minutes := l.run()
			for i := range minutes {
				m := &minutes[i]
				lost := erlangB(workers, m.Invocations/60*l.alone())
				m.Errors5XX = math.Round(lost * m.Invocations)
				m.ModelCount = m.Invocations - m.Errors5XX
				m.CPU = l.background + l.cpu*m.ModelCount/60
				m.CPUHot, m.ModelMean = m.CPU, l.alone()
			}
			for _, known := range []int{0, workers} {
				in := l.input(minutes)
				in.Workers = known
				r := Analyze(in)
				c := r.Answers.Capacity
				if c.Status != finding.Extrapolated || c.Method != "loss_system" || math.Abs(float64(c.Value)/truth-1) > .05 || r.Answers.Bottleneck.Value != "workers" {
					t.Errorf("%d workers, %d known, seed %d: %s by %s %.1f, truth %.1f, %s: %s", workers, known, seed, c.Status, c.Method, c.Value, truth, r.Answers.Bottleneck.Value, c.Why)
				}
			}
		}
	}
}
