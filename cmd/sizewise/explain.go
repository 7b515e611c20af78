package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sizewise/analyze/capacity"
	"sizewise/analyze/finding"
	"sizewise/analyze/job"
	"sizewise/analyze/service"
)

func (a *app) newExplainCommand() *cobra.Command {
	var schema bool
	cmd := &cobra.Command{
		Use:   "explain [CHECK]",
		Short: "What a check asks, how it answers, when it refuses",
		Long: `Lists the checks, or says of one what it asks, its formula, the query behind it,
the data it needs and when it refuses. --schema prints the JSON Schema of
findings.json.

  $ sizewise explain
  $ sizewise explain capacity
  $ sizewise explain --schema > findings.schema.json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("", "explain takes one check")
			}
			return nil
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for _, c := range checks() {
				names = append(names, c.Name+"\t"+c.Title)
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if schema {
				_, err := io.WriteString(a.con.out, finding.Schema())
				return err
			}
			if len(args) == 0 {
				return a.listChecks()
			}
			for _, c := range checks() {
				if c.Name == args[0] {
					return a.explain(c)
				}
			}
			return usagef(meant(args[0], checkNames(), "sizewise explain ", "see sizewise explain"), "no check is called %q", args[0])
		},
	}
	cmd.Flags().BoolVar(&schema, "schema", false, "print the JSON Schema of findings.json")
	return cmd
}

// checks are those of every kind of subject.
func checks() []capacity.Check {
	return slices.Concat(capacity.Checks(), service.Checks(), job.Checks())
}

func (a *app) listChecks() error {
	if a.common.json {
		return writeJSON(a.con.out, checks())
	}
	var rows [][2]string
	for _, c := range checks() {
		rows = append(rows, [2]string{c.Name, c.Question})
	}
	return a.list(rows)
}

func checkNames() []string {
	var names []string
	for _, c := range checks() {
		names = append(names, c.Name)
	}
	return names
}

func (a *app) explain(c capacity.Check) error {
	if a.common.json {
		return writeJSON(a.con.out, c)
	}
	w := a.con.out
	fmt.Fprintf(w, "%s: %s\n\n", c.Name, c.Title)
	explainPart(w, "Question", c.Question)
	explainPart(w, "Formula", c.Formula)
	explainPart(w, "Query", "sizewise query "+c.Query)
	explainPart(w, "Needs", c.MinimumData)
	explainPart(w, "No answer when", c.Refuses...)
	var limits []string
	for _, t := range c.Thresholds {
		limits = append(limits, t.Name+": "+thresholdText(t))
	}
	explainPart(w, "Thresholds", limits...)
	return nil
}

func thresholdText(t capacity.Threshold) string {
	switch {
	case t.Unit == "ratio":
		return fmt.Sprintf("%g %%", t.Value*100)
	case t.Unit == "seconds" && t.Value >= 60:
		return fmt.Sprintf("%g minutes", t.Value/60)
	}
	return strings.TrimSpace(fmt.Sprintf("%g %s", t.Value, t.Unit))
}

func explainPart(w io.Writer, name string, lines ...string) {
	const indent = "               "
	for i, line := range lines {
		if i > 0 {
			name = ""
		}
		fmt.Fprintf(w, "%-14s %s\n", name, strings.TrimLeft(wrap(line, indent), " "))
	}
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	return nil
}
