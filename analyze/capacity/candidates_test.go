package capacity

import (
	"math"
	"strings"
	"testing"
)

// TestCandidates holds what may be advised: never a smaller type, only more of
// what fills up, and always room for the memory that was used.
func TestCandidates(t *testing.T) {
	table := EmbeddedInstances()
	for _, c := range []struct {
		name, tested, bottleneck string
		memory                   float64
		want                     string // first candidate; "" for none
	}{
		{"cpu", "ml.c5.xlarge", "cpu", 0.3, "ml.c5.2xlarge"},
		{"cpu beside a GPU", "ml.g5.xlarge", "cpu", 0.3, "ml.g5.2xlarge"},
		{"gpu", "ml.g5.xlarge", "gpu", 0.3, "ml.g5.12xlarge"},
		{"memory", "ml.c5.xlarge", "memory", 0.95, ""},
		{"workers", "ml.c5.xlarge", "workers", 0.3, ""},
		{"unknown", "ml.c5.xlarge", "", 0.3, ""},
	} {
		tested, ok := table.Lookup(c.tested)
		if !ok {
			t.Fatalf("no facts of %s", c.tested)
		}
		got := Candidates(table.All(), tested, c.bottleneck, c.memory, 0.7)
		if c.want != "" && (len(got) == 0 || got[0].InstanceType != c.want) {
			t.Errorf("%s: %+v, want %s first", c.name, got, c.want)
		}
		if c.want == "" && c.bottleneck != "memory" && len(got) != 0 {
			t.Errorf("%s: %+v, want none", c.name, got)
		}
		for _, g := range got {
			if float64(g.MemoryGiB) < c.memory*tested.MemoryGiB/0.7*1.2-1e-9 {
				t.Errorf("%s: %s has %v GiB, too few for what was used", c.name, g.InstanceType, g.MemoryGiB)
			}
			if c.bottleneck == "cpu" && (g.VCPU <= tested.VCPU || g.Accelerator != tested.Accelerator) {
				t.Errorf("%s: %+v has no more vCPUs, or another accelerator", c.name, g)
			}
			if c.bottleneck == "gpu" && g.GPUs <= tested.GPUs() && g.Accelerator == tested.Accelerator {
				t.Errorf("%s: %+v has the same GPUs", c.name, g)
			}
			if strings.Contains(g.Why, "requests") || !math.IsNaN(float64(g.USDPerHour)) {
				t.Errorf("%s: %+v says more than it has", c.name, g)
			}
		}
		if c.bottleneck == "memory" && len(got) == 0 {
			t.Errorf("%s: none with more memory", c.name)
		}
	}
}
