package capacity

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// flat is n minutes of the same number of requests.
func flat(n int, requests float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = requests
	}
	return out
}

// TestAStepIsOverUntilTheNewInstancesServe: three minutes above the target, one
// until the last of them is seen, and the start.
func TestAStepIsOverUntilTheNewInstancesServe(t *testing.T) {
	p := policy{Target: 600, Min: 1, Max: 10}
	traffic := append(flat(20, 300), flat(40, 2400)...)
	for _, start := range []int{0, 3, 7} {
		r := replay(traffic, p, start, 12) // 720 a minute and instance
		late := pointsHigh + publishLag + start
		want := append(make([]int, 0, 60), r.fleet...)
		for i := range want {
			want[i] = 1
			if i >= 20+late {
				want[i] = 4
			}
		}
		if d := cmp.Diff(want, r.fleet); d != "" {
			t.Errorf("start %d: fleet (-want +got)\n%s", start, d)
		}
		if r.over != late || r.minutes != 60 || r.most() != 4 {
			t.Errorf("start %d: %d of %d minutes over with up to %d, want %d of 60 with 4", start, r.over, r.minutes, r.most(), late)
		}
		if hours := float64(20+late+4*(40-late)) / 60; math.Abs(r.instanceHours()-hours) > 1e-12 {
			t.Errorf("start %d: %g instance hours, want %g", start, r.instanceHours(), hours)
		}
	}
}

// TestTwoMinutesAboveAreNotThree: the high alarm wants three in a row.
func TestTwoMinutesAboveAreNotThree(t *testing.T) {
	p := policy{Target: 600, Min: 1, Max: 10}
	for n, want := range map[int]int{2: 1, 3: 2} {
		traffic := append(append(flat(5, 500), flat(n, 1200)...), flat(8, 500)...)
		if r := replay(traffic, p, 0, 100); r.most() != want {
			t.Errorf("%d minutes above: up to %d instances, want %d", n, r.most(), want)
		}
	}
}

// TestScaleInWaitsForFifteenPointsAndTheCooldown: below nine tenths, and not at
// them.
func TestScaleInWaitsForFifteenPointsAndTheCooldown(t *testing.T) {
	p := policy{Target: 100, Min: 1, Max: 10, ScaleInCooldown: 60}
	traffic := append(append(flat(5, 400), flat(20, 200)...), flat(200, 50)...)
	r := replay(traffic, p, 0, 100)
	changes := map[int]int{}
	for i := 1; i < len(r.fleet); i++ {
		if r.fleet[i] != r.fleet[i-1] {
			changes[i] = r.fleet[i]
		}
	}
	// 15 points and a minute to publish the last after minute 5; then the cooldown,
	// within which the next fifteen points come.
	first := 5 + pointsLow + publishLag
	want := map[int]int{first: 2, first + 60: 1}
	if d := cmp.Diff(want, changes); d != "" {
		t.Errorf("changes (-want +got)\n%s", d)
	}
	p.NoScaleIn = true
	if r := replay(traffic, p, 0, 100); r.fleet[len(r.fleet)-1] != 4 {
		t.Errorf("scaled in to %d although it must not", r.fleet[len(r.fleet)-1])
	}
	if r := replay(append(flat(1, 400), flat(60, 361)...), policy{Target: 100, Min: 1, Max: 9}, 0, 100); r.fleet[60] != 4 {
		t.Errorf("scaled in above nine tenths of the target")
	}
}

// TestAMinuteWithoutTrafficKnownIsNoPoint: the alarms begin anew behind it, and
// it is over for nobody.
func TestAMinuteWithoutTrafficKnownIsNoPoint(t *testing.T) {
	p := policy{Target: 600, Min: 1, Max: 10}
	traffic := append(flat(2, 1200), append([]float64{math.NaN()}, flat(10, 1200)...)...)
	r := replay(traffic, policy{Target: 600, Min: 1, Max: 1}, 0, 15)
	if r.over != 12 || r.minutes != 12 {
		t.Errorf("%d of %d minutes over, want 12 of 12", r.over, r.minutes)
	}
	traffic = append(flat(1, 300), traffic...)
	if r := replay(traffic, p, 0, 15); r.fleet[7] != 1 || r.fleet[8] != 2 {
		t.Errorf("fleet %v, want the second instance from minute 8 on", r.fleet)
	}
}

// drawTraffic draws minutes, some of them unknown.
func drawTraffic(t *rapid.T) []float64 {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float64 {
		if rapid.IntRange(0, 19).Draw(t, "unknown") == 0 {
			return math.NaN()
		}
		return float64(rapid.IntRange(0, 5000).Draw(t, "requests"))
	}), 1, 200).Draw(t, "traffic")
}

// TestReplayKeepsItsBooks: the fleet stays within its bounds, instance hours are
// the sum over minutes, and the minutes over are those that the fleet says.
func TestReplayKeepsItsBooks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		traffic := drawTraffic(t)
		p := policy{
			Target: float64(rapid.IntRange(1, 2000).Draw(t, "target")),
			Min:    rapid.IntRange(1, 5).Draw(t, "min"), ScaleInCooldown: rapid.IntRange(0, 30).Draw(t, "cooldown"),
		}
		p.Max = p.Min + rapid.IntRange(0, 10).Draw(t, "more")
		limit := float64(rapid.IntRange(1, 50).Draw(t, "limit"))
		r := replay(traffic, p, rapid.IntRange(0, 20).Draw(t, "start"), limit)
		if len(r.fleet) != len(traffic) {
			t.Fatalf("%d minutes of fleet for %d of traffic", len(r.fleet), len(traffic))
		}
		over, minutes, sum := 0, 0, 0
		for i, k := range r.fleet {
			if k < p.Min || k > p.Max {
				t.Fatalf("%d instances in minute %d, bounds %d and %d", k, i, p.Min, p.Max)
			}
			sum += k
			if !math.IsNaN(traffic[i]) {
				minutes++
				if traffic[i] > 60*limit*float64(k)*(1+1e-9) {
					over++
				}
			}
		}
		if r.over != over || r.minutes != minutes || math.Abs(60*r.instanceHours()-float64(sum)) > 1e-6 {
			t.Fatalf("%d of %d over and %g hours, want %d of %d and %g", r.over, r.minutes, r.instanceHours(), over, minutes, float64(sum)/60)
		}
		most := replay(traffic, policy{Min: p.Max, Max: p.Max}, 0, limit)
		if most.over > r.over {
			t.Fatalf("a policy is over for %d minutes, and its most instances all the time for %d", r.over, most.over)
		}
	})
}

// TestMoreInstancesAreNeverOverForLonger, and cost what they are more.
func TestMoreInstancesAreNeverOverForLonger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		traffic := drawTraffic(t)
		k := rapid.IntRange(1, 20).Draw(t, "instances")
		limit := float64(rapid.IntRange(1, 50).Draw(t, "limit"))
		few, many := replay(traffic, policy{Min: k, Max: k}, 0, limit), replay(traffic, policy{Min: k + 1, Max: k + 1}, 0, limit)
		if many.over > few.over {
			t.Fatalf("%d instances: %d minutes over, %d instances: %d", k, few.over, k+1, many.over)
		}
		if more := many.instanceHours() - few.instanceHours(); math.Abs(more-float64(len(traffic))/60) > 1e-9 {
			t.Fatalf("one instance more is %g hours more, want %g", more, float64(len(traffic))/60)
		}
	})
}

// TestTheStartIsReadOffWhatWasReplayed: what replay does with a start time,
// measureStart finds again.
func TestTheStartIsReadOffWhatWasReplayed(t *testing.T) {
	for _, start := range []int{0, 1, 4, 9} {
		traffic := append(append(flat(20, 300), flat(60, 2400)...), append(flat(60, 300), flat(40, 1800)...)...)
		r := replay(traffic, policy{Target: 600, Min: 1, Max: 10}, start, 100)
		fleet := make([]float64, len(r.fleet))
		for i, k := range r.fleet {
			fleet[i] = float64(k)
		}
		if got := measureStart(traffic, fleet, 600); got.minutes != start || got.starts != 2 {
			t.Errorf("measured %d minutes on %d starts, want %d on 2", got.minutes, got.starts, start)
		}
	}
	if got := measureStart(flat(60, 100), flat(60, 1), 600); got.starts != 0 || got.minutes != assumedStart {
		t.Errorf("without a start %+v, want the default", got)
	}
}

// TestWhichPoliciesCanBeReplayed: those on invocations, alone.
func TestWhichPoliciesCanBeReplayed(t *testing.T) {
	good := ScalingPolicy{Name: "p", Type: "TargetTrackingScaling", Metric: invocationsMetric, Target: 500, ScaleInCooldownS: -1}
	p, why := Scaling{Min: 1, Max: 4, Policies: []ScalingPolicy{good}}.replayable()
	if d := cmp.Diff(policy{Target: 500, Min: 1, Max: 4, ScaleInCooldown: 5}, p); d != "" || why != "" {
		t.Errorf("policy (-want +got)\n%s%s", d, why)
	}
	for name, change := range map[string]func(*ScalingPolicy){
		"stepwise":     func(p *ScalingPolicy) { p.Type = "StepScaling" },
		"other metric": func(p *ScalingPolicy) { p.Metric = "SageMakerVariantConcurrentRequestsPerModelHighResolution" },
		"no target":    func(p *ScalingPolicy) { p.Target = 0 },
	} {
		bad := good
		change(&bad)
		if _, why := (Scaling{Policies: []ScalingPolicy{bad}}).replayable(); why == "" {
			t.Errorf("%s: replayed", name)
		}
	}
	if _, why := (Scaling{Suspended: true, Policies: []ScalingPolicy{good}}).replayable(); why == "" {
		t.Error("a policy that is suspended is replayed")
	}
	if _, why := (Scaling{Policies: []ScalingPolicy{good, good}}).replayable(); why == "" {
		t.Error("two policies replayed as one")
	}
}
