package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/pricing"
	"github.com/aws/aws-sdk-go-v2/service/pricing/types"

	"sizewise/ingest/simaws/server"
)

func match(field, value string) types.Filter {
	return types.Filter{Type: types.FilterTypeTermMatch, Field: &field, Value: &value}
}

func TestGetProductsPages(t *testing.T) {
	_, url := serve(t, testAccount(), server.Options{})
	c := pricing.NewFromConfig(config(url))
	all := map[string]bool{}
	pages := pricing.NewGetProductsPaginator(c, &pricing.GetProductsInput{
		ServiceCode: aws.String("AmazonSageMaker"), MaxResults: aws.Int32(4),
		Filters: []types.Filter{match("regionCode", "us-east-1"), match("productFamily", "ML Instance"), match("component", "Hosting")},
	})
	calls := 0
	for ; pages.HasMorePages(); calls++ {
		page, err := pages.NextPage(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range page.PriceList {
			var p struct {
				Product struct {
					SKU        string            `json:"sku"`
					Attributes map[string]string `json:"attributes"`
				} `json:"product"`
				Terms map[string]map[string]any `json:"terms"`
			}
			if err := json.Unmarshal([]byte(text), &p); err != nil {
				t.Fatalf("%v in %s", err, text)
			}
			a := p.Product.Attributes
			if a["component"] != "Hosting" || a["regionCode"] != "us-east-1" || a["instanceName"]+"-Hosting" != a["instanceType"] {
				t.Errorf("a product that was not asked for: %v", a)
			}
			if all[p.Product.SKU] || len(p.Terms["OnDemand"]) != 1 {
				t.Errorf("%s comes twice, or without a price", p.Product.SKU)
			}
			all[p.Product.SKU] = true
		}
	}
	if len(all) != 19 || calls != 5 {
		t.Errorf("%d products in %d pages, want 19 in 5", len(all), calls)
	}
}

func TestGetProductsRefuses(t *testing.T) {
	_, url := serve(t, testAccount(), server.Options{})
	c := pricing.NewFromConfig(config(url))
	ask := func(in pricing.GetProductsInput) error {
		if in.ServiceCode == nil {
			in.ServiceCode = aws.String("AmazonSageMaker")
		}
		_, err := c.GetProducts(context.Background(), &in)
		return err
	}
	var invalid *types.InvalidParameterException
	for name, in := range map[string]pricing.GetProductsInput{
		"a page of a thousand": {MaxResults: aws.Int32(1000)},
		"another format":       {FormatVersion: aws.String("aws_v2")},
		"no service":           {ServiceCode: aws.String("")},
	} {
		if err := ask(in); !errors.As(err, &invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var token *types.InvalidNextTokenException
	if err := ask(pricing.GetProductsInput{NextToken: aws.String("x")}); !errors.As(err, &token) {
		t.Errorf("a token of nobody: %v", err)
	}
	var missing *types.NotFoundException
	if err := ask(pricing.GetProductsInput{ServiceCode: aws.String("AmazonEC2")}); !errors.As(err, &missing) {
		t.Errorf("another service: %v", err)
	}
}
