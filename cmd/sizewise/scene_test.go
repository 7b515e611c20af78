package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"sizewise/analyze/finding"
	"sizewise/ingest/simaws/scene"
)

// The seeds that scenes are judged on. Those from 1 to 99 are for development,
// those from 100 on for the figures that are told.
var (
	sceneSeeds = flag.Int("scene-seeds", 2, "how many seeds each scene is drawn with")
	sceneFirst = flag.Uint64("scene-first", 100, "first of the seeds")
	sceneOnly  = flag.String("scene", "", "only scenes whose name has this in it")
)

// sceneTolerance is by how much a value may miss what was planted and be right
// even so; beyond, it is right when its interval holds it.
const sceneTolerance = 0.10

// sceneHeadlines are what the first sentence of a report has to say about each
// scenario, as someone would who knows what was planted.
func sceneHeadlines() map[string]string {
	return map[string]string{
		"training-input-bound": "the GPUs waited for data", "training-oom": "memory of the instance ran out", "training-skewed": "the hosts did not share the work evenly",
		"training-disk-fills": "the disk fills up", "training-one-gpu-used": "to use 1 of the 4 GPUs", "training-gpu-memory-full": "the GPU limits",
		"training-spot-interrupted": "spot capacity was taken away 2 times", "processing-oversized": "ml.m5.4xlarge is larger than what the job used", "transform-cpu-bound": "the CPU limits",
		"recommender-failed": "GPU memory ran out", "recommender-compared": "costs least for each inference", "pipeline-slow-step": "Train takes most of the time",
		"serverless-cold-starts": "met a cold start", "serverless-spillover": "ran beside the provisioned concurrency", "serverless-throttled": "for want of concurrency",
		"async-backlog": "was worked off in", "async-overrun": "was growing when the window ended", "multimodel-thrashing": "models push each other out of memory",
		"component-copies": "limited by gpu", "featurestore-throttled": "were throttled", "labeling-slow": "labels", "monitor-violations": "income drifted furthest",
		"notebook-idle": "nothing was heard of it", "notebook-disk-full": "The disk of the notebook instance is full", "cloudwatch-step-change": "QueueTime rose",
	}
}

// TestScenes holds the answers about every drawn subject against what was
// planted in it, from the wire to the findings.
func TestScenes(t *testing.T) {
	right, all := map[string]int{}, map[string]int{}
	for _, s := range scene.Scenarios() {
		if !strings.Contains(s.Name, *sceneOnly) {
			continue
		}
		seeds := *sceneSeeds
		if raceEnabled {
			seeds = min(seeds, 1) // the answers do not depend on the detector; its time does
		}
		for i := range uint64(max(0, seeds)) {
			seed := *sceneFirst + i
			all[s.Name]++
			if wrong := sceneErrors(t, s, seed); len(wrong) > 0 {
				t.Errorf("%s, seed %d: %s", s.Name, seed, strings.Join(wrong, "; "))
				continue
			}
			right[s.Name]++
		}
		t.Logf("%s: %d of %d seeds right", s.Name, right[s.Name], all[s.Name])
	}
}

// sceneErrors is what the answers about one drawn subject got wrong.
func sceneErrors(t *testing.T, s scene.Scenario, seed uint64) []string {
	t.Helper()
	a := &app{con: console{in: strings.NewReader(""), out: io.Discard, err: io.Discard, getenv: func(string) string { return "" }, now: time.Now}}
	a.common.quiet, a.common.json, a.common.lake = true, true, t.TempDir()
	set, truth, err := a.analyzeScene(t.Context(), s, seed)
	if err != nil {
		return []string{err.Error()}
	}
	measures := map[string]finding.Estimate{}
	for _, m := range set.Measures {
		measures[m.Name] = m.Estimate
	}
	var wrong []string
	for name, want := range truth.Values {
		if e := measures[name]; !sceneRight(e, want) {
			wrong = append(wrong, fmt.Sprintf("%s is %s %.4g (%.4g to %.4g), planted %.4g: %s", name, e.Status, float64(e.Value), float64(e.Lo), float64(e.Hi), want, e.Why))
		}
	}
	slices.Sort(wrong)
	if want := truth.Words["verdict"]; want != "" && string(set.Verdict.Status) != want {
		wrong = append(wrong, fmt.Sprintf("the verdict is %s, planted %s: %s", set.Verdict.Status, want, set.Verdict.Summary))
	}
	if want := truth.Words["check"]; want != "" && !slices.ContainsFunc(set.Findings, func(f finding.Finding) bool { return f.Check == want }) {
		wrong = append(wrong, "no finding of "+want)
	}
	for _, want := range []string{sceneHeadlines()[s.Name], truth.Words["summary"]} {
		if !strings.Contains(set.Verdict.Summary, want) {
			wrong = append(wrong, "the verdict does not say "+want+": "+set.Verdict.Summary)
		}
	}
	if want := truth.Words["candidate"]; want != "" && !slices.ContainsFunc(set.Parts, func(p finding.Part) bool {
		return p.Kind == "candidate" && slices.Contains(strings.Split(want, "|"), p.Name)
	}) {
		wrong = append(wrong, want+" is not named as worth a test")
	}
	if name := truth.Words["refused"]; name != "" && measures[name].Status != finding.Unanswerable {
		wrong = append(wrong, name+" is answered, though it cannot be known")
	}
	return wrong
}

// sceneRight reports whether an answer is right about a planted value.
func sceneRight(e finding.Estimate, want float64) bool {
	if e.Status == finding.Unanswerable || e.Status == "" {
		return false
	}
	if math.Abs(float64(e.Value)-want) <= sceneTolerance*math.Abs(want) {
		return true
	}
	return float64(e.Lo) <= want && want <= float64(e.Hi)
}
