package server

import (
	"strings"
)

// pattern is a filter pattern of unstructured events: terms, which match where
// they occur in the message, upper and lower case told apart. Source:
// CloudWatch Logs user guide, "Filter pattern syntax".
type pattern []term

// term is one word or quoted phrase. All plain terms must occur, no excluded
// one may, and of the optional ones at least one must when there are only
// optional ones.
type term struct {
	text     string
	excluded bool // -term
	optional bool // ?term
}

// parsePattern reads the pattern. JSON, space-delimited and regular expression
// patterns are refused.
func parsePattern(s string) (pattern, error) {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "{") || strings.HasPrefix(s, "[") || strings.HasPrefix(s, "%") {
		return nil, invalidParameter("Invalid filter pattern: the simulated AWS knows terms and quoted phrases only.")
	}
	var out pattern
	for s != "" {
		var t term
		switch s[0] {
		case '-':
			t.excluded, s = true, s[1:]
		case '?':
			t.optional, s = true, s[1:]
		}
		var err error
		if t.text, s, err = cutTerm(s); err != nil {
			return nil, err
		}
		out = append(out, t)
		s = strings.TrimLeft(s, " \t")
	}
	return out, nil
}

// cutTerm takes the word or the quoted phrase that s begins with.
func cutTerm(s string) (text, rest string, err error) {
	if !strings.HasPrefix(s, `"`) {
		i := strings.IndexAny(s, " \t")
		if i < 0 {
			i = len(s)
		}
		if i == 0 || strings.ContainsAny(s[:i], `"{}[]()=<>*%$|^`) {
			return "", "", invalidParameter("Invalid character(s) in term '%s'", s[:i])
		}
		return s[:i], s[i:], nil
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case s[i] == '"':
			return b.String(), s[i+1:], nil
		default:
			b.WriteByte(s[i])
		}
	}
	return "", "", invalidParameter("Invalid filter pattern: unterminated quote.")
}

// match reports whether a message is what the pattern asks for. The empty
// pattern matches everything.
func (p pattern) match(message string) bool {
	options, chosen, required := 0, 0, 0
	for _, t := range p {
		found := strings.Contains(message, t.text)
		switch {
		case t.excluded:
			if found {
				return false
			}
		case t.optional:
			options++
			if found {
				chosen++
			}
		default:
			required++
			if !found {
				return false
			}
		}
	}
	return options == 0 || chosen > 0 || required > 0
}
