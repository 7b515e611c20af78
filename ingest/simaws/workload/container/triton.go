package container

import (
	"fmt"
	"time"
)

// Triton is NVIDIA's inference server with verbose request lines.
type Triton struct{ Facts }

func (t *Triton) line(at time.Time, level byte, source, text string) string {
	return fmt.Sprintf("%c%s 1 %s] %s", level, at.Format("0102 15:04:05.000000"), source, text)
}

// Start loads the model and its instances.
func (t *Triton) Start(at time.Time) []Event {
	lines := []string{
		t.line(at, 'I', "pinned_memory_manager.cc:277", "Pinned memory pool is created at '0x7f2a4c000000' with size 268435456"),
		t.line(at, 'I', "model_lifecycle.cc:472", "loading: "+t.Model+":1"),
		t.line(at, 'I', "model_config_utils.cc:716", fmt.Sprintf(`"dynamic_batching": { "default_queue_policy": { "max_queue_size": %d } }`, t.QueueLimit)),
	}
	for d := range max(1, t.GPUs) {
		lines = append(lines, t.line(at, 'I', "onnxruntime.cc:2967", fmt.Sprintf("TRITONBACKEND_ModelInstanceInitialize: %s_0_%d (GPU device %d)", t.Model, d, d)))
	}
	lines = append(lines,
		t.line(at, 'I', "model_lifecycle.cc:839", "successfully loaded '"+t.Model+"'"),
		t.line(at, 'I', "sagemaker_server.cc:181", fmt.Sprintf("Started Sagemaker HTTPService at 0.0.0.0:8080, %d threads", t.Workers)))
	return spread(200*time.Millisecond, lines...)
}

// Access is the verbose line of a request: it tells neither status nor duration.
func (t *Triton) Access(at time.Time, _ int, _ time.Duration) []string {
	return []string{t.line(at, 'I', "sagemaker_server.cc:190", "SageMaker request: 2 /invocations")}
}

// Ping is the health check's request line.
func (t *Triton) Ping(at time.Time) []string {
	return []string{t.line(at, 'I', "sagemaker_server.cc:190", "SageMaker request: 0 /ping")}
}

// ClientError is the server's word on a request that it answered 4xx.
func (t *Triton) ClientError(at time.Time) []string {
	return []string{t.line(at, 'W', "infer_request.cc:911", "[request id: "+t.requestID()+"] invalid input for '"+t.Model+"': "+t.complaint())}
}

// Fault is an error of the Python backend with its traceback in one event.
func (t *Triton) Fault(at time.Time) []string {
	text := "Failed to process the request(s) for model '" + t.Model + "'"
	for _, l := range t.pythonFault() {
		text += "\n" + l
	}
	return []string{t.line(at, 'E', "python_be.cc:2188", text)}
}

// Overflow is the scheduler's word on a full queue.
func (t *Triton) Overflow(at time.Time) []string {
	return []string{t.line(at, 'E', "sagemaker_server.cc:402", fmt.Sprintf("[request id: %s] Exceeds maximum queue size of %d", t.requestID(), t.QueueLimit))}
}

// OutOfMemory is a stub process that the kernel killed.
func (t *Triton) OutOfMemory(at time.Time) []string {
	return []string{t.line(at, 'E', "python_be.cc:1892", "Stub process was killed by signal 9: out of memory, server stops")}
}

// WorkerDied is the server's word on a stub process that ended while it had a
// request.
func (t *Triton) WorkerDied(at time.Time) []string {
	return []string{t.line(at, 'E', "python_be.cc:1923", "Stub process of model '"+t.Model+"' is not healthy, it is restarted")}
}

// Metrics is a line of the server's own exporter.
func (t *Triton) Metrics(at time.Time, u Usage) []string {
	out := []string{t.line(at, 'I', "metrics_reporter.cc:88", fmt.Sprintf("nv_gpu_utilization %.2f pending %d running %d", u.GPUPercent/100, u.Waiting, u.Running))}
	if t.memoryPercent(u) > 90 {
		out = append(out, t.line(at, 'W', "metrics_reporter.cc:97", fmt.Sprintf("host memory at %.1f %%", t.memoryPercent(u))))
	}
	return out
}
