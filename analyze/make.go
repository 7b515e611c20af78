package analyze

import (
	"context"
	"slices"
	"strings"

	"sizewise/analyze/dossier"
	"sizewise/analyze/finding"
	"sizewise/analyze/service"
)

// The makes of endpoint that are judged by questions of their own, beside
// endpointKind. They are kinds of a set, not of a subject.
const (
	serverlessKind = "serverless"
	asyncKind      = "async"
)

// endpointMake is what an endpoint is judged as: by what Describe told of it,
// else by the metrics that only such an endpoint publishes.
func (r *reader) endpointMake(ctx context.Context) (string, error) {
	var d dossier.Dossier
	if err := r.readFacts(ctx, &d); err != nil {
		return "", err
	}
	of := func(attribute string) string {
		if r.options.Variant != "" {
			return d.Facts.Of("variant", r.options.Variant, attribute)
		}
		return d.Facts.Text("variant", attribute)
	}
	switch {
	case d.Facts.Text("endpoint", "async") == "true" || d.Facts.Text("endpoint_config", "async") == "true":
		return asyncKind, nil
	case of("serverless_memory_mb") != "":
		return serverlessKind, nil
	case of("instance_type") != "" || of("current_instance_count") != "":
		return endpointKind, nil
	}
	window := map[string]any{"endpoint": r.options.Name, "variant": r.options.Variant}
	if !r.options.Start.IsZero() {
		window["start"], window["end"] = r.options.Start.UTC(), r.options.End.UTC()
	}
	all, err := r.published(ctx, window)
	if err != nil {
		return "", err
	}
	for i := range all {
		switch m := all[i].metric; {
		case strings.HasPrefix(m, "Serverless"):
			return serverlessKind, nil
		case slices.Contains(asyncOnly(), m):
			return asyncKind, nil
		}
	}
	return endpointKind, nil
}

// asyncOnly are metrics that no other endpoint publishes.
func asyncOnly() []string {
	return []string{"InvocationsProcessed", "InvocationsProcesssed", "TimeInBacklog", "TotalProcessingTime"}
}

// oneVariant keeps the series of the variant that is meant, and those of the
// endpoint as a whole.
func (r *reader) oneVariant(d *dossier.Dossier) error {
	var names []string
	for i := range d.Series {
		if v := d.Series[i].Variant; v != "" && !slices.Contains(names, v) {
			names = append(names, v)
		}
	}
	slices.Sort(names)
	if r.options.Variant == "" && len(names) > 1 {
		return &AmbiguousError{Endpoint: r.options.Name, Variants: names}
	}
	d.Series = slices.DeleteFunc(d.Series, func(s dossier.Series) bool {
		return r.options.Variant != "" && s.Variant != "" && s.Variant != r.options.Variant
	})
	return nil
}

// models adds what a multi-model endpoint says of the models that it loads on
// demand. Others publish nothing of the kind, and nothing is read of them.
func (r *reader) models(ctx context.Context, ev *evidence, set *finding.Set) error {
	loads := false
	for i := range ev.published {
		loads = loads || slices.Contains(service.MultiModelMetrics(), ev.published[i].metric)
	}
	if !loads {
		return nil
	}
	d := dossier.Dossier{Kind: r.options.Kind, Name: r.options.Name, Window: ev.window}
	if err := r.readSeries(ctx, &d, map[string]any{"subject": r.subject(), "start": ev.window.Start, "end": ev.window.End}); err != nil {
		return err
	}
	d.Series = slices.DeleteFunc(d.Series, func(s dossier.Series) bool { return s.Variant != ev.variant })
	result := service.MultiModel(&d)
	set.Measures = append(result.Measures, set.Measures...)
	set.Charts = append(set.Charts, result.Charts...)
	set.Findings = append(set.Findings, result.Findings...)
	set.Verdict.Reasons = append(set.Verdict.Reasons, result.Verdict.Reasons...)
	// What an instance takes is half the answer where its models come and go.
	for _, why := range result.Verdict.Reasons {
		set.Verdict.Summary = strings.TrimSuffix(set.Verdict.Summary, ".") + "; " + strings.ToLower(why[:1]) + why[1:] + "."
	}
	return nil
}
