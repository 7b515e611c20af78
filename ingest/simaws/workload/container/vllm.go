package container

import (
	"fmt"
	"time"
)

// VLLM is the vLLM engine behind uvicorn, started by DJL serving.
type VLLM struct{ Facts }

func (v *VLLM) line(at time.Time, level, source, text string) string {
	return fmt.Sprintf("(APIServer pid=41) %s %s [%s] %s", level, at.Format("01-02 15:04:05"), source, text)
}

// Start is DJL bringing the engine up.
func (v *VLLM) Start(at time.Time) []Event {
	lines := []string{
		"[INFO ] ModelServer - Starting model server: number of CPUs " + fmt.Sprint(v.VCPU) + ", number of GPUs " + fmt.Sprint(v.GPUs),
		fmt.Sprintf("[INFO ] ModelServer - Job queue size: %d", v.QueueLimit),
		fmt.Sprintf("[INFO ] WorkerPool - loading model %s (M-0001, PENDING) on gpu(0) with workers: %d", v.Model, v.Workers),
		"[INFO ] PyProcess - Start process: 41 - retry: 0",
		v.line(at, "INFO", "arg_utils.py:1204", fmt.Sprintf("Using max_num_seqs=%d", v.Workers)),
		v.line(at, "INFO", "gpu_model_runner.py:2653", "Model loading took 9.8 GiB and 21.4 seconds"),
		v.line(at, "INFO", "launcher.py:36", "Route: /invocations, Methods: POST"),
		v.line(at, "INFO", "launcher.py:36", "Route: /ping, Methods: GET"),
	}
	return spread(700*time.Millisecond, lines...)
}

// Access is uvicorn's access log, which has no duration.
func (v *VLLM) Access(_ time.Time, status int, _ time.Duration) []string {
	return []string{fmt.Sprintf(`INFO:     %s - "POST /invocations HTTP/1.1" %d %s`, v.peer(), status, reason(status))}
}

// Ping is the health check's access log line.
func (v *VLLM) Ping(time.Time) []string {
	return []string{fmt.Sprintf(`INFO:     %s - "GET /ping HTTP/1.1" 200 OK`, v.peer())}
}

// ClientError is the server's word on a request that it answered 4xx.
func (v *VLLM) ClientError(at time.Time) []string {
	return []string{v.line(at, "WARNING", "serving_engine.py:618", "Rejected request "+v.requestID()+": "+v.complaint())}
}

// Fault is a traceback with the engine's header on every line.
func (v *VLLM) Fault(at time.Time) []string {
	out := []string{v.line(at, "ERROR", "async_llm.py:419", "Request "+v.requestID()+" failed.")}
	for _, l := range v.pythonFault() {
		out = append(out, v.line(at, "ERROR", "async_llm.py:419", l))
	}
	return out
}

// Overflow is DJL's word on a full queue.
func (v *VLLM) Overflow(time.Time) []string {
	return []string{fmt.Sprintf("[WARN ] InferenceRequestHandler - Request %s rejected: worker queue capacity %d exceeded", v.requestID(), v.QueueLimit)}
}

// OutOfMemory is the GPU allocator's last word.
func (v *VLLM) OutOfMemory(at time.Time) []string {
	return []string{
		v.line(at, "ERROR", "async_llm.py:419", "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 196.00 MiB. GPU 0 has no free memory left."),
		v.line(at, "ERROR", "core_client.py:564", "Engine core process died unexpectedly, shutting down."),
		fmt.Sprintf("[ERROR] PyProcess - Python process of %s exited with signal 9", v.Model),
	}
}

// WorkerDied is the server's word on an engine process that ended while it had a
// request.
func (v *VLLM) WorkerDied(at time.Time) []string {
	return []string{v.line(at, "ERROR", "core_client.py:564", fmt.Sprintf("Engine worker process %d died unexpectedly, request %s is lost", 100+v.worker(), v.requestID()))}
}

// Metrics is the engine's own statistics line.
func (v *VLLM) Metrics(at time.Time, u Usage) []string {
	cache := 100 * float64(u.Running) / float64(max(1, 2*v.Workers))
	return []string{v.line(at, "INFO", "loggers.py:123", fmt.Sprintf(
		"Engine 000: Avg prompt throughput: %.1f tokens/s, Avg generation throughput: %.1f tokens/s, Running: %d reqs, Waiting: %d reqs, GPU KV cache usage: %.1f%%, Prefix cache hit rate: 0.0%%",
		u.RequestsPerSecond*310, u.RequestsPerSecond*24, u.Running, u.Waiting, cache))}
}
