package estate

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"sizewise/ingest/simaws/account"
)

// Kinds is every kind that an estate can hold, sorted. They are sizewise's
// subject kinds, and for endpoints one more per feature: async, clarify,
// enhanced, multicontainer, multimodel, serverless, streaming.
func Kinds() []string {
	return []string{
		"async", "clarify", "component", "endpoint", "enhanced", "featuregroup", "labeling", "monitor", "multicontainer", "multimodel", "notebook",
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
			return nil, fmt.Errorf("drawing estate: no kind %q, want one of %v", k, Kinds())
		}
	}
	c = c.withDefaults()
	for _, change := range c.Changes {
		if !c.hasPlain(change.Endpoint) {
			return nil, fmt.Errorf("drawing estate: change %s is planted on %q, which is no plain endpoint of it", change.Effect, change.Endpoint)
		}
	}
	d := &drawer{Config: c, Estate: &Estate{
		Account: &account.Account{ID: c.ID, Region: c.Region},
		Truth:   Truth{Changes: slices.Clone(c.Changes), Events: map[string]int64{}},
	}}
	for n := range max(0, c.Plain) {
		d.plain(n)
	}
	for _, k := range c.Kinds {
		d.one(k, "estate-"+k)
	}
	slices.SortStableFunc(d.Account.Metrics, compareSeries)
	return d.Estate, nil
}

func (c Config) withDefaults() Config {
	if c.Kinds == nil {
		c.Kinds = Kinds()
	}
	c.Kinds = slices.Sorted(slices.Values(c.Kinds))
	c.ID, c.Region = cmp.Or(c.ID, "123456789012"), cmp.Or(c.Region, "us-east-1")
	c.Hosts, c.Samples = cmp.Or(c.Hosts, 2), cmp.Or(c.Samples, 12)
	if c.Plain == 0 && slices.Contains(c.Kinds, "endpoint") {
		c.Plain = 1
	}
	return c
}

func (c Config) hasPlain(name string) bool {
	for n := range max(0, c.Plain) {
		if PlainName(n) == name {
			return true
		}
	}
	return false
}

// compareSeries makes the order of what was drawn from maps the same every time.
func compareSeries(a, b account.Series) int {
	return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name), slices.CompareFunc(a.Dims, b.Dims, func(x, y account.Dim) int {
		return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.Value, y.Value))
	}))
}

// one draws the subject of a kind; plain endpoints are drawn elsewhere.
func (d *drawer) one(kind, name string) {
	draw := map[string]func(string){
		"async": d.async, "clarify": d.clarify, "component": d.component, "enhanced": d.enhanced, "featuregroup": d.featureGroup, "labeling": d.labeling,
		"monitor": d.monitor, "multicontainer": d.multiContainer, "multimodel": d.multiModel, "notebook": d.notebook, "pipeline": d.pipeline, "processing": d.processing,
		"recommender": d.recommender, "serverless": d.serverless, "streaming": d.streaming, "training": d.training, "transform": d.transform,
	}[kind]
	if draw != nil {
		draw(name)
	}
}
