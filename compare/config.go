package compare

// Watcher is told how a study proceeds. Calls come from one goroutine.
type Watcher interface {
	// Progress reports the share of the predicted work that is done, in [0,1],
	// and what is being done.
	Progress(share float64, stage string)
	// Finished reports that a unit is there.
	Finished(u FinishedUnit)
}

// FinishedUnit is a part of a study that is there: it was computed or, if Stored is true,
// found in the store.
type FinishedUnit struct {
	Key    string   // of the store
	Kind   string   // a Study, or "constant"
	Model  string   //
	Eta    string   // as the study writes it; "" for all
	Gaps   []GapRow // of the gap study, per observable
	Stored bool
}

// Config holds what does not change the results. Nil means the defaults.
type Config struct {
	Watcher Watcher // default nil: nobody watches
	Workers int     // default 0: all processors
	// Memory is what a run may take, in bytes: one that is predicted to need more is not
	// begun, and ends the study with a *MemoryError. Default 0: no limit.
	Memory int64
	Store  Store // default nil: finished units are not kept
	// Fields, if not nil, is given the fields of every row as soon as its unit is
	// finished and before that is saved, instead of the result; fields of units that
	// were found in the store are not given again.
	Fields func(f *FieldSet, row *GapRow) error
	// Forecast, if not nil, is told before the work what the study's units are predicted to take.
	Forecast func(units []UnitForecast)

	Work          float64 // multiplications of one run, for tests; 0: mostWork
	OperatorBytes int64   // memory of S, for tests; 0: sgdop.DefaultMaxBytes
	FieldBytes    int64   // memory of the snapshots of one run, for tests; 0: fieldBytes
}

// Store keeps the finished units of a study: what was computed for one model at one
// learning rate, and the predicted constants. A unit depends on the problem alone, not
// on other units, workers, or the machine's load, so that a study may be interrupted and
// resumed, or divided among machines, and gives the same results to the last bit. A store
// belongs to one problem; its owner sees to that. Calls come from one goroutine.
type Store interface {
	// Load returns the unit with the key, or nil if there is none.
	Load(key string) ([]byte, error)
	// Save keeps a unit. It must be whole or absent afterwards.
	Save(key string, unit []byte) error
}
