package main

import (
	"fmt"
	"regexp"
	"slices"
	"testing"

	"sizewise/analyze/capacity"
	"sizewise/ingest/cloudwatch"
)

// TestEveryHostingTypeHasItsFacts holds the embedded table to the SDK's list of
// types that variants are hosted on: each has vCPUs and memory, and each of an
// accelerated family its accelerators with their number and memory. A type of
// which something cannot be found out belongs into unknown, with the reason.
func TestEveryHostingTypeHasItsFacts(t *testing.T) {
	unknown := map[string]string{}
	table := capacity.EmbeddedInstances()
	types := cloudwatch.HostingTypes()
	if len(types) < 277 {
		t.Fatalf("the SDK lists %d types", len(types))
	}
	for _, name := range types {
		i, _ := table.Lookup(name)
		lacks := lackedFacts(name, i)
		switch _, excused := unknown[name]; {
		case len(lacks) > 0 && !excused:
			t.Errorf("%s: %s unknown, and no reason given", name, lacks)
		case len(lacks) == 0 && excused:
			t.Errorf("%s is listed as unknown and is known", name)
		}
	}
	for _, i := range table.All() {
		if !slices.Contains(types, i.Type) {
			t.Errorf("%s is in the table and not in the SDK's list", i.Type)
		}
	}
}

// accelerated are the families whose instances have accelerators, by their names.
var accelerated = regexp.MustCompile(`^ml\.(g\d|gr\d|p\d|inf\d|trn\d|dl\d)`)

// lackedFacts names what is not known of a type.
func lackedFacts(name string, i capacity.Instance) []string {
	var out []string
	if i.VCPU == 0 {
		out = append(out, "vCPUs")
	}
	if i.MemoryGiB == 0 {
		out = append(out, "memory")
	}
	if !accelerated.MatchString(name) {
		if i.AcceleratorCount > 0 {
			out = append(out, fmt.Sprintf("why it has %d accelerators", i.AcceleratorCount))
		}
		return out
	}
	if i.AcceleratorCount == 0 || i.AcceleratorKind == "" || i.Accelerator == "" {
		out = append(out, "accelerators")
	}
	if i.AcceleratorMemoryMiB == 0 {
		out = append(out, "memory of the accelerators")
	}
	return out
}
