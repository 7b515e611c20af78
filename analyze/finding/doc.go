// Package finding holds what an analysis says: plain structs and their JSON.
//
// A [Set] is the whole result of one analysis of one subject in one window.
// It is the only thing that analyze and report share: analyze fills it, report
// renders it, and findings.json is what [Encode] makes of it ("format": 1). Nothing in here
// knows where numbers came from or how they will look.
//
// # Units
//
// Times are UTC. Durations and latencies are seconds, rates are requests per
// second, utilization is busy cores or busy GPUs where the name says so and a
// ratio from 0 to 1 elsewhere. A number that is missing is NaN in memory and
// null in JSON; zero always means that zero was measured.
package finding
