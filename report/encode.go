package report

import (
	"encoding/json"
	"errors"

	"sizewise/analyze/finding"
)

// encode is findings.json: the set, indented. Numbers that are plain floats in
// the set have no form for a missing value; where one is missing, the same
// fields are written as null through the shadows below.
func encode(set finding.Set) ([]byte, error) {
	b, err := json.MarshalIndent(set, "", "  ")
	var unsupported *json.UnsupportedValueError
	if errors.As(err, &unsupported) {
		b, err = json.MarshalIndent(shadow(set), "", "  ")
	}
	if err != nil {
		return nil, err
	}
	return append(b, '\n'), nil
}

// The shadows repeat the fields that are plain floats, as numbers that can be
// null. A field of the outer struct hides the one of the embedded struct.
type (
	setShadow struct {
		finding.Set
		Answers answersShadow `json:"answers"`
		Steps   []stepShadow  `json:"steps"`
		Ledger  ledgerShadow  `json:"ledger"`
		Options optionsShadow `json:"options"`
		Tested  testedShadow  `json:"tested"`
		Curve   *curveShadow  `json:"curve,omitempty"`
	}
	answersShadow struct {
		finding.Answers
		Capacity          estimateShadow `json:"capacity_rps_per_instance"`
		SLORate           estimateShadow `json:"slo_rps_per_instance"`
		ErrorOnset        estimateShadow `json:"error_onset_rps_per_instance"`
		Instances         estimateShadow `json:"instances"`
		AutoscalingTarget estimateShadow `json:"autoscaling_target"`
		CostPerMillion    estimateShadow `json:"cost_per_million"`
		Headroom          estimateShadow `json:"headroom"`
	}
	estimateShadow struct {
		finding.Estimate
		Confidence finding.Number `json:"confidence"`
	}
	stepShadow struct {
		finding.Step
		Instances finding.Number `json:"instances"`
	}
	ledgerShadow struct {
		finding.Ledger
		CostLow  finding.Number `json:"cost_low_usd"`
		CostHigh finding.Number `json:"cost_high_usd"`
	}
	optionsShadow struct {
		finding.Options
		Growth            finding.Number `json:"growth"`
		TargetUtilization finding.Number `json:"target_utilization"`
	}
	testedShadow struct {
		finding.Tested
		MemoryGiB     finding.Number `json:"memory_gib"`
		InstancesMin  finding.Number `json:"instances_min"`
		InstancesMax  finding.Number `json:"instances_max"`
		InstancesLast finding.Number `json:"instances_last"`
		Requests      finding.Number `json:"requests"`
	}
	curveShadow struct {
		finding.Curve
		Limit     finding.Number `json:"limit"`
		Slope     finding.Number `json:"slope_s"`
		SlopeLo   finding.Number `json:"slope_lo_s"`
		SlopeHi   finding.Number `json:"slope_hi_s"`
		Intercept finding.Number `json:"intercept"`
		MaxRate   finding.Number `json:"max_rate"`
		R2        finding.Number `json:"r2"`
	}
)

func shadow(s finding.Set) setShadow {
	of := func(e finding.Estimate) estimateShadow {
		return estimateShadow{e, finding.Number(e.Confidence)}
	}
	a, l, o, t := s.Answers, s.Ledger, s.Options, s.Tested
	out := setShadow{
		Set: s,
		Answers: answersShadow{
			Answers: a, Capacity: of(a.Capacity), SLORate: of(a.SLORate), ErrorOnset: of(a.ErrorOnset), Instances: of(a.Instances),
			AutoscalingTarget: of(a.AutoscalingTarget), CostPerMillion: of(a.CostPerMillion), Headroom: of(a.Headroom),
		},
		Ledger:  ledgerShadow{l, finding.Number(l.CostLow), finding.Number(l.CostHigh)},
		Options: optionsShadow{o, finding.Number(o.Growth), finding.Number(o.TargetUtilization)},
		Tested: testedShadow{
			t, finding.Number(t.MemoryGiB), finding.Number(t.InstancesMin), finding.Number(t.InstancesMax),
			finding.Number(t.InstancesLast), finding.Number(t.Requests),
		},
	}
	for _, st := range s.Steps {
		out.Steps = append(out.Steps, stepShadow{st, finding.Number(st.Instances)})
	}
	if c := s.Curve; c != nil {
		out.Curve = &curveShadow{
			*c, finding.Number(c.Limit), finding.Number(c.Slope), finding.Number(c.SlopeLo), finding.Number(c.SlopeHi),
			finding.Number(c.Intercept), finding.Number(c.MaxRate), finding.Number(c.R2),
		}
	}
	return out
}
