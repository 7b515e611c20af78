// Package workload simulates a load test of a SageMaker endpoint as seeded
// discrete events and publishes what CloudWatch, CloudWatch Logs and SageMaker
// would know of it as an account.Account. It knows nothing of wire formats.
//
// Run simulates one test. TruthOf tells the capacity, the SLO rate and the
// bottleneck that an analysis of the published data should find. Truths come
// from separate simulations of the same service under permanent backlog
// (capacity) and by bisection of the offered rate (SLO rate), never from the
// published data.
//
// The model: requests reach an instance by the balancer's choice and take one of
// its workers, or wait for one in a bounded queue. With the worker they need CPU
// (egalitarian processor sharing of the cores that background work leaves), then
// a GPU (first come first served, or in dynamic batches), then an answer from
// something downstream (a plain delay).
package workload
