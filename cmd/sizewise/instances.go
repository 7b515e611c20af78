package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sizewise/analyze/capacity"
	"sizewise/ingest/cloudwatch"
)

// addInstanceFacts adds --instance-facts to a command that needs them.
func addInstanceFacts(fs *pflag.FlagSet, path *string, getenv func(string) string) {
	fs.StringVar(path, "instance-facts", getenv("SIZEWISE_INSTANCES"), "CSV of types; sizewise instances refresh")
}

// readInstances reads the table of --instance-facts, the built-in one for no
// table.
func readInstances(path string) (capacity.InstanceTable, error) {
	if path == "" {
		return capacity.EmbeddedInstances(), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return capacity.InstanceTable{}, fmt.Errorf("opening the table of instance types: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	t, err := capacity.ReadInstances(f)
	if err != nil {
		return capacity.InstanceTable{}, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}

func (a *app) newInstancesCommand() *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use:   "instances [TYPE...]",
		Short: "Show what is known of instance types: vCPUs, memory, accelerators",
		Long: `Shows vCPUs, memory and accelerators of instance types, all or some, with where these
facts are from. The number of vCPUs and GPUs is what utilization is a part of: a
capacity rests on it.

  $ sizewise instances ml.g5.xlarge ml.c5.2xlarge
  $ sizewise instances refresh --from described.json --out instances.csv
  $ sizewise analyze endpoint/resnet-g5 --instance-facts instances.csv`,
		Args: func(*cobra.Command, []string) error { return nil },
		RunE: func(_ *cobra.Command, args []string) error {
			t, err := readInstances(path)
			if err != nil {
				return err
			}
			return a.showInstances(t, args)
		},
	}
	addInstanceFacts(cmd.Flags(), &path, a.con.getenv)
	cmd.AddCommand(a.newInstancesRefreshCommand())
	return cmd
}

// shownInstance is a row of the JSON.
type shownInstance struct {
	InstanceType         string  `json:"instance_type"`
	VCPU                 int     `json:"vcpu"`       // 0 unknown
	MemoryGiB            float64 `json:"memory_gib"` // 0 unknown
	AcceleratorKind      string  `json:"accelerator_kind"`
	Accelerator          string  `json:"accelerator"`
	AcceleratorCount     int     `json:"accelerator_count"`
	AcceleratorMemoryMiB int     `json:"accelerator_memory_mib_each"`
}

func (a *app) showInstances(t capacity.InstanceTable, types []string) error {
	shown := []shownInstance{}
	left := slices.Clone(types)
	for _, i := range t.All() {
		if len(types) > 0 && !slices.Contains(types, i.Type) {
			continue
		}
		left = slices.DeleteFunc(left, func(name string) bool { return name == i.Type })
		shown = append(shown, shownInstance{i.Type, i.VCPU, i.MemoryGiB, i.AcceleratorKind, i.Accelerator, i.AcceleratorCount, i.AcceleratorMemoryMiB})
	}
	if len(left) > 0 {
		return usagef("for example ml.g5.xlarge; sizewise instances shows all", "%q is not in the table of instance types", left[0])
	}
	if a.common.json {
		return writeJSON(a.con.out, struct {
			Source    string          `json:"source"`
			Instances []shownInstance `json:"instances"`
		}{t.Source, shown})
	}
	tw := tabwriter.NewWriter(a.con.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "instance type\tvCPU\tGiB\taccelerators")
	for _, i := range shown {
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", i.InstanceType, orUnknown(float64(i.VCPU)), orUnknown(i.MemoryGiB), accelerators(i))
	}
	if err := tw.Flush(); err != nil {
		return fmt.Errorf("writing instance types: %w", err)
	}
	_, err := fmt.Fprintln(a.con.out, wrap(clean(t.Source), ""))
	return err
}

func orUnknown(v float64) string {
	if v == 0 {
		return "unknown"
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func accelerators(i shownInstance) string {
	if i.AcceleratorCount == 0 {
		return ""
	}
	each := ""
	if i.AcceleratorMemoryMiB > 0 {
		each = fmt.Sprintf(", %d MiB each", i.AcceleratorMemoryMiB)
	}
	return fmt.Sprintf("%d × %s (%s%s)", i.AcceleratorCount, clean(i.Accelerator), clean(i.AcceleratorKind), each)
}

// instancesFlags say what refresh reads and writes.
type instancesFlags struct{ from, out string }

func (a *app) newInstancesRefreshCommand() *cobra.Command {
	var flags instancesFlags
	cmd := &cobra.Command{
		Use:   "refresh --from FILE",
		Short: "Make a table from what aws ec2 describe-instance-types prints",
		Long: `Reads what the AWS CLI prints of EC2's instance types and writes a table of every
type that SageMaker hosts on. Of types that the file does not have, it keeps what the
built-in table knows, and says so.

  $ aws ec2 describe-instance-types --output json > described.json
  $ sizewise instances refresh --from described.json --out instances.csv

A region has the types that it offers: us-east-1 and us-west-2 have most.`,
		Args: exactly(),
		RunE: func(*cobra.Command, []string) error {
			if flags.from == "" {
				return usagef("a file with what aws ec2 describe-instance-types prints, or - for stdin", "refresh needs --from")
			}
			return a.refreshInstances(flags)
		},
	}
	out := a.con.getenv("SIZEWISE_INSTANCES")
	if out == "" {
		out = "instances.csv"
	}
	cmd.Flags().StringVar(&flags.from, "from", "", "JSON file that aws ec2 describe-instance-types printed, - for stdin")
	cmd.Flags().StringVar(&flags.out, "out", out, "table to write, also SIZEWISE_INSTANCES")
	return cmd
}

func (a *app) refreshInstances(f instancesFlags) error {
	newer, err := a.describedInstances(f.from)
	if err != nil {
		return err
	}
	old := capacity.EmbeddedInstances()
	types := cloudwatch.HostingTypes()
	source := fmt.Sprintf("Facts of ml.* hosting types: output of EC2 DescribeInstanceTypes, read on %s, by the EC2 type of the same name.", a.con.now().UTC().Format("2006-01-02"))
	renewed, kept := old.Renewed(types, newer, source)
	if len(kept) == len(types) {
		return fmt.Errorf("%s has none of the types that SageMaker hosts on", f.from)
	}
	if len(kept) > 0 {
		renewed.Source += fmt.Sprintf(" %s not in it, as the built-in table has them: %s", count(len(kept), "type"), old.Source)
	}
	if err := writeWhole(f.out, func(w io.Writer) error { return renewed.Write(w) }); err != nil {
		return err
	}
	if a.common.json {
		return writeJSON(a.con.out, struct {
			File string   `json:"file"`
			Read int      `json:"read"`
			Kept []string `json:"kept"`
		}{f.out, len(types) - len(kept), append([]string{}, kept...)})
	}
	fmt.Fprintf(a.con.out, "%s read\n", count(len(types)-len(kept), "type"))
	if len(kept) > 0 {
		fmt.Fprintln(a.con.out, wrap(fmt.Sprintf("%s not in the file, kept as built in: %s", count(len(kept), "type"), strings.Join(kept, ", ")), "  "))
	}
	_, err = fmt.Fprintln(a.con.out, f.out)
	return err
}

// describedInstances reads the file of --from.
func (a *app) describedInstances(from string) ([]capacity.Instance, error) {
	in := a.con.in
	if from != "-" {
		f, err := os.Open(from)
		if err != nil {
			return nil, fmt.Errorf("opening what EC2 said: %w", err)
		}
		defer func() { _ = f.Close() }() // it was only read
		in = f
	}
	list, err := capacity.ReadInstanceTypes(in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", from, err)
	}
	return list, nil
}
