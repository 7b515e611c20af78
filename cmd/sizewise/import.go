package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sizewise/ingest/files"
)

// importFlags say how to read files.
type importFlags struct {
	format   string
	logGroup string
	subject  string
	noRedact bool
	wait     time.Duration
}

func (a *app) newImportCommand() *cobra.Command {
	var flags importFlags
	cmd := &cobra.Command{
		Use:   "import PATH...",
		Short: "Read exported files into the lake, no AWS needed",
		Long: `Reads files that somebody exported into the lake: CloudWatch Metric Streams JSON,
CloudWatch Logs subscription records as Firehose stores them, and what aws sagemaker
describe-endpoint and describe-endpoint-config print. The format is found by content;
gzip is undone; a directory is read with all below it; - is standard input. Importing
the same files again changes no row. A malformed record is named and skipped.

  $ sizewise import metrics.ndjson logs.json.gz endpoint.json endpoint-config.json
  $ sizewise --lake lake import exports/`,
		Args: atLeastOne("a PATH, for example metrics.ndjson"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.importFiles(cmd.Context(), args, flags)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&flags.format, "format", "auto", "auto, or the one format that the files must have: "+formatNames())
	fs.StringVar(&flags.logGroup, "log-group", "", "log group of records that name none")
	fs.StringVar(&flags.subject, "subject", "", "subject of metrics and logs that name no endpoint")
	fs.BoolVar(&flags.noRedact, "no-redact", false, "keep secrets in log text as they are")
	fs.DurationVar(&flags.wait, "wait", 0, "how long to wait for another writer of the lake")
	return cmd
}

func formatNames() string {
	var names []string
	for _, f := range files.Formats() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}

// mostNamed is how many malformed records are named one by one.
const mostNamed = 10

func (a *app) importFiles(ctx context.Context, paths []string, f importFlags) error {
	format := files.Format(f.format)
	if f.format == "auto" {
		format = files.Auto
	} else if !slices.Contains(files.Formats(), format) {
		return usagef("one of auto, "+formatNames(), "--format %q is unknown", f.format)
	}
	if f.subject != "" {
		if _, err := parseSubject(f.subject); err != nil {
			return err
		}
	}
	l, err := a.openLake(ctx, a.con.now, f.wait)
	if err != nil {
		return err
	}
	p := newProgress(a.con, a.common.quiet)
	named := 0
	sum, err := files.Import(ctx, l, paths, files.Options{
		Format: format, Subject: f.subject, LogGroup: f.logGroup, NoRedact: f.noRedact,
		Now: a.con.now, Stdin: a.con.in,
		Progress: func(at files.Progress) { p.stage("reading "+at.File, at.Bytes, 0, "bytes") },
		OnMalformed: func(m *files.Malformed) {
			if named++; named <= mostNamed {
				p.clear()
				a.con.notef("skipped %s", clean(m.String()))
			}
		},
	})
	p.clear()
	if named > mostNamed {
		a.con.notef("skipped %d more records: sizewise query ledger_problems", named-mostNamed)
	}
	if err == nil && sum.Points+sum.Events+sum.Documents+sum.Malformed == 0 {
		err = fmt.Errorf("nothing to import: %s without a record: %s", count(sum.Files, "file"), clean(strings.Join(paths, " ")))
	}
	return errors.Join(err, l.Close(), a.printImport(sum))
}

func (a *app) printImport(s files.Summary) error {
	if a.common.json {
		return writeJSON(a.con.out, s)
	}
	if s.Files == 0 {
		return nil
	}
	text := fmt.Sprintf("%s: %s, %s, %s; %s new, %s changed", count(s.Files, "file"), count(s.Points, "point"),
		count(s.Events, "log event"), count(s.Documents, "document"), count(s.Added, "row"), thousands(s.Changed))
	if s.Malformed > 0 {
		text += ", " + count(s.Malformed, "malformed record") + " skipped"
	}
	if len(s.Subjects) > 0 {
		text += "; " + strings.Join(s.Subjects, ", ")
	}
	a.note("%s", clean(text))
	return nil
}
