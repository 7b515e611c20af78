package analyze

import (
	"sizewise/analyze/dossier"
	"sizewise/analyze/finding"
	"sizewise/analyze/job"
	"sizewise/analyze/service"
)

// judge hands the evidence to who knows the kind: that of the subject, or the
// make of an endpoint.
func judge(kind string, d *dossier.Dossier) dossier.Result {
	switch kind {
	case "training", "processing", "transform":
		return job.Analyze(d)
	case "recommender":
		return job.Recommender(d)
	case "pipeline":
		return job.Pipeline(d)
	case serverlessKind:
		return service.Serverless(d)
	case asyncKind:
		return service.Async(d)
	case "component":
		return service.Component(d)
	case "featuregroup":
		return service.FeatureGroup(d)
	case "labeling":
		return service.Labeling(d)
	case "monitor":
		return service.Monitor(d)
	case "notebook":
		return service.Notebook(d)
	case "cloudwatch":
		return service.CloudWatch(d)
	default:
		return dossier.Result{Verdict: finding.Verdict{
			Status:  finding.Insufficient,
			Summary: "No questions of its own are asked of " + d.Subject() + " yet: its data can be asked with sizewise sql",
		}}
	}
}
