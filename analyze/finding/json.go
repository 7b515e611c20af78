package finding

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Encode writes s as findings.json: indented by two spaces, with a newline at
// the end, null for every number that is not known and an empty list for every
// list without entries. The same set gives the same bytes, and a set that was
// read by [Decode] is written as it was read. Errors are those of w, and those
// of times that RFC 3339 cannot express.
func Encode(w io.Writer, s Set) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(listed(s)); err != nil {
		return fmt.Errorf("encoding findings: %w", err)
	}
	if _, err := w.Write(unescaped(b.Bytes())); err != nil {
		return fmt.Errorf("writing findings: %w", err)
	}
	return nil
}

// unescaped writes the replacement character as itself. The encoder escapes it
// where it stands for a byte that was no UTF-8, and only there, so that a text
// read back and written again would change.
func unescaped(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		switch {
		case bytes.HasPrefix(text[i:], []byte(`\ufffd`)):
			out = append(out, "\ufffd"...)
			i += len(`\ufffd`) - 1
		case text[i] == '\\' && i+1 < len(text):
			out = append(out, text[i], text[i+1])
			i++
		default:
			out = append(out, text[i])
		}
	}
	return out
}

// Decode reads what [Encode] wrote. Minutes are not in it. It is an error when
// the input is not one JSON object of this [Format].
func Decode(r io.Reader) (Set, error) {
	dec := json.NewDecoder(r)
	var s Set
	if err := dec.Decode(&s); err != nil {
		return Set{}, fmt.Errorf("decoding findings: %w", err)
	}
	if s.Format != Format {
		return Set{}, fmt.Errorf("decoding findings: format %d, this version reads format %d", s.Format, Format)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Set{}, errors.New("decoding findings: more follows the findings")
	}
	return s, nil
}

// listed returns s with empty lists and maps in the place of nil ones, so that
// a reader finds [] where nothing is and null only where a number is missing.
// What s points to stays as it was.
func listed(s Set) Set {
	s.Verdict.Reasons = list(s.Verdict.Reasons)
	if s.HasAnswers() {
		s.Answers.Bottleneck.Margins = dict(s.Answers.Bottleneck.Margins)
	}
	s.Steps = list(s.Steps)
	s.Traffic = list(s.Traffic)
	s.Findings = list(slices.Clone(s.Findings))
	for i := range s.Findings {
		s.Findings[i].Evidence = list(s.Findings[i].Evidence)
	}
	s.Coverage.Series, s.Coverage.Notes = list(s.Coverage.Series), list(s.Coverage.Notes)
	s.Coverage.Silences = list(s.Coverage.Silences)
	s.Logs.Levels = dict(s.Logs.Levels)
	s.Logs.Templates, s.Logs.Exceptions = list(slices.Clone(s.Logs.Templates)), list(slices.Clone(s.Logs.Exceptions))
	for i := range s.Logs.Exceptions {
		s.Logs.Exceptions[i].ByStep = list(s.Logs.Exceptions[i].ByStep)
	}
	if s.Logs.Baseline != nil {
		b := *s.Logs.Baseline
		b.Changes = list(b.Changes)
		s.Logs.Baseline = &b
	}
	s.Logs.Explanations = list(s.Logs.Explanations)
	for i := range s.Logs.Templates {
		s.Logs.Templates[i].ByStep = list(s.Logs.Templates[i].ByStep)
	}
	s.Ledger.Problems = list(s.Ledger.Problems)
	if s.Against != nil {
		c := Listed(*s.Against)
		s.Against = &c
	}
	s.Measures, s.Phases, s.Parts = list(s.Measures), list(slices.Clone(s.Phases)), list(slices.Clone(s.Parts))
	for i := range s.Phases {
		s.Phases[i].Busy = dict(s.Phases[i].Busy)
	}
	for i := range s.Parts {
		s.Parts[i].Measures = list(s.Parts[i].Measures)
	}
	return s
}

// Listed returns c with empty lists in the place of nil ones, as Encode writes
// them.
func Listed(c Comparison) Comparison {
	c.Verdict.Reasons = list(c.Verdict.Reasons)
	c.Runs, c.Contrasts = list(slices.Clone(c.Runs)), list(c.Contrasts)
	for i := range c.Runs {
		c.Runs[i].Steps, c.Runs[i].Verdict.Reasons = list(c.Runs[i].Steps), list(c.Runs[i].Verdict.Reasons)
	}
	c.Levels, c.Fleets = list(slices.Clone(c.Levels)), list(slices.Clone(c.Fleets))
	for i := range c.Levels {
		c.Levels[i].Runs = list(c.Levels[i].Runs)
	}
	for i := range c.Fleets {
		c.Fleets[i].Options = list(c.Fleets[i].Options)
	}
	return c
}

func list[T any](xs []T) []T {
	if xs == nil {
		return []T{}
	}
	return xs
}

func dict[T any](m map[string]T) map[string]T {
	if m == nil {
		return map[string]T{}
	}
	return m
}
