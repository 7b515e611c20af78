package lake

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"
	"time"
)

const (
	formatFile  = "lake.json"
	lockFile    = ".lock"
	tempDir     = ".tmp"
	catalogFile = "catalog.parquet"
	extension   = ".parquet"
)

const (
	dayMicros = 24 * 60 * 60 * 1_000_000
	// maxTS is the last microsecond of the year 9999: later days would not fit
	// into dt=YYYY-MM-DD.
	maxTS = 253402300800*1_000_000 - 1
)

// fileName makes a file's name from the key of what it holds: a part for people
// and a hash for certainty. Keys come from outside, so nothing but letters,
// digits, '-' and '_' passes, and equal parts for people keep their hash apart
// on case-insensitive file systems too.
func fileName(key string) string {
	const maxSlug = 80
	var b strings.Builder
	for _, r := range key {
		if b.Len() >= maxSlug {
			break
		}
		if isPlain(r) {
			b.WriteRune(r)
		} else if b.Len() > 0 && !strings.HasSuffix(b.String(), "-") {
			b.WriteByte('-')
		}
	}
	sum := sha256.Sum256([]byte(key))
	return b.String() + "-" + hex.EncodeToString(sum[:8]) + extension
}

func isPlain(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_'
}

// dayOf is the UTC day of a timestamp in microseconds, counted from the epoch.
func dayOf(ts int64) (int64, error) {
	if ts < 0 || ts > maxTS {
		return 0, fmt.Errorf("timestamp %d us is outside 1970 to 9999", ts)
	}
	return ts / dayMicros, nil
}

// dayPath is the file of a dataset, day and key.
func (l *Lake) dayPath(dataset string, day int64, key string) string {
	return filepath.Join(l.dir, dataset, dayDir(day), fileName(key))
}

// dayDir is the directory of a day counted from the epoch.
func dayDir(day int64) string {
	return "dt=" + time.Unix(day*24*60*60, 0).UTC().Format(time.DateOnly)
}
