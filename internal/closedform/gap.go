package closedform

// field is U^n - u(., n eta) in the eigenbasis.
type field interface {
	at(y []float64) float64
	// sup returns the supremum of the modulus over |y| <= radius, and a point
	// where it is attained.
	sup(radius float64) (float64, []float64)
}

// sequence gives the fields of one model and learning rate. It is a
// workspace: one goroutine at a time.
type sequence interface {
	field(n int) field
	// tail bounds |field(m) - field(Limit)| over |y| <= radius for every
	// m >= n, and decreases to zero.
	tail(n int, radius float64) float64
}

var (
	_ field    = quadraticField{}
	_ field    = (*cosineField)(nil)
	_ sequence = (*quadraticSequence)(nil)
	_ sequence = (*cosineSequence)(nil)
)

// tailAccuracy is the relative amount by which steps that were not looked at
// may exceed the gap returned.
const tailAccuracy = 1e-12

// limitMargin is the relative amount by which a finite n must exceed the limit
// to be reported: below it rounding would choose the n.
const limitMargin = 1e-10

// GapAt returns the supremum of |U^n(x) - u(x, n eta)| over |x| <= radius and
// a point where it is attained; n may be Limit. For a cosine d must be 1 or 2.
func (r *Reference) GapAt(m Model, eta, radius float64, n int) (gap float64, x []float64) {
	r.check(eta, n)
	gap, y := r.phi.sequence(r.sys, m, eta).field(n).sup(radius)
	return gap, r.sys.rotateBack(y)
}

// Gap returns the supremum of |U^n(x) - u(x, n eta)| over |x| <= radius and
// n = 0, 1, 2, .., with the n and the x where it is attained. When no finite n
// exceeds the limit n -> infinity by more than 1e-10 of it, n is Limit, x the
// origin (the limit does not depend on x) and attained is false.
//
// Every n is searched until the bound on all that follow (the sequence's tail)
// leaves no more than 1e-12 of the gap. For a cosine d must be 1 or 2.
func (r *Reference) Gap(m Model, eta, radius float64) (gap float64, n int, x []float64, attained bool) {
	r.check(eta, Limit)
	seq := r.phi.sequence(r.sys, m, eta)
	y := make([]float64, r.sys.d)
	limit, _ := seq.field(Limit).sup(0)
	gap, n = limit, Limit
	for k := 0; limit+seq.tail(k, radius) > gap*(1+tailAccuracy); k++ {
		least := gap
		if n == Limit {
			least *= 1 + limitMargin
		}
		if g, at := seq.field(k).sup(radius); g > least {
			gap, n, y = g, k, at
		}
	}
	return gap, n, r.sys.rotateBack(y), n != Limit
}
