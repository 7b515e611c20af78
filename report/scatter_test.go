package report

import (
	"strings"
	"testing"
)

func TestCapacityCaptionOfUnequalInstances(t *testing.T) {
	set := saturatedGPU()
	e := &set.Answers.Capacity
	e.Value, e.Lo, e.Hi = 0.8*e.Value, 0.8*e.Lo, 0.8*e.Hi
	if got := newScribe(set, Options{}).capacityCaption(); !strings.Contains(got, "The diamond is the slowest instance") {
		t.Errorf("marks beyond the diamond are not explained: %s", got)
	}
}

func TestCapacityCaptionOfCoarseUtilization(t *testing.T) {
	set := saturatedGPU()
	want := "Utilization came in longer periods"
	if got := newScribe(set, Options{}).capacityCaption(); strings.Contains(got, want) {
		t.Errorf("minutes in the fit are said to be none: %s", got)
	}
	for i := range set.Minutes {
		set.Minutes[i].Usable = false
	}
	if got := newScribe(set, Options{}).capacityCaption(); !strings.Contains(got, want) {
		t.Errorf("a line through no minute is not explained: %s", got)
	}
	if got := newScribe(set, Options{}).fitSentence(); !strings.Contains(got, "values of utilization, each of several minutes,") {
		t.Errorf("values of several minutes are called minutes: %s", got)
	}
}
