package job

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"sizewise/analyze/dossier"
	"sizewise/analyze/finding"
)

// lastMinutes is how long before the end of a failed job its log is read.
const lastMinutes = 10 * time.Minute

// cause is a way to fail, by the words that tell it.
type cause struct {
	check  string
	title  string
	words  []string
	advice string
}

// causes are tried in this order: the special before the general.
func causes() []cause {
	return []cause{
		{
			"job_gpu_out_of_memory", "GPU memory ran out",
			[]string{"CUDA out of memory", "CUDA error: out of memory", "torch.cuda.OutOfMemoryError", "torch.OutOfMemoryError", "CUBLAS_STATUS_ALLOC_FAILED", "OOM when allocating tensor"},
			"A smaller batch, gradient accumulation or checkpointing, lower precision, or a GPU with more memory.",
		},
		{
			"job_disk_full", "The disk was full",
			[]string{"No space left on device", "Errno 28", "Disk quota exceeded"},
			"A larger volume (VolumeSizeInGB), fewer checkpoints kept, or streamed input.",
		},
		{
			"job_out_of_memory", "Memory of the instance ran out",
			[]string{"exit code 137", "exit code: 137", "ExitCode 137", "exitcode: -9", "signal 9", "SIGKILL", "Cannot allocate memory", "java.lang.OutOfMemoryError", "MemoryError", "instance type with more memory", "Out of memory: Kill", "OutOfMemoryError", "oom-kill", "oom_kill"},
			"An instance with more memory, fewer loader workers, or data read in parts.",
		},
		{
			"job_no_capacity", "There was no capacity for the instances",
			[]string{"CapacityError", "InsufficientInstanceCapacity", "Insufficient capacity", "Unable to provision requested ML compute capacity", "ResourceLimitExceeded"},
			"Another instance type, Availability Zone or time; a training plan or warm pool keeps capacity.",
		},
		{
			"job_time_limit", "The time limit stopped it",
			[]string{"MaxRuntimeExceeded", "MaxWaitTimeExceeded", "MaxRuntimeInSeconds", "exceeded the maximum run", "maximum runtime"},
			"A longer MaxRuntimeInSeconds (and MaxWaitTimeInSeconds on spot), with checkpoints to go on from.",
		},
		{
			"job_client_error", "It was asked for what cannot be done",
			[]string{"ClientError", "AccessDenied", "ValidationException", "NoSuchKey", "NoSuchBucket"},
			"The message names the role, path or parameter.",
		},
	}
}

// failed reports whether the job ended otherwise than it should have.
func (r *run) failed() bool {
	return r.status == "Failed" || r.status == "Stopped" && r.stoppedByLimit()
}

func (r *run) stoppedByLimit() bool {
	second := r.fact("secondary_status")
	return strings.HasPrefix(second, "Max") && strings.HasSuffix(second, "Exceeded")
}

// autopsy says why a job failed: by what SageMaker said, what the log said last
// and how full the hosts were.
func (r *run) autopsy() {
	if !r.failed() {
		return
	}
	last := r.lastMessages()
	said := []string{r.fact("failure_reason"), r.fact("exit_message"), r.fact("secondary_status")}
	c, by := diagnose(said, last)
	full := r.fullAtEnd()
	if c.check == "" && full != "" {
		c = causes()[2]
		by = "the metrics: no message names a cause"
	}
	title := "The job failed, and nothing that was read names the cause."
	check, query := "job_failed", queryFacts
	switch {
	case c.check != "":
		check, title = c.check, fmt.Sprintf("%s, by %s.", c.title, by)
		if strings.HasPrefix(by, "the log") {
			query = queryLines
		}
	case exceptionOf(last) != "":
		title, query = fmt.Sprintf("The job's own code failed: %s.", exceptionOf(last)), queryLines
	case r.fact("failure_reason") != "":
		title = "The job failed: " + strings.TrimSuffix(shorten(r.fact("failure_reason")), ".") + "."
	}
	var evidence []string
	for i, prefix := range []string{"SageMaker says: ", "The container's last word: "} {
		if s := said[i]; s != "" {
			evidence = append(evidence, prefix+shorten(s))
		}
	}
	evidence = append(evidence, full)
	for i := range last[:min(3, len(last))] {
		evidence = append(evidence, r.line(&last[i]))
	}
	if len(last) == 0 && r.d.Lines == 0 {
		evidence = append(evidence, "No log was read.")
	}
	r.found.add(check, finding.Critical, query, title, append(evidence, c.advice)...)
}

// diagnose finds the first cause that a text names, the most special first,
// and who named it.
func diagnose(said []string, last []dossier.Message) (cause, string) {
	for _, c := range causes() {
		for _, s := range said {
			if named := c.named(s); named != "" {
				return c, "what SageMaker says (" + named + ")"
			}
		}
		for i := range last {
			for _, text := range []string{last[i].Example, last[i].Exception} {
				if named := c.named(text); named != "" {
					return c, "the log (" + named + ")"
				}
			}
		}
	}
	return cause{}, ""
}

// named is the word of a cause that a text has, "" for none.
func (c *cause) named(text string) string {
	low := strings.ToLower(text)
	for _, w := range c.words {
		if strings.Contains(low, strings.ToLower(w)) {
			return w
		}
	}
	if c.check == "job_out_of_memory" && strings.HasSuffix(strings.TrimSpace(text), "Killed") {
		return "Killed"
	}
	return ""
}

// lastMessages are those of the last minutes that fail or warn, the gravest and
// then the latest first; where none does, the very last.
func (r *run) lastMessages() []dossier.Message {
	end := r.end
	if end.IsZero() && len(r.d.Messages) > 0 {
		end = r.d.Messages[len(r.d.Messages)-1].Last
	}
	var grave, all []dossier.Message
	for i := range r.d.Messages {
		m := r.d.Messages[i]
		if m.Last.Before(end.Add(-lastMinutes)) {
			continue
		}
		all = append(all, m)
		if gravity(&m) > 0 {
			grave = append(grave, m)
		}
	}
	order := func(a, b dossier.Message) int {
		return cmp.Or(cmp.Compare(gravity(&b), gravity(&a)), b.Last.Compare(a.Last), cmp.Compare(a.Skeleton, b.Skeleton), cmp.Compare(a.Stream, b.Stream))
	}
	slices.SortFunc(grave, order)
	slices.SortFunc(all, order)
	if len(grave) > 0 {
		return grave
	}
	return all
}

func gravity(m *dossier.Message) int {
	g := 0
	switch m.Level {
	case "FATAL", "CRITICAL":
		g = 3
	case "ERROR":
		g = 2
	case "WARN", "WARNING":
		g = 1
	}
	for _, c := range causes() {
		if c.named(m.Example) != "" {
			g = 5
		}
	}
	if m.Exception != "" {
		g = max(g, 4)
	}
	return g
}

func exceptionOf(last []dossier.Message) string {
	for i := range last {
		if last[i].Exception != "" {
			return last[i].Exception
		}
	}
	return ""
}

// line tells one message: how long before the end, how often, and its template.
func (r *run) line(m *dossier.Message) string {
	when := ""
	if !r.end.IsZero() {
		if before := r.end.Sub(m.Last).Seconds(); before >= 0 {
			when = took(before) + " before the end"
		} else {
			when = "at the end"
		}
	}
	text := m.Skeleton
	if text == "" {
		text = m.Example
	}
	return fmt.Sprintf("Log, %s, %s: %s", strings.TrimPrefix(when+", "+m.Stream, ", "), plural(int(m.Lines), "time", "times"), shorten(text))
}

// fullAtEnd says that the memory of a host was full in the last minutes.
func (r *run) fullAtEnd() string {
	top, on := math.Inf(-1), ""
	for i := range r.hosts {
		use := r.hosts[i].use[memory]
		for _, s := range use[max(0, len(use)-3):] {
			if s.most > top {
				top, on = s.most, r.hosts[i].name
			}
		}
	}
	if top < overfull {
		return ""
	}
	return fmt.Sprintf("Memory of %s was %s full in its last minutes.", on, share(top))
}

// resumed says whether the log names a checkpoint after the last interruption.
func (r *run) resumed() string {
	var after time.Time
	for i := range r.phases {
		if r.phases[i].Name == phaseInterrupted {
			after = r.phases[i].End
		}
	}
	for i := range r.d.Messages {
		m := &r.d.Messages[i]
		low := strings.ToLower(m.Example)
		if m.First.After(after) && strings.Contains(low, "checkpoint") && (strings.Contains(low, "resum") || strings.Contains(low, "load") || strings.Contains(low, "restor")) {
			return "Afterwards the log says: " + shorten(m.Example)
		}
	}
	return "The log does not say that it went on from a checkpoint: without one all was done again."
}
