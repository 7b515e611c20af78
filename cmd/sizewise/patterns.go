package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"sizewise/analyze/pattern"
)

// patternsFlags say what patterns prints.
type patternsFlags struct {
	assign   bool
	top      int
	noRedact bool
}

func (a *app) newPatternsCommand() *cobra.Command {
	var flags patternsFlags
	cmd := &cobra.Command{
		Use:   "patterns [FILE...]",
		Short: "Templates of plain log files or stdin, no lake needed",
		Long: `Groups the lines of log files by the message that they are of: how often each came,
its level, when it came first and last where lines say so, and one line as an example
with secrets masked. Headers of serving containers are taken off; what varies becomes
<*>. Lines of access logs and of metrics are counted beside the messages.

Without FILE, or with -, it reads standard input; gzip is undone. --assign prints CSV
with the line's number, its template's (0: in none) and the template, in order.

  $ sizewise patterns container.log
  $ sizewise patterns container.log --json
  $ sizewise patterns container.log --assign > assigned.csv`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if flags.assign && a.common.json {
				return usagef("give one of them", "--assign prints CSV and --json JSON")
			}
			if flags.top < 0 {
				return usagef("0 prints all", "--top %d is negative", flags.top)
			}
			return a.patterns(cmd.Context(), args, flags)
		},
	}
	fs := cmd.Flags()
	fs.BoolVar(&flags.assign, "assign", false, "print CSV: line,cluster,template for every line")
	fs.IntVar(&flags.top, "top", 50, "templates in the table, most frequent first; 0 for all")
	fs.BoolVar(&flags.noRedact, "no-redact", false, "show secrets in examples and templates as they are")
	return cmd
}

func (a *app) patterns(ctx context.Context, files []string, flags patternsFlags) error {
	a.collectLess()
	c := newLineCounter(pattern.MaxSkeletons)
	var ids *os.File
	if flags.assign {
		var err error
		if ids, err = os.CreateTemp("", "sizewise-assign-*"); err != nil {
			return fmt.Errorf("keeping which line has which template: %w", err)
		}
		defer os.Remove(ids.Name()) //nolint:errcheck // a temporary file
		defer ids.Close()           //nolint:errcheck // a temporary file
		c.ids = bufio.NewWriterSize(ids, 1<<16)
	}
	if len(files) == 0 {
		files = []string{"-"}
	}
	for _, name := range files {
		if err := a.countLines(ctx, c, name); err != nil {
			return err
		}
	}
	templates := c.templates()
	if c.over > 0 {
		a.note("%s have skeletons beyond the first %s and are in no template", count(c.over, "line"), thousands(int64(c.most)))
	}
	rows := patternRows(c, templates, !flags.noRedact)
	switch {
	case flags.assign:
		return a.printAssigned(c, ids, templates, rows)
	case a.common.json:
		return writeJSON(a.con.out, patternsOf(c, rows))
	}
	return a.printPatterns(c, rows, flags.top)
}

// countLines counts the lines of one file, or of standard input for -.
func (a *app) countLines(ctx context.Context, c *lineCounter, name string) error {
	in := a.con.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // only read
		in = f
	}
	if err := c.read(ctx, in); err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	return nil
}

// printAssigned prints the template of every line. A template that a spreadsheet
// would take for a formula starts with an apostrophe.
func (a *app) printAssigned(c *lineCounter, ids io.ReadSeeker, templates []pattern.Template, rows []patternRow) error {
	if err := c.ids.Flush(); err != nil {
		return fmt.Errorf("keeping which line has which template: %w", err)
	}
	if _, err := ids.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("reading which line has which template: %w", err)
	}
	fields := make([]string, len(c.skeletons))
	for k, t := range templates {
		field := fmt.Sprintf(",%d,%s\n", k+1, formulaSafe(rows[k].Template))
		for _, i := range t.Members {
			fields[i] = field
		}
	}
	w := bufio.NewWriterSize(a.con.out, 1<<16)
	w.WriteString("line,cluster,template\n") //nolint:errcheck // Flush says it
	in := bufio.NewReaderSize(ids, 1<<16)
	var id [4]byte
	for line := int64(1); ; line++ {
		if _, err := io.ReadFull(in, id[:]); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return fmt.Errorf("reading which line has which template: %w", err)
		}
		field := ",0,\n"
		if i := int32(binary.LittleEndian.Uint32(id[:])); i != beyond { //nolint:gosec // written as int32
			field = fields[i]
		}
		w.Write(strconv.AppendInt(w.AvailableBuffer(), line, 10)) //nolint:errcheck // Flush says it
		w.WriteString(field)                                      //nolint:errcheck // Flush says it
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("writing CSV: %w", err)
	}
	return nil
}

// formulaSafe quotes s as RFC 4180 has it and keeps spreadsheets from computing it.
func formulaSafe(s string) string {
	if s != "" && strings.IndexByte("=+-@\t\r", s[0]) >= 0 {
		s = "'" + s
	}
	if !strings.ContainsAny(s, ",\"\r\n") && strings.TrimSpace(s) == s {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}
