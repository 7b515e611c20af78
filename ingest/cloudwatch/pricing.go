package cloudwatch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/pricing"
	"github.com/aws/aws-sdk-go-v2/service/pricing/types"
)

// ErrPricesDenied is why a price list was not given: pulls need no permission
// for it.
const ErrPricesDenied Reason = "access denied: a price list needs the permission pricing:GetProducts, which a pull does not"

// Pricing reads AWS's price list. It is apart from [Client], because the Pricing
// API has an address in three regions only, whatever region is asked about.
type Pricing struct {
	api         *pricing.Client
	region      string // that Options lead to
	getProducts *operation
}

// PriceRequest says which prices to list.
type PriceRequest struct {
	Region string // "" is the one that Options lead to
	// Uses are hosting, training, processing and transform, as far as they are
	// wanted; none is hosting alone.
	Uses []string
}

// ListedPrice is what one instance costs on demand by AWS's price list.
type ListedPrice struct {
	Region, InstanceType, Use string
	USDPerHour                float64
	SKU                       string
	Version                   string    // of the price list
	Published                 time.Time // when AWS published it; zero unknown
}

// PriceListing is what AWS's price list says. Left says in words what it lists
// and what cannot be used, by instance type.
type PriceListing struct {
	Region string
	Prices []ListedPrice // by use and instance type
	Left   []string
	Usage  Usage // GetProducts has no price
}

// NewPricing resolves region and credentials as [New] does, with the same errors.
func NewPricing(ctx context.Context, o Options) (*Pricing, error) {
	o = o.withDefaults()
	cfg, err := o.load(ctx)
	if err != nil {
		return nil, err
	}
	region := cfg.Region
	cfg.Region = pricingHome(region)
	cfg.HTTPClient = o.httpClient(cfg)
	return &Pricing{
		region:      region,
		getProducts: newOperation("GetProducts", o.Limits.withDefaults(region).Describe),
		api: pricing.NewFromConfig(cfg, func(so *pricing.Options) {
			so.Retryer = o.retryer()
			so.BaseEndpoint = o.baseEndpoint(so.BaseEndpoint)
		}),
	}, nil
}

// pricingHome is the Pricing API's region that is nearest. All know the same.
// Source: AWS Billing user guide, "AWS Price List query API".
func pricingHome(region string) string {
	continent, _, _ := strings.Cut(region, "-")
	switch continent {
	case "eu", "me", "af", "il":
		return "eu-central-1"
	case "ap":
		return "ap-south-1"
	default:
		return "us-east-1"
	}
}

// List asks GetProducts for the prices of ML instances in a region, all pages.
// An instance type with two different prices for the same use has none here, and
// stands in Left. Errors: ErrPricesDenied, ErrNotFound when AWS lists no such
// price, and those of every call.
func (p *Pricing) List(ctx context.Context, r PriceRequest) (PriceListing, error) {
	if r.Region == "" {
		r.Region = p.region
	}
	if len(r.Uses) == 0 {
		r.Uses = []string{useHosting}
	}
	if strings.HasPrefix(r.Region, "cn-") {
		return PriceListing{}, fmt.Errorf("listing prices of %s: AWS lists them in CNY, and a table is in USD", r.Region)
	}
	l := &listing{request: r, prices: map[pricedFor][]ListedPrice{}}
	err := p.pages(ctx, l)
	out := l.result()
	if err == nil && len(out.Prices) == 0 {
		err = &Error{Operation: "GetProducts", Reason: ErrNotFound, Detail: fmt.Sprintf("AWS lists no prices of ML instances for %s in %s", strings.Join(r.Uses, ", "), r.Region)}
	}
	return out, err
}

// pages asks for every page and hands each product on.
func (p *Pricing) pages(ctx context.Context, l *listing) error {
	in := &pricing.GetProductsInput{
		ServiceCode: aws.String("AmazonSageMaker"), FormatVersion: aws.String("aws_v1"), MaxResults: aws.Int32(100),
		Filters: []types.Filter{term("regionCode", l.request.Region), term("productFamily", "ML Instance")},
	}
	if slices.Equal(l.request.Uses, []string{useHosting}) {
		// How the list names its other components is not documented; they are told
		// by what each product says.
		in.Filters = append(in.Filters, term("component", "Hosting"))
	}
	var guard tokens
	for {
		out, err := p.api.GetProducts(ctx, in, func(o *pricing.Options) {
			o.APIOptions = append(o.APIOptions, p.getProducts.meter(&l.usage))
		})
		if err != nil {
			return priceError(err)
		}
		for _, product := range out.PriceList {
			l.add(product)
		}
		more, err := guard.next(out.NextToken)
		if err != nil {
			return priceError(err)
		}
		if !more {
			return nil
		}
		in.NextToken = out.NextToken
	}
}

func term(field, value string) types.Filter {
	return types.Filter{Type: types.FilterTypeTermMatch, Field: aws.String(field), Value: aws.String(value)}
}

// priceError names the permission that a pull's policy does not have.
func priceError(err error) error {
	err = wrap("GetProducts", err)
	var e *Error
	if errors.As(err, &e) && e.Reason == ErrDenied {
		e.Reason = ErrPricesDenied
	}
	return err
}

// pricedFor is what a price is for, in a region.
type pricedFor struct{ use, instanceType string }

// listing is the state of one List.
type listing struct {
	request PriceRequest
	prices  map[pricedFor][]ListedPrice // different ones of the same
	left    []string
	usage   Usage
}

// add takes one product of the list.
func (l *listing) add(text string) {
	found, err := readProduct(text)
	if err != nil {
		l.left = append(l.left, oneLine(err.Error()))
		return
	}
	for _, p := range found {
		key := pricedFor{p.Use, p.InstanceType}
		same := func(q ListedPrice) bool { return q.USDPerHour == p.USDPerHour }
		if p.Region != l.request.Region || !slices.Contains(l.request.Uses, p.Use) || slices.ContainsFunc(l.prices[key], same) {
			continue
		}
		l.prices[key] = append(l.prices[key], p)
	}
}

// result sorts what was found, and leaves out what is not one price.
func (l *listing) result() PriceListing {
	out := PriceListing{Region: l.request.Region, Left: l.left, Usage: l.usage}
	for key, prices := range l.prices {
		if len(prices) == 1 {
			out.Prices = append(out.Prices, prices[0])
			continue
		}
		var all []string
		for _, p := range prices {
			all = append(all, fmt.Sprintf("%g (%s)", p.USDPerHour, p.SKU))
		}
		slices.Sort(all)
		out.Left = append(out.Left, fmt.Sprintf("%s for %s: different prices, %s USD per hour", key.instanceType, key.use, strings.Join(all, " and ")))
	}
	slices.SortFunc(out.Prices, func(a, b ListedPrice) int {
		return cmp.Or(cmp.Compare(a.Use, b.Use), cmp.Compare(a.InstanceType, b.InstanceType))
	})
	slices.Sort(out.Left)
	return out
}
