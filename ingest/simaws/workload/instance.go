package workload

// stage is where a request is.
type stage uint8

const (
	unused stage = iota
	queued
	onCPU
	onGPU
	waiting // for something downstream
	abandoned
)

// outcome is how a request ends.
type outcome uint8

const (
	success     outcome = iota
	clientError         // 4xx from the container
	fault               // 500 from the model's code
	overflow            // 503: the queue was full
	killed              // 5xx: the container was killed under it
	unreachable         // 5xx: the container was down when it came
)

// request is one request in the system.
type request struct {
	arrived  float64
	cpu      float64 // demands in seconds, speed and warm-up included
	gpu      float64
	wait     float64
	instance int32
	stage    stage
	outcome  outcome
	died     bool // a fault because its worker died
}

// instance is one machine with its model server.
type instance struct {
	processor   processor
	accelerator accelerator
	queue       fifo
	working     int     // workers in use
	speed       float64 // relative to nominal
	since       float64 // when its container last came up
	memory      float64 // MiB in use beyond the base
	inService   bool    // counts as an instance of the variant
	startsAt    float64 // when a starting instance comes into service
	downUntil   float64 // when a killed container serves again; 0 while it is up
	arrivals    int     // since the last scaling decision's minute began
	full        float64 // seconds in which all workers were in use
	fullSince   float64
}

// down reports whether the container is restarting.
func (i *instance) down() bool { return i.downUntil > 0 }

// inSystem answers how many requests it holds.
func (i *instance) inSystem() int { return i.working + i.queue.size }

// settleFull brings the time with all workers busy to now.
func (i *instance) settleFull(now float64, workers int) {
	if i.working == workers {
		i.full += now - i.fullSince
	}
	i.fullSince = now
}
