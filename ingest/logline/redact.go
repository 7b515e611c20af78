package logline

import "strings"

// Redact masks secrets in msg: AWS access key ids, secret keys and session
// tokens, the signing parts of presigned addresses, Authorization and x-api-key
// values, bearer and basic credentials, Slack, GitHub and Hugging Face tokens,
// passwords, PEM private keys and e-mail addresses. Each becomes
// <redacted:KIND>. A message without any is returned as it is, without
// allocating. It is safe for concurrent use, and redacting twice changes
// nothing.
func Redact(msg string) string {
	// A mask can lay bare a secret that was glued to the one it covers, so it
	// runs until nothing changes. Each round needs a match and removes it.
	for range 8 {
		masked := redactOnce(msg)
		if masked == msg {
			break
		}
		msg = masked
	}
	return msg
}

func redactOnce(msg string) string {
	s := msg
	if strings.Contains(s, "PRIVATE KEY") || len(s) == pemLine {
		s = redactPEM(s)
	}
	s = redactWords(s)
	if strings.IndexByte(s, '@') >= 0 {
		s = redactAddresses(s)
	}
	return s
}

// span is a secret found: bytes [from,to) of the message and what it is.
type span struct {
	from, to int
	kind     string
}

const (
	markOpen = "<redacted:"
	pemLine  = 64 // columns of a line of a PEM block
)

// cut copies s without its secrets.
type cut struct {
	s    string
	b    []byte
	done int // bytes of s that are in b
}

func (c *cut) mask(at span) {
	c.b = append(c.b, c.s[c.done:at.from]...)
	c.b = append(c.b, markOpen...)
	c.b = append(c.b, at.kind...)
	c.b = append(c.b, '>')
	c.done = at.to
}

// String is the text with its cuts made.
func (c *cut) String() string {
	if c.b == nil {
		return c.s
	}
	return string(append(c.b, c.s[c.done:]...))
}

// trigger is three letters that a secret of some form has near its start. The
// scanner looks at pairs of bytes and skips what cannot be part of a trigger,
// so that a clean line costs little more than reading every second byte.
//
//	kia, sia   AKIA..., ASIA...          ret   secret..., AWS_SECRET_ACCESS_KEY
//	ken        token in key=value        ssw   password, passwd
//	uth        authorization             rer   Bearer
//	sic        Basic                     api   x-api-key
//	amz        X-Amz-Signature ...       xox   Slack
//	ghp ...    GitHub                    hub   github_pat_
//	hf_        Hugging Face
var triggers = [...]string{
	"kia", "sia", "ret", "ken", "ssw", "uth", "rer", "sic", "api", "amz",
	"xox", "ghp", "gho", "ghu", "ghs", "ghr", "hub", "hf_",
}

// skip says, for a pair of bytes folded to five bits each, how far the scanner
// may go on: 2 when the pair is in no trigger, 1 when it starts one, 0 when it
// ends one.
var skip = func() (t [1024]uint8) {
	for i := range t {
		t[i] = 2
	}
	for _, w := range triggers {
		t[fold(w[0], w[1])] = min(t[fold(w[0], w[1])], 1)
	}
	for _, w := range triggers {
		t[fold(w[1], w[2])] = 0
	}
	return t
}()

// clean reports whether the pairs of the eight bytes of s are in no trigger. The
// pairs are folded side by side, so that no look at the table waits for another.
func clean(s string) bool {
	_ = s[7]
	x := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	const lower = 0x001f001f001f001f
	x = (x&lower)<<5 | x>>8&lower
	return skip[x&1023]&skip[x>>16&1023]&skip[x>>32&1023]&skip[x>>48] == 2
}

func fold(a, b byte) int { return int(a&31)<<5 | int(b&31) }

// redactWords masks everything that is announced by a word.
func redactWords(s string) string {
	c := cut{s: s}
	for i := 2; i < len(s); {
		if i+7 <= len(s) && clean(s[i-1:i+7]) {
			i += 8
			continue
		}
		if n := skip[fold(s[i-1], s[i])]; n > 0 {
			i += int(n)
			continue
		}
		at, ok := secretAt(s, i-2)
		if !ok || at.from < c.done {
			i++
			continue
		}
		c.mask(at)
		i = at.to + 2
	}
	return c.String()
}

// secretAt looks for the secret that the trigger at s[i:i+3] announces.
func secretAt(s string, i int) (span, bool) {
	switch a, b, c := s[i]|0x20, s[i+1]|0x20, s[i+2]|0x20; {
	case c == 'a' && b == 'i' && (a == 'k' || a == 's'):
		return accessKeyID(s, i-1)
	case a == 'r' && b == 'e' && c == 'r':
		return bearer(s, i-3)
	case a == 's' && b == 'i' && c == 'c':
		return basic(s, i-2)
	case a == 'x' && b == 'o' && c == 'x':
		return slack(s, i)
	case a == 'g' && b == 'h':
		return token(s, i, 4, 20, "github-token")
	case a == 'h' && b == 'f' && s[i+2] == '_':
		return token(s, i, 3, 20, "huggingface-token")
	case a == 'h' && b == 'u' && c == 'b' && strings.HasPrefix(s[i+3:], "_pat_"):
		return token(s, i-3, 11, 20, "github-token")
	case a == 'h' && b == 'u', a == 'h' && b == 'f':
		return span{}, false
	}
	return keyValue(s, i)
}

// accessKeyID reads AKIA or ASIA and sixteen capitals or digits.
func accessKeyID(s string, i int) (span, bool) {
	if i < 0 || len(s) < i+20 || s[i] != 'A' || i > 0 && isAlnum(s[i-1]) {
		return span{}, false
	}
	for _, c := range []byte(s[i : i+20]) {
		if !isUpper(c) && !isDigit(c) {
			return span{}, false
		}
	}
	if i+20 < len(s) && isAlnum(s[i+20]) {
		return span{}, false
	}
	return span{i, i + 20, "access-key"}, true
}

// token reads a prefix of the given width and at least least letters, digits or
// underscores.
func token(s string, i, prefix, least int, kind string) (span, bool) {
	if i < 0 || i > 0 && (isAlnum(s[i-1]) || s[i-1] == '_') || i+prefix >= len(s) || s[i+prefix-1] != '_' {
		return span{}, false
	}
	j := i + prefix
	for j < len(s) && (isAlnum(s[j]) || s[j] == '_' && kind == "github-token") {
		j++
	}
	return span{i, j, kind}, j-i-prefix >= least
}

// slack reads xox, a letter and a token.
func slack(s string, i int) (span, bool) {
	if i > 0 && isAlnum(s[i-1]) || len(s) < i+5 || !isAlnum(s[i+3]) || s[i+4] != '-' {
		return span{}, false
	}
	j := i + 5
	for j < len(s) && (isAlnum(s[j]) || s[j] == '-') {
		j++
	}
	return span{i, j, "slack-token"}, j-i-5 >= 8
}
