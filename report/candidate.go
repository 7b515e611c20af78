package report

import (
	"fmt"

	"sizewise/analyze/finding"
)

// candidates is the table of other instance types that may be worth a test, beside
// the tested one.
func (s *scribe) candidates() table {
	all := s.set.Candidates
	if len(all) == 0 {
		return table{}
	}
	t := s.set.Tested
	priced, worth := s.set.Price != nil, s.anyWorth()
	out := table{
		Head:  []string{"instance type", "vCPU", "memory", "GPU", "what is different"},
		Right: []bool{false, true, true},
		Note: fmt.Sprintf("Hypotheses to test, because the limit was the %s: what another type would serve, and how fast, is not predicted here. Each has room for the memory that was used, with a fifth to spare at the target utilization.",
			resourceName(s.set.Answers.Bottleneck.Value)),
	}
	row := func(name string, vcpu int, memory finding.Number, gpu, why string, price finding.Number, serves string) {
		cells := []string{code(name), whole(float64(vcpu)), "–", gpu, why}
		if memory.Known() {
			cells[2] = plain(memory) + " GiB"
		}
		if priced {
			cell := "–"
			if price.Known() {
				cell = plain(price) + " USD/h"
			}
			cells = append(cells, cell)
		}
		if worth {
			cells = append(cells, serves)
		}
		out.Rows = append(out.Rows, cells)
	}
	now := finding.Missing()
	if priced {
		out.Head, out.Right = append(out.Head, "price"), append(out.Right, false, false, true)
		now = s.set.Price.USDPerHour
	}
	if worth {
		out.Head = append(out.Head, "costs less if one may serve")
		out.Note += fmt.Sprintf(" The last column is for %s requests/s, by the prices and the need of the tested type; whether a type serves that, its test tells.", exact(s.sizedFor()))
	}
	tested := "–"
	if g, ok := s.ground(); ok {
		tested = "may serve " + plain(g.each) + " requests/s"
	}
	row(t.InstanceType, t.VCPU, t.MemoryGiB, gpusOf(t.GPUs, t.Accelerator, 0), "as tested", now, tested)
	for i := range all {
		c := &all[i]
		row(c.InstanceType, c.VCPU, c.MemoryGiB, gpusOf(c.GPUs, c.Accelerator, c.GPUMemoryMiB), c.Why, c.USDPerHour, s.worthAt(c))
	}
	return out
}

// gpusOf writes "4 × A10G, 22 GiB each", the memory in MiB where it is known.
func gpusOf(n int, name string, mib int) string {
	if n == 0 {
		return "–"
	}
	text := fmt.Sprintf("%d × %s", n, visible(name, maxText))
	if mib > 0 {
		text += fmt.Sprintf(", %s GiB each", whole(float64(mib)/1024))
	}
	return text
}
