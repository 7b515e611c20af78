package capacity

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
)

// instanceFacts is a table of what EC2 DescribeInstanceTypes says of the types
// behind ml.*; its first line names source and date.
//
//go:embed instances.csv
var instanceFacts string

// Instance is what one instance of a type has.
type Instance struct {
	Type                 string  // ml.g5.xlarge
	VCPU                 int     // 0 unknown
	MemoryGiB            float64 // 0 unknown
	AcceleratorKind      string  // gpu, neuron, ... ; "" none
	Accelerator          string  // its name, for example A10G; "" none
	AcceleratorCount     int
	AcceleratorMemoryMiB int // of each
}

// Family is g5 of ml.g5.xlarge.
func (i Instance) Family() string {
	name, _, _ := strings.Cut(strings.TrimPrefix(i.Type, "ml."), ".")
	return name
}

// GPUs is the number of GPUs, which GPUUtilization counts.
func (i Instance) GPUs() int {
	if i.AcceleratorKind != "gpu" {
		return 0
	}
	return i.AcceleratorCount
}

// InstanceSource is where the embedded facts come from, and as of when.
func InstanceSource() string {
	line, _, _ := strings.Cut(instanceFacts, "\n")
	return strings.TrimPrefix(line, "# ")
}

// parseInstances reads the table: comment lines start with #, the first other
// line names the columns.
func parseInstances(text string) ([]Instance, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("reading instance facts: %w", err)
	}
	var out []Instance
	for n, row := range rows {
		if n == 0 {
			continue
		}
		i, err := parseInstance(row)
		if err != nil {
			return nil, fmt.Errorf("reading instance facts, row %d: %w", n+1, err)
		}
		out = append(out, i)
	}
	return out, nil
}

func parseInstance(row []string) (Instance, error) {
	const columns = 7
	if len(row) != columns {
		return Instance{}, fmt.Errorf("%d columns, want %d", len(row), columns)
	}
	i := Instance{Type: row[0], AcceleratorKind: row[3], Accelerator: row[4]}
	for _, f := range []struct {
		text string
		to   *int
	}{{row[1], &i.VCPU}, {row[5], &i.AcceleratorCount}, {row[6], &i.AcceleratorMemoryMiB}} {
		if f.text == "" {
			continue
		}
		v, err := strconv.Atoi(f.text)
		if err != nil {
			return Instance{}, fmt.Errorf("%q is not a whole number", f.text)
		}
		*f.to = v
	}
	if row[2] != "" {
		v, err := strconv.ParseFloat(row[2], 64)
		if err != nil {
			return Instance{}, fmt.Errorf("%q is not a number", row[2])
		}
		i.MemoryGiB = v
	}
	return i, nil
}
