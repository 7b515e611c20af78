package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"sizewise/cmd/sizewise/config"
	"sizewise/ingest/cloudwatch"
)

// lost are lines of the configuration whose lists could not be had for one reason.
type lost struct {
	why   string
	lines []string
	tags  bool // of one of them
}

// losses are those of a night, in the order of the file.
type losses []lost

func (l *losses) add(i int, s config.Subject, err error) {
	why := oneLine(err.Error())
	var failed *cloudwatch.Error
	if errors.As(err, &failed) && (failed.Reason == cloudwatch.ErrGaveUp || failed.Reason == cloudwatch.ErrUnreachable) {
		why = strings.TrimPrefix(why, failed.Operation+": ") // it is so of every operation
	}
	at := slices.IndexFunc(*l, func(one lost) bool { return one.why == why })
	if at < 0 {
		at = len(*l)
		*l = append(*l, lost{why: why})
	}
	one := &(*l)[at]
	one.lines = append(one.lines, fmt.Sprintf("subjects[%d] (%s)", i, likeText(s)))
	one.tags = one.tags || s.Tag != nil
}

// texts are a sentence or two for each reason.
func (l losses) texts() []string {
	var out []string
	for _, one := range l {
		text := fmt.Sprintf("%s could not be listed, those in the lake are taken instead: %s", joinNames(one.lines), one.why)
		if one.tags {
			text += "; the lake has no tags, so what is meant by a tag is missing"
		}
		out = append(out, text)
	}
	return out
}

// unreached says that nobody can be asked, and what to do.
func unreached(err error) string {
	text := "AWS is not asked, so this rests on what the lake has, and what is new is missing: " + oneLine(err.Error())
	if errors.Is(err, cloudwatch.ErrNoRegion) {
		text += "; or in the configuration targets: [{region: eu-west-1}]"
	}
	return text
}

// gaps are what the index says of all that could not be asked.
func (n *night) gaps(all []watched) []string {
	out := slices.Clone(n.broken)
	var left []string
	for _, w := range all {
		if !n.pulls[w.subject.String()].asked {
			left = append(left, w.subject.String())
		}
	}
	if len(left) > 0 && n.stopped != "" {
		out = append(out, fmt.Sprintf("%s: %s not asked, the next night begins with them: %s", n.stopped, count(len(left), "subject"), joinNames(left)))
	}
	return out
}
