package kolmogorov

import (
	"math"
	"math/rand/v2"

	"kolmo/kolmogorov/scheme"
)

// linear is an operator that fields can be multiplied by: L or its transpose.
type linear interface {
	Len() int
	ApplyTo(dst, u []float64, c float64, v []float64)
}

// SpectralRadius estimates the spectral radius of L by power iteration from a
// fixed random field: the mean growth per application, which tends to the radius
// also where the leading eigenvalues are a complex pair. It is right within a
// factor of two for the operators at hand and infinite where L is not finite.
// Cost: 20 applications of L and two fields of memory.
func (op *Operator) SpectralRadius() float64 { return scheme.SpectralRadius(op) }

// Growth estimates max_t |e^{tL}| over 0 <= t <= horizon in the maximum norm
// from a few random sign fields (the same in every call), looked at after every
// step that the propagator would take. It is an estimate from below, by a factor
// of about ten where few fields are given, and at least 1; beyond mostGrowth it
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
			if g > mostGrowth {
				return g
			}
		}
	}
	return growth
}

const (
	// growthTolerance is the relative accuracy with which Growth propagates.
	growthTolerance = 1e-4
	// mostGrowth is the growth at which Growth stops looking.
	mostGrowth = 1e8
)

// MaxGrowth is the transient growth max_t |e^{tL}| above which CheckGrowth refuses
// a grid. Rounding errors, about 4e-14 |phi| over a run, are amplified by as much:
// below it they stay under 1e-6 |phi|.
const MaxGrowth = 1e7

// CheckGrowth estimates the transient growth of fields on the grid by Growth, from
// one random field over the time in which the fastest path crosses half the box, or
// without drift the time that diffusion takes.
// The error is an *UnstableError where it exceeds MaxGrowth. Eigenvalues do not
// show this growth: it comes from one-sided closures at faces where the noise
// does not vanish, and rises with the nodes, the order and a/(|b| h) there. Cost:
// that of propagating one field for that long.
func (op *Operator) CheckGrowth() (float64, error) {
	horizon, noise := math.Inf(1), false
	for k := range op.Dim() {
		speed, diffusion := maxAbs(op.c.B[k]), maxAbs(op.c.A[k][k])
		a := op.g.Axis(k)
		half := (a.Hi() - a.Lo()) / 2
		if speed > 0 {
			horizon = min(horizon, half/speed)
		} else if diffusion > 0 {
			horizon = min(horizon, half*half/diffusion)
		}
		noise = noise || diffusion > 0
	}
	if !noise || math.IsInf(horizon, 0) {
		return 1, nil
	}
	growth := op.Growth(horizon, 1)
	if growth > MaxGrowth {
		return growth, &UnstableError{Factor: growth, Remedy: op.remedy()}
	}
	return growth, nil
}
