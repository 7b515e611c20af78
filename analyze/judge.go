package analyze

import (
	"sizewise/analyze/dossier"
	"sizewise/analyze/finding"
)

// judge hands the evidence to who knows the kind.
func judge(d *dossier.Dossier) dossier.Result {
	switch d.Kind {
	default:
		return dossier.Result{Verdict: finding.Verdict{
			Status:  finding.Insufficient,
			Summary: "No questions of its own are asked of " + d.Subject() + " yet: its data can be asked with sizewise sql",
		}}
	}
}
