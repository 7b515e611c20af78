package main

import (
	"encoding/csv"
	"os"
	"slices"
	"testing"

	"sizewise/analyze/pattern"
	"sizewise/ingest/logline"
)

// labelled is a line of testdata/sagemaker with what a reader says of it.
type labelled struct{ container, level, exception, template, line string }

func readLabelled(t *testing.T) []labelled {
	t.Helper()
	f, err := os.Open("../../testdata/sagemaker/lines.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []labelled
	for _, r := range records[1:] {
		out = append(out, labelled{r[0], r[1], r[2], r[3], r[4]})
	}
	return out
}

// assigned is the template of every line.
func assigned(t *testing.T, lines []string) []string {
	t.Helper()
	c := newLineCounter(pattern.MaxSkeletons)
	var at []int32
	for _, line := range lines {
		m := c.parser.Mask(line)
		if err := c.add(line, m); err != nil {
			t.Fatal(err)
		}
		at = append(at, c.index[string(m.Skeleton)])
	}
	of := make([]string, len(c.skeletons))
	for _, tmpl := range c.templates() {
		for _, i := range tmpl.Members {
			of[i] = tmpl.Text
		}
	}
	out := make([]string, len(lines))
	for i, k := range at {
		out[i] = of[k]
	}
	return out
}

// groupAccuracy is the share of lines whose group holds exactly the lines that
// have their label (Zhu et al., ICSE 2019). wrong names labels that are torn or
// mixed.
func groupAccuracy(labels, groups []string) (share float64, wrong []string) {
	byLabel, byGroup := map[string][]int{}, map[string][]int{}
	for i := range labels {
		byLabel[labels[i]] = append(byLabel[labels[i]], i)
		byGroup[groups[i]] = append(byGroup[groups[i]], i)
	}
	right := 0
	for label, lines := range byLabel {
		if slices.Equal(lines, byGroup[groups[lines[0]]]) {
			right += len(lines)
		} else {
			wrong = append(wrong, label+"\n      is "+groups[lines[0]])
		}
	}
	slices.Sort(wrong)
	return float64(right) / float64(len(labels)), wrong
}

// TestSageMakerLines holds the reading of container logs to labels: level,
// exception and template.
func TestSageMakerLines(t *testing.T) {
	set := readLabelled(t)
	containers := map[string]bool{}
	var lines, labels []string
	level, exception := 0, 0
	for _, l := range set {
		containers[l.container] = true
		lines, labels = append(lines, l.line), append(labels, l.template)
		got := logline.Parse(l.line)
		if got.Level == l.level {
			level++
		} else {
			t.Logf("level %q, want %q: %s", got.Level, l.level, l.line)
		}
		if got.Exception == l.exception {
			exception++
		} else {
			t.Logf("exception %q, want %q: %s", got.Exception, l.exception, l.line)
		}
	}
	if len(set) < 600 || len(containers) < 12 {
		t.Errorf("%d lines of %d containers", len(set), len(containers))
	}
	share, wrong := groupAccuracy(labels, assigned(t, lines))
	for _, w := range wrong {
		t.Log("grouping:", w)
	}
	n := float64(len(set))
	t.Logf("GA %.4f, level %.4f, exception %.4f", share, float64(level)/n, float64(exception)/n)
	if share < 0.97 || float64(level)/n < 0.99 || float64(exception)/n < 0.98 {
		t.Errorf("GA %.4f, level %.4f, exception %.4f", share, float64(level)/n, float64(exception)/n)
	}
}
