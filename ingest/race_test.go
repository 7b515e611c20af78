//go:build race

package ingest_test

// raceEnabled is set when the race detector slows everything down tenfold.
const raceEnabled = true
