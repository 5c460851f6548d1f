package survey

// Ratios of what two levels miss from which the finer one is taken not to resolve it.
const (
	stagnation = 0.9 // of phi
	slowDecay  = 0.5 // of the moments of the loss
)

// Unseen returns what a limit's error counts of features of phi or of the loss between the
// nodes of both levels. It is what the finer level misses if that is more than the size,
// or above the target and no smaller than at the coarser level, and zero otherwise. Over
// all time a miss acts only where the invariant law is.
func Unseen(fine, coarse, target, size float64) float64 {
	if fine > target && (fine > size || fine > stagnation*coarse) {
		return fine
	}
	return 0
}

// Unresolved is unseen for the moments of the loss: polynomials through enough nodes for
// them would miss them far less than those through fewer.
func Unresolved(fine, coarse, target, size float64) float64 {
	return Unseen(fine, coarse*slowDecay/stagnation, target, size)
}
