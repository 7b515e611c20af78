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
	command string // as typed, for example sizewise ingest: the lock says who holds it
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
	fs.StringVar(&f.lake, "lake", lake, "directory of the Parquet lake, also SIZEWISE_LAKE")
	fs.StringVar(&f.region, "region", "", "AWS region, else the profile's or AWS_REGION; several as a,b. Of a lake: its rows only")
	fs.StringVar(&f.profile, "profile", "", "AWS profile, else AWS_PROFILE")
	fs.StringVar(&f.endpointURL, "endpoint-url", "", "ask this address instead of AWS, also AWS_ENDPOINT_URL")
	fs.StringVar(&f.zone, "tz", "UTC", "time zone of times read and shown, for example Europe/Berlin")
	fs.BoolVar(&f.json, "json", false, "write the product as JSON on stdout")
	fs.BoolVarP(&f.quiet, "quiet", "q", false, "no progress and no notes; errors still show")
	fs.CountVarP(&f.verbose, "verbose", "v", "say what is done; twice says more")
	fs.StringVar(&f.logFormat, "log-format", "text", "format of -v on stderr: text or json")
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

const rootHelp = `Sizewise tells what a SageMaker endpoint can take, what stops it, what went wrong
and what it should run on.

  $ sizewise demo --out demo                       a simulated load test, no AWS account
  $ sizewise run endpoint/resnet-g5 --last 2h --slo 'p99<200ms' --peak-rps 400

It pulls CloudWatch metrics and logs into a Parquet lake that you own, correlates
them with SQL in an embedded DuckDB, and writes a Markdown report with figures.
It only reads from AWS.`

// newRootCommand wires the commands. There is no global state: everything that
// a command knows comes through a.
func newRootCommand(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:               "sizewise",
		Short:             "Capacity, bottleneck and sizing of SageMaker endpoints",
		Long:              rootHelp + "\n\n" + exitHelp,
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
		return usagef("see "+cmd.CommandPath()+" --help", "%s", text)
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
	return root
}

// run executes one command line and returns the exit code. Errors become one
// line on stderr.
func run(ctx context.Context, args []string, con console) int {
	a := &app{con: con}
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
		con.notef("%s", oneLine(err.Error()))
	}
	return exitCode(err)
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
