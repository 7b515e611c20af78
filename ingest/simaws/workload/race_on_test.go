//go:build race

package workload

// raceDetector tells that tests run some ten times slower.
const raceDetector = true
