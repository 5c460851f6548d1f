package survey

// Offsets are what observables are less before they are propagated. Since S 1 = 1 and
// L 1 = 0, they pass through unchanged, and so do the gaps; but the derivatives of a constant
// on a grid are rounding errors of its size, which one-sided closures amplify. Whatever is
// shown of U^n and u has them added again.
type Offsets struct {
	Offset []float64 // per observable: phi(center)
	Spread []float64 // sup |phi - offset| over the points of the ball
}

// offsetOf returns the value of an observable at the centre, or zero where it has none.
func offsetOf(phi func(x []float64) float64, center []float64) float64 {
	v := phi(center)
	if v-v != 0 {
		return 0
	}
	return v
}

// Whole returns a copy of a field of an observable with its offset.
func (f *Offsets) Whole(u []float64, o int) []float64 {
	w := make([]float64, len(u))
	for i, v := range u {
		w[i] = v + f.Offset[o]
	}
	return w
}

// WholeAll returns copies of a field of each observable with their offsets.
func (f *Offsets) WholeAll(u [][]float64) [][]float64 {
	w := make([][]float64, len(u))
	for o := range u {
		w[o] = f.Whole(u[o], o)
	}
	return w
}
