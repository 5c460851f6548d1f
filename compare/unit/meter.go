package unit

import (
	"kolmo/compare"
)

// meter tells the watcher what share of a run's predicted work is done.
type meter struct {
	watcher   compare.Watcher // nil: nobody watches
	lastT     float64         // where the last run ended, or is guessed to
	Done      float64         // of total, the predicted work
	total     float64
	Share     float64 // of this eta
	told      float64 // the progress that was reported
	megabytes float64 // what the plan of the last engine needs
	Part      int     // of the parts of the run
	Parts     int
}

func newMeter(p *compare.Problem, cfg *compare.Config) *meter {
	m := &meter{watcher: cfg.Watcher}
	for _, eta := range p.Etas {
		m.total += 1 / eta.Value
	}
	return m
}

// Progress reports that a part of the work between the present share of a learning rate and
// another one is done.
func (m *meter) Progress(eta compare.Rate, part, share float64, stage string) {
	if m.watcher == nil {
		return
	}
	inEta := m.Share + (share-m.Share)*part
	within := min(1, (m.Done+inEta/eta.Value)/m.total)
	// A shard may have to compute other units first, which are not counted.
	m.told = max(m.told, (float64(m.Part)+within)/float64(max(m.Parts, 1)))
	m.watcher.Progress(m.told, stage)
}
