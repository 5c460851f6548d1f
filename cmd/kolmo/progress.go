package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"kolmo/compare"
)

var _ compare.Watcher = (*progress)(nil)

// progress shows how a study proceeds: as a bar on a terminal, as a line per
// learning rate elsewhere, or not at all.
type progress struct {
	mu    sync.Mutex
	w     io.Writer
	bar   *progressbar.ProgressBar // on terminals
	last  string                   // what the last line told
	ended bool
}

// parts is the resolution of the bar.
const parts = 1000

func newProgress(w io.Writer, quiet bool) *progress {
	p := &progress{w: w, ended: quiet}
	if f, ok := w.(*os.File); ok && !quiet && term.IsTerminal(int(f.Fd())) {
		p.bar = progressbar.NewOptions(parts,
			progressbar.OptionSetWriter(w),
			progressbar.OptionSetWidth(14),
			progressbar.OptionSetPredictTime(true),
			progressbar.OptionThrottle(60*time.Millisecond),
			progressbar.OptionClearOnFinish(),
		)
	}
	return p
}

// Progress implements compare.Watcher.
func (p *progress) Progress(share float64, stage string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return
	}
	if p.bar != nil {
		p.bar.Describe(stage)
		p.bar.Set(min(int(share*parts), parts-1)) // its end is ours to tell
		return
	}
	rate, _, _ := strings.Cut(stage, ":")
	if rate != p.last {
		fmt.Fprintf(p.w, "kolmo: %s (%.0f %% done)\n", rate, 100*share)
		p.last = rate
	}
}

// Finished implements compare.Watcher.
func (p *progress) Finished(string, bool) {}

// end takes the bar away; what is told later is not shown.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil && !p.ended {
		p.bar.Clear()
	}
	p.ended = true
}
