package report

import (
	"fmt"
	"strings"

	"sizewise/analyze/finding"
)

// tested are the sentences that say what ran.
func (s *scribe) tested() []string {
	t := s.set.Tested
	var lines []string
	what := s.fleetText() + hardware(t.VCPU, t.GPUs, t.Accelerator, t.MemoryGiB)
	if t.Endpoint != "" {
		what += ", behind endpoint " + code(t.Endpoint)
		if t.Variant != "" {
			what += " variant " + code(t.Variant)
		}
	}
	if place := s.place(); place != "" {
		what += " (" + place + ")"
	}
	lines = append(lines, what+".")
	if n := t.Requests; known(n) && n > 0 {
		steps := "no load steps found"
		if k := len(s.set.Steps); k > 0 {
			steps = plural(float64(k), "load step")
		}
		lines = append(lines, fmt.Sprintf("%s requests in the window, %s.", whole(n), steps))
	}
	if t.DescribedCount > 0 && known(t.InstancesLast) && float64(t.DescribedCount) != float64(t.InstancesLast) && t.InstancesLast > 0 {
		lines = append(lines, fmt.Sprintf("DescribeEndpoint said %s at %s; the metrics show %s at the end of the window.",
			plural(float64(t.DescribedCount), "instance"), s.clock(t.DescribedAsOf), plain(t.InstancesLast)))
	}
	if t.ClosedLoop {
		lines = append(lines, "The load looks closed-loop: a fixed number of clients that each wait for their answer. Above the knee, latency then reflects the number of clients, and the offered rate falls with the service.")
	}
	return lines
}

func (s *scribe) fleetText() string {
	t := s.set.Tested
	var count string
	switch {
	case known(t.InstancesMin) && known(t.InstancesMax) && t.InstancesMax > 0 && t.InstancesMin != t.InstancesMax:
		count = plain(t.InstancesMin) + " to " + plain(t.InstancesMax)
	case known(t.InstancesMax) && t.InstancesMax > 0:
		count = plain(t.InstancesMax)
	default:
		return "An unknown number of instances, " + s.instanceType()
	}
	return count + " × " + s.instanceType()
}

// hardware describes one instance.
func hardware(vcpu, gpus int, accelerator string, memory finding.Number) string {
	var parts []string
	if vcpu > 0 {
		parts = append(parts, fmt.Sprintf("%d vCPU", vcpu))
	}
	if gpus > 0 {
		gpu := fmt.Sprintf("%d GPU", gpus)
		if accelerator != "" {
			gpu = fmt.Sprintf("%d × %s", gpus, prose(accelerator))
		}
		parts = append(parts, gpu)
	}
	if known(memory) && memory > 0 {
		parts = append(parts, plain(memory)+" GiB")
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + " each)"
}

func (s *scribe) place() string {
	var parts []string
	if r := s.set.Tested.Region; r != "" {
		parts = append(parts, prose(r))
	}
	if a := s.set.Tested.Account; a != "" {
		parts = append(parts, "account "+prose(a))
	}
	return strings.Join(parts, ", ")
}
