package main

import "runtime/debug"

// What a pull, an import or a count of patterns does is made of short-lived text
// around little that stays. The collector runs a sixth as often as it would, up to
// a heap that keeps the process below 512 MiB, and as often as it must beyond.
const (
	collectPercent = 600
	collectAbove   = 400 << 20
)

// collectLess lets the collector run less often. What the environment says of it
// counts more.
func (a *app) collectLess() {
	if a.con.getenv("GOGC") == "" {
		debug.SetGCPercent(collectPercent)
	}
	if a.con.getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(collectAbove)
	}
}
