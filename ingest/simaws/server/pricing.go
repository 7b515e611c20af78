package server

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strings"

	"sizewise/ingest/simaws/server/wire"
)

// priceProduct is a product of the simulated price list. Its prices are made up
// and nothing like AWS's: whoever meets one must not take it for a real one.
type priceProduct struct {
	instance  string // ml.m5.xlarge; "" for storage and the like
	family    string // ML Instance
	component string // Hosting
	usage     string // Host:ml.m5.xlarge
	unit      string // Hrs
	usd       string
	region    string
}

// sku is a product's identifier: sixteen characters made from what it is.
func (p priceProduct) sku() string {
	h := fnv.New64a()
	fmt.Fprint(h, p.region, p.usage, p.usd)
	return strings.ToUpper(fmt.Sprintf("%016x", h.Sum64()))
}

// priceList is what can be bought in a region and, of one product, in another. It
// has what a reader must not be misled by: a product that is free, one by the
// month, an asynchronous endpoint at another price, and ml.r5.large with two
// prices.
func priceList(region string) []priceProduct {
	var out []priceProduct
	add := func(component, kind, name, usd string) {
		out = append(out, priceProduct{name, "ML Instance", component, kind + ":" + name, "Hrs", usd, region})
	}
	for i, name := range []string{
		"ml.c5.large", "ml.c5.xlarge", "ml.c5.2xlarge", "ml.c5.4xlarge", "ml.m5.large", "ml.m5.xlarge", "ml.m5.2xlarge",
		"ml.c6i.xlarge", "ml.c6i.2xlarge", "ml.c7i.xlarge", "ml.g4dn.xlarge", "ml.g5.xlarge", "ml.g5.2xlarge", "ml.g6.xlarge", "ml.inf2.xlarge",
	} {
		// 1.0101 USD an hour, 2.0202 and so on.
		add("Hosting", "Host", name, fmt.Sprintf("%d.%02d%02d000000", i+1, i+1, i+1))
		add("Training", "Train", name, fmt.Sprintf("%d.5000000000", i+1))
	}
	add("Processing", "Processing", "ml.m5.xlarge", "71.0000000000")
	add("Batch Transform", "Tsform", "ml.m5.xlarge", "72.0000000000")
	add("Notebook", "Notebk", "ml.m5.xlarge", "73.0000000000")
	add("Hosting", "AsyncInf", "ml.m5.xlarge", "74.0000000000")
	add("Hosting", "Host", "ml.r5.large", "75.0000000000")
	add("Hosting", "Host", "ml.r5.large", "76.0000000000")
	add("Hosting", "Host", "ml.t2.medium", "0.0000000000")
	out = append(
		out,
		priceProduct{"", "ML Storage", "Hosting", "Host:VolumeUsage.gp2", "GB-Mo", "77.0000000000", region},
		priceProduct{"ml.m5.xlarge", "ML Instance", "Hosting", "Host:ml.m5.xlarge", "Hrs", "78.0000000000", "xx-nowhere-1"},
	)
	return out
}

// attributes are what a product can be filtered by.
func (p priceProduct) attributes() map[string]string {
	a := map[string]string{
		"servicecode": "AmazonSageMaker", "servicename": "Amazon SageMaker", "locationType": "AWS Region",
		"regionCode": p.region, "component": p.component, "usagetype": "SIM1-" + p.usage, "operation": "RunInstance",
	}
	if p.instance != "" {
		a["instanceName"], a["instanceType"] = p.instance, p.instance+"-"+strings.ReplaceAll(p.component, " ", "")
	}
	return a
}

// text is the product as an element of PriceList: JSON in a string. Source: AWS
// Price List query API reference, GetProducts.
func (p priceProduct) text() string {
	sku := p.sku()
	term, rate := sku+".JRTCKXETXF", sku+".JRTCKXETXF.6YS6EN2CT7"
	body, err := json.Marshal(map[string]any{
		"product": map[string]any{"productFamily": p.family, "attributes": p.attributes(), "sku": sku},
		"terms": map[string]any{"OnDemand": map[string]any{term: map[string]any{
			"priceDimensions": map[string]any{rate: map[string]any{
				"unit": p.unit, "beginRange": "0", "endRange": "Inf", "rateCode": rate, "appliesTo": []string{},
				"description": "a made-up price", "pricePerUnit": map[string]string{"USD": p.usd},
			}},
			"sku": sku, "effectiveDate": "2026-11-01T00:00:00Z", "offerTermCode": "JRTCKXETXF", "termAttributes": map[string]string{},
		}}},
		"serviceCode": "AmazonSageMaker", "version": "20261101000000", "publicationDate": "2026-11-01T00:00:00Z",
	})
	if err != nil {
		panic("server: a product that JSON cannot hold: " + err.Error())
	}
	return string(body)
}

// productsRequest is the input of GetProducts without its token.
type productsRequest struct {
	Service string
	Filters []productFilter
	Max     int
}

// productFilter is one condition; a product must meet all.
type productFilter struct{ Field, Value string }

// getProducts answers GetProducts of the Pricing API.
func (s *Server) getProducts(c *call) (wire.Object, error) {
	r, came, err := c.productsRequest()
	if err != nil {
		return nil, err
	}
	if r.Service != "AmazonSageMaker" {
		return nil, fail("NotFoundException", "The service code %s is not one of the simulated price list.", r.Service)
	}
	at, ok := c.resume(came, r)
	if !ok {
		return nil, invalidToken(c.Service)
	}
	var found []string
	for _, p := range priceList(s.acct.Region) {
		if p.meets(r.Filters) {
			found = append(found, p.text())
		}
	}
	from := min(int(at.Position), len(found))
	to := min(from+r.Max, len(found))
	out := wire.Object{{Name: "FormatVersion", Value: "aws_v1"}, {Name: "PriceList", Value: append([]string{}, found[from:to]...)}}
	if to < len(found) {
		at.Position = int64(to)
		out = out.With("NextToken", at.encode())
	}
	return out, nil
}

// productsRequest reads and checks the parameters.
func (c *call) productsRequest() (r productsRequest, token string, err error) {
	r = productsRequest{Service: c.Params.String("ServiceCode"), Max: 100}
	token = c.Params.String("NextToken")
	format := c.Params.String("FormatVersion")
	n, limited := c.Params.Int("MaxResults")
	for _, f := range c.Params.Structs("Filters") {
		kind := f.String("Type")
		r.Filters = append(r.Filters, productFilter{f.String("Field"), f.String("Value")})
		if kind != "TERM_MATCH" && kind != "EQUALS" {
			return r, "", invalidParameter("Filter type %s is not one of the simulated price list.", kind)
		}
	}
	if err := c.Params.Err(); err != nil {
		return r, "", err
	}
	switch {
	case r.Service == "":
		return r, "", invalidParameter("ServiceCode must not be empty.")
	case format != "" && format != "aws_v1":
		return r, "", invalidParameter("FormatVersion must be aws_v1.")
	case limited && (n < 1 || n > 100):
		return r, "", invalidParameter("MaxResults must be between 1 and 100.")
	case limited:
		r.Max = int(n)
	}
	return r, token, nil
}

// meets reports whether every filter names a value that the product has. Field
// names and values are told apart by case, as AWS does.
func (p priceProduct) meets(filters []productFilter) bool {
	have := p.attributes()
	have["productFamily"], have["sku"] = p.family, p.sku()
	for _, f := range filters {
		if v, ok := have[f.Field]; !ok || v != f.Value {
			return false
		}
	}
	return true
}
