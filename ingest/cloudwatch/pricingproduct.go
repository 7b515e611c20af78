package cloudwatch

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Uses of an instance, as a table of prices names them.
const (
	useHosting    = "hosting"
	useTraining   = "training"
	useProcessing = "processing"
	useTransform  = "transform"
)

// product is one entry of a price list. Source: AWS Billing user guide, "Reading
// the service price list file for an AWS service", JSON.
type product struct {
	Product struct {
		SKU        string `json:"sku"`
		Attributes struct {
			InstanceName string `json:"instanceName"` // ml.m5.xlarge; instanceType carries the component too
			RegionCode   string `json:"regionCode"`
			Component    string `json:"component"`
			UsageType    string `json:"usagetype"` // USE1-Host:ml.m5.xlarge
		} `json:"attributes"`
	} `json:"product"`
	Terms struct {
		OnDemand map[string]struct {
			PriceDimensions map[string]struct {
				Unit         string            `json:"unit"`
				PricePerUnit map[string]string `json:"pricePerUnit"`
			} `json:"priceDimensions"`
		} `json:"OnDemand"`
	} `json:"terms"`
	Version         string `json:"version"`
	PublicationDate string `json:"publicationDate"`
}

// readProduct reads an entry of PriceList, which is JSON in a string. A product
// that is no instance that sizewise prices gives none; one with no hourly price
// in USD, or with several, is an error or gives them all.
func readProduct(text string) ([]ListedPrice, error) {
	var p product
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return nil, fmt.Errorf("a product that cannot be read: %w", err)
	}
	a := p.Product.Attributes
	use := useOf(a.Component, a.UsageType)
	if use == "" || !strings.HasPrefix(a.InstanceName, "ml.") {
		return nil, nil
	}
	published, err := time.Parse(time.RFC3339, p.PublicationDate)
	if err != nil {
		published = time.Time{}
	}
	var out []ListedPrice
	for _, term := range p.Terms.OnDemand {
		for _, d := range term.PriceDimensions {
			usd, ok := positive(d.PricePerUnit["USD"])
			if d.Unit != "Hrs" || !ok {
				continue
			}
			out = append(out, ListedPrice{
				Region: a.RegionCode, InstanceType: a.InstanceName, Use: use, USDPerHour: usd,
				SKU: p.Product.SKU, Version: p.Version, Published: published.UTC(),
			})
		}
	}
	if len(out) == 0 {
		return nil, errors.New(a.InstanceName + " for " + use + ": no hourly price in USD (" + p.Product.SKU + ")")
	}
	return out, nil
}

// positive reads a price above zero: the list says 0.0000000000 where something
// is charged elsewhere.
func positive(s string) (float64, bool) {
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && v > 0 && !math.IsInf(v, 0)
}

// useOf is the use of a component of SageMaker, "" for those that are not a
// rented instance of ours. Asynchronous endpoints are listed apart under the same
// component, at the price of others.
func useOf(component, usageType string) string {
	letters := strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, strings.ToLower(component))
	switch letters {
	case "hosting":
		if strings.Contains(usageType, ":") && !strings.Contains(usageType, "Host:") {
			return ""
		}
		return useHosting
	case "training":
		return useTraining
	case "processing":
		return useProcessing
	case "transform", "batchtransform":
		return useTransform
	}
	return ""
}
