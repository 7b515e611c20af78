package simaws

import (
	"context"
	"fmt"
	"time"

	"sizewise/ingest/simaws/workload"
)

// AfterTest is where StartScenario's clock stands unless it is told otherwise:
// that long after the load test ended, when every point and line has arrived.
const AfterTest = time.Hour

// StartScenario simulates a load test and serves its account. The account's
// time stands still AfterTest after the end of the test, unless
// Options.Server.Now is set; who pulls from it should go by the same clock.
func StartScenario(ctx context.Context, scenario workload.Config, seed uint64, o Options) (*Running, *workload.Result, error) {
	result, err := workload.Run(scenario, seed)
	if err != nil {
		return nil, nil, fmt.Errorf("simulating %s: %w", scenario.Name, err)
	}
	if o.Server.Now == nil {
		stopped := result.End.Add(AfterTest)
		o.Server.Now = func() time.Time { return stopped }
	}
	running, err := Start(ctx, result.Account, o)
	return running, result, err
}
