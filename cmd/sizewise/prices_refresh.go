package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sizewise/analyze/price"
	"sizewise/ingest/cloudwatch"
)

// refreshFlags say what to ask AWS's price list.
type refreshFlags struct {
	target targetFlags
	out    string
	uses   []string
}

func (a *app) newPricesRefreshCommand() *cobra.Command {
	var flags refreshFlags
	cmd := &cobra.Command{
		Use:   "refresh",
		Short: "Ask AWS's Pricing API what instances cost",
		Long: `Asks AWS's Pricing API for the on-demand prices of ML instances in a region, or in
several, and writes them to a table. Prices that the table has already are replaced
where AWS lists them, and kept where it does not.

  $ sizewise prices refresh --region eu-west-1
  $ sizewise prices refresh --region us-east-1,us-west-2 --use hosting,training

It needs the permission pricing:GetProducts, which is not part of the policy of a
pull, and costs nothing. AWS gives its list for information: the bill decides.
Savings plans, negotiated discounts and taxes are not in it: keep such prices in a
table of their own.`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, u := range flags.uses {
				if !slices.Contains(price.Uses(), price.Use(u)) {
					return usagef("hosting, training, processing or transform", "--use %q is unknown", u)
				}
			}
			return a.refreshPrices(cmd.Context(), flags)
		},
	}
	out := a.con.getenv("SIZEWISE_PRICES")
	if out == "" {
		out = pricesFile
	}
	cmd.Flags().StringVar(&flags.out, "out", out, "table to write, also SIZEWISE_PRICES")
	cmd.Flags().StringSliceVar(&flags.uses, "use", []string{string(price.Hosting)}, "what the instances are for: hosting, training, processing, transform")
	flags.target.add(cmd.Flags())
	return cmd
}

// refreshed is what one region's price list gave.
type refreshed struct {
	Region string   `json:"region"`
	Prices int      `json:"prices"`
	Left   []string `json:"left_out"` // and why
}

// refreshPrices asks every region, and writes the table when all have answered.
func (a *app) refreshPrices(ctx context.Context, f refreshFlags) error {
	clients, err := a.clients(f.target)
	if err != nil {
		return err
	}
	book, err := readPrices(f.out)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w; mend it, or name another file with --out", err)
	}
	var done []refreshed
	for _, o := range clients {
		l, err := a.askPrices(ctx, o, f.uses)
		if err != nil {
			return targetError(clients, o, err)
		}
		newer, err := price.NewBook(a.priced(l.Prices))
		if err != nil {
			return fmt.Errorf("taking the price list of %s: %w", l.Region, err)
		}
		book = book.Merge(newer)
		done = append(done, refreshed{l.Region, len(l.Prices), append([]string{}, l.Left...)})
	}
	comment := []string{
		"Prices of ML instances on demand, USD per hour, made by sizewise prices refresh.",
		"AWS gives its price list for information only: what it bills may differ.",
	}
	if err := writeWhole(f.out, func(w io.Writer) error { return book.Write(w, comment...) }); err != nil {
		return err
	}
	return a.printRefreshed(f.out, done)
}

// askPrices lists the prices of one region.
func (a *app) askPrices(ctx context.Context, o cloudwatch.Options, uses []string) (cloudwatch.PriceListing, error) {
	p := newProgress(a.con, a.common.quiet)
	defer p.clear()
	p.stage("asking for prices", 0, 0, "")
	client, err := cloudwatch.NewPricing(ctx, o)
	if err != nil {
		return cloudwatch.PriceListing{}, err
	}
	return client.List(ctx, cloudwatch.PriceRequest{Uses: uses})
}

// priced are listed prices as of today. What AWS lists stands until it lists
// another, so today is when it was true; Source says when it was published.
func (a *app) priced(listed []cloudwatch.ListedPrice) []price.Price {
	today := a.con.now().UTC().Truncate(24 * time.Hour)
	var out []price.Price
	for _, p := range listed {
		edition := "version " + p.Version
		if !p.Published.IsZero() {
			edition = "published " + p.Published.Format(time.DateOnly)
		}
		out = append(out, price.Price{
			Region: p.Region, InstanceType: p.InstanceType, Use: price.Use(p.Use), USDPerHour: p.USDPerHour,
			AsOf: today, Source: oneLine(clean(fmt.Sprintf("AWS Price List, AmazonSageMaker, %s, SKU %s", edition, p.SKU))),
		})
	}
	return out
}

func (a *app) printRefreshed(path string, done []refreshed) error {
	if a.common.json {
		return writeJSON(a.con.out, struct {
			File    string      `json:"file"`
			Regions []refreshed `json:"regions"`
		}{path, done})
	}
	for _, r := range done {
		fmt.Fprintf(a.con.out, "%s: %s\n", r.Region, count(r.Prices, "price"))
		for _, line := range r.Left {
			fmt.Fprintln(a.con.out, wrap("left out: "+clean(line), "  "))
		}
	}
	_, err := fmt.Fprintf(a.con.out, "%s\n", strings.TrimSpace(path))
	return err
}
