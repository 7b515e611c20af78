package files

import (
	"regexp"
	"strings"
)

// streamRule finds, in the name that an export gave a log stream, what stood
// around the slashes.
type streamRule struct {
	group string         // of which groups: a prefix, or the whole name
	mark  *regexp.Regexp // one group: what begins behind the first slash
	tail  bool           // what follows mark is a part of its own
}

var (
	instancePart  = regexp.MustCompile(`-(i-[0-9a-f]{8,17})(?:-|$)`)
	transformPart = regexp.MustCompile(`-(i-[0-9a-f]{8,17}-\d{10,13})(?:-|$)`)
	hostPart      = regexp.MustCompile(`-(algo-\d{1,5}-\d{10,13})$`)
	executionPart = regexp.MustCompile(`-(execution)$`)
	innerPart     = regexp.MustCompile(`-(CompilationJob|Endpoint)-`)
	notebookPart  = regexp.MustCompile(`-(jupyter\.log|LifecycleConfigOn(?:Create|Start))$`)
)

// streamRules are the documented patterns of streams with a slash. Source:
// SageMaker developer guide, "CloudWatch Logs for Amazon SageMaker AI".
func streamRules() []streamRule {
	return []streamRule{
		{"/aws/sagemaker/Endpoints/", instancePart, true},
		{"/aws/sagemaker/InferenceComponents/", instancePart, true},
		{"/aws/sagemaker/TransformJobs", transformPart, true},
		{"/aws/sagemaker/TrainingJobs", hostPart, false},
		{"/aws/sagemaker/ProcessingJobs", hostPart, false},
		{"/aws/sagemaker/InferenceRecommendationsJobs", executionPart, false},
		{"/aws/sagemaker/InferenceRecommendationsJobs", innerPart, true},
		{"/aws/sagemaker/NotebookInstances", notebookPart, false},
	}
}

// streamName undoes what an export task does to a log stream's name, '-' for
// '/', where the documented patterns of SageMaker's streams leave one reading
// only: AllTraffic-i-0abc12345 of an endpoint is AllTraffic/i-0abc12345. Any
// other name stays as it is.
func streamName(group, exported string) string {
	if strings.Contains(exported, "/") {
		return exported
	}
	for _, r := range streamRules() {
		own := strings.HasSuffix(r.group, "/") && strings.HasPrefix(group, r.group)
		if r.group != group && !own {
			continue
		}
		found := r.mark.FindStringSubmatchIndex(exported)
		if found == nil || found[0] == 0 || r.mark.MatchString(exported[found[3]:]) {
			continue
		}
		from, to := found[2], found[3]
		name := exported[:from-1] + "/" + exported[from:to]
		switch rest := exported[to:]; {
		case rest == "":
			return name
		case r.tail && len(rest) > 1:
			return name + "/" + rest[1:]
		}
	}
	return exported
}
