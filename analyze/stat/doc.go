// Package stat holds the statistics that sizing rests on, as functions of
// []float64: robust and least-squares lines, intervals that stay honest when
// neighbouring minutes are alike, monotone and segmented fits, change points,
// rank tests, correlation of series that drift, control of false discoveries,
// waits in queues and the universal scalability law.
//
// Nothing in here knows time, units or metrics. Functions never modify their
// arguments, and have no state: what is random takes a seed. Where the data
// does not suffice, or holds NaN or infinities that a function does not say it
// leaves out, the result is NaN, empty, or the last result is false; nothing
// panics on data.
package stat
