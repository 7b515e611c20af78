package pattern

import "strings"

// locations makes values of a dotted name with a number behind a colon: a place
// in a source file, or a host's port.
func locations(in []token) []token {
	out := in[:0]
	for _, t := range in {
		n := len(out)
		if t.kind == kindValue && !t.space && n > 1 && out[n-1].text == ":" && !out[n-1].space &&
			out[n-2].kind == kindGiven && (n > 2 || isHost(out[n-2].text)) {
			out[n-2] = token{Wildcard, kindValue, out[n-2].space}
			out = out[:n-1]
			continue
		}
		out = append(out, t)
	}
	return out
}

// isHost reports whether a dotted name could be a host's: the name of a metric
// at the start of a message has capitals.
func isHost(s string) bool { return strings.ToLower(s) == s && !strings.Contains(s, "_") }

// collapse makes a run of values one value, when only blanks, commas and the
// like part them: the number of a list's members is a value too.
func collapse(in []token) []token {
	out := in[:0]
	for _, t := range in {
		n := len(out)
		if t.kind == kindValue && n > 0 {
			if out[n-1].kind == kindValue {
				continue
			}
			if n > 1 && out[n-2].kind == kindValue && isListPunct(out[n-1].text) {
				out = out[:n-1]
				continue
			}
		}
		out = append(out, t)
	}
	return out
}

func isListPunct(s string) bool {
	switch s {
	case ",", ";", ":", "-", "/", ".", "x", "...", "|", "+":
		return true
	}
	return false
}

// maxPeriod bounds the tokens of a list's member.
const maxPeriod = 8

// periods leaves one of a phrase with a value in it that is repeated.
func periods(in []token) []token {
	first := 0
	for first < len(in) {
		if width, _ := repeats(in, first); width > 0 {
			break
		}
		first++
	}
	if first == len(in) {
		return in // nearly always, and then nothing is copied
	}
	out := append(in[:0:0], in[:first]...)
	for i := first; i < len(in); {
		width, end := repeats(in, i)
		if width == 0 {
			out = append(out, in[i])
			i++
			continue
		}
		out = append(out, in[i:i+width]...)
		i = end
	}
	return out
}

// repeats looks for the shortest phrase at i that follows itself at once.
func repeats(in []token, i int) (width, end int) {
	for w := 2; w <= maxPeriod && i+2*w <= len(in); w++ {
		end = i + w
		for end+w <= len(in) && samePhrase(in[i:i+w], in[end:end+w]) {
			end += w
		}
		if end > i+w {
			return w, end
		}
	}
	return 0, 0
}

func samePhrase(a, b []token) bool {
	value := false
	for i := range a {
		if a[i].text != b[i].text {
			return false
		}
		value = value || a[i].kind == kindValue
	}
	return value
}
