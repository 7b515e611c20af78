package capacity

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// described is what the AWS CLI prints of three types, shortened.
const described = `{"InstanceTypes": [
  {"InstanceType": "m5.large", "CurrentGeneration": true, "VCpuInfo": {"DefaultVCpus": 2, "DefaultCores": 1}, "MemoryInfo": {"SizeInMiB": 8192}},
  {"InstanceType": "g5.12xlarge", "VCpuInfo": {"DefaultVCpus": 48}, "MemoryInfo": {"SizeInMiB": 196608},
   "GpuInfo": {"Gpus": [{"Name": "A10G", "Manufacturer": "NVIDIA", "Count": 4, "MemoryInfo": {"SizeInMiB": 22888}}], "TotalGpuMemoryInMiB": 91553}},
  {"InstanceType": "inf2.24xlarge", "VCpuInfo": {"DefaultVCpus": 96}, "MemoryInfo": {"SizeInMiB": 393216},
   "NeuronInfo": {"NeuronDevices": [{"Count": 6, "Name": "Inferentia2", "MemoryInfo": {"SizeInMiB": 32768}}]}}
]}`

func TestDescribeInstanceTypesBecomesFacts(t *testing.T) {
	got, err := ReadInstanceTypes(strings.NewReader(described))
	if err != nil {
		t.Fatal(err)
	}
	want := []Instance{
		{Type: "ml.m5.large", VCPU: 2, MemoryGiB: 8},
		{Type: "ml.g5.12xlarge", VCPU: 48, MemoryGiB: 192, AcceleratorKind: "gpu", Accelerator: "A10G", AcceleratorCount: 4, AcceleratorMemoryMiB: 22888},
		{Type: "ml.inf2.24xlarge", VCPU: 96, MemoryGiB: 384, AcceleratorKind: "neuron", Accelerator: "Inferentia2", AcceleratorCount: 6, AcceleratorMemoryMiB: 32768},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for _, i := range got[:2] { // the embedded table is of the same source
		if embedded, ok := EmbeddedInstances().Lookup(i.Type); !ok || embedded != i {
			t.Errorf("embedded %+v, described %+v", embedded, i)
		}
	}
}

func TestDescribeInstanceTypesIsStrict(t *testing.T) {
	one := `{"InstanceType": "m5.large", "VCpuInfo": {"DefaultVCpus": 2}, "MemoryInfo": {"SizeInMiB": 8192}}`
	for name, text := range map[string]string{
		"empty":        ``,
		"not JSON":     `instance_type,vcpu`,
		"another call": `{"Reservations": []}`,
		"cut off":      `{"InstanceTypes": [` + one,
		"one page":     `{"InstanceTypes": [` + one + `], "NextToken": "x"}`,
		"twice":        `{"InstanceTypes": [` + one + `,` + one + `]}`,
		"more behind":  `{"InstanceTypes": [` + one + `]} {}`,
		"no vCPUs":     `{"InstanceTypes": [{"InstanceType": "m5.large", "MemoryInfo": {"SizeInMiB": 8192}}]}`,
		"negative":     strings.Replace(`{"InstanceTypes": [`+one+`]}`, "8192", "-8192", 1),
		"no name":      strings.Replace(`{"InstanceTypes": [`+one+`]}`, "m5.large", "", 1),
		"a path":       strings.Replace(`{"InstanceTypes": [`+one+`]}`, "m5.large", "../m5.large", 1),
		"two sorts": `{"InstanceTypes": [{"InstanceType": "x1.large", "VCpuInfo": {"DefaultVCpus": 2}, "MemoryInfo": {"SizeInMiB": 8192},
			"GpuInfo": {"Gpus": [{"Name": "A", "Count": 1}, {"Name": "B", "Count": 1}]}}]}`,
	} {
		if got, err := ReadInstanceTypes(strings.NewReader(text)); err == nil {
			t.Errorf("%s: read as %+v", name, got)
		}
	}
}

// TestTheEmbeddedTableIsOneThatCanBeRead, and is written as it was read.
func TestTheEmbeddedTableIsOneThatCanBeRead(t *testing.T) {
	read, err := ReadInstances(strings.NewReader(instanceFacts))
	if err != nil {
		t.Fatal(err)
	}
	embedded := EmbeddedInstances()
	if d := cmp.Diff(embedded.All(), read.All()); d != "" || len(read.All()) < 250 || read.Source != embedded.Source {
		t.Errorf("%d rows of %q, embedded %d of %q\n%s", len(read.All()), read.Source, len(embedded.All()), embedded.Source, d)
	}
	var b bytes.Buffer
	if err := read.Write(&b); err != nil {
		t.Fatal(err)
	}
	again, err := ReadInstances(&b)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(read.All(), again.All()); d != "" || again.Source != read.Source {
		t.Errorf("written and read again (-first +second)\n%s", d)
	}
}

func TestRenewedKeepsWhatTheNewFactsDoNotHave(t *testing.T) {
	newer, err := ReadInstanceTypes(strings.NewReader(described))
	if err != nil {
		t.Fatal(err)
	}
	newer[0].VCPU = 3
	got, kept := EmbeddedInstances().Renewed([]string{"ml.m5.large", "ml.m5.xlarge", "ml.p9.huge"}, newer, "today")
	if d := cmp.Diff([]string{"ml.m5.xlarge", "ml.p9.huge"}, kept); d != "" || got.Source != "today" || len(got.All()) != 3 {
		t.Errorf("kept %v of %+v", kept, got)
	}
	if i, ok := got.Lookup("ml.m5.large"); !ok || i.VCPU != 3 {
		t.Errorf("the new facts are not used: %+v", i)
	}
	if i, ok := got.Lookup("ml.m5.xlarge"); !ok || i.VCPU != 4 {
		t.Errorf("the old facts are not kept: %+v", i)
	}
	if i, ok := got.Lookup("ml.p9.huge"); ok {
		t.Errorf("a type of which nothing is known: %+v", i)
	}
}

func TestInstanceTablesAreStrict(t *testing.T) {
	head := strings.Join(instanceColumns(), ",") + "\n"
	for name, text := range map[string]string{
		"empty":              "",
		"no rows":            head,
		"other columns":      "type,vcpu\nml.m5.large,2\n",
		"a column too few":   head + "ml.m5.large,2,8,,,\n",
		"not a number":       head + "ml.m5.large,two,8,,,,\n",
		"not a type":         head + "m5.large,2,8,,,,\n",
		"memory of nowhere":  head + "ml.m5.large,2,NaN,,,,\n",
		"accelerator unsaid": head + "ml.m5.large,2,8,,,4,\n",
		"twice":              head + "ml.m5.large,2,8,,,,\nml.m5.large,2,8,,,,\n",
	} {
		if got, err := ReadInstances(strings.NewReader(text)); err == nil {
			t.Errorf("%s: read as %+v", name, got)
		}
	}
}

func FuzzReadInstanceTypes(f *testing.F) {
	f.Add(described)
	f.Add(`{"InstanceTypes": [{"InstanceType": "a.b", "VCpuInfo": {"DefaultVCpus": 1}, "MemoryInfo": {"SizeInMiB": 1}, "GpuInfo": {"Gpus": [{"Count": 9223372036854775807}]}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ReadInstanceTypes(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, i := range got {
			if err := i.check(); err != nil || i.VCPU == 0 {
				t.Fatalf("accepted %+v: %v", i, err)
			}
		}
	})
}

func FuzzReadInstances(f *testing.F) {
	f.Add(instanceFacts[:strings.Index(instanceFacts, "ml.m5")])
	f.Add(strings.Join(instanceColumns(), ",") + "\nml.m5.large,2,8,,,,\n")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ReadInstances(strings.NewReader(text))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := got.Write(&b); err != nil {
			t.Fatal(err)
		}
		again, err := ReadInstances(&b)
		if err != nil {
			t.Fatalf("written and not readable: %v", err)
		}
		if d := cmp.Diff(got.All(), again.All()); d != "" {
			t.Fatal(d)
		}
	})
}
