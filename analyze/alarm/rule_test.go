package alarm

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sizewise/analyze/finding"
)

// points reads 0 (within), X (breaching) and - (missing), oldest first.
func points(s string) []float64 {
	var out []float64
	for _, c := range s {
		switch c {
		case '0':
			out = append(out, 0)
		case 'X':
			out = append(out, 2)
		case '-':
			out = append(out, math.NaN())
		}
	}
	return out
}

// TestEvaluate is the two tables and the text of the CloudWatch user guide,
// "Configuring how CloudWatch alarms treat missing data". "" retains.
func TestEvaluate(t *testing.T) {
	for _, c := range []struct {
		m, n                                     int
		points                                   string
		missing, ignore, breaching, notBreaching State
	}{
		// Datapoints to Alarm and Evaluation Periods both 3.
		{3, 3, "0-X-X", OK, OK, OK, OK},
		{3, 3, "----0", OK, OK, OK, OK},
		{3, 3, "-----", Insufficient, "", Alarm, OK},
		{3, 3, "0XX-X", Alarm, Alarm, Alarm, Alarm},
		{3, 3, "--X--", Alarm, "", Alarm, OK},
		// Datapoints to Alarm 2, Evaluation Periods 3.
		{2, 3, "0-X-X", Alarm, Alarm, Alarm, Alarm},
		{2, 3, "00X0X", Alarm, Alarm, Alarm, Alarm},
		{2, 3, "0-X--", OK, OK, Alarm, OK},
		{2, 3, "----0", OK, OK, Alarm, OK},
		{2, 3, "---X-", Alarm, "", Alarm, OK},
		// An earlier edition's rows for one breach that is the newest value.
		{3, 3, "----X", Insufficient, "", Alarm, OK},
		{2, 3, "----X", Insufficient, "", Alarm, OK},
		// What follows from the text: the newest N that exist count.
		{3, 3, "XXXXX", Alarm, Alarm, Alarm, Alarm},
		{3, 3, "XXX00", OK, OK, OK, OK},
		{1, 1, "00X", Alarm, Alarm, Alarm, Alarm},
		{1, 1, "XX0", OK, OK, OK, OK},
		{2, 3, "XX000", OK, OK, OK, OK},
		{3, 5, "X0X0X00", OK, OK, OK, OK},
		{3, 5, "00XX0X0", Alarm, Alarm, Alarm, Alarm},
	} {
		for missing, want := range map[string]State{Missing: c.missing, Ignore: c.ignore, Breaching: c.breaching, NotBreaching: c.notBreaching} {
			for _, now := range []State{OK, Alarm, Insufficient} {
				w := want
				if w == "" {
					w = now
				}
				r := Rule{M: c.m, N: c.n, Threshold: 1, Missing: missing}
				if got := r.Evaluate(points(c.points), now); got != w {
					t.Errorf("%d of %d, %s, %s, from %s: %s, want %s", c.m, c.n, c.points, missing, now, got, w)
				}
			}
		}
	}
}

func TestThreshold(t *testing.T) {
	r := Rule{M: 1, N: 1, Threshold: 1, Missing: NotBreaching}
	if r.Evaluate([]float64{1}, OK) != OK {
		t.Error("the threshold itself breaches")
	}
	r.OrEqual = true
	if r.Evaluate([]float64{1}, OK) != Alarm {
		t.Error("the threshold itself does not breach")
	}
}

// TestFire: when an alarm comes and goes, by hand.
func TestFire(t *testing.T) {
	start := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	at := func(minute int) time.Time { return start.Add(time.Duration(minute) * time.Minute) }
	r := Rule{M: 2, N: 3, Threshold: 1, Missing: NotBreaching}
	s := Series{Start: start, Period: time.Minute, Values: points("00XX0000-X-X00X")}
	// Breaches in the 3rd and 4th minute: on at the end of the 4th, and off when
	// only one of the last three is left, at the end of the 6th. The gaps at the
	// end are skipped: X X within the newest three values fire at the 12th.
	want := []finding.AlarmSpan{{Start: at(4), End: at(6)}, {Start: at(12), End: at(14)}}
	if diff := cmp.Diff(want, r.Fire(s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	still := r.Fire(Series{Start: start, Period: time.Minute, Values: points("0XX")})
	if len(still) != 1 || !still[0].End.IsZero() {
		t.Errorf("%v, want one that did not end", still)
	}
}

// TestJudge: early, late, for nothing, and not at all.
func TestJudge(t *testing.T) {
	start := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	span := func(from, to int) finding.AlarmSpan {
		return finding.AlarmSpan{Start: start.Add(time.Duration(from) * time.Minute), End: start.Add(time.Duration(to) * time.Minute)}
	}
	trouble := make([]bool, 120)
	for i := 40; i < 50; i++ {
		trouble[i] = i != 44 // a pause does not part a stretch
	}
	trouble[20] = true // too short to ask an alarm for, as is
	trouble[90] = true
	s := Series{Start: start, Period: time.Minute, Values: make([]float64, 120)}
	for _, c := range []struct {
		name                   string
		fired                  []finding.AlarmSpan
		lead                   finding.Number
		caught, stretches, not int
	}{
		{"early", []finding.AlarmSpan{span(35, 60)}, 300, 1, 1, 0},
		{"late", []finding.AlarmSpan{span(43, 52)}, -180, 1, 1, 0},
		{"for nothing", []finding.AlarmSpan{span(1, 4)}, finding.Missing(), 0, 1, 1},
		{"never", nil, finding.Missing(), 0, 1, 0},
		{"for the short one", []finding.AlarmSpan{span(41, 51), span(92, 93)}, -60, 1, 1, 0},
	} {
		got := judge(s, trouble, c.fired)
		if got.LeadS != c.lead && (got.LeadS.Known() || c.lead.Known()) || got.Caught != c.caught || got.Stretches != c.stretches || got.Without != c.not || got.Trouble != 11 {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// TestJudgeShort: where no trouble lasted, an alarm is held against the first.
func TestJudgeShort(t *testing.T) {
	start := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	trouble := make([]bool, 60)
	trouble[40] = true
	s := Series{Start: start, Period: time.Minute, Values: make([]float64, 60)}
	got := judge(s, trouble, []finding.AlarmSpan{{Start: start.Add(35 * time.Minute)}})
	if got.Stretches != 0 || got.Caught != 0 || got.Without != 0 || got.LeadS != 300 || !got.First.Equal(start.Add(40*time.Minute)) {
		t.Errorf("%+v", got)
	}
}
