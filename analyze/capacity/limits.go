package capacity

import (
	"sizewise/analyze/finding"
)

const (
	beyondLimit      = 1.1 // busy units over what the type has, that a sensor does not explain
	beyondLimitTimes = 3   // buckets of it
)

// distrustLimits forgets how many vCPUs or GPUs an instance has where it was busy
// with more: what is said of the type is wrong, and so would be all that is
// reckoned from it.
func (a *analysis) distrustLimits() {
	for _, r := range a.resources() {
		over, most := 0, 0.0
		for i := range a.minutes {
			if v := r.avg(&a.minutes[i]); v > beyondLimit*r.limit {
				over, most = over+1, max(most, v)
			}
		}
		if over < beyondLimitTimes {
			continue
		}
		a.distrusted = append(a.distrusted, finding.Finding{
			Check: "instance_limits", Severity: finding.Warning, Query: "utilization_by_minute",
			Title:    sprintf("An instance was busy with %s of %s while %s is said to have %s: the instance type is not the one that ran, and %s is left out of every answer.", figure(most), upper(r.name), a.typeName(), figure(r.limit), upper(r.name)),
			Evidence: []string{sprintf("The mean over instances passed %s in %d minutes. --instance-type says what runs.", figure(beyondLimit*r.limit), over)},
		})
		if r.name == "cpu" {
			a.tested.VCPU = 0
		} else {
			a.tested.GPUs = 0
		}
	}
}

// typeName is the instance type as far as it is known.
func (a *analysis) typeName() string {
	if t := a.tested.InstanceType; t != "" {
		return t
	}
	return "its type"
}

func limitsCheck() Check {
	return Check{
		Name: "instance_limits", Title: "Limits of the instance type", Query: "utilization_by_minute",
		Question:    "Was an instance busy with more than its type has?",
		Formula:     sprintf("mean busy cores or GPUs above %g times what the type has", beyondLimit),
		MinimumData: sprintf("%d buckets", beyondLimitTimes),
		Refuses:     []string{"the resource is then left out of every answer"},
		Thresholds:  []Threshold{{"busy over what the type has", beyondLimit, "times"}, {"buckets", beyondLimitTimes, "buckets"}},
	}
}
