package terminal

import (
	"fmt"
	"math"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"kolmo/cmd/kolmo/internal/memory"
	"kolmo/compare"
)

var _ compare.Watcher = (*Progress)(nil)

// progress shows how work proceeds: as a bar on a terminal; elsewhere as a line a minute,
// more often with --progress, or in log lines with --log-format.
type Progress struct {
	mu    sync.Mutex
	r     *Reporter
	bar   *progressbar.ProgressBar // on terminals
	file  *os.File                 // the terminal
	left  forecast
	share float64 // unknown: what is left is not known
	stage string
	rare  bool // lines only to show that the work goes on
	began time.Time
	rate  string    // what the last line was about
	drawn time.Time // the bar
	unit  time.Time // when the last unit was finished, or the work began
	ended bool
	stop  chan struct{}
}

// parts is the resolution of the bar.
const parts = 1000

// How often the bar is drawn at most, and at least; how often lines say the same again, and
// where nobody has asked for them.
const (
	redrawAfter    = 100 * time.Millisecond
	TickEvery      = time.Second
	tellEvery      = 30 * time.Second
	tellRarelyEach = time.Minute
)

// unknown is the share of work whose end is not known.
const unknown = -1

// newProgress returns the progress for a reporter; its end must be called.
func newProgress(r *Reporter) *Progress {
	p := &Progress{r: r, ended: r.quiet, unit: r.now(), began: r.now(), stop: make(chan struct{})}
	if r.told.IsZero() {
		r.told = p.began
	}
	f, ok := r.raw.(*os.File)
	switch {
	case r.quiet:
		return p
	case r.log != nil || r.lines && !(ok && term.IsTerminal(int(f.Fd()))):
	case ok && term.IsTerminal(int(f.Fd())):
		p.file = f
		p.bar = progressbar.NewOptions(parts,
			progressbar.OptionSetWriter(f),
			progressbar.OptionSetWidth(barWidth),
			progressbar.OptionSetPredictTime(false),
			progressbar.OptionSetElapsedTime(false),
			progressbar.OptionShowDescriptionAtLineEnd(),
			progressbar.OptionUseANSICodes(true),
			progressbar.OptionSetTheme(progressbar.Theme{Saucer: "=", SaucerHead: ">", SaucerPadding: " ", BarStart: "[", BarEnd: "]"}),
		)
	default:
		p.rare = true
	}
	go func() {
		t := time.NewTicker(TickEvery)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				p.tick()
			case <-p.stop:
				return
			}
		}
	}()
	return p
}

func (p *Progress) Progress(share float64, stage string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return
	}
	p.share, p.stage = min(max(share, 0), 1), stage
	p.show()
}

// phase names what is being done now without telling how much of it there is.
func (p *Progress) Phase(stage string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.share, p.stage, p.left = unknown, stage, forecast{}
}

func (p *Progress) Finished(u compare.FinishedUnit) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.r.now()
	took := now.Sub(p.unit).Seconds() // one unit is worked on after the other
	p.unit = now
	switch {
	case p.ended, p.bar != nil, p.rare:
	case p.r.log != nil:
		p.r.unit(u, took)
	case u.Stored:
		p.r.tell("kolmo: ", "%s was there already", u.Key)
	default:
		p.r.tell("kolmo: ", "%s is finished, after %.1f s", u.Key, took)
	}
}

// tick shows the progress although nothing has happened.
func (p *Progress) tick() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ended && p.stage != "" {
		p.show()
	}
}

// show draws the bar, or tells a line if it is time for one.
func (p *Progress) show() {
	now := p.r.now()
	if p.share != unknown {
		p.left.update(now, p.share)
	}
	rate, _, _ := strings.Cut(p.stage, ":")
	every := tellEvery
	if p.rare {
		every = tellRarelyEach
	}
	due := now.Sub(p.r.told) >= every
	switch {
	case p.bar != nil:
		if now.Sub(p.drawn) >= redrawAfter {
			p.drawn = now
			p.draw(now)
		}
	case p.r.log != nil && due:
		p.r.told = now
		args := []any{"stage", p.stage}
		if p.share != unknown {
			args = append(args, "share", math.Round(1e4*p.share)/1e4)
		}
		if p.left.known {
			args = append(args, "eta_seconds", math.Round(p.left.seconds))
		}
		p.r.log.Info("progress", append(args, "rss_bytes", memory.ResidentBytes())...)
	case p.r.log == nil && (due || !p.rare && p.share != unknown && rate != p.rate):
		p.r.told, p.rate = now, rate
		p.r.tell("kolmo: ", "%s (%s)", rate, p.words(now))
	}
}

// words says how far the work is.
func (p *Progress) words(now time.Time) string {
	switch {
	case p.share == unknown:
		return Span(now.Sub(p.began).Seconds()) + " so far"
	case p.left.known:
		return fmt.Sprintf("%.0f %% done, about %s left", 100*p.share, Span(p.left.seconds))
	}
	return fmt.Sprintf("%.0f %% done", 100*p.share)
}

// draw draws the bar; where the end is not known it is a line without one.
func (p *Progress) draw(now time.Time) {
	if p.share != unknown {
		p.bar.Set(min(int(p.share*parts), parts-1)) // its end is ours to tell
		p.bar.Describe(p.tail(p.columns()))
		return
	}
	if now.Sub(p.began) >= TickEvery { // what is over at once needs no words
		fmt.Fprintf(p.file, "%s%s", clearLine, Cut(fmt.Sprintf("%s, %s", p.stage, p.words(now)), p.columns()-barAfter))
	}
}

// clearLine empties the line of a terminal.
const clearLine = "\033[2K\r"

// cut returns a text that fits into so many columns.
func Cut(text string, columns int) string {
	const dots = "..."
	runes, room := []rune(text), max(0, columns)
	if len(runes) <= room {
		return text
	}
	return string(runes[:max(0, room-len(dots))]) + dots[:min(len(dots), room)]
}

// Widths of the bar, of what the library writes around it, "  34% [" and "]  ", and of
// what is left free behind, where terminals write ^C.
const (
	barWidth  = 12
	barBeside = 10
	barAfter  = 3
)

// columns returns the width of the terminal.
func (p *Progress) columns() int {
	const usual = 80
	if w, _, err := term.GetSize(int(p.file.Fd())); err == nil && w > 0 {
		return w
	}
	return usual
}

// tail returns what stands beside the bar: the time left, the memory held now, and what
// is being done, cut to fit in so many columns.
func (p *Progress) tail(columns int) string {
	var facts []string
	if p.left.known {
		facts = append(facts, Span(p.left.seconds)+" left")
	}
	facts = append(facts, BytesWords(memory.ResidentBytes())+" now", EscapeLine(p.stage))
	return Cut(strings.Join(facts, ", "), columns-barWidth-barBeside-barAfter)
}

// bytesWords returns "118 MB" or "3.4 GB".
func BytesWords(n uint64) string {
	switch mb := float64(n) / 1e6; {
	case mb < 0.5:
		return "< 1 MB"
	case mb < 999.5:
		return fmt.Sprintf("%.0f MB", mb)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

// aside says something on a line of its own, in the bar's place.
func (p *Progress) Aside(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil && !p.ended {
		fmt.Fprint(p.file, clearLine)
	}
	p.r.Say("%s", text)
}

// end takes the bar away; what is told later is not shown.
func (p *Progress) End() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return
	}
	p.ended = true
	close(p.stop)
	switch {
	case p.bar == nil:
	case p.share == unknown:
		if p.drawn.Sub(p.began) >= TickEvery {
			fmt.Fprint(p.file, clearLine)
		}
	default:
		p.bar.Clear()
	}
}
