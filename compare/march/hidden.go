package march

// HiddenLoss is what features of the loss between the nodes may do to a row: to U in one
// step from phi, and over time to U and to u. Thin tells that the layer in which noise ends is
// not resolved.
type HiddenLoss struct {
	Step, S, L, Layer float64
	Thin              bool
}
