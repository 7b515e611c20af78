//go:build race

package files

// mutants is a tenth of what is read without the race detector, which makes it
// ten times slower and has nothing to find in a reader without goroutines.
const mutants = 1000
