package kolmogorov

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
)

// Propagator advances fields by SGD steps of length eta. It is a workspace: one
// goroutine at a time.
type Propagator interface {
	// AdvanceTo stores in out[j][f] the field f at (j+1) eta, for all j, from
	// the fields u; out[j][f] and u[f] have the length of the grid. out and u
	// must not overlap. The fields of the first call set the sizes by which
	// growth is judged: later calls go on with the same fields in the same
	// order. The error is *UnstableError, and out is then undefined.
	AdvanceTo(out [][][]float64, u [][]float64) error
	// TimeError bounds the truncation in t, summed over all calls, in the
	// maximum norm on the nodes and in the worst field; NaN if there is no such
	// bound.
	TimeError() float64
}

// ErrStiff reports an operator that needs more than maxParts polynomials per SGD
// step.
var ErrStiff = errors.New("kolmogorov: L is too stiff for the explicit propagator on this grid; use fewer nodes or time: hundsdorfer-verwer")

// ErrUnstable is wrapped by every UnstableError.
var ErrUnstable = errors.New("kolmogorov: unstable")

// UnstableError reports a field that grew beyond all that an average of the
// observable can be.
type UnstableError struct {
	Factor float64 // |u| over |phi|
}

// Error implements error.
func (e *UnstableError) Error() string {
	return fmt.Sprintf("kolmogorov: |u| grew to %.3g |phi|: the grid's one-sided closures do not bear the noise at the faces; use fewer nodes, a wider box or space: uniform", e.Factor)
}

// Unwrap returns ErrUnstable.
func (e *UnstableError) Unwrap() error { return ErrUnstable }

// maxGrowth is the factor over the first field's size from which a run is given
// up as unstable.
const maxGrowth = 1e8

// checkGrowth returns an *UnstableError if u has grown too much over size or is
// not finite.
func checkGrowth(u []float64, size float64) error {
	g := maxAbs(u) / size
	if g <= maxGrowth {
		return nil
	}
	if math.IsNaN(g) {
		g = math.Inf(1)
	}
	return &UnstableError{Factor: g}
}

// maxAbs returns max |u|, infinite where u has a NaN.
func maxAbs(u []float64) float64 {
	m := 0.0
	for _, v := range u {
		if a := math.Abs(v); a > m || math.IsNaN(a) {
			m = a
			if math.IsNaN(m) {
				return math.Inf(1)
			}
		}
	}
	return m
}

// SpectralRadius estimates the spectral radius of L by power iteration from a
// fixed random field: the mean growth per application, which tends to the radius
// also where the leading eigenvalues are a complex pair. It is right within a
// factor of two for the operators at hand and infinite where L is not finite.
// Cost: 20 applications of L and two fields of memory.
func (op *Operator) SpectralRadius() float64 {
	rnd := rand.New(rand.NewPCG(1, 2))
	v, w := make([]float64, op.Len()), make([]float64, op.Len())
	for i := range v {
		v[i] = 2*rnd.Float64() - 1
	}
	const settle, measure = 12, 8
	logs := 0.0
	for k := range settle + measure {
		op.ApplyTo(w, 1, v)
		norm := maxAbs(w)
		if norm == 0 || math.IsInf(norm, 0) {
			return norm
		}
		if k >= settle {
			logs += math.Log(norm)
		}
		for i := range v {
			v[i] = w[i] / norm
		}
	}
	return math.Exp(logs / measure)
}

// Growth estimates max_t |e^{tL}| over 0 <= t <= horizon in the maximum norm
// from a few random sign fields (the same in every call), looked at after every
// step that the propagator would take. It is an estimate from below, by a factor
// of about ten where few fields are given, and at least 1; beyond maxGrowth it
// returns what it has found so far. Cost: about 20 applications of L per field
// and step; it allocates its workspace.
func (op *Operator) Growth(horizon float64, fields int) float64 {
	rnd := rand.New(rand.NewPCG(3, 4))
	p := newTaylor(op, growthTolerance)
	growth := 1.0
	if !(p.step > horizon/maxParts) {
		return math.Inf(1)
	}
	for range fields {
		v := make([]float64, op.Len())
		for i := range v {
			v[i] = float64(2*rnd.IntN(2) - 1)
		}
		for t := 0.0; t < horizon; {
			dt := min(p.step, horizon-t)
			out, _ := p.expTo(dt, 1, v)
			copy(v, out)
			t += dt
			g := maxAbs(v)
			growth = max(growth, g)
			if g > maxGrowth {
				return g
			}
		}
	}
	return growth
}

// growthTolerance is the relative accuracy with which Growth propagates.
const growthTolerance = 1e-4
