package ingest

import (
	"context"
	"errors"
	"slices"
	"time"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/subject"
)

// windowPad is put around a job's own window: points and lines of its end come
// a few minutes late, and its containers log before it is said to begin.
const windowPad = 5 * time.Minute

// mostRelated bounds how many resources are described for one subject.
// An endpoint has up to ten variants, each with a scalable target and its policies.
const mostRelated = 32

// describe asks about the subject, and then about what it is made of.
func (v *surveyor) describe(ctx context.Context) error {
	s := &v.survey
	first, ok := Resource(s.subject)
	if !ok {
		s.missing = true
		return nil
	}
	todo := []cloudwatch.Resource{first}
	for i := 0; i < len(todo) && i < mostRelated; i++ {
		r := todo[i]
		d, usage, err := v.from.Describe.Describe(ctx, r)
		if fatal := v.called(r.Kind.Operation(), len(d.Facts), usage, optional(r, err)); fatal != nil {
			return fatal
		}
		if i == 0 {
			s.missing = errors.Is(err, cloudwatch.ErrNotFound)
			s.described = err == nil
			v.takeWindow(d)
		}
		v.take(r, d)
		for _, next := range related(r, d) {
			if !slices.Contains(todo, next) {
				todo = append(todo, next)
			}
		}
	}
	return nil
}

// related is what else to ask about: the config of an endpoint, and what the
// description names.
func related(r cloudwatch.Resource, d cloudwatch.Description) []cloudwatch.Resource {
	out := slices.Clone(d.Related)
	if r.Kind == cloudwatch.KindEndpoint && d.ConfigName != "" {
		out = append(out, cloudwatch.Resource{Kind: cloudwatch.KindEndpointConfig, Name: d.ConfigName})
	}
	return out
}

// takeWindow is the window of a job that was asked for without one: its own,
// padded; up to now while it runs.
func (v *surveyor) takeWindow(d cloudwatch.Description) {
	s := &v.survey
	s.made = span{d.Created, d.End}
	if s.made.start.IsZero() {
		s.made.start = d.Start
	}
	if !v.Start.IsZero() || !v.End.IsZero() {
		s.ran = span{d.Start, d.End}
		return
	}
	start := d.Start
	if start.IsZero() {
		start = d.Created
	}
	if start.IsZero() {
		return
	}
	s.window.start = start.Add(-windowPad).UTC()
	if !d.End.IsZero() {
		s.window.end = d.End.Add(windowPad).UTC()
	}
}

// take adopts what a Describe call said.
func (v *surveyor) take(r cloudwatch.Resource, d cloudwatch.Description) {
	s := &v.survey
	today := v.Now().UTC().Truncate(day)
	for _, f := range d.Facts {
		if f.AsOf.IsZero() {
			f.AsOf = today // not now: a second pull of the same fact is the same row
		}
		s.facts = append(s.facts, f)
	}
	if d.Account != "" {
		s.account = d.Account
	}
	if d.Region != "" && (d.Account != "" || s.region == "") { // an ARN told it
		if s.asked = v.from.Region; s.asked == d.Region {
			s.asked = ""
		}
		s.region = d.Region
	}
	s.async = s.async || d.Async
	s.serverless = s.serverless || d.Serverless
	s.enhanced = s.enhanced || d.Enhanced
	s.hosts = max(s.hosts, d.Hosts)
	if d.PublishSeconds != 0 {
		s.publishS = d.PublishSeconds
	}
	if s.subject.Kind == subject.Component && r.Kind == cloudwatch.KindEndpoint {
		s.endpoint = r.Name
	}
	for _, name := range d.Variants {
		if name != "" && !slices.Contains(s.variants, name) {
			s.variants = append(s.variants, name)
		}
	}
}
