package server

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"time"
)

// tokenLife is how long a page token can be used. Source: FilterLogEvents,
// "The token expires after 24 hours".
const tokenLife = 24 * time.Hour

// token is where a paged answer goes on. Tokens are opaque to clients and
// complete in themselves: the server remembers none.
type token struct {
	Operation string
	Request   uint64 // fingerprint of the request without its token
	Issued    int64  // epoch seconds
	Position  int64  // the operation's own meaning
	Item      int    `json:",omitempty"` // finer position, the operation's own meaning
	Turn      int    `json:",omitempty"` // tells tokens of the same position apart

	age time.Duration // of the token that came
}

// encode is the token's text: its JSON with a checksum in front, in base64.
func (t token) encode() string {
	body, err := json.Marshal(t)
	if err != nil {
		panic("server: a page token that JSON cannot hold: " + err.Error())
	}
	return base64.RawURLEncoding.EncodeToString(append(checksum(body), body...))
}

// decodeToken reads what encode wrote. The error says nothing that a client
// should read.
func decodeToken(text string) (token, error) {
	var t token
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return t, fmt.Errorf("decoding page token: %w", err)
	}
	if len(raw) < 8 || string(checksum(raw[8:])) != string(raw[:8]) {
		return t, fmt.Errorf("decoding page token: not one of ours")
	}
	if err := json.Unmarshal(raw[8:], &t); err != nil {
		return t, fmt.Errorf("decoding page token: %w", err)
	}
	return t, nil
}

// resume is the token that a call goes on from, or a fresh one when it sent
// none. It reports false when the token is of another request or too old.
func (c *call) resume(text string, request any) (token, bool) {
	fresh := token{Operation: c.Operation, Request: fingerprint(request), Issued: c.now.Unix()}
	if text == "" {
		return fresh, true
	}
	t, err := decodeToken(text)
	if err != nil || t.Operation != fresh.Operation || t.Request != fresh.Request {
		return fresh, false
	}
	if t.age = c.now.Sub(time.Unix(t.Issued, 0)); t.age > tokenLife {
		return fresh, false
	}
	t.Issued = fresh.Issued
	return t, true
}

// held is the token of a scripted page that does not advance: the one that
// came in, or a new one for the same place. It reports false when no such page
// was scripted.
func (c *call) held(came string, at token) (string, bool) {
	if _, ok := c.fault(RepeatToken); ok && came != "" {
		return came, true
	}
	_, repeat := c.fault(RepeatToken)
	_, empty := c.fault(EmptyPage)
	if !repeat && !empty {
		return "", false
	}
	at.Turn++
	return at.encode(), true
}

// fingerprint tells requests apart. It sees a request's printed form, so
// requests hold values and slices, not pointers.
func fingerprint(request any) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%+v", request)
	return h.Sum64()
}

func checksum(b []byte) []byte {
	h := fnv.New64a()
	h.Write(b)
	return h.Sum(nil)
}
