package workload

import (
	"time"

	"sizewise/ingest/simaws/account"
)

type journal struct{ t *test }

func newJournal(t *test, origin time.Time, names []string) *journal { return &journal{t} }
func (j *journal) group() account.LogGroup {
	return account.LogGroup{Name: "/aws/sagemaker/Endpoints/" + j.t.Endpoint, Class: "STANDARD", Created: j.t.Start}
}
func (j *journal) answered(e *engine, r *request, latency float64) {}
func (j *journal) happened(e *engine, instance int, what event)    {}
func (j *journal) sampled(e *engine)                               {}
