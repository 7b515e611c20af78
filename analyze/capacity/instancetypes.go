package capacity

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxInstanceTypes is how many bytes of DescribeInstanceTypes are read: all types
// of a region take some four million.
const maxInstanceTypes = 64 << 20

// describedType is what is used of a type in the answer of EC2's
// DescribeInstanceTypes. Source: Amazon EC2 API Reference, InstanceTypeInfo.
type describedType struct {
	InstanceType string
	VCpuInfo     struct{ DefaultVCpus int }
	MemoryInfo   struct{ SizeInMiB int64 }
	GpuInfo      struct{ Gpus []describedDevice }
	NeuronInfo   struct{ NeuronDevices []describedDevice }
	// InferenceAcceleratorInfo is where the older Inferentia types have theirs.
	InferenceAcceleratorInfo struct{ Accelerators []describedDevice }
}

type describedDevice struct {
	Name            string
	Count           int
	LogicalGpuCount int // of types that have a part of a GPU
	MemoryInfo      struct{ SizeInMiB int64 }
}

// ReadInstanceTypes reads what `aws ec2 describe-instance-types` prints, as facts
// of the ml. types of the same names. Fields that are not used are skipped. A type
// without vCPUs or memory, one that stands there twice, and one with accelerators
// of two sorts are errors, and so is an answer that is cut off.
func ReadInstanceTypes(r io.Reader) ([]Instance, error) {
	limited := &io.LimitedReader{R: r, N: maxInstanceTypes + 1}
	dec := json.NewDecoder(limited)
	var answer struct {
		InstanceTypes []describedType
		NextToken     string
	}
	err := dec.Decode(&answer)
	switch {
	case limited.N <= 0:
		return nil, fmt.Errorf("reading instance types: more than %d MiB", maxInstanceTypes>>20)
	case err != nil:
		return nil, fmt.Errorf("reading instance types: %w", err)
	case answer.NextToken != "":
		return nil, errors.New("reading instance types: this is one page of several: let the AWS CLI fetch all, without --max-items and --no-paginate")
	case len(answer.InstanceTypes) == 0:
		return nil, errors.New("reading instance types: no InstanceTypes: want what aws ec2 describe-instance-types prints, in JSON")
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("reading instance types: more follows the answer")
	}
	seen := map[string]bool{}
	var out []Instance
	for _, d := range answer.InstanceTypes {
		i, err := d.instance()
		if err == nil && seen[i.Type] {
			err = fmt.Errorf("%s stands there twice", d.InstanceType)
		}
		if err != nil {
			return nil, fmt.Errorf("reading instance types: %w", err)
		}
		seen[i.Type] = true
		out = append(out, i)
	}
	return out, nil
}

// instance are the facts of a type.
func (d describedType) instance() (Instance, error) {
	const mibPerGiB = 1024
	i := Instance{Type: "ml." + d.InstanceType, VCPU: d.VCpuInfo.DefaultVCpus, MemoryGiB: float64(d.MemoryInfo.SizeInMiB) / mibPerGiB}
	if i.VCPU == 0 || i.MemoryGiB == 0 {
		return i, fmt.Errorf("%q has no vCPUs or no memory", d.InstanceType)
	}
	for _, sort := range []struct {
		kind    string
		devices []describedDevice
	}{
		{"gpu", d.GpuInfo.Gpus},
		{"neuron", d.NeuronInfo.NeuronDevices},
		{"neuron", d.InferenceAcceleratorInfo.Accelerators},
	} {
		if len(sort.devices) == 0 {
			continue
		}
		one := sort.devices[0]
		i.AcceleratorKind, i.Accelerator = sort.kind, one.Name
		for _, device := range sort.devices {
			if device.Name != one.Name || device.MemoryInfo != one.MemoryInfo {
				return i, fmt.Errorf("%s has accelerators of two sorts, %q and %q", d.InstanceType, one.Name, device.Name)
			}
			if device.Count == 0 {
				device.Count = device.LogicalGpuCount
			}
			i.AcceleratorCount += device.Count
		}
		i.AcceleratorMemoryMiB = int(min(one.MemoryInfo.SizeInMiB, maxAcceleratorMiB+1))
		break
	}
	return i, i.check()
}
