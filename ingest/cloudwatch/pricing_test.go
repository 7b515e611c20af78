package cloudwatch

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server"
)

// listed asks a simulated price list of us-east-1.
func listed(t *testing.T, a *account.Account, r PriceRequest) (PriceListing, error) {
	t.Helper()
	if a.Region == "" {
		a.ID, a.Region = "123456789012", "us-east-1"
	}
	ts := httptest.NewServer(server.New(a, server.Options{Now: func() time.Time { return time.Unix(1_790_000_000, 0) }}))
	t.Cleanup(ts.Close)
	p, err := NewPricing(t.Context(), Options{
		Region: "us-east-1", EndpointURL: ts.URL, Keys: Keys{AccessKeyID: "sim", SecretAccessKey: "sim"},
		MaxAttempts: 1, Limits: Limits{Describe: -1},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p.List(t.Context(), r)
}

func TestListOfHostingPrices(t *testing.T) {
	l, err := listed(t, &account.Account{}, PriceRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Prices) != 15 || l.Region != "us-east-1" || l.Usage.Calls != 1 {
		t.Errorf("%d prices of %s in %d calls, want 15 of us-east-1 in 1", len(l.Prices), l.Region, l.Usage.Calls)
	}
	for _, p := range l.Prices {
		if p.Use != "hosting" || p.Region != "us-east-1" || p.USDPerHour <= 0 || p.SKU == "" || p.Version != "20261101000000" {
			t.Errorf("%+v", p)
		}
	}
	i := slices.IndexFunc(l.Prices, func(p ListedPrice) bool { return p.InstanceType == "ml.c5.xlarge" })
	if p := l.Prices[i]; p.USDPerHour != 2.0202 || !p.Published.Equal(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v", p)
	}
	want := []string{"ml.r5.large for hosting: different prices, 75 (", "ml.t2.medium for hosting: no hourly price in USD ("}
	if len(l.Left) != 2 || !strings.HasPrefix(l.Left[0], want[0]) || !strings.HasPrefix(l.Left[1], want[1]) {
		t.Errorf("left out: %q", l.Left)
	}
}

func TestListOfAllUses(t *testing.T) {
	l, err := listed(t, &account.Account{}, PriceRequest{Uses: []string{"hosting", "training", "processing", "transform"}})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]float64{}
	n := map[string]int{}
	for _, p := range l.Prices {
		n[p.Use]++
		if p.InstanceType == "ml.m5.xlarge" {
			found[p.Use] = p.USDPerHour
		}
	}
	if n["hosting"] != 15 || n["training"] != 15 || n["processing"] != 1 || n["transform"] != 1 {
		t.Errorf("prices by use: %v", n)
	}
	if found["hosting"] != 6.0606 || found["training"] != 6.5 || found["processing"] != 71 || found["transform"] != 72 {
		t.Errorf("ml.m5.xlarge: %v", found)
	}
}

func TestListRefuses(t *testing.T) {
	if _, err := listed(t, &account.Account{}, PriceRequest{Region: "eu-west-1"}); !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "hosting in eu-west-1") {
		t.Errorf("a region without prices: %v", err)
	}
	if _, err := listed(t, &account.Account{}, PriceRequest{Region: "cn-north-1"}); err == nil || !strings.Contains(err.Error(), "CNY") {
		t.Errorf("another currency: %v", err)
	}
	denied := &account.Account{Users: []account.User{{AccessKeyID: "sim", Name: "x", Allow: []string{"cloudwatch:*"}}}}
	_, err := listed(t, denied, PriceRequest{})
	if !errors.Is(err, ErrPricesDenied) || errors.Is(err, ErrDenied) || !strings.Contains(err.Error(), "pricing:GetProducts") {
		t.Errorf("without the permission: %v", err)
	}
}

// TestListReadsEveryPage serves the pages of a list that repeats a token once.
func TestListReadsEveryPage(t *testing.T) {
	w := &wire{calls: map[string]int{}}
	w.answer = func(_ string, call int, in map[string]any) reply {
		if in["ServiceCode"] != "AmazonSageMaker" || in["FormatVersion"] != "aws_v1" {
			return reply{code: "InvalidParameterException", message: "wrong request"}
		}
		body := map[string]any{"PriceList": []string{priceEntry("ml.m5.xlarge", "Host:ml.m5.xlarge", "Hrs", "0.5")}}
		if call == 0 {
			body = map[string]any{"PriceList": []string{"{"}, "NextToken": "a"}
		}
		return reply{body: body}
	}
	p, err := NewPricing(context.Background(), Options{Region: "ap-northeast-1", Keys: Keys{AccessKeyID: "a", SecretAccessKey: "b"}, transport: w})
	if err != nil {
		t.Fatal(err)
	}
	l, err := p.List(context.Background(), PriceRequest{Region: "us-east-1"})
	if err != nil || len(l.Prices) != 1 || l.Prices[0].USDPerHour != 0.5 || w.calls["GetProducts"] != 2 {
		t.Errorf("%+v, %v", l, err)
	}
	if len(l.Left) != 1 || !strings.HasPrefix(l.Left[0], "a product that cannot be read") {
		t.Errorf("left out: %q", l.Left)
	}
}

func TestPricingHome(t *testing.T) {
	for region, want := range map[string]string{
		"us-west-2": "us-east-1", "ca-central-1": "us-east-1", "sa-east-1": "us-east-1", "us-gov-west-1": "us-east-1",
		"eu-west-1": "eu-central-1", "me-south-1": "eu-central-1", "ap-northeast-1": "ap-south-1",
	} {
		if got := pricingHome(region); got != want {
			t.Errorf("%s asks %s, want %s", region, got, want)
		}
	}
}

// priceEntry is an element of PriceList.
func priceEntry(instance, usage, unit, usd string) string {
	text, err := json.Marshal(map[string]any{
		"product": map[string]any{"sku": "S", "attributes": map[string]any{
			"instanceName": instance, "regionCode": "us-east-1", "component": "Hosting", "usagetype": "USE1-" + usage,
		}},
		"terms": map[string]any{"OnDemand": map[string]any{"T": map[string]any{"priceDimensions": map[string]any{
			"D": map[string]any{"unit": unit, "pricePerUnit": map[string]string{"USD": usd}},
		}}}},
	})
	if err != nil {
		panic(err)
	}
	return string(text)
}

func FuzzReadProduct(f *testing.F) {
	f.Add(priceEntry("ml.m5.xlarge", "Host:ml.m5.xlarge", "Hrs", "0.23"))
	f.Add(priceEntry("ml.m5.xlarge", "AsyncInf:ml.m5.xlarge", "Hrs", "0.23"))
	f.Add(priceEntry("ml.m5.xlarge", "", "Quantity", "-1e999"))
	f.Add(`{"terms":{"OnDemand":null}}`)
	f.Fuzz(func(t *testing.T, text string) {
		prices, err := readProduct(text)
		if err != nil && len(prices) > 0 {
			t.Fatal("prices and an error")
		}
		for _, p := range prices {
			if !(p.USDPerHour > 0) || p.Use == "" || !strings.HasPrefix(p.InstanceType, "ml.") {
				t.Fatalf("%+v", p)
			}
		}
	})
}
