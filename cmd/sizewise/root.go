package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// app is one invocation: the process around it and the flags that every
// command shares.
type app struct {
	con     console
	common  commonFlags
	command string    // as typed, for example sizewise ingest: the lock says who holds it
	began   time.Time // the now of every window of this invocation, in whole seconds
}

// commonFlags may stand before or after the command's name.
type commonFlags struct {
	lake        string
	region      string
	profile     string
	endpointURL string
	zone        string
	json        bool
	quiet       bool
	verbose     int
	logFormat   string
}

func (f *commonFlags) add(fs *pflag.FlagSet, getenv func(string) string) {
	lake := getenv("SIZEWISE_LAKE")
	if lake == "" {
		lake = "lake"
	}
	fs.StringVar(&f.lake, "lake", lake, "the lake, also SIZEWISE_LAKE")
	fs.StringVar(&f.region, "region", "", "AWS regions, as a,b; of a lake: their rows")
	fs.StringVar(&f.profile, "profile", "", "AWS profile, else AWS_PROFILE")
	fs.StringVar(&f.endpointURL, "endpoint-url", "", "instead of AWS, also AWS_ENDPOINT_URL")
	fs.StringVar(&f.zone, "tz", "UTC", "zone of times, as Europe/Berlin")
	fs.BoolVar(&f.json, "json", false, "write the product as JSON on stdout")
	fs.BoolVarP(&f.quiet, "quiet", "q", false, "no progress and no notes; errors still show")
	fs.CountVarP(&f.verbose, "verbose", "v", "say what is done; twice says more")
	fs.StringVar(&f.logFormat, "log-format", "text", "of -v on stderr: text, json")
}

// location is the zone of --tz.
func (a *app) location() (*time.Location, error) {
	zone, err := time.LoadLocation(a.common.zone)
	if err != nil {
		return nil, usagef("for example --tz Europe/Berlin", "--tz %q is not a time zone", a.common.zone)
	}
	return zone, nil
}

func (a *app) logger() *slog.Logger { return a.con.logger(a.common.verbose, a.common.logFormat) }

// note tells the user something beside the product, unless --quiet.
func (a *app) note(format string, args ...any) {
	if !a.common.quiet {
		a.con.notef(format, args...)
	}
}

const rootHelp = `  $ sizewise demo --out demo             a simulated load test, no account
  $ sizewise run endpoint/resnet-g5 --last 2h --slo 'p99<200ms' --peak-rps 400

Sizewise tells what a SageMaker endpoint can take, what stops it, what went wrong
and what it should run on. It pulls CloudWatch metrics and logs into a Parquet
lake that you own, correlates them with SQL in an embedded DuckDB, and writes a
Markdown report with figures. It only reads from AWS.`

// newRootCommand wires the commands. There is no global state: everything that
// a command knows comes through a.
func newRootCommand(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:               "sizewise",
		Short:             "Capacity, bottleneck and sizing of SageMaker endpoints",
		Long:              rootHelp + "\n\nExit status: 0 ok; 1 failure; 2 usage; 3 the verdict failed; 4 too little data; 130 interrupted",
		SilenceErrors:     true,
		SilenceUsage:      true,
		DisableAutoGenTag: true,
		Version:           version(),
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				hint := "see sizewise --help"
				if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
					hint = "did you mean sizewise " + strings.Join(near, " or sizewise ") + "?"
				}
				return usagef(hint, "unknown command %q", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		a.command = cmd.CommandPath()
		if a.common.logFormat != "text" && a.common.logFormat != "json" {
			return usagef("text or json", "--log-format %q is unknown", a.common.logFormat)
		}
		return nil
	}
	a.common.add(root.PersistentFlags(), a.con.getenv)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		text, _, _ := strings.Cut(err.Error(), ": strconv.")
		hint := "see " + cmd.CommandPath() + " --help"
		var unknown *pflag.NotExistError
		if errors.As(err, &unknown) {
			hint = meant(unknown.GetSpecifiedName(), flagNames(cmd), "--", hint)
		}
		return usagef(hint, "%s", text)
	})
	root.SetIn(a.con.in)
	root.SetOut(a.con.out)
	root.SetErr(a.con.err)
	root.SetUsageTemplate(usageTemplate)
	root.SetVersionTemplate("sizewise {{.Version}}\n")
	root.SuggestionsMinimumDistance = 2
	for _, c := range a.commands() {
		c.Long += "\n\n" + exitHelpOf(c.Name())
		root.AddCommand(c)
	}
	root.InitDefaultCompletionCmd()
	if c, _, err := root.Find([]string{"completion"}); err == nil {
		c.Long = "  $ source <(sizewise completion bash)\n\n" + c.Long
	}
	layOut(root)
	return root
}

// layOut brings the help of a command and of those below it into its form.
func layOut(cmd *cobra.Command) {
	cmd.Long = helpText(cmd.Long)
	for _, c := range cmd.Commands() {
		layOut(c)
	}
}

// helpText puts the example of a help in front and wraps what is not one.
func helpText(long string) string {
	var first, rest []string
	for _, part := range strings.Split(strings.TrimSpace(long), "\n\n") {
		lines := strings.Split(part, "\n")
		example := strings.HasPrefix(strings.TrimLeft(lines[0], " "), "$ ")
		switch {
		case example && first == nil:
			first = append(first, "  "+strings.TrimLeft(part, " "))
		case example || strings.HasPrefix(part, "\t"): // as cobra indents its own
			rest = append(rest, part)
		default:
			rest = append(rest, wrap(part, ""))
		}
	}
	return strings.Join(append(first, rest...), "\n\n")
}

// run executes one command line and returns the exit code. Errors become one
// line on stderr.
func run(ctx context.Context, args []string, con console) int {
	a := &app{con: con, began: con.now().Truncate(time.Second)}
	root := newRootCommand(a)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if ctx.Err() != nil && err != nil {
		err = interruptedError{}
	}
	if err == nil || readerGone(err) {
		return exitOK
	}
	err = a.nameDamage(ctx, err)
	// A verdict is part of the product; beside JSON a person wants it in words.
	var answer *verdictError
	if !errors.As(err, &answer) || a.common.json && !a.common.quiet {
		for _, one := range apart(err) {
			con.notef("%s", oneLine(one.Error()))
		}
	}
	return exitCode(err)
}

// flagNames are the flags that a command takes.
func flagNames(cmd *cobra.Command) []string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

// exactly asks for n arguments and names them when they are missing.
func exactly(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < len(names):
			return usagef("see "+cmd.CommandPath()+" --help", "%s needs %s", cmd.CommandPath(), names[len(args)])
		case len(args) > len(names):
			return usagef("see "+cmd.CommandPath()+" --help", "%s does not take %q", cmd.CommandPath(), args[len(names)])
		}
		return nil
	}
}

// atLeastOne asks for one argument or more.
func atLeastOne(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usagef("see "+cmd.CommandPath()+" --help", "%s needs %s", cmd.CommandPath(), name)
		}
		return nil
	}
}
