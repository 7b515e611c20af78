package catalog

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// units are CloudWatch's own (API reference, MetricDatum, Unit) as far as
// SageMaker uses them.
func units() []string {
	return []string{"Seconds", "Microseconds", "Milliseconds", "Percent", "Count", "None"}
}

func TestSortedAndUnique(t *testing.T) {
	ms := All()
	for i := 1; i < len(ms); i++ {
		a, b := ms[i-1], ms[i]
		if cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name)) >= 0 {
			t.Errorf("%s %s is not before %s %s", a.Namespace, a.Name, b.Namespace, b.Name)
		}
	}
}

func TestEveryMetric(t *testing.T) {
	stat := regexp.MustCompile(`^(SampleCount|Sum|Average|Minimum|Maximum|p\d+(\.\d+)?)$`)
	for _, m := range All() {
		id := m.Namespace + " " + m.Name
		if !slices.Contains(units(), m.Unit) {
			t.Errorf("%s: unit %q", id, m.Unit)
		}
		if !strings.HasSuffix(m.About, ".") || strings.Count(m.About, ". ") > 0 || strings.ContainsAny(m.About, "\n") {
			t.Errorf("%s: %q is not one sentence", id, m.About)
		}
		if !strings.HasPrefix(m.Source, "https://docs.aws.amazon.com/") || m.Family == "" || m.Kind == "" || m.Better == "" {
			t.Errorf("%s: source %q, family %q, kind %q, better %q", id, m.Source, m.Family, m.Kind, m.Better)
		}
		if len(m.Stats) == 0 || len(m.DimSets) == 0 {
			t.Errorf("%s has %d statistics and %d dimension sets", id, len(m.Stats), len(m.DimSets))
		}
		for _, s := range m.Stats {
			if !stat.MatchString(s) {
				t.Errorf("%s: statistic %q", id, s)
			}
		}
		seen := map[string]bool{}
		for _, set := range m.DimSets {
			key := strings.Join(set, ",")
			if !slices.IsSorted(set) || seen[key] {
				t.Errorf("%s: dimension set %s is unsorted or there twice", id, key)
			}
			seen[key] = true
		}
	}
}

// TestUnitsAndScalesAgree: the scale says what the unit leaves open.
func TestUnitsAndScalesAgree(t *testing.T) {
	allowed := map[string][]Scale{
		"Microseconds": {Microseconds}, "Milliseconds": {Milliseconds}, "Seconds": {Seconds},
		"Percent": {PerVCPU, PerGPU, Ratio100}, "Count": {Unscaled, PerInstance}, "None": {Unscaled, PerInstance, Fraction},
	}
	for _, m := range All() {
		if !slices.Contains(allowed[m.Unit], m.Scale) {
			t.Errorf("%s %s: unit %s with scale %q", m.Namespace, m.Name, m.Unit, m.Scale)
		}
	}
}

// TestDocumented holds the statements of the developer guide that are easy to
// get wrong.
func TestDocumented(t *testing.T) {
	for _, c := range []struct {
		namespace, name, unit string
		scale                 Scale
		stats                 string // "" for any
	}{
		{"AWS/SageMaker", "OverheadLatency", "Microseconds", Microseconds, "SampleCount,Sum,Average,Minimum,Maximum"},
		{"AWS/SageMaker", "ConcurrentRequestsPerModel", "None", Unscaled, "Minimum,Maximum"},
		{"AWS/SageMaker", "Invocations", "None", Unscaled, "Sum"},
		{"AWS/SageMaker", "TotalProcessingTime", "Milliseconds", Milliseconds, ""},
		{"AWS/SageMaker", "ServerlessConcurrentExecutionsUtilization", "None", Fraction, ""},
		{"/aws/sagemaker/Endpoints", "CPUUtilization", "Percent", PerVCPU, ""},
		{"/aws/sagemaker/Endpoints", "GPUMemoryUtilization", "Percent", PerGPU, ""},
		{"/aws/sagemaker/Endpoints", "MemoryUtilization", "Percent", Ratio100, ""},
		{"/aws/sagemaker/InferenceRecommendationsJobs", "ClientLatency", "Milliseconds", Milliseconds, ""},
		{"AWS/Sagemaker/ModelBuildingPipeline", "ExecutionDuration", "Milliseconds", Milliseconds, ""},
	} {
		m, ok := Lookup(c.namespace, c.name)
		if !ok || m.Unit != c.unit || m.Scale != c.scale || c.stats != "" && strings.Join(m.Stats, ",") != c.stats {
			t.Errorf("%s %s: found %t, unit %s, scale %q, statistics %v", c.namespace, c.name, ok, m.Unit, m.Scale, m.Stats)
		}
	}
	for _, absent := range []string{"/aws/sagemaker/TransformJobs DiskUtilization"} {
		namespace, name, _ := strings.Cut(absent, " ")
		if _, ok := Lookup(namespace, name); ok {
			t.Errorf("%s is not published", absent)
		}
	}
}

// TestCallersCannotShareSlices: the catalogue is made anew for every caller.
func TestCallersCannotShareSlices(t *testing.T) {
	a := All()
	a[0].DimSets[0] = []string{"changed"}
	a[0].Stats[0] = "changed"
	if b := All(); b[0].DimSets[0][0] == "changed" || b[0].Stats[0] == "changed" {
		t.Error("two callers share a slice")
	}
}
