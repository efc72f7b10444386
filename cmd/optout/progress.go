package main

import (
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progress shows how far a run has come: a bar with rows a second on a terminal.
// The log has a line a stage.
type progress struct {
	console *console
	mu      sync.Mutex
	stage   string
	bar     *progressbar.ProgressBar
}

func newProgress(c *console) *progress { return &progress{console: c} }

// update is called from several goroutines, of a stage with growing rows.
func (p *progress) update(stage string, rows, total int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if stage != p.stage {
		p.end()
		p.stage = stage
		p.begin(stage, total)
	}
	if p.bar != nil {
		_ = p.bar.Set64(min(rows, total)) // a bar that cannot be drawn stops no run
	}
}

func (p *progress) begin(stage string, total int64) {
	if !p.console.terminal() {
		return
	}
	p.bar = progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(p.console.stderr), progressbar.OptionSetDescription(stage),
		progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString("rows"),
		progressbar.OptionFullWidth(), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
}

func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
		p.bar = nil
	}
}

// finish clears the bar.
func (p *progress) finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.end()
}
