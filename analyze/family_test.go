package analyze

import "testing"

func TestFamilies(t *testing.T) {
	families := newFamilies()
	for name, want := range map[string]string{
		"churn-2026-11-20":                             "churn",
		"churn-2026-11-20-02-15-33-123":                "churn",
		"churn-20261120":                               "churn",
		"churn-20261120T021533Z":                       "churn",
		"churn-2026-11-20-ab12cd":                      "churn",
		"resnet-50-2026-11-20":                         "resnet-50",
		"tune-261120-0215-003-0a1b2c3d":                "tune",
		"tune-261120-0215":                             "tune",
		"churn-1764300000":                             "churn",
		"churn-run-17":                                 "churn",
		"churn-17":                                     "churn",
		"churn-8f14e45f-ceea-467f-9c1d-3b0d8e1f2a4b":   "churn",
		"churn-x7k2p9":                                 "churn",
		"pipelines-abc123def456-TrainModel-XyZ12abcDe": "TrainModel",
		"churn":            "churn",
		"vision-train":     "vision-train",
		"2026-11-20":       "2026-11",
		"features-rebuild": "features-rebuild",
	} {
		if got, rule := families.of(name, ""); got != want || rule == "" {
			t.Errorf("%s is a run of %q by %q, want %q", name, got, rule, want)
		}
	}
	if got, rule := families.of("whatever-1", "mine"); got != "mine" || rule != ruleGiven {
		t.Errorf("got %q by %q", got, rule)
	}
}
