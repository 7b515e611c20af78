package analyze

import (
	"regexp"
	"strings"
)

// The rules by which runs are runs of the same thing.
const (
	ruleGiven    = "family in the configuration"
	rulePipeline = "executions of the same pipeline, step by step"
	ruleWhole    = "the whole name, in which nothing tells runs apart"
)

// ending is what the names of jobs end in to tell runs apart.
type ending struct {
	what    string
	pattern *regexp.Regexp
}

// families tells of what a job is a run. Names of SageMaker jobs are unique in an
// account and region, so something in them differs from run to run.
type families struct {
	endings    []ending // looked for in this order
	ofPipeline *regexp.Regexp
	randomEnd  *regexp.Regexp
}

func newFamilies() *families {
	return &families{
		endings: []ending{
			{"the name without its date", regexp.MustCompile(`(?i)-(19|20)\d\d-?\d\d-?\d\d([-t]?\d\d-?\d\d(-?\d\d)?z?)?(-\d{1,6})?(-[0-9a-f]{4,12})?$`)},
			{"the name without its date", regexp.MustCompile(`-\d{6}-\d{4}(-\d{3}-[0-9a-f]{8})?$`)}, // tuning and autopilot jobs
			{"the name without its random end", regexp.MustCompile(`(?i)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)},
			{"the name without its time", regexp.MustCompile(`-\d{9,16}$`)},
			{"the name without its number", regexp.MustCompile(`(?i)-(run|job|v)?-?\d{1,8}$`)},
		},
		ofPipeline: regexp.MustCompile(`^pipelines-[0-9a-z]{12}-(.+)-[0-9A-Za-z]{10}$`),
		randomEnd:  regexp.MustCompile(`-([0-9A-Za-z]{6,40})$`),
	}
}

// of is what a job of that name is a run of and by which rule. A job that a
// pipeline started is a run of its step.
// What is given holds.
func (f *families) of(name, given string) (family, rule string) {
	if given != "" {
		return given, ruleGiven
	}
	if m := f.ofPipeline.FindStringSubmatch(name); m != nil {
		return m[1], "the step of a pipeline that the name holds"
	}
	for _, e := range f.endings {
		if at := e.pattern.FindStringIndex(name); at != nil && at[0] > 0 {
			return name[:at[0]], e.what
		}
	}
	if at := f.randomEnd.FindStringIndex(name); at != nil && at[0] > 0 && random(name[at[0]+1:]) {
		return name[:at[0]], "the name without its random end"
	}
	return name, ruleWhole
}

// random says whether a word is no word: letters and digits mixed.
func random(word string) bool {
	digits := strings.IndexFunc(word, func(r rune) bool { return r >= '0' && r <= '9' })
	letters := strings.IndexFunc(word, func(r rune) bool { return r < '0' || r > '9' })
	return digits >= 0 && letters >= 0
}
