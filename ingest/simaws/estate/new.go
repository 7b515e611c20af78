package estate

import (
	"errors"
	"fmt"
	"slices"

	"sizewise/ingest/simaws/account"
)

// Kinds is every kind that an estate can hold, sorted. They are sizewise's
// subject kinds, and for endpoints one more per feature: async, detailed,
// enhanced, multimodel, serverless, streaming.
func Kinds() []string {
	return []string{
		"async", "component", "endpoint", "enhanced", "featuregroup", "labeling", "monitor", "multimodel", "notebook",
		"pipeline", "processing", "recommender", "serverless", "streaming", "training", "transform",
	}
}

// PlainName is the name of the nth plain endpoint, from 0.
func PlainName(n int) string { return fmt.Sprintf("estate-%03d", n) }

// New draws an estate. The same Config gives the same estate.
func New(c Config) (*Estate, error) {
	if c.Start.IsZero() || !c.Start.Before(c.End) {
		return nil, errors.New("drawing estate: Start must be set and before End")
	}
	for _, k := range c.Kinds {
		if !slices.Contains(Kinds(), k) {
			return nil, fmt.Errorf("drawing estate: no kind %q", k)
		}
	}
	return &Estate{Account: &account.Account{ID: c.ID, Region: c.Region}}, nil
}
