//go:build !race

package files

// mutants is how many broken files of each format are read.
const mutants = 10_000
