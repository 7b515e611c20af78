package slo

import (
	"math"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	tests := []struct {
		in   string
		want string
		objs []Objective
	}{
		{"", "", nil},
		{"p99<200ms", "p99<200ms", []Objective{{Metric: P99, Limit: 0.2}}},
		{" P99 <= 1.5 s ", "p99<=1.5s", []Objective{{Metric: P99, Limit: 1.5, OrEqual: true}}},
		{"p99<200ms, errors<0.1%, cpu<70%", "p99<200ms, errors<0.1%, cpu<70%", []Objective{
			{Metric: P99, Limit: 0.2}, {Metric: Errors, Limit: 0.001}, {Metric: CPU, Limit: 0.7},
		}},
		{"mean<250us,5xx<1%", "mean<250us, 5xx<1%", []Objective{{Metric: Mean, Limit: 250e-6}, {Metric: Errors5XX, Limit: 0.01}}},
		{"max<2000ms", "max<2s", []Objective{{Metric: Max, Limit: 2}}},
		{"age<10min, p99<1s", "age<600s, p99<1s", []Objective{{Metric: Age, Limit: 600}, {Metric: P99, Limit: 1}}},
		{"p50<290ms", "p50<290ms", []Objective{{Metric: P50, Limit: 0.29}}},
	}
	for _, tt := range tests {
		got, err := Parse(tt.in)
		if err != nil {
			t.Errorf("Parse(%q): %v", tt.in, err)
			continue
		}
		if got.String() != tt.want {
			t.Errorf("Parse(%q).String() = %q, want %q", tt.in, got.String(), tt.want)
		}
		if len(got.Objectives) != len(tt.objs) {
			t.Fatalf("Parse(%q) has %d objectives, want %d", tt.in, len(got.Objectives), len(tt.objs))
		}
		for i, o := range got.Objectives {
			w := tt.objs[i]
			if o.Metric != w.Metric || o.OrEqual != w.OrEqual || math.Abs(o.Limit-w.Limit) > 1e-12 {
				t.Errorf("Parse(%q) objective %d = %+v, want %+v", tt.in, i, o, w)
			}
		}
	}
}

func TestParseErrorsHelp(t *testing.T) {
	tests := []struct{ in, mention string }{
		{"p99", "no < or <="},
		{"p99>200ms", "no < or <="},
		{"p98<200ms", "p50, p90, p95, p99"},
		{"p99<200", "us, ms, s, min or h"},
		{"age<5", "us, ms, s, min or h"},
		{"age<25h", "a day"},
		{"errors<1", "% sign"},
		{"p99<200ms,", "empty"},
		{"p99<200ms, p99<300ms", "twice"},
		{"p99<-1ms", "not a number"},
		{"p99<0ms", "above zero"},
		{"p99<0x10ms", "not a number"},
		{"cpu<170%", "100 %"},
		{"p99<2h", "1 nanosecond and 1 hour"},
	}
	for _, tt := range tests {
		_, err := Parse(tt.in)
		if err == nil {
			t.Errorf("Parse(%q) succeeded", tt.in)
			continue
		}
		if !strings.Contains(err.Error(), tt.mention) {
			t.Errorf("Parse(%q) error %q does not mention %q", tt.in, err, tt.mention)
		}
	}
}

func TestMet(t *testing.T) {
	below, atMost := Objective{Metric: P99, Limit: 0.2}, Objective{Metric: P99, Limit: 0.2, OrEqual: true}
	if below.Met(0.2) || !below.Met(0.1999) || !atMost.Met(0.2) || atMost.Met(0.2001) {
		t.Error("the limit itself belongs to <= only")
	}
	if below.Met(math.NaN()) || atMost.Met(math.NaN()) {
		t.Error("a missing value met an objective")
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"p99<200ms, errors<0.1%, cpu<70%", "mean<=1.5s", "5xx<1%", "p99<", "<", "p50<.us", "p50<1e3ms", "max<0.000001us"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		first, err := Parse(s)
		if err != nil {
			return
		}
		second, err := Parse(first.String())
		if err != nil {
			t.Fatalf("Parse(%q) prints %q, which does not parse: %v", s, first, err)
		}
		if first.String() != second.String() {
			t.Fatalf("%q prints %q, then %q", s, first, second)
		}
		for _, o := range first.Objectives {
			if !(o.Limit > 0) || math.IsInf(o.Limit, 0) {
				t.Fatalf("Parse(%q) has limit %v", s, o.Limit)
			}
		}
	})
}
