package analyze

import (
	"math/rand/v2"
	"testing"
	"time"

	"sizewise/analyze/finding"
)

// TestCompared plants a new, a gone and a louder message between two hours of the
// same chatter, which comes in bursts: those three are told, and nothing else.
func TestCompared(t *testing.T) {
	start := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 7)) //nolint:gosec // the same hours every time
		hour := func(from time.Time, rates map[string]float64) (minutes []finding.Minute, signals []signal) {
			for i := range 60 {
				at := from.Add(time.Duration(i) * time.Minute)
				minutes = append(minutes, finding.Minute{Start: at, Seconds: 60, Invocations: 1000})
				for _, text := range []string{"steady hum", "rare cough", "burst of noise", "was here", "is here", "gets louder"} {
					n := int64(0)
					for range 20 {
						if r.Float64() < rates[text]/20 {
							n++
						}
					}
					if text == "burst of noise" {
						n *= 40
					}
					if n > 0 {
						signals = append(signals, signal{stream: "a/i", level: "WARN", skeleton: text, bucket: at, lines: n, first: at, last: at, example: text})
					}
				}
			}
			return minutes, signals
		}
		var ev evidence
		chatter := func(more map[string]float64) map[string]float64 {
			more["steady hum"], more["rare cough"], more["burst of noise"] = 2, 0.05, 0.1
			return more
		}
		ev.window = finding.Window{Start: start, End: start.Add(time.Hour)}
		ev.minutes, ev.signals = hour(start, chatter(map[string]float64{"is here": 0.5, "gets louder": 3}))
		ev.before.window = finding.Window{Start: start.Add(-7 * 24 * time.Hour), End: start.Add(-7*24*time.Hour + time.Hour)}
		ev.before.minutes, ev.before.signals = hour(ev.before.window.Start, chatter(map[string]float64{"was here": 0.5, "gets louder": 0.5}))
		got := map[string]finding.LogChangeKind{}
		for _, c := range ev.compared(merge(ev.signals, ev.before.signals)).Changes {
			got[c.Template] = c.Kind
		}
		want := map[string]finding.LogChangeKind{"is here": finding.LogNew, "was here": finding.LogGone, "gets louder": finding.LogLouder}
		for text, kind := range want {
			if got[text] != kind {
				t.Errorf("seed %d: %q is told as %q, want %q", seed, text, got[text], kind)
			}
			delete(got, text)
		}
		delete(got, "rare cough") // three lines an hour may be none
		if len(got) > 0 {
			t.Errorf("seed %d: told of chatter: %v", seed, got)
		}
	}
}
