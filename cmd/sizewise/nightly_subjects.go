package main

import (
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"sizewise/cmd/sizewise/config"
	"sizewise/ingest"
	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/subject"
)

// watched is one subject of a night and what is wanted of it.
type watched struct {
	subject subject.Subject
	wish    config.Wish
}

// discoverer lists endpoints. *cloudwatch.Client is one.
type discoverer interface {
	Endpoints(ctx context.Context, contains string) ([]cloudwatch.EndpointName, cloudwatch.Usage, error)
	Tags(ctx context.Context, arn string) (map[string]string, cloudwatch.Usage, error)
}

// subjects are all that the configuration means, in its order and those of a
// pattern by name. One that several lines mean is wanted as the first says.
// Lists that cannot be had are in failed; what the lake has of such a pattern
// is taken instead, as it is without targets.
func (n *night) subjects(ctx context.Context, targets []ingest.Target, known []string) (all []watched, failed []string) {
	seen := map[string]bool{}
	add := func(s subject.Subject, w config.Wish) {
		if key := s.String(); !seen[key] {
			seen[key] = true
			all = append(all, watched{s, w})
		}
	}
	for i, s := range n.config.Subjects {
		if s.Name != "" {
			if sub, err := subject.Parse(s.Name); err == nil { // checked before
				add(sub, s.Wish)
			}
			continue
		}
		names, err := n.discover(ctx, targets, s)
		switch {
		case err != nil:
			failed = append(failed, fmt.Sprintf("subjects[%d]: %s", i, oneLine(err.Error())))
			names = append(names, matching(s, known)...)
		case len(targets) == 0: // nobody could be asked, which was said already
			names = matching(s, known)
		case len(names) == 0:
			n.app.note("subjects[%d]: no endpoint is like %s", i, clean(likeText(s)))
		}
		slices.Sort(names)
		for _, name := range slices.Compact(names) {
			add(subject.Subject{Kind: subject.Endpoint, Name: name}, s.Wish)
		}
	}
	return all, failed
}

// matching are the endpoints of the lake that a pattern means. Tags are not in
// the lake.
func matching(s config.Subject, known []string) []string {
	var out []string
	for _, name := range known {
		if ok, err := path.Match(s.Match, "endpoint/"+name); ok && err == nil {
			out = append(out, name)
		}
	}
	return out
}

func likeText(s config.Subject) string {
	if s.Match != "" {
		return s.Match
	}
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(s.Tag)) {
		parts = append(parts, key+"="+s.Tag[key])
	}
	return "tag " + strings.Join(parts, ", ")
}

// discover asks every target for the endpoints that s means.
func (n *night) discover(ctx context.Context, targets []ingest.Target, s config.Subject) ([]string, error) {
	var out []string
	for _, t := range targets {
		if t.Err != nil {
			return out, t.Err
		}
		lister, ok := t.Describe.(discoverer)
		if !ok {
			return out, fmt.Errorf("listing endpoints: %T cannot", t.Describe)
		}
		found, usage, err := lister.Endpoints(ctx, plainPart(s.Match))
		n.usage.Add(usage)
		if err != nil {
			return out, err
		}
		for _, e := range found {
			fits := s.Tag == nil
			if fits {
				fits, err = path.Match(s.Match, "endpoint/"+e.Name)
			} else {
				fits, err = n.tagged(ctx, lister, e.ARN, s.Tag)
			}
			if err != nil {
				return out, err
			}
			if fits {
				out = append(out, e.Name)
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
