package capacity

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// maxInstanceFacts is how many bytes of a table of instance types are read: many
// times what all types take.
const maxInstanceFacts = 4 << 20

// InstanceTable is what is known of instance types. The zero value knows none.
type InstanceTable struct {
	Source    string // where the facts are from, and as of when; "" unknown
	instances []Instance
}

// EmbeddedInstances is the table that is part of the program.
func EmbeddedInstances() InstanceTable {
	rows, err := parseInstances(instanceFacts)
	if err != nil {
		return InstanceTable{} // a test holds the table to its form
	}
	return InstanceTable{Source: InstanceSource(), instances: rows}
}

// instanceColumns are the names of a table's columns, in their order.
func instanceColumns() []string {
	return []string{
		"instance_type", "vcpu", "memory_gib", "accelerator_kind", "accelerator_name", "accelerator_count", "accelerator_memory_mib_each",
	}
}

// ReadInstances reads a table: CSV whose first comment line (#) names its source
// and whose first other line names the columns, as [InstanceTable.Write] writes
// them. Malformed rows, numbers that no instance has, and types that stand there
// twice are errors.
func ReadInstances(r io.Reader) (InstanceTable, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxInstanceFacts+1))
	if err != nil {
		return InstanceTable{}, fmt.Errorf("reading instance facts: %w", err)
	}
	if len(text) > maxInstanceFacts {
		return InstanceTable{}, fmt.Errorf("reading instance facts: more than %d MiB", maxInstanceFacts>>20)
	}
	head := csv.NewReader(strings.NewReader(string(text)))
	head.Comment = '#'
	if names, err := head.Read(); err != nil || !slices.Equal(names, instanceColumns()) {
		return InstanceTable{}, fmt.Errorf("reading instance facts: the first line should name the columns %s", strings.Join(instanceColumns(), ","))
	}
	rows, err := parseInstances(string(text))
	if err != nil {
		return InstanceTable{}, err
	}
	t := InstanceTable{instances: rows}
	if line, _, _ := strings.Cut(string(text), "\n"); strings.HasPrefix(line, "#") {
		t.Source = strings.TrimSpace(strings.TrimPrefix(line, "#"))
	}
	return t, t.check()
}

// check says what is wrong with a table that was read.
func (t InstanceTable) check() error {
	if len(t.instances) == 0 {
		return errors.New("reading instance facts: the table has no rows")
	}
	seen := map[string]bool{}
	for _, i := range t.instances {
		if err := i.check(); err != nil {
			return fmt.Errorf("reading instance facts: %w", err)
		}
		if seen[i.Type] {
			return fmt.Errorf("reading instance facts: %s stands there twice", i.Type)
		}
		seen[i.Type] = true
	}
	return nil
}

// The most that is believed of one instance: many times the largest.
const (
	maxVCPU           = 1 << 14
	maxMemoryGiB      = 1 << 20
	maxAccelerators   = 1 << 10
	maxAcceleratorMiB = 1 << 26
)

// check says what no instance has.
func (i Instance) check() error {
	kind, size, ok := strings.Cut(strings.TrimPrefix(i.Type, "ml."), ".")
	plainName := func(s string) bool {
		return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
	}
	switch {
	case !strings.HasPrefix(i.Type, "ml.") || !ok || !plainName(kind) || !plainName(size):
		return fmt.Errorf("%q is not the name of an instance type such as ml.g5.xlarge", i.Type)
	case i.VCPU < 0 || i.VCPU > maxVCPU:
		return fmt.Errorf("%s: %d is not a number of vCPUs", i.Type, i.VCPU)
	case !(i.MemoryGiB >= 0 && i.MemoryGiB <= maxMemoryGiB):
		return fmt.Errorf("%s: %v is not an amount of memory in GiB", i.Type, i.MemoryGiB)
	case i.AcceleratorCount < 0 || i.AcceleratorCount > maxAccelerators || i.AcceleratorMemoryMiB < 0 || i.AcceleratorMemoryMiB > maxAcceleratorMiB:
		return fmt.Errorf("%s: %d accelerators of %d MiB each are not possible", i.Type, i.AcceleratorCount, i.AcceleratorMemoryMiB)
	case (i.AcceleratorKind == "") != (i.AcceleratorCount == 0):
		return fmt.Errorf("%s: %d accelerators of kind %q", i.Type, i.AcceleratorCount, i.AcceleratorKind)
	}
	return nil
}

// Lookup returns the facts of a type such as ml.g5.xlarge. ok is false for a type
// that is not in the table or of which nothing is known.
func (t InstanceTable) Lookup(name string) (i Instance, ok bool) {
	for _, i := range t.instances {
		if i.Type == name {
			return i, i.VCPU > 0
		}
	}
	return Instance{}, false
}

// All are the instances, in the table's order. One with VCPU 0 is a type of which
// nothing is known.
func (t InstanceTable) All() []Instance { return slices.Clone(t.instances) }

// Renewed is a table of the given types: what newer says of them, else what t
// does. kept are the types that newer does not have.
func (t InstanceTable) Renewed(types []string, newer []Instance, source string) (renewed InstanceTable, kept []string) {
	renewed.Source = source
	for _, name := range types {
		n := slices.IndexFunc(newer, func(i Instance) bool { return i.Type == name })
		if n >= 0 {
			renewed.instances = append(renewed.instances, newer[n])
			continue
		}
		old, _ := t.Lookup(name)
		old.Type = name
		renewed.instances = append(renewed.instances, old)
		kept = append(kept, name)
	}
	return renewed, kept
}

// Write writes the table as [ReadInstances] reads it.
func (t InstanceTable) Write(w io.Writer) error {
	if _, err := fmt.Fprintf(w, "# %s\n", strings.Join(strings.Fields(t.Source), " ")); err != nil {
		return fmt.Errorf("writing instance facts: %w", err)
	}
	c := csv.NewWriter(w)
	_ = c.Write(instanceColumns()) // Flush has its error
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	for _, i := range t.instances {
		memory := ""
		if i.MemoryGiB > 0 {
			memory = strconv.FormatFloat(i.MemoryGiB, 'f', -1, 64)
		}
		_ = c.Write([]string{
			i.Type, number(i.VCPU), memory, i.AcceleratorKind, i.Accelerator, number(i.AcceleratorCount), number(i.AcceleratorMemoryMiB),
		})
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("writing instance facts: %w", err)
	}
	return nil
}
