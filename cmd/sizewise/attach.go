package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"sizewise/analyze/engine"
)

func (a *app) newAttachCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "attach [FILE.duckdb]",
		Short: "Write a DuckDB file with the views and the named queries",
		Long: `Writes a DuckDB file for the DuckDB CLI and notebooks. It holds no data: its
views read the lake, new files included, and every named query is a table macro
whose parameters have p_ in front. By default it lies beside the lake.

  $ sizewise lake attach
  $ sizewise --lake demo/lake lake attach demo.duckdb
  $ duckdb -readonly demo.duckdb "FROM variant_minutes(p_endpoint := 'web')"

The views name the lake by its absolute path. Where it lies elsewhere for a
reader, he says first: SET VARIABLE lake = '/mnt/lake'. A dataset that had no
file yet is empty until the file is written again. A file that sizewise did not
write, or that holds tables, is left alone.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("for example lake.duckdb", "attach writes one file, not %d", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			path := filepath.Clean(a.common.lake) + ".duckdb"
			if len(args) == 1 {
				path = args[0]
			}
			if err := engine.WriteDatabase(cmd.Context(), engine.Options{Lake: a.common.lake}, path); err != nil {
				return err
			}
			if a.common.json {
				return writeJSON(a.con.out, struct {
					Path string `json:"path"`
				}{path})
			}
			_, err := fmt.Fprintln(a.con.out, path)
			return err
		},
	}
}
