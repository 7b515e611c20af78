package workload

import (
	"math"
	"math/rand/v2"
	"time"
)

// accelerator is the GPUs of one instance behind one queue, first come first
// served. Each device works on one request, or with batching on one batch.
type accelerator struct {
	devices []device
	queue   fifo
	batch   sampler // noise factor of a batch's duration, mean 1
	base    float64 // s; batching only
	perItem float64 // s
	most    int     // requests in a batch; 1 without batching
}

type device struct {
	items []int32 // in work; empty when idle
	since float64 // last time that busy was brought up to date
	busy  float64 // device-seconds so far
}

func newAccelerator(gpus int, b Batch) accelerator {
	a := accelerator{
		devices: make([]device, gpus),
		base:    b.Base.Seconds(), perItem: b.PerItem.Seconds(), most: max(1, b.Max),
		batch: newSampler(Demand{Mean: time.Second, CV: b.CV}),
	}
	for i := range a.devices {
		a.devices[i].items = make([]int32, 0, a.most)
	}
	return a
}

// idle answers a device without work, or -1.
func (a *accelerator) idle() int {
	for i := range a.devices {
		if len(a.devices[i].items) == 0 {
			return i
		}
	}
	return -1
}

// load moves waiting requests to device i and reports how many.
func (a *accelerator) load(i int, now float64) int {
	d := &a.devices[i]
	for a.queue.size > 0 && len(d.items) < a.most {
		d.items = append(d.items, a.queue.pop())
	}
	d.since = now
	return len(d.items)
}

// duration answers how long a batch of n takes.
func (a *accelerator) duration(n int, r *rand.Rand) float64 {
	return (a.base + a.perItem*float64(n)) * a.batch.draw(r)
}

// settle brings a device's accounting to now.
func (d *device) settle(now float64) {
	if len(d.items) > 0 {
		d.busy += now - d.since
	}
	d.since = now
}

// busy answers the device-seconds used so far.
func (a *accelerator) busy(now float64) float64 {
	total := 0.0
	for i := range a.devices {
		a.devices[i].settle(now)
		total += a.devices[i].busy
	}
	return total
}

func (a *accelerator) clear(now float64) {
	for i := range a.devices {
		a.devices[i].settle(now)
		a.devices[i].items = a.devices[i].items[:0]
	}
	a.queue.clear()
}

// never is the time of what will not happen.
func never() float64 { return math.Inf(1) }
