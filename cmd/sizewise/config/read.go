package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// mostBytes bounds a configuration; a real one has a few thousand.
const mostBytes = 1 << 20

// Checks are what only the caller knows how to check. Each returns what is
// wrong, and nil may stand for no check.
type Checks struct {
	Subject func(string) error // kind/name
	SLO     func(string) error
	Type    func(string) error // instance type
	Pattern func(string) error // kind/GLOB
}

// Read reads a file; its relative paths are taken from its directory. Errors:
// those of the file, and Errors.
func Read(file string, c Checks) (Nightly, error) {
	f, err := os.Open(file)
	if err != nil {
		return Nightly{}, fmt.Errorf("opening the configuration: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(f, mostBytes+1))
	if err != nil {
		return Nightly{}, fmt.Errorf("reading the configuration: %w", err)
	}
	if len(text) > mostBytes {
		return Nightly{}, Errors{{File: file, Line: 1, What: "more than a megabyte", Fix: "this is no configuration"}}
	}
	n, err := Parse(file, text, c)
	if err == nil {
		n.from(filepath.Dir(file))
	}
	return n, err
}

// from makes paths that are relative ones beside the file: cron begins in
// another directory than who wrote it.
func (n *Nightly) from(dir string) {
	for _, path := range []*string{&n.Lake, &n.Reports, &n.Summary, &n.JUnit, &n.Prices} {
		if *path != "" && !filepath.IsAbs(*path) {
			*path = filepath.Join(dir, *path)
		}
	}
}

// Parse reads the text of a file.
func Parse(file string, text []byte, c Checks) (Nightly, error) {
	r := &reader{file: file, checks: c}
	n := Nightly{
		Lake: "lake", Reports: "reports", Baseline: 28, Backfill: 14, Compact: true, Pages: AllPages, Silence: 30 * time.Second,
		FailOn: []FailOn{FailSLO, FailRegression, FailSilence},
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var doc, more yaml.Node
	err := dec.Decode(&doc)
	switch {
	case errors.Is(err, io.EOF):
		r.fail(&yaml.Node{Line: 1}, "", "the file is empty", "it needs at least subjects: [{name: endpoint/my-endpoint}]")
	case err != nil:
		r.syntax(err)
	case !errors.Is(dec.Decode(&more), io.EOF):
		r.fail(&more, "", "a second document begins", "one document a file: take out the line ---")
	default:
		r.nightly(doc.Content[0], &n)
	}
	if len(r.errs) > 0 {
		slices.SortStableFunc(r.errs, func(a, b *Error) int { return a.Line - b.Line })
		return Nightly{}, r.errs
	}
	if len(n.Targets) == 0 {
		n.Targets = []Target{{}}
	}
	return n, nil
}

// reader collects what is wrong.
type reader struct {
	file   string
	checks Checks
	errs   Errors
	wish   Wish // defaults of subjects
}

func (r *reader) fail(n *yaml.Node, path, what, fix string) {
	r.errs = append(r.errs, &Error{File: r.file, Line: max(1, n.Line), Path: path, What: what, Fix: fix})
}

// syntax takes the line out of the library's message.
func (r *reader) syntax(err error) {
	line, text := 1, strings.TrimPrefix(err.Error(), "yaml: ")
	if m := regexp.MustCompile(`line (\d+): `).FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1])
		text = strings.Replace(text, m[0], "", 1)
	}
	fix := "see docs/nightly.md for an example"
	if strings.Contains(text, "character that cannot start any token") {
		fix = "YAML is indented with blanks, never with tabs; a value that begins with @ or ` stands in quotes"
	}
	r.fail(&yaml.Node{Line: line}, "", text, fix)
}

// field reads one key of a mapping.
type field func(value *yaml.Node, path string)

// mapping reads a mapping whose keys are known.
func (r *reader) mapping(n *yaml.Node, path string, fields map[string]field) {
	n = real(n)
	if n.Kind != yaml.MappingNode {
		r.fail(n, path, "want name: value pairs, found "+kindOf(n), "")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := join(path, key.Value)
		read, ok := fields[key.Value]
		switch {
		case !ok:
			r.fail(key, at, "no such setting", near(key.Value, fields))
		case seen[key.Value]:
			r.fail(key, at, "given twice", "keep one")
		default:
			read(value, at)
		}
		seen[key.Value] = true
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// real follows an alias.
func real(n *yaml.Node) *yaml.Node {
	for range 10 {
		if n.Kind != yaml.AliasNode || n.Alias == nil {
			break
		}
		n = n.Alias
	}
	return n
}

func kindOf(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.MappingNode:
		return "name: value pairs"
	case n.Tag == "!!null":
		return "nothing"
	}
	return strconv.Quote(n.Value)
}

// near names the setting that was meant, or all of them.
func near(key string, fields map[string]field) string {
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	best, least := "", 3
	for _, name := range names {
		if d := Distance(strings.ToLower(key), name); d < least {
			best, least = name, d
		}
	}
	if best != "" {
		return "did you mean " + best + "?"
	}
	return "one of " + strings.Join(names, ", ")
}

// Distance is how many letters must be put in, taken out or changed to make b of a.
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := before
			if a[i] != b[j] {
				cost = min(before, row[j], row[j+1]) + 1
			}
			before, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

// list reads every item of a list.
func (r *reader) list(n *yaml.Node, path, fix string, item field) {
	n = real(n)
	if n.Kind != yaml.SequenceNode {
		r.fail(n, path, "want a list, found "+kindOf(n), fix)
		return
	}
	for i, v := range n.Content {
		item(v, fmt.Sprintf("%s[%d]", path, i))
	}
}

func (r *reader) text(n *yaml.Node, path, fix string) (string, bool) {
	n = real(n)
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || n.Value == "" {
		r.fail(n, path, "want text, found "+kindOf(n), fix)
		return "", false
	}
	return n.Value, true
}

// into reads text into s.
func (r *reader) into(s *string, fix string) field {
	return func(n *yaml.Node, path string) {
		if v, ok := r.text(n, path, fix); ok {
			*s = v
		}
	}
}

func (r *reader) number(to *float64, lo, hi float64, fix string) field {
	return func(n *yaml.Node, path string) {
		v, ok := r.text(n, path, fix)
		if !ok {
			return
		}
		x, err := strconv.ParseFloat(v, 64)
		if err != nil || !(x >= lo && x <= hi) {
			r.fail(n, path, fmt.Sprintf("%q is not a number from %s to %s", v, plain(lo), plain(hi)), fix)
			return
		}
		*to = x
	}
}

func (r *reader) whole(to *int, lo, hi int, fix string) field {
	return func(n *yaml.Node, path string) {
		v, ok := r.text(n, path, fix)
		if !ok {
			return
		}
		x, err := strconv.Atoi(v)
		if err != nil || x < lo || x > hi {
			r.fail(n, path, fmt.Sprintf("%q is not a whole number from %d to %d", v, lo, hi), fix)
			return
		}
		*to = x
	}
}

// share reads 20% or 0.2.
func (r *reader) share(to *float64, lo, hi float64, fix string) field {
	return func(n *yaml.Node, path string) {
		v, ok := r.text(n, path, fix)
		if !ok {
			return
		}
		digits, percent := strings.CutSuffix(strings.TrimSpace(v), "%")
		x, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
		if percent {
			x /= 100
		}
		if err != nil || !(x >= lo && x <= hi) {
			r.fail(n, path, fmt.Sprintf("%q is not a share from %g%% to %g%%", v, 100*lo, 100*hi), fix)
			return
		}
		*to = x
	}
}

func (r *reader) duration(to *time.Duration, fix string) field {
	return func(n *yaml.Node, path string) {
		v, ok := r.text(n, path, fix)
		if !ok {
			return
		}
		d, err := time.ParseDuration(v)
		if err != nil || d <= 0 {
			r.fail(n, path, fmt.Sprintf("%q is not a time", v), fix)
			return
		}
		*to = d
	}
}

func (r *reader) flag(to *bool) field {
	return func(n *yaml.Node, path string) {
		v, ok := r.text(n, path, "true or false")
		if !ok {
			return
		}
		if v != "true" && v != "false" {
			r.fail(n, path, fmt.Sprintf("%q is neither true nor false", v), "true or false")
			return
		}
		*to = v == "true"
	}
}

// check reports what a check of the caller's says.
func (r *reader) check(n *yaml.Node, path, value, fix string, check func(string) error) {
	if check == nil {
		return
	}
	if err := check(value); err != nil {
		r.fail(n, path, strings.TrimSpace(err.Error()), fix)
	}
}

// glob says whether a pattern can be matched.
func (r *reader) glob(n *yaml.Node, where, pattern string) {
	if _, err := path.Match(pattern, "x"); err != nil {
		r.fail(n, where, fmt.Sprintf("%q is not a pattern", pattern), "* stands for any text and ? for one letter, for example endpoint/prod-*")
	}
}

// plain is a number without an exponent.
func plain(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
