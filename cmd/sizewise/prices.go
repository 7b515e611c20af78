package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sizewise/analyze/finding"
	"sizewise/analyze/price"
)

// pricesFile is where refresh puts prices unless it is told otherwise.
const pricesFile = "prices.csv"

// hoursPerMonth is a twelfth of a year, which AWS's own estimates use.
const hoursPerMonth = 730

// addPrices adds --prices to a command that answers with costs.
func addPrices(fs *pflag.FlagSet, prices *string, getenv func(string) string) {
	fs.StringVar(prices, "prices", getenv("SIZEWISE_PRICES"), "CSV of prices; see sizewise prices")
}

// readPrices reads the table of --prices, nil for no table.
func readPrices(path string) (*price.Book, error) {
	if path == "" {
		return nil, nil //nolint:nilnil // no book is a book without prices
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the table of prices: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	b, err := price.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return b, nil
}

const pricesHelp = `No prices are built in: they move, and differ by region. A table of them is a CSV file
with the columns region, instance_type, use (hosting, training, processing or
transform), usd_per_hour, as_of (YYYY-MM-DD) and source. Write it by hand, for
example with negotiated prices, or let refresh ask AWS.

  $ sizewise prices refresh --region eu-west-1
  $ sizewise prices show ml.g5.xlarge
  $ sizewise analyze endpoint/resnet-g5 --prices prices.csv

A price older than 90 days is used with a warning, one older than 365 days is not.`

func (a *app) newPricesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "prices",
		Short: "Ask AWS what instances cost, and show the table",
		Long:  pricesHelp,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("refresh or show", "prices has no command %q", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.newPricesRefreshCommand(), a.newPricesShowCommand())
	return cmd
}

func (a *app) newPricesShowCommand() *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use:   "show [INSTANCE-TYPE...]",
		Short: "Show a table of prices, and which are too old",
		Long: `Shows the prices of a table, all or those of some instance types, of --region or of
every region, with their age.

  $ sizewise prices show
  $ sizewise prices show ml.g5.xlarge ml.g5.2xlarge --prices negotiated.csv`,
		RunE: func(_ *cobra.Command, args []string) error {
			b, err := readPrices(path)
			if errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("%w; sizewise prices refresh makes one", err)
			}
			if err != nil {
				return err
			}
			return a.showPrices(b, args)
		},
	}
	addPrices(cmd.Flags(), &path, a.con.getenv)
	if path == "" {
		path = pricesFile
		cmd.Flags().Lookup("prices").DefValue = pricesFile
	}
	return cmd
}

// shownPrice is a row of show's JSON.
type shownPrice struct {
	Region       string  `json:"region"`
	InstanceType string  `json:"instance_type"`
	Use          string  `json:"use"`
	USDPerHour   float64 `json:"usd_per_hour"`
	AsOf         string  `json:"as_of"`
	Age          string  `json:"age"` // current, old, expired or future
	Source       string  `json:"source"`
}

func (a *app) showPrices(b *price.Book, types []string) error {
	regions := list(a.common.region)
	shown := []shownPrice{}
	for _, p := range b.Prices() {
		if len(types) > 0 && !slices.Contains(types, p.InstanceType) || regions[0] != "" && !slices.Contains(regions, p.Region) {
			continue
		}
		shown = append(shown, shownPrice{
			Region: p.Region, InstanceType: p.InstanceType, Use: string(p.Use), USDPerHour: p.USDPerHour,
			AsOf: p.AsOf.Format(time.DateOnly), Age: ageWord(p.Age(a.con.now())), Source: p.Source,
		})
	}
	if a.common.json {
		return writeJSON(a.con.out, shown)
	}
	if len(shown) == 0 {
		return fmt.Errorf("the table has no such price, of its %s", count(len(b.Prices()), "price"))
	}
	tw := tabwriter.NewWriter(a.con.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "region\tuse\tinstance type\tUSD/hour\tUSD/month\tas of\t\tsource")
	for _, p := range shown {
		fmt.Fprintf(tw, "%s\t%s\t%s\t%g\t%s\t%s\t%s\t%s\n", p.Region, p.Use, p.InstanceType, p.USDPerHour,
			thousands(int64(p.USDPerHour*hoursPerMonth+0.5)), p.AsOf, strings.TrimPrefix(p.Age, "current"), shorten(clean(p.Source), 72))
	}
	if err := tw.Flush(); err != nil {
		return fmt.Errorf("writing prices: %w", err)
	}
	return nil
}

func ageWord(a price.Age) string {
	switch a {
	case price.Old:
		return "old"
	case price.Expired:
		return "expired"
	case price.Future:
		return "future"
	default:
		return "current"
	}
}

// costAnswers writes what the fleet and its answers cost, or in one line why that
// is not known.
func costAnswers(w io.Writer, s finding.Set) {
	a := s.Answers
	if s.Price == nil {
		if a.CostPerHour.Why != "" {
			fmt.Fprintln(w, "cost                "+clean(a.CostPerHour.Why))
		}
		return
	}
	answer(w, "cost of the fleet", dollars(a.CostPerHour), formulaOrWhy(a.CostPerHour))
	answer(w, "cost per million", dollars(a.CostPerMillion), formulaOrWhy(a.CostPerMillion))
	answer(w, "  as it ran", dollars(a.CostPerMillionActual), formulaOrWhy(a.CostPerMillionActual))
	if s.Options.SLO != "" {
		answer(w, "  at the SLO rate", dollars(a.CostPerMillionAtSLO), formulaOrWhy(a.CostPerMillionAtSLO))
	}
}

// dollars prints an estimate of money to the cent.
func dollars(e finding.Estimate) string {
	text := cannotTell
	if e.Status != finding.Unanswerable && e.Value.Known() {
		text = cents(e.Value)
		if e.Lo.Known() && e.Hi.Known() && e.Lo != e.Hi {
			text += fmt.Sprintf(" (%s to %s)", cents(e.Lo), cents(e.Hi))
		}
		text += " " + e.Unit
	}
	if e.Current.Known() {
		text = "now " + cents(e.Current) + "; " + text
	}
	return text
}

func cents(n finding.Number) string {
	switch x := float64(n); {
	case x >= 1000:
		return thousands(int64(x + 0.5))
	case x >= 1:
		return fmt.Sprintf("%.2f", x)
	default:
		return fmt.Sprintf("%.3g", x)
	}
}
