package workload

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"sizewise/ingest/simaws/account"
)

// tail is how long an idle endpoint is watched after the load.
const tail = 2 * time.Minute

// Run simulates one load test. The same configuration and seed answer the same
// account, value for value. It fails only for a configuration that cannot be
// simulated. The truth of the test is asked of TruthOf.
func Run(cfg Config, seed uint64) (*Result, error) {
	t, err := draw(cfg, seed)
	if err != nil {
		return nil, fmt.Errorf("preparing the workload: %w", err)
	}
	origin := t.origin()
	rec := newRecorder(t)
	names := instanceNames(rand.New(t.randomSource(seed, nameStream)).Uint64, len(t.speeds))
	rec.journal = newJournal(t, origin, names)
	e := t.simulate(rec)
	rec.closeWindow(0)

	p := publisher{recorder: rec, origin: origin, names: names}
	acc := &account.Account{
		ID:        "123456789012",
		Region:    t.Region,
		Metrics:   p.publish(),
		LogGroups: []account.LogGroup{rec.journal.group()},
	}
	t.describe(acc, origin, e.inService())
	end := p.at(math.Ceil(rec.last/60) * 60)
	return &Result{Account: acc, Endpoint: t.Endpoint, Variant: t.Variant, Start: t.Start, End: end, Counts: rec.counts}, nil
}

// origin is the run's time zero. It is aligned to five minutes, so that every
// publish period is.
func (t *test) origin() time.Time {
	return t.Start.Add(-t.Lead).Truncate(5 * time.Minute)
}

// simulate runs the load test itself until all is answered and the tail is over.
func (t *test) simulate(o observer) *engine {
	begin := t.Start.Sub(t.origin()).Seconds()
	e := newEngine(&t.Config, t.speeds, begin, t.randomSource(t.seed, serviceStream), o)
	end := begin + t.Arrivals.length().Seconds()
	e.run(end)
	for until := end; e.pending() && until < end+3600; until += 10 {
		e.run(until)
	}
	e.run(math.Ceil((e.now+tail.Seconds())/300) * 300)
	return e
}

// pending reports whether a request is still in the system.
func (e *engine) pending() bool {
	for i := range e.instances {
		if e.instances[i].inSystem() > 0 {
			return true
		}
	}
	return false
}

// describe fills in what SageMaker's Describe calls answer.
func (t *test) describe(acc *account.Account, origin time.Time, current int) {
	created := origin.Add(-8 * time.Minute)
	config := t.Endpoint + "-config"
	acc.Endpoints = []account.Endpoint{{
		Name: t.Endpoint, ConfigName: config, Status: "InService",
		Created: created, LastModified: created.Add(7 * time.Minute),
		Variants: []account.EndpointVariant{{
			Name: t.Variant, CurrentCount: current, DesiredCount: current, Weight: 1,
			Image: acc.ID + ".dkr.ecr." + t.Region + ".amazonaws.com/" + string(t.Container.Stack) + ":latest",
		}},
	}}
	frequency := 0
	if t.Publish.Period != time.Minute || t.Publish.Enhanced {
		frequency = int(t.Publish.Period.Seconds())
	}
	acc.Configs = []account.EndpointConfig{{
		Name: config, Created: created.Add(-time.Minute),
		MetricPublishSeconds: frequency, EnhancedMetrics: t.Publish.Enhanced,
		Variants: []account.ConfigVariant{{
			Name: t.Variant, ModelName: t.Container.Model, InstanceType: t.Fleet.InstanceType,
			InitialCount: t.Fleet.Instances, Weight: 1,
		}},
	}}
	t.scaling(acc, created)
}
