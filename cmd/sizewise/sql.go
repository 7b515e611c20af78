package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sizewise/analyze/engine"
	"sizewise/queries"
)

// outputFlags say in which form rows are written, and where.
type outputFlags struct {
	format string
	out    string
}

func (f *outputFlags) add(fs *pflag.FlagSet) {
	fs.StringVar(&f.format, "format", "", "table, line, csv, json or parquet; default as --out ends, else table")
	fs.StringVar(&f.out, "out", "", "write to this file instead of stdout; needed for parquet")
}

func (f *outputFlags) check(json bool) error {
	if json && (f.format == "" || f.format == "table") {
		f.format = "json"
	}
	if f.format == "" {
		if f.format = formatOf(f.out); f.format == "" {
			return usagef("end it in .csv, .json, .parquet or .txt, or give --format", "--out %s does not say in which form rows are to be written", clean(f.out))
		}
	}
	switch f.format {
	case "table", "line", "csv", "json":
	case "parquet":
		if f.out == "" {
			return usagef("for example --out rows.parquet", "--format parquet needs --out")
		}
	default:
		return usagef("table, line, csv, json or parquet", "--format %q is unknown", f.format)
	}
	return nil
}

// formatOf is the form that a file's name promises; "" when it promises one that
// is not to be had.
func formatOf(path string) string {
	switch ending := strings.TrimPrefix(filepath.Ext(path), "."); ending {
	case "csv", "json", "parquet":
		return ending
	case "", "txt":
		return "table"
	default:
		return ""
	}
}

// limitFlags bound what one statement may use.
type limitFlags struct {
	timeout time.Duration
	memory  string
	threads int
}

func (f *limitFlags) add(fs *pflag.FlagSet) {
	fs.DurationVar(&f.timeout, "timeout", time.Minute, "deadline of a statement")
	fs.StringVar(&f.memory, "memory-limit", "1GB", "of the query engine")
	fs.IntVar(&f.threads, "threads", 0, "of the query engine; default all cores")
}

func (a *app) newSQLCommand() *cobra.Command {
	var file string
	var noHistory bool
	var output outputFlags
	var limits limitFlags
	cmd := &cobra.Command{
		Use:   "sql [QUERY]",
		Short: "Your own SQL over the lake, read-only and sandboxed",
		Long: `Runs SELECT-like statements over the lake's views: metrics, logs, requests,
resources, ledger, catalog and measurements (metrics in base units). Nothing can
be written, and nothing outside the lake can be read.

  $ sizewise sql "SELECT metric, count(*) AS n FROM metrics GROUP BY metric"
  $ sizewise sql -f busy.sql --format csv > busy.csv
  $ sizewise sql "FROM logs WHERE level = 'ERROR'" --out errors.parquet
  $ sizewise sql

Without QUERY it runs what standard input says; on a terminal it asks, with
completion by Tab, a history and .help. The history is kept in SIZEWISE_HISTORY,
else in $XDG_STATE_HOME/sizewise/sql_history; SIZEWISE_HISTORY=off keeps none.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("put the statement in quotes", "sql takes one statement, not %d arguments", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if err := output.check(a.common.json); err != nil {
				return err
			}
			e, err := a.openEngine(cmd.Context(), limits)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, e.Close()) }()
			if len(args) == 0 && file == "" && a.con.prompt {
				if output.out != "" {
					return usagef("give the statement, -f FILE or standard input", "--out at a prompt")
				}
				return a.ask(cmd.Context(), e, output, limits, !noHistory)
			}
			text, err := a.statement(args, file)
			if err != nil {
				return err
			}
			if len(args) == 0 {
				return a.script(cmd.Context(), e, text, output, limits)
			}
			one := &session{app: a, engine: e, output: output, limits: limits}
			return one.run(cmd.Context(), text)
		},
	}
	cmd.Flags().StringVarP(&file, "file", "f", "", "run the statements of this file")
	cmd.Flags().BoolVar(&noHistory, "no-history", false, "do not keep what is typed at the prompt")
	output.add(cmd.Flags())
	limits.add(cmd.Flags())
	return cmd
}

// checkMemory holds a memory limit to what the engine reads.
func checkMemory(s string) error {
	if !regexp.MustCompile(`(?i)^\d+(\.\d+)?\s*([KMGT]i?B)$`).MatchString(s) {
		return usagef("for example --memory-limit 1GB", "--memory-limit %q is not an amount of memory", s)
	}
	return nil
}

func (a *app) openEngine(ctx context.Context, f limitFlags) (*engine.Engine, error) {
	if err := checkMemory(f.memory); err != nil {
		return nil, err
	}
	return engine.Open(ctx, engine.Options{Lake: a.common.lake, Region: a.common.region, Threads: f.threads, MemoryLimit: f.memory})
}

// statement is the SQL of the argument, the file or standard input.
func (a *app) statement(args []string, file string) (string, error) {
	var text []byte
	var err error
	switch {
	case len(args) == 1 && file != "":
		return "", usagef("give one of them", "a statement and --file")
	case len(args) == 1:
		text = []byte(args[0])
	case file != "":
		text, err = os.ReadFile(file)
	default:
		text, err = io.ReadAll(a.con.in)
	}
	if err != nil {
		return "", fmt.Errorf("reading the statement: %w", err)
	}
	if strings.TrimSpace(string(text)) == "" {
		return "", usagef(`for example sizewise sql "SELECT * FROM metrics LIMIT 5"`, "no statement given")
	}
	return string(text), nil
}

// knownTables replaces the engine's guess at a table's name by the names. Who takes
// a named query for a table is told how to run it.
func knownTables(err error) error {
	if err == nil || !strings.Contains(err.Error(), "Table with name") {
		return err
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	text, _, _ = strings.Cut(text, " Did you mean")
	_, name, _ := strings.Cut(text, "Table with name ")
	name, _, _ = strings.Cut(name, " ")
	if _, err := queries.Get(name); err == nil {
		return fmt.Errorf("%s is a named query and no view: sizewise query %[1]s, or its text with --show", name)
	}
	views, viewErr := queries.Views()
	if viewErr != nil {
		return err
	}
	var names []string
	for _, v := range views {
		names = append(names, v.Name)
	}
	return fmt.Errorf("%s the views are %s", strings.TrimSuffix(text, "!")+":", strings.Join(names, ", "))
}
