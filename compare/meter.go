package compare

// meter tells the watcher what share of a run's predicted work is done.
type meter struct {
	watcher   Watcher // nil: nobody watches
	lastT     float64 // where the last run ended, or is guessed to
	done      float64 // of total, the predicted work
	total     float64
	share     float64 // of this eta
	told      float64 // the progress that was reported
	megabytes float64 // what the plan of the last engine needs
	part      int     // of the parts of the run
	parts     int
}

func newMeter(p *Problem, cfg *Config) *meter {
	m := &meter{watcher: cfg.Watcher}
	for _, eta := range p.Etas {
		m.total += 1 / eta.Value
	}
	return m
}

// progress reports that a part of the work between the present share of a learning rate and
// another one is done.
func (m *meter) progress(eta Rate, part, share float64, stage string) {
	if m.watcher == nil {
		return
	}
	inEta := m.share + (share-m.share)*part
	within := min(1, (m.done+inEta/eta.Value)/m.total)
	// A shard may have to compute other units first, which are not counted.
	m.told = max(m.told, (float64(m.part)+within)/float64(max(m.parts, 1)))
	m.watcher.Progress(m.told, stage)
}
