package compare

// MemoryError ends a study whose next run does not fit in the memory that it may take.
type MemoryError struct {
	Eta         string
	Nodes       int   // per axis, of S
	Bytes, Most int64 // predicted and allowed
}

func (e *MemoryError) Error() string {
	return Say("eta = %s: out of memory: S on %d nodes per axis with its fields needs about %.0f MB, and %.0f MB may be taken", e.Eta, e.Nodes, float64(e.Bytes)/1e6, float64(e.Most)/1e6)
}

// InputError is a choice in the problem that cannot be honoured.
type InputError struct {
	Key string // the study's key: solver.nodes
	Msg string
}

func (e *InputError) Error() string { return e.Key + ": " + e.Msg }
