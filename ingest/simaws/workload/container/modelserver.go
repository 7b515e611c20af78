package container

import (
	"fmt"
	"time"
)

// ModelServer is TorchServe, or the multi-model-server that it grew out of.
type ModelServer struct {
	Facts
	Multi bool // multi-model-server
}

// line prints one line with the server's header.
func (s *ModelServer) line(at time.Time, level, thread, logger, text string) string {
	layout := "2006-01-02T15:04:05,000"
	if s.Multi {
		layout = "2006-01-02 15:04:05,000"
	}
	return fmt.Sprintf("%s [%-5s] %s %s - %s", at.Format(layout), level, thread, logger, text)
}

func (s *ModelServer) logger(name string) string {
	if s.Multi {
		return "com.amazonaws.ml.mms." + name
	}
	return "org.pytorch.serve." + name
}

func (s *ModelServer) thread(worker int) string {
	if s.Multi {
		return fmt.Sprintf("W-%d-%s", 9000+worker, s.Model)
	}
	return fmt.Sprintf("W-%d-%s_1.0", 9000+worker, s.Model)
}

// Start is the banner and one line for each worker.
func (s *ModelServer) Start(at time.Time) []Event {
	product := "Torchserve version: 0.12.0"
	if s.Multi {
		product = "MMS Home: /usr/local/lib/python3.10/site-packages"
	}
	banner := s.line(at, "INFO", "main", s.logger("ModelServer"), "")
	events := spread(3*time.Millisecond,
		banner, product,
		fmt.Sprintf("Number of GPUs: %d", s.GPUs),
		fmt.Sprintf("Number of CPUs: %d", s.VCPU),
		fmt.Sprintf("Max heap size: %d M", int(s.MemoryMiB/4)),
		"Inference address: http://0.0.0.0:8080",
		fmt.Sprintf("Job queue size: %d", s.QueueLimit),
		fmt.Sprintf("Default workers per model: %d", s.Workers),
		"Metrics report format: prometheus",
	)
	for w := range s.Workers {
		after := time.Duration(900+40*w) * time.Millisecond
		events = append(events,
			Event{after, s.line(at.Add(after), "INFO", s.thread(w)+"-stdout", s.logger("wlm.WorkerLifeCycle"), fmt.Sprintf("[PID]%d", 60+3*w))},
			Event{after + 8*time.Second, s.line(at.Add(after+8*time.Second), "INFO", s.thread(w), s.logger("wlm.WorkerThread"), fmt.Sprintf("Backend response time: %d", 7900+11*w))},
		)
	}
	ready := 10 * time.Second
	return append(events, Event{ready, s.line(at.Add(ready), "INFO", "main", s.logger("ModelServer"), "Model server started.")})
}

// Access is the access log, whose last field is milliseconds.
func (s *ModelServer) Access(at time.Time, status int, took time.Duration) []string {
	return []string{s.line(at, "INFO", s.thread(s.worker()), "ACCESS_LOG",
		fmt.Sprintf("/%s \"POST /invocations HTTP/1.1\" %d %d", s.peer(), status, took.Milliseconds()))}
}

// Ping is the health check's access log line.
func (s *ModelServer) Ping(at time.Time) []string {
	return []string{s.line(at, "INFO", fmt.Sprintf("pool-2-thread-%d", 1+s.Random.IntN(s.VCPU)), "ACCESS_LOG",
		fmt.Sprintf("/%s \"GET /ping HTTP/1.1\" 200 %d", s.peer(), s.Random.IntN(3)))}
}

// ClientError is the line of a request that was answered 4xx.
func (s *ModelServer) ClientError(at time.Time) []string {
	return []string{s.line(at, "WARN", s.thread(s.worker())+"-stdout", "MODEL_LOG", "Rejected request "+s.requestID()+": "+s.complaint())}
}

// Fault is a Python traceback, one event a line.
func (s *ModelServer) Fault(at time.Time) []string {
	thread := s.thread(s.worker()) + "-stdout"
	logger := "MODEL_LOG"
	if s.Multi {
		logger = s.logger("wlm.WorkerLifeCycle")
	}
	out := []string{s.line(at, "ERROR", thread, logger, "Invoking custom service failed for request "+s.requestID())}
	for _, l := range s.pythonFault() {
		out = append(out, s.line(at, "INFO", thread, logger, l))
	}
	return out
}

// Overflow is a Java stack of a job that the queue had no room for.
func (s *ModelServer) Overflow(at time.Time) []string {
	return []string{
		s.line(at, "ERROR", fmt.Sprintf("epollEventLoopGroup-3-%d", 1+s.Random.IntN(8)), s.logger("wlm.Model"),
			fmt.Sprintf("Job queue of model %s is full, capacity %d", s.Model, s.QueueLimit)),
		fmt.Sprintf("java.util.concurrent.RejectedExecutionException: no room for job %s in queue of %d", s.requestID(), s.QueueLimit),
		"\tat " + s.logger("wlm.Model.addJob(Model.java:241)"),
		"\tat " + s.logger("wlm.ModelManager.addJob(ModelManager.java:318)"),
		"\tat java.base/java.lang.Thread.run(Thread.java:840)",
	}
}

// OutOfMemory is what is left of a container that the kernel killed.
func (s *ModelServer) OutOfMemory(at time.Time) []string {
	w := s.worker()
	return []string{
		s.line(at, "ERROR", s.thread(w)+"-stdout", "MODEL_LOG", "MemoryError: cannot grow the result cache by 64 MiB"),
		s.line(at, "INFO", s.thread(w)+"-stdout", s.logger("wlm.WorkerLifeCycle"), "Backend worker process died."),
		s.line(at, "ERROR", s.thread(w), s.logger("wlm.WorkerThread"), fmt.Sprintf("Worker %d was ended by signal 9 (out of memory), container restarts", 9000+w)),
	}
}

// WorkerDied is the server's word on a worker process that ended while it had a
// request.
func (s *ModelServer) WorkerDied(at time.Time) []string {
	w := s.worker()
	return []string{
		s.line(at, "INFO", s.thread(w)+"-stdout", s.logger("wlm.WorkerLifeCycle"), fmt.Sprintf("Worker process of %s ended with exit code 139", s.Model)),
		s.line(at, "ERROR", s.thread(w), s.logger("wlm.WorkerThread"), "Backend worker process died, request "+s.requestID()+" is lost"),
		s.line(at, "INFO", s.thread(w), s.logger("wlm.WorkerThread"), fmt.Sprintf("Retry worker: %d in 1 seconds.", 9000+w)),
	}
}

// Metrics is the server's own readings.
func (s *ModelServer) Metrics(at time.Time, u Usage) []string {
	name := "TS_METRICS"
	if s.Multi {
		name = "MMS_METRICS"
	}
	metric := func(what string, value float64) string {
		return s.line(at, "INFO", "pool-3-thread-1", name,
			fmt.Sprintf("%s:%.1f|#Level:Host|#hostname:container-0.local,timestamp:%d", what, value, at.Unix()))
	}
	out := []string{
		metric("CPUUtilization.Percent", u.CPUPercent),
		metric("MemoryUsed.Megabytes", u.MemoryMiB),
		metric("MemoryUtilization.Percent", s.memoryPercent(u)),
	}
	if s.GPUs > 0 {
		out = append(out, metric("GPUUtilization.Percent", u.GPUPercent))
	}
	if s.memoryPercent(u) > 90 {
		out = append(out, s.line(at, "WARN", s.thread(0)+"-stdout", "MODEL_LOG",
			fmt.Sprintf("Resident memory %.0f MiB is %.1f %% of the limit", u.MemoryMiB, s.memoryPercent(u))))
	}
	return out
}
