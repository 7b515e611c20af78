package report

import (
	"strings"
	"testing"

	"sizewise/analyze/finding"
)

// replaying is the saturated test with a replay of three fleets.
func replaying() finding.Set {
	s := saturatedGPU()
	no := finding.Missing()
	s.Replay = &finding.Replay{
		Status: finding.Extrapolated, Why: "The requests of each minute, as they came.", LimitRPS: 110, Limit: "SLO rate", Minutes: 50,
		StartS: 240, StartMeasured: true, Starts: 2,
		Fleets: []finding.ReplayedFleet{
			{Name: finding.CurrentFleet, Target: 9000, Min: 1, Max: 4, MinutesOver: 22, InstanceHours: 1.91666, MostInstances: 4, CostUSD: no},
			{Name: finding.RecommendedPolicy, Target: 4620, Min: 2, Max: 6, MinutesOver: 3, InstanceHours: 2.65, MostInstances: 5, CostUSD: no},
			{Name: finding.RecommendedFleet, Target: no, Min: 6, Max: 6, MinutesOver: 0, InstanceHours: 7.65, MostInstances: 6, CostUSD: no},
		},
	}
	return s
}

func TestReplayIsATableWithOneSentence(t *testing.T) {
	s := replaying()
	s.Price = nil
	text := markdownOf(t, s)
	for _, want := range []string{
		"| the window's traffic on | instances | minutes over 110 requests/s an instance | instance hours | at most |",
		"| the current policy, target 9,000 | 1 to 4 | 22 of 50 | 1.92 | 4 |",
		"| the recommended policy, target 4,620 | 2 to 6 | 3 of 50 | 2.65 | 5 |",
		"| the recommended fleet, fixed | 6 | 0 of 50 | 7.65 | 6 |",
		"Good is no minute over for the fewest instance hours",
		"took 4 minutes from the decision until it served, measured on 2 scale-outs",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("report lacks %q", want)
		}
	}
	s.Price = &finding.Price{InstanceType: "ml.g5.xlarge", USDPerHour: 2}
	s.Replay.Fleets[0].CostUSD = 3.8333
	if text := markdownOf(t, s); !strings.Contains(text, "| 1.92 | 4 | 3.83 |") {
		t.Error("report lacks what the current policy cost")
	}
}

func TestReplaySaysWhatItCouldNotDo(t *testing.T) {
	s := replaying()
	no := finding.Missing()
	s.Replay.StartMeasured, s.Replay.StartS = false, 300
	s.Replay.Fleets[0] = finding.ReplayedFleet{
		Name: finding.CurrentFleet, Target: no, Min: no, Max: no, MinutesOver: no, InstanceHours: no, MostInstances: no, CostUSD: no,
		Why: "<b>|cpu|</b> tracks CPUUtilization",
	}
	text := markdownOf(t, s)
	if !strings.Contains(text, "**5 minutes are assumed**") || !strings.Contains(text, "the current fleet is not replayed. ") {
		t.Error("report does not say what is assumed and what is left out")
	}
	if strings.Contains(text, "<b>") {
		t.Error("a policy's name came through as markup")
	}
	s.Replay = &finding.Replay{Status: finding.Unanswerable, Why: "There is no capacity to size with.", LimitRPS: no, StartS: no}
	if text := markdownOf(t, s); !strings.Contains(text, "is not replayed against a policy. There is no capacity to size with.") || strings.Contains(text, "instance hours") {
		t.Error("report does not say why there is no replay")
	}
}
