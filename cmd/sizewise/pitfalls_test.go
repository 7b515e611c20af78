package main

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sizewise/analyze/finding"
	"sizewise/ingest/simaws/workload"
)

// record is one record of a metric stream.
type record = map[string]any

// exportRecords are the exported load test's points.
func exportRecords(t *testing.T) []record {
	t.Helper()
	var out []record
	for line := range bytes.Lines(exportMetrics()) {
		var r record
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

// copyOf is r with other dimensions beside its own.
func copyOf(r record, dims map[string]any) record {
	c := maps.Clone(r)
	d := maps.Clone(r["dimensions"].(map[string]any))
	maps.Copy(d, dims)
	c["dimensions"] = d
	return c
}

// scaled is r with every statistic but the count divided.
func scaled(r record, by float64) record {
	c := maps.Clone(r)
	v := maps.Clone(r["value"].(map[string]any))
	for k, x := range v {
		if k != "count" {
			v[k] = x.(float64) / by
		}
	}
	c["value"] = v
	return c
}

// imported is a lake in the making.
type imported struct {
	t    *testing.T
	lake string
	n    int
}

func newImported(t *testing.T) *imported {
	t.Helper()
	return &imported{t: t, lake: filepath.Join(t.TempDir(), "lake")}
}

func (l *imported) command(args ...string) string {
	l.t.Helper()
	var out, errs bytes.Buffer
	code := run(l.t.Context(), append([]string{"--lake", l.lake, "--quiet"}, args...), console{
		in: strings.NewReader(""), out: &out, err: &errs, getenv: func(string) string { return "" },
		now: func() time.Time { return time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC) },
	})
	if code != exitOK && code != exitVerdict && code != exitInsufficient {
		l.t.Fatalf("%v: exit %d: %s", args, code, errs.String())
	}
	return out.String()
}

// add imports the records as a file of their own.
func (l *imported) add(records []record) *imported {
	l.t.Helper()
	l.n++
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for _, r := range records {
		if err := enc.Encode(r); err != nil {
			l.t.Fatal(err)
		}
	}
	name := filepath.Join(l.t.TempDir(), "metrics"+strconv.Itoa(l.n)+".ndjson")
	if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
		l.t.Fatal(err)
	}
	l.command("import", name)
	return l
}

// findings is what an analysis of the exported test says; what was pulled and
// imported to get there is left out.
func (l *imported) findings() finding.Set {
	l.t.Helper()
	text := l.command("analyze", "endpoint/"+exportEndpoint, "--slo", "p99<200ms", "--peak-rps", "300", "--instance-type", "ml.c5.xlarge", "--json")
	var s finding.Set
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		l.t.Fatal(err)
	}
	s.Ledger = finding.Ledger{}
	return s
}

func encoded(t *testing.T, s any) string {
	t.Helper()
	b, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// sameFindings wants the very bytes.
func sameFindings(t *testing.T, what string, want, got finding.Set) {
	t.Helper()
	a, b := strings.Split(encoded(t, want), "\n"), strings.Split(encoded(t, got), "\n")
	for i := range a {
		if i >= len(b) || a[i] != b[i] {
			t.Errorf("%s: findings differ from line %d on:\n%s\n%s", what, i+1, strings.Join(a[max(0, i-3):min(len(a), i+3)], "\n"), strings.Join(b[max(0, i-3):min(len(b), i+3)], "\n"))
			return
		}
	}
	if len(a) != len(b) {
		t.Errorf("%s: %d lines of findings, want %d", what, len(b), len(a))
	}
}

// plainFindings is the exported test as it is, held to the truth in closed form.
func plainFindings(t *testing.T, records []record) finding.Set {
	t.Helper()
	plain := newImported(t).add(records).findings()
	c := plain.Answers.Capacity
	if c.Status != finding.Measured || math.Abs(float64(c.Value)/exportCapacity-1) > .01 {
		t.Fatalf("the plain test: %+v, in truth %.1f", c, exportCapacity)
	}
	return plain
}

// TestDuplicatesCountOnce imports the same points twice, in other files, in
// another order, and in parts that overlap.
func TestDuplicatesCountOnce(t *testing.T) {
	all := exportRecords(t)
	plain := plainFindings(t, all)
	sameFindings(t, "imported twice", plain, newImported(t).add(all).add(all).findings())
	sameFindings(t, "twice in one file", plain, newImported(t).add(slices.Concat(all, all)).findings())
	back := slices.Clone(all)
	slices.Reverse(back)
	sameFindings(t, "in two orders", plain, newImported(t).add(back).add(all).findings())
	n := len(all)
	sameFindings(t, "in parts that overlap", plain, newImported(t).add(all[:2*n/3]).add(all[n/3:]).findings())
	var untold []record
	for _, r := range all {
		c := maps.Clone(r)
		delete(c, "unit")
		untold = append(untold, c)
	}
	sameFindings(t, "again without its units", plain, newImported(t).add(all).add(untold).findings())
}

// TestImportAfterAPull pulls a test from the simulated account and imports the
// same points as its metric stream would have delivered them.
func TestImportAfterAPull(t *testing.T) {
	cfg, err := workload.Scenario("cpu-bound")
	if err != nil {
		t.Fatal(err)
	}
	l := newImported(t)
	a := &app{con: console{in: strings.NewReader(""), out: io.Discard, err: io.Discard, getenv: func(string) string { return "" }, now: time.Now}}
	a.common.lake, a.common.quiet = l.lake, true
	before, err := a.simulateAndAnalyze(t.Context(), cfg, 3)
	if err != nil {
		t.Fatal(err)
	}
	again := func() finding.Set {
		text := l.command("analyze", before.Subject, "--start", before.Window.Start.Format(time.RFC3339), "--end", before.Window.End.Format(time.RFC3339),
			"--slo", before.Options.SLO, "--peak-rps", strconv.FormatFloat(float64(before.Options.PeakRPS), 'g', -1, 64), "--json")
		var s finding.Set
		if err := json.Unmarshal([]byte(text), &s); err != nil {
			t.Fatal(err)
		}
		s.Ledger, s.Coverage.Notes = finding.Ledger{}, nil
		return s
	}
	pulled := again()
	l.add(streamed(t, l.command("sql", "--format", "json", `SELECT epoch_ms(ts) AS at, account, region, namespace, metric, unit, dim_set, endpoint, variant, instance_id, sample_count, sum, minimum, maximum, p50, p90, p95, p99 FROM metrics WHERE period_s = 60`)))
	sameFindings(t, "imported after the pull", pulled, again())
}

// streamed turns points of a lake into records of a metric stream.
func streamed(t *testing.T, text string) []record {
	t.Helper()
	var rows []record
	if err := json.Unmarshal([]byte(text), &rows); err != nil {
		t.Fatalf("%v in %.200s", err, text)
	}
	var out []record
	for _, row := range rows {
		dims := map[string]any{}
		for name, column := range map[string]string{"EndpointName": "endpoint", "VariantName": "variant", "InstanceId": "instance_id"} {
			if v, ok := row[column].(string); ok && v != "" {
				dims[name] = v
			}
		}
		if strings.Count(row["dim_set"].(string), ",")+1 != len(dims) {
			continue // a dimension that has no column here
		}
		value := map[string]any{}
		for name, column := range map[string]string{"count": "sample_count", "sum": "sum", "min": "minimum", "max": "maximum", "p50": "p50", "p90": "p90", "p95": "p95", "p99": "p99"} {
			if v, ok := row[column].(float64); ok {
				value[name] = v
			}
		}
		if len(value) < 4 {
			continue // a metric that does not have all that a stream sends
		}
		unit, _ := row["unit"].(string)
		out = append(out, record{
			"metric_stream_name": "s", "account_id": row["account"], "region": row["region"], "namespace": row["namespace"],
			"metric_name": row["metric"], "dimensions": dims, "timestamp": row["at"], "value": value, "unit": unit,
		})
	}
	if len(out) < 200 {
		t.Fatalf("%d records of %d points", len(out), len(rows))
	}
	return out
}

// TestSecondDimensionSetsAreNotAdded publishes the same data once more under
// other sets of dimensions.
func TestSecondDimensionSetsAreNotAdded(t *testing.T) {
	all := exportRecords(t)
	plain := plainFindings(t, all)
	beside := func(dims map[string]any) []record {
		var out []record
		for _, r := range all {
			out = append(out, copyOf(r, dims))
		}
		return out
	}
	for name, extra := range map[string][]record{
		"by inference component": beside(map[string]any{"InferenceComponentName": "c"}),
		"by container":           beside(map[string]any{"ContainerName": "c"}),
		"by zone":                beside(map[string]any{"AvailabilityZone": "eu-west-1a"}),
		"by type":                beside(map[string]any{"InstanceType": "ml.c5.xlarge"}),
	} {
		sameFindings(t, name, plain, newImported(t).add(all).add(extra).findings())
	}
	// By instance, every one has its part, and is also read by itself: the answers
	// stay what they were.
	var parts []record
	for _, r := range all {
		for i := range exportInstances {
			c := copyOf(r, map[string]any{"InstanceId": "i-0a1b2c3d4e5f6071" + strconv.Itoa(i)})
			v := maps.Clone(r["value"].(map[string]any))
			for _, k := range []string{"count", "sum"} {
				v[k] = v[k].(float64) / exportInstances
			}
			c["value"] = v
			parts = append(parts, c)
		}
	}
	got := newImported(t).add(parts).add(all).findings()
	if a, b := encoded(t, plain.Answers), encoded(t, got.Answers); a != b {
		t.Errorf("by instance: the answers move:\n%s\n%s", a, b)
	}
	if len(got.Steps) != len(plain.Steps) || got.Tested.Requests != plain.Tested.Requests {
		t.Errorf("by instance: %v requests in %d steps, want %v in %d", got.Tested.Requests, len(got.Steps), plain.Tested.Requests, len(plain.Steps))
	}
	// Alone, the slices are all there is, and add up.
	alone := newImported(t).add(parts).findings()
	if alone.Tested.Requests != plain.Tested.Requests || math.Abs(float64(alone.Answers.Capacity.Value/plain.Answers.Capacity.Value)-1) > .01 {
		t.Errorf("only by instance: %v requests, capacity %v, want %v and %v", alone.Tested.Requests, alone.Answers.Capacity.Value, plain.Tested.Requests, plain.Answers.Capacity.Value)
	}
}

// TestUnitsThatWereDeclared publishes latency in milliseconds and in seconds
// instead of microseconds, all of it or from the middle on: what is said stays,
// to the rounding of the last bits. A latency whose unit is not told is in
// microseconds, as SageMaker publishes it.
func TestUnitsThatWereDeclared(t *testing.T) {
	all := exportRecords(t)
	plain := plainFindings(t, all)
	in := func(unit string, by float64, from int) []record {
		var out []record
		for i, r := range all {
			if i >= from && strings.HasSuffix(r["metric_name"].(string), "Latency") {
				r = scaled(r, by)
				if r["unit"] = unit; unit == "" {
					delete(r, "unit")
				}
			}
			out = append(out, r)
		}
		return out
	}
	for name, records := range map[string][]record{
		"milliseconds":                         in("Milliseconds", 1e3, 0),
		"seconds":                              in("Seconds", 1e6, 0),
		"milliseconds from the middle on":      in("Milliseconds", 1e3, len(all)/2),
		"microseconds that nobody called such": in("", 1, 0),
		"no unit until the middle":             slices.Concat(in("", 1, 0)[:len(all)/2], in("Milliseconds", 1e3, 0)[len(all)/2:]),
	} {
		got := newImported(t).add(records).findings()
		if a, b := roundedTo6(t, plain), roundedTo6(t, got); a != b {
			sa, sb := strings.Split(a, "\n"), strings.Split(b, "\n")
			for i := range sa {
				if i >= len(sb) || sa[i] != sb[i] {
					t.Errorf("%s: from line %d on:\n%s\n%s", name, i, strings.Join(sa[max(0, i-3):min(len(sa), i+2)], "\n"), strings.Join(sb[max(0, i-3):min(len(sb), i+2)], "\n"))
					break
				}
			}
		}
	}
}

// roundedTo6 encodes with six digits of every number.
func roundedTo6(t *testing.T, s finding.Set) string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(encoded(t, s)), &v); err != nil {
		t.Fatal(err)
	}
	return encoded(t, sixDigits(v))
}

func sixDigits(v any) any {
	switch x := v.(type) {
	case float64:
		return strconv.FormatFloat(x, 'g', 6, 64)
	case []any:
		for i := range x {
			x[i] = sixDigits(x[i])
		}
	case map[string]any:
		for k := range x {
			x[k] = sixDigits(x[k])
		}
	}
	return v
}

// TestALeakIsNoSaturation takes the leaking service through the pipeline: the
// leak is told with how long memory lasts, and the capacity is the processor's,
// not that of the minutes in which containers were killed.
func TestALeakIsNoSaturation(t *testing.T) {
	cfg, err := workload.Scenario("memory-leak")
	if err != nil {
		t.Fatal(err)
	}
	for seed := uint64(61); seed < 63; seed++ {
		set, err := pipeline(t, cfg, seed)
		if err != nil {
			t.Fatal(err)
		}
		truth, err := workload.CapacityOf(cfg, seed)
		if err != nil {
			t.Fatal(err)
		}
		c := set.Answers.Capacity
		if *set.Answers.Saturated.Value || c.Status != finding.Extrapolated || math.Abs(float64(c.Value)/truth.CapacityRPS-1) > .05 {
			t.Errorf("seed %d: saturated %v, capacity %s %v, in truth %v", seed, *set.Answers.Saturated.Value, c.Status, c.Value, truth.CapacityRPS)
		}
		i := slices.IndexFunc(set.Findings, func(f finding.Finding) bool { return f.Check == "memory_leak" })
		if i < 0 || set.Findings[i].Severity != finding.Critical || !strings.Contains(strings.Join(set.Findings[i].Evidence, " "), "to where it is full takes about") {
			t.Errorf("seed %d: %+v", seed, set.Findings)
		}
		if b := set.Answers.Bottleneck; b.Value == "memory" && !strings.Contains(b.Why, "no limit on the rate") {
			t.Errorf("seed %d: %s", seed, b.Why)
		}
	}
}
