package main

import (
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"sizewise/cmd/sizewise/config"
	"sizewise/ingest"
	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/subject"
)

// watched is one subject of a night and what is wanted of it.
type watched struct {
	subject subject.Subject
	wish    config.Wish
	found   bool      // by a pattern or a tag
	ofLake  bool      // AWS did not list it: the lake has it
	ended   time.Time // of a job that was listed and is over; else zero
}

// match is a subject that a pattern or a tag means.
type match struct {
	cloudwatch.Listed
	ofLake bool
}

// discoverer lists subjects. *cloudwatch.Client is one.
type discoverer interface {
	Names(ctx context.Context, kind cloudwatch.ResourceKind, contains string, since time.Time) ([]cloudwatch.Listed, cloudwatch.Usage, error)
	Tags(ctx context.Context, arn string) (map[string]string, cloudwatch.Usage, error)
}

// subjects are all that the configuration means, in its order and those of a
// pattern by name. One that several lines mean is wanted as the first says. Of a
// list that cannot be had what the lake has is taken instead, as it is without
// targets.
func (n *night) subjects(ctx context.Context, targets []ingest.Target, known []string) []watched {
	var all []watched
	var missed losses
	seen := map[string]bool{}
	add := func(w watched) {
		if key := w.subject.String(); !seen[key] {
			seen[key] = true
			all = append(all, w)
		}
	}
	for i, s := range n.config.Subjects {
		if s.Name != "" {
			if sub, err := subject.Parse(s.Name); err == nil { // checked before
				add(watched{subject: sub, wish: s.Wish})
			}
			continue
		}
		kind, _ := patternKind(s.Pattern()) // checked before
		found, err := n.discover(ctx, targets, s, kind)
		switch {
		case err != nil:
			missed.add(i, s, err)
			found = append(found, matching(s, known)...)
		case len(targets) == 0: // nobody could be asked, which was said already
			found = matching(s, known)
		case len(found) == 0:
			n.app.note("subjects[%d]: no %s is like %s", i, kindText(kind), clean(likeText(s)))
		}
		slices.SortStableFunc(found, func(a, b match) int { return strings.Compare(a.Name, b.Name) })
		for _, one := range found {
			add(watched{subject: subject.Subject{Kind: kind, Name: one.Name}, wish: s.Wish, found: true, ofLake: one.ofLake, ended: one.Ended})
		}
	}
	n.broken = append(n.broken, missed.texts()...)
	return all
}

// patternKind is the kind whose names a pattern is about.
func patternKind(pattern string) (subject.Kind, error) {
	kind, name, ok := strings.Cut(pattern, "/")
	resource, listed := describedBy(subject.Kind(kind))
	switch {
	case !ok || name == "":
		return "", fmt.Errorf("pattern %q: want kind/name with * or ?", pattern)
	case subject.Kind(kind) == subject.CloudWatch:
		return "", fmt.Errorf("pattern %q: CloudWatch subjects are not found by a pattern: give their names", pattern)
	case !listed || !slices.Contains(cloudwatch.ListedKinds(), resource):
		return "", fmt.Errorf("pattern %q: unknown kind %q", pattern, kind)
	}
	return subject.Kind(kind), nil
}

// kindText is a kind in a sentence.
func kindText(k subject.Kind) string {
	texts := map[subject.Kind]string{
		subject.Component: "inference component", subject.Training: "training job of these nights", subject.Processing: "processing job of these nights",
		subject.Transform: "transform job of these nights", subject.Recommender: "recommender job of these nights", subject.Labeling: "labeling job of these nights",
		subject.FeatureGroup: "feature group", subject.Monitor: "monitoring schedule", subject.Notebook: "notebook instance",
	}
	if text, ok := texts[k]; ok {
		return text
	}
	return string(k)
}

// matching are the subjects of the lake that a pattern means. Tags are not in
// the lake.
func matching(s config.Subject, known []string) []match {
	var out []match
	if s.Tag != nil {
		return nil
	}
	for _, key := range known {
		if ok, err := path.Match(s.Match, key); ok && err == nil {
			_, name, _ := strings.Cut(key, "/")
			out = append(out, match{cloudwatch.Listed{Name: name}, true})
		}
	}
	return out
}

func likeText(s config.Subject) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(s.Tag)) {
		parts = append(parts, key+"="+s.Tag[key])
	}
	text := s.Match
	if len(parts) > 0 {
		text = strings.TrimSpace(text + " tag " + strings.Join(parts, ", "))
	}
	return text
}

// jobsSince is from when on jobs are looked for: those of the nights to pull of
// a subject that is new, so that the first night has runs to compare with.
// A night that could not ask must not lose its jobs, whatever is pulled of new
// subjects.
func (n *night) jobsSince() time.Time {
	const least = 3 // days; later changes are no longer told
	return n.end.AddDate(0, 0, -max(least, n.config.Backfill))
}

// discover asks every target for what s means.
func (n *night) discover(ctx context.Context, targets []ingest.Target, s config.Subject, kind subject.Kind) ([]match, error) {
	return n.discoverSince(ctx, targets, s, kind, n.jobsSince())
}

// discoverSince is discover with jobs that changed since.
func (n *night) discoverSince(ctx context.Context, targets []ingest.Target, s config.Subject, kind subject.Kind, since time.Time) ([]match, error) {
	var out []match
	resource, _ := describedBy(kind)
	for _, t := range targets {
		if t.Err != nil {
			return out, t.Err
		}
		lister, ok := t.Describe.(discoverer)
		if !ok {
			return out, fmt.Errorf("listing subjects: %T cannot", t.Describe)
		}
		found, usage, err := lister.Names(ctx, resource, plainPart(s.Match), since)
		n.usage.Add(usage)
		if err != nil {
			return out, err
		}
		for _, one := range found {
			if !one.Ended.IsZero() && one.Ended.Before(since) {
				continue // before its tags are asked for
			}
			fits, err := path.Match(s.Pattern(), string(kind)+"/"+one.Name)
			if err == nil && fits && s.Tag != nil {
				fits, err = n.tagged(ctx, lister, one.ARN, s.Tag)
			}
			if err != nil {
				return out, err
			}
			if fits {
				out = append(out, match{Listed: one})
			}
		}
	}
	return out, nil
}

// plainPart is the longest text without wildcards in the name of a pattern, for
// AWS to narrow its list by.
func plainPart(pattern string) string {
	_, name, _ := strings.Cut(pattern, "/")
	best := ""
	for _, part := range strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(`*?[]\`, r) }) {
		if strings.ContainsAny(name, `[\`) {
			return "" // what stands in brackets is not plain
		}
		if len(part) > len(best) {
			best = part
		}
	}
	return best
}

func (n *night) tagged(ctx context.Context, lister discoverer, arn string, want map[string]string) (bool, error) {
	tags, usage, err := lister.Tags(ctx, arn)
	n.usage.Add(usage)
	if err != nil {
		return false, err
	}
	for key, pattern := range want {
		value, ok := tags[key]
		if !ok {
			return false, nil
		}
		if fits, err := path.Match(pattern, value); err != nil || !fits {
			return false, err
		}
	}
	return true, nil
}
