package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"sizewise/queries"
)

// dotCommand is a command of the prompt that is not SQL.
type dotCommand struct {
	name, args, about string
	run               func(s *session, ctx context.Context, args []string) error
}

func dotCommands() []dotCommand {
	return []dotCommand{
		{".tables", "", "the views, and what they hold", (*session).showTables},
		{".schema", "[VIEW]", "columns with type, unit and meaning", (*session).showSchema},
		{".queries", "[NAME]", "the named queries, or the text of one", (*session).showQueries},
		{".query", "NAME [k=v ...]", "run a named query", (*session).runNamed},
		{".mode", "MODE", strings.Join(modes(), ", "), (*session).setMode},
		{".timing", "on|off", "say how long a statement took", (*session).setTiming},
		{".help", "", "this text", (*session).showHelp},
		{".quit", "", "leave, as ctrl-D does", (*session).quit},
	}
}

// modes are the forms in which rows can be shown.
func modes() []string { return []string{"table", "csv", "json", "line"} }

// command runs one dot command.
func (s *session) command(ctx context.Context, text string) error {
	words := strings.Fields(strings.TrimSuffix(text, ";"))
	if words[0] == ".exit" {
		words[0] = ".quit"
	}
	for _, d := range dotCommands() {
		if d.name == words[0] {
			return d.run(s, ctx, words[1:])
		}
	}
	return usagef(".help lists them", "unknown command %q", words[0])
}

func (s *session) showTables(context.Context, []string) error {
	views, err := queries.Views()
	if err != nil {
		return err
	}
	var rows [][2]string
	for _, v := range views {
		first, _, _ := strings.Cut(v.Purpose, ". ")
		rows = append(rows, [2]string{v.Name, strings.TrimSuffix(first, ".")})
	}
	return s.app.list(rows)
}

func (s *session) showSchema(_ context.Context, args []string) error {
	views, err := queries.Views()
	if err != nil {
		return err
	}
	var names []string
	shown := 0
	tw := tabwriter.NewWriter(s.app.con.out, 0, 0, 2, ' ', 0)
	for _, v := range views {
		names = append(names, v.Name)
		if len(args) > 0 && !slices.Contains(args, v.Name) {
			continue
		}
		shown++
		fmt.Fprintf(tw, "%s: %s\n", v.Name, v.Grain)
		for _, c := range v.Columns {
			fmt.Fprintf(tw, "  %s\t%s\t%s\t%s\n", c.Name, c.Type, c.Unit, c.About)
		}
	}
	if shown == 0 {
		return usagef("the views are "+strings.Join(names, ", "), "no view is called %q", args[0])
	}
	return tw.Flush()
}

func (s *session) showQueries(_ context.Context, args []string) error {
	if len(args) == 0 {
		return s.app.listQueries()
	}
	q, err := queries.Get(args[0])
	if err != nil {
		return unknownQuery(args[0], err)
	}
	return s.app.showQuery(q)
}

func (s *session) runNamed(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return usagef("for example .query subjects", ".query needs a NAME")
	}
	q, err := queries.Get(args[0])
	if err != nil {
		return unknownQuery(args[0], err)
	}
	values, err := parseParams(q, args[1:])
	if err != nil {
		return err
	}
	return s.timed(ctx, "query", func(ctx context.Context) (int64, error) {
		rows, err := s.engine.Query(ctx, q.Name, values)
		if err != nil {
			return 0, err
		}
		return s.app.writeRows(rows, s.output)
	})
}

func (s *session) setMode(_ context.Context, args []string) error {
	if len(args) != 1 || !slices.Contains(modes(), args[0]) {
		return usagef(strings.Join(modes(), ", "), ".mode takes one of")
	}
	s.output.format = args[0]
	return nil
}

func (s *session) setTiming(_ context.Context, args []string) error {
	if len(args) != 1 || args[0] != "on" && args[0] != "off" {
		return usagef("on or off", ".timing takes one of")
	}
	s.timing = args[0] == "on"
	return nil
}

func (s *session) showHelp(context.Context, []string) error {
	tw := tabwriter.NewWriter(s.app.con.out, 0, 0, 2, ' ', 0)
	for _, d := range dotCommands() {
		fmt.Fprintf(tw, "%s %s\t%s\n", d.name, d.args, d.about)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprint(s.app.con.out, `A statement ends with ; and may have several lines. Tab completes, the arrows
recall, ctrl-C leaves a statement or stops a running one, ctrl-D leaves.
`)
	return err
}

func (s *session) quit(context.Context, []string) error {
	s.leave = true
	return nil
}
