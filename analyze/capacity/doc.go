// Package capacity turns buckets of evidence about one endpoint variant into
// sizing answers: load steps, saturation, capacity, the rate within an SLO,
// the bottleneck, and the arithmetic from there to instances and an
// autoscaling target.
//
// [Analyze] is a pure function: it reads no clock, no files and no database.
// Every answer says how it is known (finding.Status), and refuses where the
// data does not carry it.
//
// # Method
//
// A capacity that was reached is read off the plateau. One that was not is
// extrapolated by the utilization law, busy = background + demand x rate, and
// only where nothing that the law cannot see may bind first: a GPU that
// batches spends less time per request as load rises, and a limit on
// concurrency (worker processes, a downstream) leaves the processor idle. The
// first is seen in the curvature of the line, the second in the time that
// requests spend without computing; [Checks] lists the tests and their limits.
//
// Rates are per instance unless a name says fleet. Where instances differ, the
// slowest one decides.
package capacity
