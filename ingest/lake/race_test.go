//go:build race

package lake

// raceEnabled is set when the race detector takes several times the memory.
const raceEnabled = true
