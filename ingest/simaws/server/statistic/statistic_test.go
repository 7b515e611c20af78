package statistic_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sizewise/ingest/simaws/server/statistic"
)

// of is a statistic of values that were put once each.
func of(t *testing.T, name string, values ...float32) (float64, bool) {
	t.Helper()
	stat, err := statistic.Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	set := statistic.NewSet()
	set.Add(values, nil)
	return stat.Of(set)
}

func TestClosedForms(t *testing.T) {
	ten := []float32{10, 1, 9, 2, 8, 3, 7, 4, 6, 5}
	for name, want := range map[string]float64{
		"SampleCount": 10, "Sum": 55, "Average": 5.5, "Minimum": 1, "Maximum": 10,
		"p0": 1, "p50": 5.5, "p90": 9.1, "p99": 9.91, "p100": 10, "p25.0": 3.25,
		"tm90": 5, "tc90": 9, "ts90": 45, "wm90": 5.4, // the largest is dropped, or counts as 9
		"IQM":         5.5, // half of 3, 4 to 7, half of 8
		"TM(10%:)":    6,
		"TC(25%:75%)": 5, "TS(25%:75%)": 27.5, "TM(20%:80%)": 5.5, "WM(20%:80%)": 5.5,
		"TC(2:5)": 3, "TS(2:5)": 12, "TM(2:5)": 4, "WM(2:5)": 4.3, // above 2, up to 5: two values below count as 3, five above as 5
		"PR(:5)": 50, "PR(2:5)": 30, "PR(5:)": 50, "PR(100:200)": 0,
	} {
		if got, ok := of(t, name, ten...); !ok || math.Abs(got-want) > 1e-12 {
			t.Errorf("%s = %v, want %v", name, got, want)
		}
	}
	if got, ok := of(t, "p99", 7); !ok || got != 7 {
		t.Errorf("p99 of one value = %v", got)
	}
}

func TestNoAnswer(t *testing.T) {
	if _, ok := of(t, "Sum"); ok {
		t.Error("sum of nothing")
	}
	if _, ok := of(t, "p50", -1, 2); ok {
		t.Error("percentile although a value is negative")
	}
	if v, ok := of(t, "Sum", -1, 2); !ok || v != 1 {
		t.Error("no sum although only ranks are forbidden to negative values")
	}
	if _, ok := of(t, "TM(100:200)", 1, 2); ok {
		t.Error("mean of values that were all trimmed")
	}
}

func TestParseRefuses(t *testing.T) {
	for _, name := range []string{
		"", "sum", "Median", "p", "p-1", "p100.1", "p1000", "p99.12345678901", "pNaN", "tm", "TM()", "TM(:)", "TM(90%:10%)", "TM(5%:5%)",
		"TM(10%:20)", "PR(10%:20%)", "PR(5)", "TM(1:2", "IQM(1:2)", "TM(0%:101%)", "tm(10%:20%)", "p99 ",
	} {
		if _, err := statistic.Parse(name); err == nil {
			t.Errorf("%q was taken", name)
		}
	}
}

// expand is the values, each as often as it was put.
func expand(values, counts []float32) []float64 {
	var out []float64
	for i, v := range values {
		for range int(counts[i]) {
			out = append(out, float64(v))
		}
	}
	slices.Sort(out)
	return out
}

// oracle is the percentile by its definition.
func oracle(sorted []float64, p float64) float64 {
	h := float64(len(sorted)-1) * p / 100
	i := int(math.Floor(h))
	return sorted[i] + (h-float64(i))*(sorted[min(i+1, len(sorted)-1)]-sorted[i])
}

func TestAgainstOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float32Range(0, 1e6), 1, 200).Draw(t, "values")
		counts := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 5), func(i int) float32 { return float32(i) }), len(values), len(values)).Draw(t, "counts")
		all := expand(values, counts)
		if len(all) == 0 {
			return
		}
		cut := rapid.IntRange(0, len(values)).Draw(t, "cut")
		counted, plain := statistic.NewSet(), statistic.NewSet()
		counted.Add(values[:cut], counts[:cut])
		counted.Add(values[cut:], counts[cut:])
		flat := make([]float32, len(all))
		for i, v := range all {
			flat[i] = float32(v)
		}
		slices.Reverse(flat)
		plain.Add(flat, nil)
		for _, name := range []string{"p0", "p50", "p90", "p99", "p99.9", "p100", "SampleCount", "Sum", "tm90", "WM(10%:90%)", "TC(1000:5000)", "IQM"} {
			stat, err := statistic.Parse(name)
			if err != nil {
				t.Fatal(err)
			}
			a, okA := stat.Of(counted)
			b, okB := stat.Of(plain)
			if okA != okB || math.Abs(a-b) > 1e-9*math.Abs(b) {
				t.Fatalf("%s: %v with counts, %v without", name, a, b)
			}
		}
		for _, p := range []float64{0, 12.5, 50, 99, 99.9, 100} {
			stat, err := statistic.Parse("p" + map[float64]string{0: "0", 12.5: "12.5", 50: "50", 99: "99", 99.9: "99.9", 100: "100"}[p])
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := stat.Of(counted); math.Abs(got-oracle(all, p)) > 1e-9*all[len(all)-1] {
				t.Fatalf("p%v = %v, want %v of %v", p, got, oracle(all, p), all)
			}
		}
	})
}

func TestValuesAreLeftAlone(t *testing.T) {
	values := []float32{3, 1, 2}
	set := statistic.NewSet()
	set.Add(values, nil)
	stat, err := statistic.Parse("p50")
	if err != nil {
		t.Fatal(err)
	}
	if v, _ := stat.Of(set); v != 2 || !slices.Equal(values, []float32{3, 1, 2}) {
		t.Errorf("p50 = %v, values now %v", v, values)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"p99.9", "TM(2%:98%)", "PR(:300)", "tm90", "IQM", "TM(-1:1)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		stat, err := statistic.Parse(name)
		if err != nil {
			return
		}
		set := statistic.NewSet()
		set.Add([]float32{1, 5, 2}, []float32{2, 0, 3})
		if v, ok := stat.Of(set); ok && (math.IsNaN(v) || math.IsInf(v, 0)) {
			t.Errorf("%s = %v", name, v)
		}
	})
}
