// Package stat holds the statistics that sizing rests on, as functions of
// []float64: robust and least-squares lines, intervals that stay honest when
// neighbouring minutes are alike, monotone fits, change points.
//
// Nothing in here knows time, units or metrics. Functions never modify their
// arguments, and have no state: what is random takes a seed. Where the data
// does not suffice the result is NaN, or the second result is false.
package stat
