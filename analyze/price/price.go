package price

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Use is what an instance is rented for: SageMaker charges the same instance
// type differently by use.
type Use string

// The uses that prices are told for.
const (
	Hosting    Use = "hosting" // endpoints, also asynchronous ones and those of many models
	Training   Use = "training"
	Processing Use = "processing"
	Transform  Use = "transform" // batch transform jobs
)

// Uses are all uses, in the order of their rows in a table.
func Uses() []Use { return []Use{Hosting, Training, Processing, Transform} }

// Price is what one instance costs while it runs.
type Price struct {
	Region       string // us-east-1
	InstanceType string // ml.m5.xlarge
	Use          Use
	USDPerHour   float64   // on demand, before taxes and discounts
	AsOf         time.Time // the UTC day on which Source said so
	Source       string    // where it is from, one line
}

// How old a price may be.
const (
	WarnAfter   = 90 * 24 * time.Hour
	RefuseAfter = 365 * 24 * time.Hour
)

// Age sorts prices by how long ago they were told.
type Age int

// The ages of a price.
const (
	Current Age = iota
	Old         // beyond WarnAfter: to be used with a warning
	Expired     // beyond RefuseAfter: not to be used
	Future      // dated after today: not to be used
)

// Age is how old the price is on a day. A day of grace is for time zones.
func (p Price) Age(today time.Time) Age {
	switch age := today.Sub(p.AsOf); {
	case age > RefuseAfter:
		return Expired
	case age > WarnAfter:
		return Old
	case age < -24*time.Hour:
		return Future
	}
	return Current
}

// Book is a table of prices with at most one for each region, instance type and
// use. A nil Book has none. It does not change once it is made.
type Book struct {
	prices []Price // in the order of compare
}

// NewBook is a book of these prices. It is an error when two are for the same
// region, instance type and use, or when one of them could not be written to a
// file and read again.
func NewBook(prices []Price) (*Book, error) {
	b := &Book{prices: slices.Clone(prices)}
	slices.SortStableFunc(b.prices, compare)
	for i, p := range b.prices {
		if err := p.check(); err != nil {
			return nil, err
		}
		if i > 0 && compare(b.prices[i-1], p) == 0 {
			return nil, fmt.Errorf("two prices of %s for %s in %s", p.InstanceType, p.Use, p.Region)
		}
	}
	return b, nil
}

// compare orders prices by what they are for.
func compare(a, b Price) int {
	return cmp.Or(cmp.Compare(a.Region, b.Region), cmp.Compare(a.Use, b.Use), cmp.Compare(a.InstanceType, b.InstanceType))
}

// Prices are the prices of the book by region, use and instance type.
func (b *Book) Prices() []Price {
	if b == nil {
		return nil
	}
	return slices.Clone(b.prices)
}

// Lookup is the price of an instance type, whatever its age.
func (b *Book) Lookup(region, instanceType string, use Use) (Price, bool) {
	if b == nil {
		return Price{}, false
	}
	i, ok := slices.BinarySearchFunc(b.prices, Price{Region: region, InstanceType: instanceType, Use: use}, compare)
	if !ok {
		return Price{}, false
	}
	return b.prices[i], true
}

// Merge is a book with the prices of newer, and of b those that newer has not.
func (b *Book) Merge(newer *Book) *Book {
	out := &Book{prices: newer.Prices()}
	for _, p := range b.Prices() {
		if _, ok := newer.Lookup(p.Region, p.InstanceType, p.Use); !ok {
			out.prices = append(out.prices, p)
		}
	}
	slices.SortStableFunc(out.prices, compare)
	return out
}
