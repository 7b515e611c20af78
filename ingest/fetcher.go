package ingest

import (
	"context"
	"errors"
	"sync"

	"sizewise/ingest/cloudwatch"
)

// answer is what one request brought.
type answer struct {
	data cloudwatch.MetricData
	err  error
}

// fetcher makes calls with a few under way at once, and remembers an error that
// every further call would meet too.
type fetcher struct {
	*pull
	done, total int64 // calls
	stop        error
}

// job is one request and where its answer goes.
type job struct {
	request cloudwatch.MetricRequest
	answer  *answer
}

// fetch returns the answers by call. The error is one that ends the run; any
// other is in the answers. Progress is reported from the caller's goroutine.
func (f *fetcher) fetch(ctx context.Context, calls []call, note string) ([]answer, error) {
	answers := make([]answer, len(calls))
	todo := make(chan job)
	finished := make(chan job)
	var workers sync.WaitGroup
	for range min(f.Parallel, len(calls)) {
		workers.Go(func() {
			for j := range todo {
				j.answer.data, j.answer.err = f.from.Metrics.Fetch(ctx, j.request)
				finished <- j
			}
		})
	}
	next, underWay := 0, 0
	for next < len(calls) || underWay > 0 {
		send := todo
		var j job
		switch {
		case next == len(calls):
			send = nil
		case f.stop != nil:
			answers[next] = answer{data: notAsked(calls[next].request, f.stop), err: f.stop}
			next++
			continue
		default:
			j = job{request: calls[next].request, answer: &answers[next]}
		}
		select {
		case send <- j:
			next++
			underWay++
		case ended := <-finished:
			underWay--
			f.ended(ended, note)
		}
	}
	close(todo)
	workers.Wait()
	if f.stop != nil && cancelled(f.stop) {
		return nil, f.stop
	}
	return answers, nil
}

// ended takes note of one answer.
func (f *fetcher) ended(j job, note string) {
	f.done++
	f.Events(Event{
		Stage: StageMetrics, Subject: f.survey.subject.Key(),
		Done: f.done, Total: f.total, Unit: "calls", Note: note,
	})
	if err := j.answer.err; err != nil {
		f.cause(err)
		if f.stop == nil && sticky(err) {
			f.stop = err
		}
	}
}

// notAsked is the answer to a request that would have met err.
func notAsked(r cloudwatch.MetricRequest, err error) cloudwatch.MetricData {
	state := cloudwatch.Failed
	if errors.Is(err, cloudwatch.ErrDenied) {
		state = cloudwatch.Forbidden
	}
	results := make([]cloudwatch.MetricResult, len(r.Queries))
	for i := range results {
		results[i] = cloudwatch.MetricResult{State: state, Reason: err.Error()}
	}
	return cloudwatch.MetricData{Results: results}
}
