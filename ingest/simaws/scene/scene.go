// Package scene draws accounts with one subject in which something is
// planted: a training job whose GPUs wait for data, an asynchronous endpoint
// whose backlog grows. What was planted is said in Truth, so that an answer can
// be held against it. Load tests of endpoints, request by request, are package
// workload's.
package scene

import (
	"slices"
	"time"

	"sizewise/ingest/simaws/account"
)

// Scenario is one thing that can be planted.
type Scenario struct {
	Name  string
	About string // one sentence
	Draw  func(seed uint64) (*Test, error)
}

// Test is an account and what was planted in it. The same scenario and seed
// give the same test.
type Test struct {
	Account    *account.Account
	Kind, Name string    // of the subject, as on sizewise's command line
	Start, End time.Time // window to look at; both zero for a job, which has its own
	Now        time.Time // when all of it has arrived and settled
	Truth      Truth
}

// Truth is what the scenario knows, never read off what was published.
type Truth struct {
	Values map[string]float64 // by the name of a measure, in its unit
	Words  map[string]string  // for example limit: disk
}

// Scenarios are all of them, in the order of a list.
func Scenarios() []Scenario {
	return slices.Concat(
		jobScenarios(), pipelineScenarios(),
		serverlessScenarios(), asyncScenarios(), multiModelScenarios(), componentScenarios(),
		featureScenarios(), labelingScenarios(), monitorScenarios(), notebookScenarios(), seriesScenarios(),
	)
}

// Named is the scenario of a name.
func Named(name string) (Scenario, bool) {
	for _, s := range Scenarios() {
		if s.Name == name {
			return s, true
		}
	}
	return Scenario{}, false
}
