package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// progress draws one status line that overwrites itself. It is silent when the
// stream is not a terminal, so that pipes and cron mails stay clean.
type progress struct {
	mu    sync.Mutex
	w     io.Writer // nil draws nothing
	now   func() time.Time
	drawn time.Time
	width int
}

// redrawEvery keeps a fast stage from flooding a slow terminal.
const redrawEvery = 100 * time.Millisecond

func newProgress(c console, quiet bool) *progress {
	p := &progress{now: c.now}
	if c.terminal && !quiet {
		p.w = c.err
	}
	return p
}

// stage shows where a long step is. total 0 means that it is not known.
func (p *progress) stage(name string, done, total int64, unit string) {
	if p.w == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if done != total && now.Sub(p.drawn) < redrawEvery {
		return
	}
	p.drawn = now
	line := name
	switch {
	case total > 0:
		line = fmt.Sprintf("%s  %d of %d %s", name, done, total, unit)
	case done > 0:
		line = fmt.Sprintf("%s  %d %s", name, done, unit)
	}
	fmt.Fprintf(p.w, "\r%-*s", p.width, line)
	p.width = max(p.width, len(line))
}

// clear removes the line before something else is said.
func (p *progress) clear() {
	if p.w == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.width > 0 {
		fmt.Fprintf(p.w, "\r%*s\r", p.width, "")
		p.width = 0
	}
}
