package logline

import "strings"

// requestID finds the identifier behind "request-id", "RequestId", "request_id:",
// "inference id" and the like, and behind "request" itself where vLLM puts it.
func requestID(s string) string {
	if id := idAfter(s, "equest", 1); id != "" {
		return id
	}
	return idAfter(s, "nference", 1)
}

// idAfter looks behind every occurrence of word, of which the first letter is
// left out because its case varies; its byte at rare is one that few words have.
func idAfter(s, word string, rare int) string {
	for range 4 {
		at := indexBy(s, word, rare)
		if at < 0 {
			return ""
		}
		s = s[at+len(word):]
		if id := idAt(s); id != "" {
			return id
		}
	}
	return ""
}

// indexBy is strings.Index(s, word), which looks for the byte of word at rare.
func indexBy(s, word string, rare int) int {
	for from := 0; ; {
		n := strings.IndexByte(s[from:], word[rare])
		if n < 0 {
			return -1
		}
		if at := from + n - rare; at >= 0 && strings.HasPrefix(s[at:], word) {
			return at
		}
		from += n + 1
	}
}

// idAt reads "[-_ ]id[:=\" ]*VALUE" or " VALUE" at the start of s.
func idAt(s string) string {
	rest := s
	if rest != "" && (rest[0] == '-' || rest[0] == '_' || rest[0] == ' ') {
		rest = rest[1:]
	}
	named := len(rest) >= 2 && rest[0]|0x20 == 'i' && rest[1]|0x20 == 'd' && (len(rest) == 2 || !isLetter(rest[2]))
	if named {
		rest = strings.TrimLeft(rest[2:], " :='\"\\")
	} else if s == "" || s[0] != ' ' {
		return ""
	}
	n := 0
	for n < len(rest) && (isAlnum(rest[n]) || rest[n] == '-' || rest[n] == '_') {
		n++
	}
	id := rest[:n]
	if n < 6 || n > 128 || !strings.ContainsAny(id, "0123456789") {
		return ""
	}
	if named || isUUID(id) || strings.HasPrefix(id, "cmpl-") || strings.HasPrefix(id, "chat") {
		return id
	}
	return ""
}
