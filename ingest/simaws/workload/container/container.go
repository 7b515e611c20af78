// Package container prints what the model servers of SageMaker endpoints print:
// start-up lines, access logs, errors with their stack traces, periodic metrics.
// The shapes are those of the real servers; the words and numbers are its own.
// Each string is one log event.
package container

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Facts is what the lines of one container mention.
type Facts struct {
	Model      string
	Workers    int
	QueueLimit int
	VCPU       int
	GPUs       int
	MemoryMiB  float64
	Random     *rand.Rand // for process numbers, ports and request ids

	downstreamDown bool
}

// Downstream says whether what the model asks is down, so that every fault is a
// time-out.
func (f *Facts) Downstream(down bool) { f.downstreamDown = down }

// Event is one line at some time after its cause.
type Event struct {
	After time.Duration
	Text  string
}

// Usage is what a periodic line reports.
type Usage struct {
	CPUPercent, GPUPercent float64 // of the whole instance, 0 to 100
	MemoryMiB              float64
	Running, Waiting       int // requests
	RequestsPerSecond      float64
}

// memoryPercent answers the share of the instance's memory in use.
func (f *Facts) memoryPercent(u Usage) float64 { return 100 * u.MemoryMiB / max(1, f.MemoryMiB) }

// peer answers the address and port that a request seems to come from.
func (f *Facts) peer() string {
	return fmt.Sprintf("10.32.%d.%d:%d", f.Random.IntN(4), 2+f.Random.IntN(250), 32768+f.Random.IntN(28000))
}

// host answers the address alone.
func (f *Facts) host() string {
	return fmt.Sprintf("10.32.%d.%d", f.Random.IntN(4), 2+f.Random.IntN(250))
}

// worker answers a worker's number.
func (f *Facts) worker() int { return f.Random.IntN(max(1, f.Workers)) }

// requestID answers a random UUID.
func (f *Facts) requestID() string {
	a, b := f.Random.Uint64(), f.Random.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>52, b&0xffffffffffff)
}

// spread puts lines at equal distances.
func spread(step time.Duration, lines ...string) []Event {
	out := make([]Event, len(lines))
	for i, l := range lines {
		out[i] = Event{After: time.Duration(i) * step, Text: l}
	}
	return out
}

// reason is the HTTP reason phrase of the statuses that appear here.
func reason(status int) string {
	switch status {
	case 200:
		return "OK"
	case 400:
		return "Bad Request"
	case 503:
		return "Service Unavailable"
	default:
		return "Internal Server Error"
	}
}

// pythonFaults are tracebacks of model code, innermost call last.
func (f *Facts) pythonFault() []string {
	kind := f.Random.IntN(3)
	if f.downstreamDown {
		kind = 2
	}
	switch kind {
	case 0:
		return []string{
			"Traceback (most recent call last):",
			`  File "/opt/ml/code/inference.py", line 88, in predict_fn`,
			`    scores = model.score(features["embedding"])`,
			"KeyError: 'embedding'",
		}
	case 1:
		return []string{
			"Traceback (most recent call last):",
			`  File "/opt/ml/code/inference.py", line 61, in transform`,
			"    return output_fn(predict_fn(input_fn(body, content_type), model), accept)",
			`  File "/opt/ml/code/inference.py", line 97, in predict_fn`,
			"    batch = np.stack(rows)",
			"ValueError: all input arrays must have the same shape",
		}
	default:
		return []string{
			"Traceback (most recent call last):",
			`  File "/opt/ml/code/features.py", line 34, in lookup`,
			"    raw = client.get(key, timeout=2.0)",
			fmt.Sprintf("TimeoutError: no answer from feature store shard %d within 2.0 s", f.Random.IntN(16)),
		}
	}
}

// complaint is what a server says of a request that it rejects.
func (f *Facts) complaint() string {
	switch f.Random.IntN(3) {
	case 0:
		return fmt.Sprintf("expected %d features, got %d", 42, 1+f.Random.IntN(41))
	case 1:
		return fmt.Sprintf("body is not valid JSON: unexpected end at byte %d", 10+f.Random.IntN(4000))
	default:
		return `unsupported content type "text/plain"`
	}
}
