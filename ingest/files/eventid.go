package files

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/fnv"
	"strconv"

	"sizewise/ingest/lake"
)

// generation is how many different events an identity remembers before it
// forgets the ones before them: 2 x 12 MiB at most.
const generation = 1 << 18

// identity makes ids for events that come without one, from where and when they
// were logged, what they say, and how many equal ones stood before them. So the
// same export, in any order of its files, gives the same ids, and equal lines
// within a millisecond stay apart. Counting is bounded: equal events are told
// apart when fewer than 262,144 others stand between them.
type identity struct {
	now, before map[uint64]uint32 // equal events seen, by a hash of scope and content
	buf         []byte
}

func newIdentity() *identity {
	return &identity{now: map[uint64]uint32{}, before: map[uint64]uint32{}}
}

// of is the id of e, which counts as one of scope: the parts of one exported
// stream, or one file. The same events in two scopes are the same events.
func (n *identity) of(scope uint64, e *lake.Log) string {
	b := append(n.buf[:0], e.LogStream...)
	b = append(b, 0)
	b = binary.LittleEndian.AppendUint64(b, uint64(e.TS)) //nolint:gosec // bits, not a number
	b = append(b, e.Message...)
	n.buf = b
	sum := sha256.Sum256(b)
	id := "sha256:" + hex.EncodeToString(sum[:16])
	key := binary.LittleEndian.Uint64(sum[:8]) ^ scope
	seen, ok := n.now[key]
	if !ok {
		seen = n.before[key]
	}
	if len(n.now) >= generation {
		n.before, n.now = n.now, make(map[uint64]uint32, generation)
	}
	n.now[key] = seen + 1
	if seen > 0 {
		id += "+" + strconv.FormatUint(uint64(seen), 10)
	}
	return id
}

// scopeOf hashes a scope's name.
func scopeOf(name string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(name))
	return h.Sum64()
}
