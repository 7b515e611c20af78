package catalog

import (
	"bufio"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestDocumentedTables holds the catalogue against the tables of the developer
// guide, which testdata/documented.txt repeats: both ways, so that nothing is
// missing and nothing is made up.
func TestDocumentedTables(t *testing.T) {
	documented := readDocumented(t)
	for key, d := range documented {
		m, ok := Lookup(d.namespace, d.name)
		if !ok {
			t.Errorf("%s is not in the catalogue", key)
			continue
		}
		if m.Unit != d.unit {
			t.Errorf("%s: unit %s, documented %s", key, m.Unit, d.unit)
		}
		for _, set := range d.sets {
			if !slices.ContainsFunc(m.DimSets, func(have []string) bool { return slices.Equal(have, set) }) {
				t.Errorf("%s: dimension set %v is missing", key, set)
			}
		}
		for _, stat := range d.stats {
			if !slices.Contains(m.Stats, stat) {
				t.Errorf("%s: statistic %s is missing from %v", key, stat, m.Stats)
			}
		}
	}
	for _, m := range All() {
		if _, ok := documented[m.Namespace+" "+m.Name]; !ok {
			t.Errorf("%s %s is in the catalogue but in none of the tables", m.Namespace, m.Name)
		}
	}
}

type documentedMetric struct {
	namespace, name, unit string
	stats                 []string
	sets                  [][]string
}

// readDocumented reads lines of namespace | names | unit | statistics | dimension sets.
func readDocumented(t *testing.T) map[string]documentedMetric {
	t.Helper()
	f, err := os.Open("testdata/documented.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string]documentedMetric{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		field := strings.Split(line, "|")
		if len(field) != 5 {
			t.Fatalf("%q has %d fields", line, len(field))
		}
		d := documentedMetric{namespace: strings.TrimSpace(field[0]), unit: strings.TrimSpace(field[2]), stats: strings.Fields(field[3])}
		for _, set := range strings.Split(field[4], ";") {
			names := strings.FieldsFunc(set, func(r rune) bool { return r == ',' || r == ' ' })
			slices.Sort(names)
			if names == nil {
				names = []string{}
			}
			d.sets = append(d.sets, names)
		}
		for _, d.name = range strings.Fields(field[1]) {
			have := out[d.namespace+" "+d.name]
			d.sets = append(slices.Clone(d.sets), have.sets...)
			out[d.namespace+" "+d.name] = d
		}
	}
	return out
}
