// Package workload simulates a load test of a SageMaker endpoint as seeded
// discrete events and publishes what CloudWatch, CloudWatch Logs and SageMaker
// would know of it as an account.Account. It knows nothing of wire formats.
//
// It can also tell the truth: the capacity, the SLO rate and the bottleneck
// that an analysis of the published data should find. Truths come from separate
// simulations of the same service under permanent backlog (capacity) and by
// bisection of the offered rate (SLO rate), never from the published data.
package workload
