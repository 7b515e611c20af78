package config

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// nightly reads the whole document. What is wished for all subjects is read
// first, wherever it stands.
func (r *reader) nightly(doc *yaml.Node, n *Nightly) {
	r.wish.TargetUtilization = 0.7
	var subjects, keep *yaml.Node
	fields := map[string]field{
		"lake":    r.into(&n.Lake, "a directory, for example lake: /var/lib/sizewise/lake"),
		"reports": r.into(&n.Reports, "a directory, for example reports: /var/lib/sizewise/reports"),
		"targets": func(v *yaml.Node, path string) {
			r.list(v, path, "for example targets: [{region: eu-west-1}]", func(item *yaml.Node, path string) { r.target(item, path, n) })
		},
		"subjects": func(v *yaml.Node, _ string) { subjects = v },
		"baseline": r.whole(&n.Baseline, 3, 90, "nights to compare with, for example baseline: 28"),
		"backfill": r.whole(&n.Backfill, 1, 60, "nights to pull before the first, for example backfill: 14"),
		"compact":  r.flag(&n.Compact),
		"keep": func(v *yaml.Node, path string) {
			keep = v
			r.keep(v, path, n)
		},
		"pages":        func(v *yaml.Node, path string) { r.pages(v, path, n) },
		"max_cost":     r.number(&n.MaxCost, 0.001, 1e6, "US dollars a night, for example max_cost: 2.50"),
		"max_time":     r.duration(&n.MaxTime, "for example max_time: 90m"),
		"max_silence":  r.duration(&n.Silence, "for example max_silence: 30s"),
		"max_attempts": r.whole(&n.Attempts, 1, 50, "attempts of each call, for example max_attempts: 5"),
		"fail_on":      func(v *yaml.Node, path string) { r.failOn(v, path, n) },
		"summary":      r.into(&n.Summary, "a file, for example summary: summary.md"),
		"junit":        r.into(&n.JUnit, "a file, for example junit: junit.xml"),
		"prices":       r.into(&n.Prices, "a file, for example prices: prices.csv"),
	}
	for name, f := range r.wishes(&r.wish) {
		fields[name] = f
	}
	r.mapping(doc, "", fields)
	if n.KeepLake > 0 && n.KeepLake <= n.Baseline {
		r.fail(keep, "keep.lake", fmt.Sprintf("%d days are fewer than the %d nights of baseline and the night itself", n.KeepLake, n.Baseline), "keep more, or compare with fewer")
	}
	if subjects == nil {
		if real(doc).Kind == yaml.MappingNode {
			r.fail(doc, "subjects", "missing", "for example subjects: [{name: endpoint/my-endpoint}]")
		}
		return
	}
	r.list(subjects, "subjects", "for example subjects: [{name: endpoint/my-endpoint}]", func(item *yaml.Node, path string) { r.subject(item, path, n) })
	if real(subjects).Kind == yaml.SequenceNode && len(real(subjects).Content) == 0 {
		r.fail(subjects, "subjects", "an empty list", "for example subjects: [{name: endpoint/my-endpoint}]")
	}
}

// wishes read what is wanted of a subject.
func (r *reader) wishes(w *Wish) map[string]field {
	return map[string]field{
		"slo": func(v *yaml.Node, path string) {
			const fix = "for example slo: p99<200ms, errors<0.1%"
			if s, ok := r.text(v, path, fix); ok {
				w.SLO = s
				r.check(v, path, s, fix, r.checks.SLO)
			}
		},
		"peak_rps":           r.number(&w.PeakRPS, 0, 1e9, "requests a second of the whole endpoint, for example peak_rps: 400"),
		"growth":             r.share(&w.Growth, 0, 10, "for example growth: 20%"),
		"target_utilization": r.share(&w.TargetUtilization, 0.05, 1, "for example target_utilization: 70%"),
		"instance_type": func(v *yaml.Node, path string) {
			const fix = "for example instance_type: ml.g5.xlarge"
			if s, ok := r.text(v, path, fix); ok {
				w.InstanceType = s
				r.check(v, path, s, fix, r.checks.Type)
			}
		},
	}
}

func (r *reader) subject(n *yaml.Node, path string, into *Nightly) {
	s := Subject{Wish: r.wish}
	fields := r.wishes(&s.Wish)
	fields["name"] = func(v *yaml.Node, path string) {
		const fix = "kind/name, for example name: endpoint/my-endpoint"
		if name, ok := r.text(v, path, fix); ok {
			s.Name = name
			r.check(v, path, name, "", r.checks.Subject)
		}
	}
	fields["match"] = func(v *yaml.Node, path string) {
		const fix = "for example match: training/churn-*"
		if pattern, ok := r.text(v, path, fix); ok {
			s.Match = pattern
			r.check(v, path, pattern, fix, r.checks.Pattern)
			r.glob(v, path, pattern)
		}
	}
	fields["tag"] = func(v *yaml.Node, path string) {
		s.Tag = map[string]string{}
		v = real(v)
		if v.Kind != yaml.MappingNode || len(v.Content) == 0 {
			r.fail(v, path, "want tags and their values, found "+kindOf(v), "for example tag: {team: search}")
			return
		}
		for i := 0; i+1 < len(v.Content); i += 2 {
			at := join(path, v.Content[i].Value)
			if value, ok := r.text(v.Content[i+1], at, "for example tag: {team: search}"); ok {
				s.Tag[v.Content[i].Value] = value
				r.glob(v.Content[i+1], at, value)
			}
		}
	}
	fields["family"] = r.into(&s.Family, "a word for jobs that are runs of the same thing, for example family: churn")
	r.mapping(n, path, fields)
	found := s.Match != "" || s.Tag != nil
	if real(n).Kind == yaml.MappingNode && (s.Name != "") == found {
		r.fail(n, path, map[bool]string{true: "name is given together with match or tag", false: "neither name, match nor tag is given"}[found],
			"give a name, or a pattern, tags or both")
	}
	into.Subjects = append(into.Subjects, s)
}

func (r *reader) target(n *yaml.Node, path string, into *Nightly) {
	var t Target
	r.mapping(n, path, map[string]field{
		"region":  r.into(&t.Region, "for example region: eu-west-1"),
		"profile": r.into(&t.Profile, "for example profile: prod"),
		"roles": func(v *yaml.Node, path string) {
			const fix = "for example roles: [arn:aws:iam::123456789012:role/read]"
			r.list(v, path, fix, func(item *yaml.Node, path string) {
				role, ok := r.text(item, path, fix)
				if ok && (!strings.HasPrefix(role, "arn:") || !strings.Contains(role, ":role/")) {
					r.fail(item, path, fmt.Sprintf("%q is not the ARN of a role", role), fix)
				}
				t.Roles = append(t.Roles, role)
			})
		},
		"external_id": r.into(&t.ExternalID, "text that the role wants"),
	})
	if t.ExternalID != "" && len(t.Roles) == 0 {
		r.fail(n, path, "external_id belongs to no role", "give roles too")
	}
	into.Targets = append(into.Targets, t)
}

func (r *reader) keep(n *yaml.Node, path string, into *Nightly) {
	r.mapping(n, path, map[string]field{
		"lake":    r.whole(&into.KeepLake, 1, 36500, "days, for example lake: 400"),
		"reports": r.whole(&into.KeepPages, 1, 36500, "days, for example reports: 90"),
	})
}

func (r *reader) pages(n *yaml.Node, path string, into *Nightly) {
	const fix = "all, changed or none"
	v, ok := r.text(n, path, fix)
	if !ok {
		return
	}
	into.Pages = Pages(v)
	switch into.Pages {
	case AllPages, ChangedPages, NoPages:
	default:
		r.fail(n, path, fmt.Sprintf("%q is unknown", v), fix)
	}
}

func (r *reader) failOn(n *yaml.Node, path string, into *Nightly) {
	const fix = "any of slo, regression, change, silence; [] never fails"
	into.FailOn = []FailOn{}
	r.list(n, path, fix, func(item *yaml.Node, path string) {
		v, ok := r.text(item, path, fix)
		if !ok {
			return
		}
		switch f := FailOn(v); f {
		case FailSLO, FailRegression, FailChange, FailSilence:
			into.FailOn = append(into.FailOn, f)
		default:
			r.fail(item, path, fmt.Sprintf("%q is unknown", v), fix)
		}
	})
}
