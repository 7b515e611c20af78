package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"sizewise/queries"
)

func (a *app) newQueryCommand() *cobra.Command {
	var params []string
	var showText bool
	var output outputFlags
	var limits limitFlags
	cmd := &cobra.Command{
		Use:   "query [NAME]",
		Short: "List, show and run the named queries behind the report",
		Long: `Without a name it lists the named queries. With one it runs it; --show prints its
purpose, parameters, columns and text instead, ready for any SQL prompt over the
same views.

  $ sizewise query
  $ sizewise query utilization_by_minute --param endpoint=resnet-g5
  $ sizewise query utilization_by_minute --show`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("parameters are --param name=value", "query takes one name, not %d", len(args))
			}
			return nil
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return queries.Names(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.listQueries()
			}
			q, err := queries.Get(args[0])
			if err != nil {
				return unknownQuery(args[0], err)
			}
			if showText {
				return a.showQuery(q)
			}
			if err := output.check(a.common.json); err != nil {
				return err
			}
			values, err := parseParams(q, params)
			if err != nil {
				return err
			}
			return a.runQuery(cmd.Context(), q, values, output, limits)
		},
	}
	cmd.Flags().StringArrayVar(&params, "param", nil, "a parameter, name=value; may be given several times")
	cmd.Flags().BoolVar(&showText, "show", false, "print the query instead of running it")
	output.add(cmd.Flags())
	limits.add(cmd.Flags())
	return cmd
}

func (a *app) listQueries() error {
	type row struct {
		Name    string `json:"name"`
		Purpose string `json:"purpose"`
		Grain   string `json:"grain"`
	}
	var rows []row
	for _, name := range queries.Names() {
		q, err := queries.Get(name)
		if err != nil {
			return err
		}
		rows = append(rows, row{q.Name, q.Purpose, q.Grain})
	}
	if a.common.json {
		return writeJSON(a.con.out, rows)
	}
	var list [][2]string
	for _, r := range rows {
		first, _, _ := strings.Cut(r.Purpose, ". ")
		list = append(list, [2]string{r.Name, strings.TrimSuffix(first, ".")})
	}
	return a.list(list)
}

// unknownQuery is the error for a name that no query has.
func unknownQuery(name string, err error) error {
	return usagef(meant(name, queries.Names(), "", ""), "%s", err)
}

func (a *app) showQuery(q queries.Query) error {
	if a.common.json {
		return writeJSON(a.con.out, q)
	}
	w := a.con.out
	fmt.Fprintf(w, "%s: %s\n%s\n", q.Name, q.Purpose, q.Grain)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(tw, "\nParameters:\n")
	for _, p := range q.Params {
		fmt.Fprintf(tw, "  %s\t%s\tdefault %q\t%s\n", p.Name, p.Type, p.Default, p.About)
	}
	fmt.Fprint(tw, "\nColumns:\n")
	for _, c := range q.Columns {
		fmt.Fprintf(tw, "  %s\t%s\t%s\t%s\n", c.Name, c.Type, c.Unit, c.About)
	}
	if err := tw.Flush(); err != nil {
		return fmt.Errorf("writing the query: %w", err)
	}
	_, err := fmt.Fprintf(w, "\n%s\n", strings.TrimSpace(q.SQL))
	return err
}

// parseParams reads name=value and checks the names.
func parseParams(q queries.Query, given []string) (map[string]any, error) {
	values := map[string]any{}
	for _, g := range given {
		name, value, ok := strings.Cut(g, "=")
		if !ok {
			return nil, usagef("for example --param endpoint=resnet-g5", "--param %q is not name=value", g)
		}
		values[strings.TrimPrefix(name, "$")] = value
	}
	return values, nil
}

func (a *app) runQuery(ctx context.Context, q queries.Query, values map[string]any, f outputFlags, l limitFlags) (err error) {
	if f.format == "parquet" {
		return usagef("use sizewise sql --format parquet with the text of sizewise query "+q.Name+" --show", "a named query writes table, csv or json")
	}
	if q.Name == "catalog" {
		remove, err := a.borrowCatalog(ctx)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, remove()) }()
	}
	e, err := a.openEngine(ctx, l)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	ctx, cancel := context.WithTimeoutCause(ctx, l.timeout, fmt.Errorf("the query took longer than --timeout %s", l.timeout))
	defer cancel()
	n := int64(-1)
	rows, err := e.Query(ctx, q.Name, values)
	if err == nil {
		n, err = a.writeRows(rows, f)
	}
	if n == 0 && len(values) > 0 {
		a.note("no rows; sizewise query subjects says what the lake has")
	}
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return context.Cause(ctx)
	}
	return err
}
