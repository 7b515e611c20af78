package price

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const head = "region,instance_type,use,usd_per_hour,as_of,source\n"

var today = time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)

func mustRead(t testing.TB, text string) *Book {
	t.Helper()
	b, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRead(t *testing.T) {
	b := mustRead(t, "\uFEFF# made up\n"+head+
		"us-east-1,ml.c5.xlarge,hosting,1.25,2026-11-01,a table\r\n"+
		"# between\n"+
		"us-east-1,ml.c5.xlarge,training,1.5,2026-11-02,\"a table, too\"\n")
	p, ok := b.Lookup("us-east-1", "ml.c5.xlarge", Training)
	want := Price{"us-east-1", "ml.c5.xlarge", Training, 1.5, time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC), "a table, too"}
	if !ok || p != want {
		t.Errorf("have %+v, want %+v", p, want)
	}
	for _, miss := range []Price{
		{Region: "us-east-1", InstanceType: "ml.c5.xlarge", Use: Transform},
		{Region: "us-east-2", InstanceType: "ml.c5.xlarge", Use: Hosting},
		{Region: "us-east-1", InstanceType: "ml.c5.large", Use: Hosting},
	} {
		if p, ok := b.Lookup(miss.Region, miss.InstanceType, miss.Use); ok {
			t.Errorf("found %+v", p)
		}
	}
	var none *Book
	if _, ok := none.Lookup("us-east-1", "ml.c5.xlarge", Hosting); ok || none.Prices() != nil {
		t.Error("no book has a price")
	}
}

func TestReadRefuses(t *testing.T) {
	good := "us-east-1,ml.c5.xlarge,hosting,1.25,2026-11-01,x\n"
	for name, c := range map[string]struct {
		text, want string
		line       int
	}{
		"nothing":           {"", "no rows", 0},
		"no rows":           {head, "no rows", 0},
		"other columns":     {"region,type\n", "columns are not region,", 1},
		"no header":         {good, "columns are not region,", 1},
		"few columns":       {head + "us-east-1,ml.c5.xlarge,hosting,1.25,2026-11-01\n", "5 columns, want 6", 2},
		"many columns":      {head + good + "# c\n" + "us-east-1,ml.c5.large,hosting,1,2026-11-01,x,y\n", "7 columns", 4},
		"a comma":           {head + "us-east-1,ml.c5.xlarge,hosting,\"1,25\",2026-11-01,x\n", `"1,25" is not a price`, 2},
		"a sign":            {head + "us-east-1,ml.c5.xlarge,hosting,-1,2026-11-01,x\n", "is not a price", 2},
		"a hexadecimal":     {head + "us-east-1,ml.c5.xlarge,hosting,0x1p3,2026-11-01,x\n", "is not a price", 2},
		"not a number":      {head + "us-east-1,ml.c5.xlarge,hosting,NaN,2026-11-01,x\n", "is not a price", 2},
		"two dots":          {head + "us-east-1,ml.c5.xlarge,hosting,1.2.5,2026-11-01,x\n", "is not a price", 2},
		"no price":          {head + "us-east-1,ml.c5.xlarge,hosting,,2026-11-01,x\n", "is not a price", 2},
		"zero":              {head + "us-east-1,ml.c5.xlarge,hosting,0.00,2026-11-01,x\n", "not above 0", 2},
		"too much":          {head + "us-east-1,ml.c5.xlarge,hosting,100001,2026-11-01,x\n", "not above 0 and at most", 2},
		"a day that is not": {head + "us-east-1,ml.c5.xlarge,hosting,1,2026-02-30,x\n", "not a date", 2},
		"a time":            {head + "us-east-1,ml.c5.xlarge,hosting,1,2026-02-03T00:00:00Z,x\n", "not a date", 2},
		"before SageMaker":  {head + "us-east-1,ml.c5.xlarge,hosting,1,1999-01-01,x\n", "since 2017", 2},
		"no source":         {head + "us-east-1,ml.c5.xlarge,hosting,1,2026-11-01,\n", "source", 2},
		"a hidden source":   {head + "us-east-1,ml.c5.xlarge,hosting,1,2026-11-01,a\x1b[2Jb\n", "source", 2},
		"another use":       {head + "us-east-1,ml.c5.xlarge,Hosting,1,2026-11-01,x\n", "none of hosting", 2},
		"an EC2 type":       {head + "us-east-1,c5.xlarge,hosting,1,2026-11-01,x\n", "not one such as ml.m5.xlarge", 2},
		"a suffixed type":   {head + "us-east-1,ml.c5.xlarge-Hosting,hosting,1,2026-11-01,x\n", "not one such as ml.m5.xlarge", 2},
		"a region's name":   {head + "US East (N. Virginia),ml.c5.xlarge,hosting,1,2026-11-01,x\n", "not one such as us-east-1", 2},
		"a row again":       {head + good + good, "has a price on line 2 already", 3},
		"an open quote":     {head + good + "\"us-east-1,\n", "", 3},
	} {
		_, err := Read(strings.NewReader(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "reading prices: ") {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
			continue
		}
		var at *LineError
		if errors.As(err, &at) != (c.line > 0) || at != nil && at.Line != c.line {
			t.Errorf("%s: error %v, want line %d", name, err, c.line)
		}
	}
}

type brokenReader struct{}

var errBroken = errors.New("broken")

func (brokenReader) Read([]byte) (int, error) { return 0, errBroken }

type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = "#x\n"[i%3]
	}
	return len(b), nil
}

func TestReadReportsTheReader(t *testing.T) {
	if _, err := Read(brokenReader{}); !errors.Is(err, errBroken) {
		t.Errorf("error %v, want that of the reader", err)
	}
	if _, err := Read(endless{}); err == nil || !strings.Contains(err.Error(), "more than 16 MiB") {
		t.Errorf("an endless table: error %v", err)
	}
}

func TestAge(t *testing.T) {
	for _, c := range []struct {
		asOf string
		want Age
		why  string // of the quote
	}{
		{"2026-11-20", Current, ""},
		{"2026-11-21", Current, ""}, // it is tomorrow somewhere
		{"2026-11-22", Future, "that of ml.c5.xlarge is dated 2026-11-22, in the future"},
		{"2026-08-23", Current, ""},
		{"2026-08-22", Old, ""},
		{"2025-11-21", Old, ""},
		{"2025-11-20", Expired, "that of ml.c5.xlarge is of 2025-11-20, more than 365 days ago"},
	} {
		b := mustRead(t, head+"us-east-1,ml.c5.xlarge,hosting,1,"+c.asOf+",x\n")
		p, _ := b.Lookup("us-east-1", "ml.c5.xlarge", Hosting)
		if got := p.Age(today); got != c.want {
			t.Errorf("%s is of age %d, want %d", c.asOf, got, c.want)
		}
		q := b.Quote("us-east-1", "ml.c5.xlarge", Hosting, today)
		if q.Known != (c.why == "") || q.Why != c.why || q.Old != (c.want == Old) {
			t.Errorf("%s: quote %+v", c.asOf, q)
		}
	}
}

func TestQuoteSaysWhatIsMissing(t *testing.T) {
	b := mustRead(t, head+"us-east-1,ml.c5.xlarge,hosting,1,2026-11-01,x\n")
	var none *Book
	for want, q := range map[string]Quote{
		"none were given":                               none.Quote("us-east-1", "ml.c5.xlarge", Hosting, today),
		"the instance type is not known":                b.Quote("us-east-1", "", Hosting, today),
		"the region is not known":                       b.Quote("", "ml.c5.xlarge", Hosting, today),
		"the table has none of ml.g5 for hosting in eu": b.Quote("eu", "ml.g5", Hosting, today),
	} {
		if q.Known || q.Why != want {
			t.Errorf("have %+v, want %q", q, want)
		}
	}
}

func TestMerge(t *testing.T) {
	older := mustRead(t, head+"us-east-1,ml.c5.xlarge,hosting,1,2026-01-01,x\neu-west-1,ml.c5.xlarge,hosting,2,2026-01-01,x\n")
	newer := mustRead(t, head+"us-east-1,ml.c5.xlarge,hosting,3,2026-11-01,x\nus-east-1,ml.g5.xlarge,hosting,4,2026-11-01,x\n")
	var got []float64
	for _, p := range older.Merge(newer).Prices() {
		got = append(got, p.USDPerHour)
	}
	if len(got) != 3 || got[0] != 2 || got[1] != 3 || got[2] != 4 {
		t.Errorf("prices %v, want 2, 3 and 4", got)
	}
}

func TestNewBookRefuses(t *testing.T) {
	good := Price{"us-east-1", "ml.c5.xlarge", Hosting, 1, today.Truncate(24 * time.Hour), "x"}
	if _, err := NewBook([]Price{good, good}); err == nil {
		t.Error("two prices of the same")
	}
	bad := good
	bad.AsOf = today
	if _, err := NewBook([]Price{bad}); err == nil {
		t.Error("a time of day")
	}
}

// TestWriteReadsBack holds that what is written is read as it was.
func TestWriteReadsBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := drawBook(rt)
		var first, again bytes.Buffer
		if err := b.Write(&first, "a\ncomment"); err != nil {
			rt.Fatal(err)
		}
		back, err := Read(bytes.NewReader(first.Bytes()))
		if err != nil {
			rt.Fatalf("%v in %q", err, first.String())
		}
		if err := back.Write(&again, "a comment"); err != nil {
			rt.Fatal(err)
		}
		if !bytes.Equal(first.Bytes(), again.Bytes()) {
			rt.Fatalf("written %q, then %q", first.String(), again.String())
		}
	})
}

func drawBook(t *rapid.T) *Book {
	seen := map[Price]bool{}
	var prices []Price
	for range rapid.IntRange(1, 8).Draw(t, "rows") {
		p := Price{
			Region:       rapid.SampledFrom([]string{"us-east-1", "eu-central-1", "us-gov-west-1"}).Draw(t, "region"),
			InstanceType: rapid.SampledFrom([]string{"ml.m5.xlarge", "ml.g5.12xlarge", "ml.p6e-gb200.36xlarge"}).Draw(t, "type"),
			Use:          rapid.SampledFrom(Uses()).Draw(t, "use"),
		}
		if seen[p] {
			continue
		}
		seen[p] = true
		p.USDPerHour = rapid.Float64Range(1e-9, maxUSD).Draw(t, "usd")
		p.AsOf = time.Date(2017, 1, 1+rapid.IntRange(0, 9000).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		p.Source = rapid.OneOf(rapid.SampledFrom([]string{`"`, "#", "a, b", `a "b"`, "é"}), rapid.StringMatching(`[!-~]{1,20}`)).Draw(t, "source")
		prices = append(prices, p)
	}
	b, err := NewBook(prices)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(head + "us-east-1,ml.c5.xlarge,hosting,1.25,2026-11-01,x\n"))
	f.Add([]byte("\uFEFF# c\n" + head + "us-east-1,ml.c5.xlarge,hosting,.5,2026-11-01,\"a \"\"b\"\"\"\n"))
	f.Add([]byte(head + "\"a\nb\",,,\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := b.Write(&out); err != nil {
			t.Fatal(err)
		}
		back, err := Read(&out)
		if err != nil {
			t.Fatalf("written, but not read: %v", err)
		}
		if len(back.Prices()) != len(b.Prices()) {
			t.Fatalf("%d prices became %d", len(b.Prices()), len(back.Prices()))
		}
		for i, p := range back.Prices() {
			if p != b.prices[i] || p.USDPerHour <= 0 || strings.ContainsAny(p.Source, "\n\r\x1b") {
				t.Fatalf("%+v became %+v", b.prices[i], p)
			}
		}
	})
}
