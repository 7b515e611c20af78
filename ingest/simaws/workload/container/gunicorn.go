package container

import (
	"fmt"
	"time"
)

// Gunicorn is a Python application behind gunicorn and nginx, as the scikit-learn,
// XGBoost and most bring-your-own containers are built.
type Gunicorn struct{ Facts }

func (g *Gunicorn) line(at time.Time, pid int, level, text string) string {
	return fmt.Sprintf("[%s +0000] [%d] [%s] %s", at.Format("2006-01-02 15:04:05"), pid, level, text)
}

func (g *Gunicorn) pid() int { return 20 + g.worker() }

// Start boots the workers.
func (g *Gunicorn) Start(at time.Time) []Event {
	events := spread(4*time.Millisecond,
		"Starting the inference server with "+fmt.Sprint(g.Workers)+" workers.",
		g.line(at, 7, "INFO", "Starting gunicorn 23.0.0"),
		g.line(at, 7, "INFO", "Listening at: unix:/tmp/gunicorn.sock (7)"),
		g.line(at, 7, "INFO", "Using worker: sync"),
	)
	for w := range g.Workers {
		after := time.Duration(60+15*w) * time.Millisecond
		events = append(events, Event{after, g.line(at.Add(after), 20+w, "INFO", fmt.Sprintf("Booting worker with pid: %d", 20+w))})
	}
	return events
}

// Access is nginx's combined log, which has no duration. What gunicorn cannot
// take nginx answers with 502, not 503.
func (g *Gunicorn) Access(at time.Time, status int, _ time.Duration) []string {
	if status == 503 {
		status = 502
	}
	return []string{fmt.Sprintf(`%s - - [%s +0000] "POST /invocations HTTP/1.1" %d %d "-" "AHC/2.0"`,
		g.host(), at.Format("02/Jan/2006:15:04:05"), status, 120+g.Random.IntN(900))}
}

// Ping is the health check's access log line.
func (g *Gunicorn) Ping(at time.Time) []string {
	return []string{fmt.Sprintf(`%s - - [%s +0000] "GET /ping HTTP/1.1" 200 1 "-" "AHC/2.0"`, g.host(), at.Format("02/Jan/2006:15:04:05"))}
}

// ClientError is the application's word on a request that it answered 4xx.
func (g *Gunicorn) ClientError(at time.Time) []string {
	return []string{fmt.Sprintf("%s WARNING serve.request - rejected %s: %s", at.Format("2006-01-02 15:04:05,000"), g.requestID(), g.complaint())}
}

// Fault is gunicorn's error line and a plain traceback.
func (g *Gunicorn) Fault(at time.Time) []string {
	return append([]string{g.line(at, g.pid(), "ERROR", "Error handling request /invocations")}, g.pythonFault()...)
}

// Overflow is nginx finding gunicorn's backlog full.
func (g *Gunicorn) Overflow(at time.Time) []string {
	client := g.host()
	return []string{fmt.Sprintf(`%s [error] 12#12: *%d connect() to unix:/tmp/gunicorn.sock failed (11: Resource temporarily unavailable) while connecting to upstream, client: %s, server: , request: "POST /invocations HTTP/1.1", upstream: "http://unix:/tmp/gunicorn.sock:/invocations", host: "model.aws.local:8080"`,
		at.Format("2006/01/02 15:04:05"), 1000+g.Random.IntN(900000), client)}
}

// OutOfMemory is the master's word on a worker that the kernel killed.
func (g *Gunicorn) OutOfMemory(at time.Time) []string {
	return []string{
		g.line(at, 7, "ERROR", fmt.Sprintf("Worker (pid:%d) was sent SIGKILL! Perhaps out of memory?", g.pid())),
		g.line(at, 7, "CRITICAL", "Shutting down: no memory left for a new worker"),
	}
}

// WorkerDied is the master's word on a worker that stopped answering, and the
// one that takes its place.
func (g *Gunicorn) WorkerDied(at time.Time) []string {
	pid := g.pid()
	return []string{
		g.line(at, 7, "CRITICAL", fmt.Sprintf("WORKER TIMEOUT (pid:%d)", pid)),
		g.line(at, pid, "INFO", fmt.Sprintf("Worker exiting (pid: %d)", pid)),
		g.line(at, pid+20, "INFO", fmt.Sprintf("Booting worker with pid: %d", pid+20)),
	}
}

// Metrics says nothing but when memory runs short: gunicorn has no such lines.
func (g *Gunicorn) Metrics(at time.Time, u Usage) []string {
	if g.memoryPercent(u) <= 90 {
		return nil
	}
	return []string{fmt.Sprintf("%s WARNING serve.memory - resident %.0f MiB, %.1f %% of the limit", at.Format("2006-01-02 15:04:05,000"), u.MemoryMiB, g.memoryPercent(u))}
}
