package finding

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// unknown is a set in which no number is known.
func unknown() Set {
	n := Number(math.NaN())
	e := Estimate{Status: Unanswerable, Value: n, Lo: n, Hi: n, Confidence: n, Current: n}
	return Set{
		Format: Format,
		Answers: Answers{
			Capacity: e, SLORate: e, ErrorOnset: e, Instances: e, AutoscalingTarget: e, CostPerMillion: e, Headroom: e,
			CostPerHour: e, CostPerMillionActual: e, CostPerMillionAtSLO: e,
			Bottleneck: Bottleneck{Margins: map[string]Number{"cpu": n, "gpu": Number(math.Inf(1))}},
		},
		Steps: []Step{{
			Instances: n, OfferedRPS: n, ServedRPS: n, P50: n, P90: n, P95: n, P99: n, Overhead: n, ModelMean: n,
			CPU: n, GPU: n, GPUMemory: n, Memory: n, Disk: n, Concurrency: n, Errors4XX: n, Errors5XX: n,
		}},
		Findings: []Finding{{}},
		Price:    &Price{USDPerHour: n},
		Traffic:  []Traffic{{PeakRPS: n, Instances: n, InstanceRPS: n, Load: n, CostPerHour: n}},
		Logs:     Logs{Templates: []LogTemplate{{}}},
		Ledger:   Ledger{CostLow: n, CostHigh: Number(math.Inf(-1))},
		Options:  Options{PeakRPS: n, Growth: n, TargetUtilization: n},
		Tested:   Tested{MemoryGiB: n, InstancesMin: n, InstancesMax: n, InstancesLast: n, Requests: n},
		Curve:    &Curve{Limit: n, Slope: n, SlopeLo: n, SlopeHi: n, Intercept: n, MaxRate: n, R2: n, SlopeRatio: n},
	}
}

func encoded(t testing.TB, s Set) string {
	t.Helper()
	var b strings.Builder
	if err := Encode(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestEncodeUnknownNumbers(t *testing.T) {
	s := unknown()
	text := encoded(t, s)
	if !json.Valid([]byte(text)) {
		t.Fatal("not JSON")
	}
	for _, field := range []string{
		"memory_gib", "instances_min", "instances_max", "instances_last", "requests", "instances", "slope_s", "slope_lo_s",
		"slope_hi_s", "limit", "intercept", "max_rate", "r2", "slope_ratio", "confidence", "cost_low_usd", "cost_high_usd",
		"growth", "target_utilization", "peak_rps", "value", "p99_s", "cpu", "gpu",
		"usd_per_hour", "rps_per_instance", "load_ratio",
	} {
		if !strings.Contains(text, `"`+field+`": null`) {
			t.Errorf("%s is not null", field)
		}
	}
	back, err := Decode(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for name, n := range map[string]Number{
		"requests": back.Tested.Requests, "slope": back.Curve.Slope, "confidence": back.Answers.Capacity.Confidence,
		"cost": back.Ledger.CostLow, "growth": back.Options.Growth, "instances": back.Steps[0].Instances,
	} {
		if n.Known() {
			t.Errorf("%s came back as %v, it was not known", name, n)
		}
	}
}

func TestEncodeEmptyLists(t *testing.T) {
	for _, s := range []Set{{}, unknown()} {
		text := encoded(t, s)
		for _, field := range []string{"reasons", "notes", "series", "exceptions", "problems"} {
			if !strings.Contains(text, `"`+field+`": []`) {
				t.Errorf("%s is not an empty list", field)
			}
		}
		for _, field := range []string{"evidence", "by_step", "steps", "findings", "templates", "levels", "margins"} {
			if strings.Contains(text, `"`+field+`": null`) {
				t.Errorf("%s is null", field)
			}
		}
	}
}

func TestEncodeLeavesTheSetAlone(t *testing.T) {
	s := unknown()
	encoded(t, s)
	if s.Findings[0].Evidence != nil || s.Logs.Templates[0].ByStep != nil || s.Verdict.Reasons != nil {
		t.Error("the caller's set was changed")
	}
}

func TestEncodeKeepsText(t *testing.T) {
	s := Set{Format: Format, Subject: "endpoint/a&b", Options: Options{SLO: "p99<200ms, errors<0.1%"}}
	s.Verdict = Verdict{Summary: "a\xffb", Reasons: []string{`a path C:\ufffd\`}}
	text := encoded(t, s)
	for _, want := range []string{`"p99<200ms, errors<0.1%"`, `"endpoint/a&b"`, "\"a\ufffdb\"", `"a path C:\\ufffd\\"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not written as it is", want)
		}
	}
	if !strings.HasPrefix(text, "{\n  \"format\": 1,\n") || !strings.HasSuffix(text, "\n}\n") {
		t.Error("the layout is not an indented object that ends in a newline")
	}
}

type closedPipe struct{}

var errClosed = errors.New("closed")

func (closedPipe) Write([]byte) (int, error) { return 0, errClosed }

func TestEncodeReportsTheWriter(t *testing.T) {
	if err := Encode(closedPipe{}, Set{}); !errors.Is(err, errClosed) {
		t.Errorf("error %v, want that of the writer", err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":        "",
		"half":           `{"format": 1, "steps": [`,
		"another format": `{"format": 2}`,
		"no format":      `{}`,
		"a list":         `[]`,
		"two sets":       `{"format": 1} {"format": 1}`,
		"a word":         `{"format": 1, "options": {"growth": "much"}}`,
		"a vast number":  `{"format": 1, "options": {"growth": 1e999}}`,
	} {
		if _, err := Decode(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), "decoding findings") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// TestEncodeIsStable holds that findings survive being read and written.
func TestEncodeIsStable(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawSet(rt)
		first := encoded(t, s)
		back, err := Decode(strings.NewReader(first))
		if err != nil {
			rt.Fatal(err)
		}
		if again := encoded(t, back); again != first {
			rt.Fatalf("written %s, then %s", first, again)
		}
	})
}

// drawSet is a set with numbers, texts, times and lists of every kind.
func drawSet(t *rapid.T) Set {
	number := rapid.Map(rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, math.NaN(), math.Inf(1), 1e21, 5e-324})),
		func(v float64) Number { return Number(v) })
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"\xff", `\ufffd`, "\u2028<&>"}))
	at := func(label string) time.Time { return time.Unix(rapid.Int64Range(0, 4e9).Draw(t, label), 0).UTC() }
	n := func(label string) Number { return number.Draw(t, label) }
	s := unknown()
	s.Window = Window{Start: at("start"), End: at("end")}
	s.Verdict.Reasons = rapid.SliceOf(text).Draw(t, "reasons")
	s.Answers.Capacity = Estimate{Value: n("value"), Lo: n("lo"), Hi: n("hi"), Confidence: n("confidence"), Why: text.Draw(t, "why"), Window: &s.Window}
	s.Answers.Bottleneck.Margins = rapid.MapOf(rapid.String(), number).Draw(t, "margins")
	s.Steps[0].P99, s.Steps[0].Instances = n("p99"), n("instances")
	s.Logs.Levels = rapid.MapOf(rapid.String(), rapid.Int64()).Draw(t, "levels")
	s.Logs.Templates[0].ByStep = rapid.SliceOf(rapid.Int64()).Draw(t, "by step")
	s.Tested = Tested{MemoryGiB: n("memory"), Requests: n("requests"), DescribedAsOf: at("described")}
	s.Curve = &Curve{Slope: n("slope"), R2: n("r2")}
	s.Ledger.CostHigh, s.Options.Growth = n("cost"), n("growth")
	return s
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"format": 1}`))
	f.Add([]byte(`{"format":1,"answers":{"bottleneck":{"margins":{"cpu":null}}},"curve":{"r2":null},"steps":[{"p99_s":-0}]}`))
	var b bytes.Buffer
	if err := Encode(&b, unknown()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		first := encoded(t, s)
		back, err := Decode(strings.NewReader(first))
		if err != nil {
			t.Fatal(err)
		}
		if again := encoded(t, back); again != first {
			t.Errorf("written %s, then %s", first, again)
		}
	})
}
