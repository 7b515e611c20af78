package engine

import "testing"

// smallLake is one endpoint, web/main, for four minutes.
func smallLake(t testing.TB) string {
	b := newBuilder(t)
	return b.write()
}
