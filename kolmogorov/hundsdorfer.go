package kolmogorov

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"

	"kolmo/fd"
)

// HundsdorferVerwer is the alternating-direction scheme of Hundsdorfer and
// Verwer with theta = 1/2 + sqrt(3)/6, second order in dt with a mixed term:
//
//	Y_0 = u + dt L u,              Y_k = Y_{k-1} + theta dt (L_k Y_k - L_k u),
//	Z_0 = Y_0 + (dt/2)(L Y_d - L u), Z_k = Z_{k-1} + theta dt (L_k Z_k - L_k Y_d),
//
// and the new u is Z_d. Without a mixed term and in one dimension the order is
// three. Stability with a mixed term is proven for constant coefficients in two
// dimensions; where a falls to zero within few nodes and a dt/h^2 is in the
// thousands rough fields may grow. It is a workspace: one goroutine at a time.
//
// References: Hundsdorfer and Verwer, Numerical Solution of Time-Dependent
// Advection-Diffusion-Reaction Equations (2003), doi:10.1007/978-3-662-09017-6,
// IV (5.20); In 't Hout and Welfert, Appl. Numer. Math. 59 (2009),
// doi:10.1016/j.apnum.2008.03.016.
type HundsdorferVerwer struct {
	op         *Operator
	dt         float64
	sub        int
	lines      []*fd.Banded
	u, y, z, l []float64 // the field, Y, Z, and dt L of one of them
	sizes      []float64 // |phi| of every field
}

// thetaHV is the theta for which the scheme is unconditionally stable with
// mixed terms in two dimensions (In 't Hout and Welfert 2009).
var thetaHV = 0.5 + math.Sqrt(3)/6

// NewHundsdorferVerwer returns a propagator that takes sub steps, at least 1, per
// SGD step of length eta. The error wraps fd.ErrSingular where a line matrix
// cannot be factored. Cost per step: two applications of L, and per axis two of
// L_k and two line solves.
func NewHundsdorferVerwer(op *Operator, eta float64, sub int) (*HundsdorferVerwer, error) {
	if sub < 1 {
		return nil, fmt.Errorf("kolmogorov: %d steps per SGD step: want at least 1", sub)
	}
	s := &HundsdorferVerwer{op: op, dt: eta / float64(sub), sub: sub}
	for k := range op.Dim() {
		lu, err := op.Factor(k, thetaHV*s.dt)
		if err != nil {
			return nil, err
		}
		s.lines = append(s.lines, lu)
	}
	for _, p := range []*[]float64{&s.u, &s.y, &s.z, &s.l} {
		*p = make([]float64, op.Len())
	}
	return s, nil
}

// TimeError implements Propagator: the scheme has no bound of its own.
func (s *HundsdorferVerwer) TimeError() float64 { return math.NaN() }

// AdvanceTo implements Propagator. It does not allocate after the first call.
func (s *HundsdorferVerwer) AdvanceTo(out [][][]float64, u [][]float64) error {
	for f, uf := range u {
		if f >= len(s.sizes) {
			s.sizes = append(s.sizes, max(maxAbs(uf), math.SmallestNonzeroFloat64))
		}
		copy(s.u, uf)
		for j := range out {
			for range s.sub {
				s.step()
			}
			if err := checkGrowth(s.u, s.sizes[f]); err != nil {
				return err
			}
			copy(out[j][f], s.u)
		}
	}
	return nil
}

// step advances s.u by dt in place.
func (s *HundsdorferVerwer) step() {
	op, dt := s.op, s.dt
	op.ApplyTo(s.l, dt, s.u)
	floats.AddTo(s.y, s.u, s.l) // Y_0
	copy(s.z, s.y)
	s.sweep(s.y, s.u) // Y_d
	// Z_0 = Y_0 + (dt/2) (L Y_d - L u)
	floats.AddScaled(s.z, -0.5, s.l)
	op.ApplyTo(s.l, dt, s.y)
	floats.AddScaled(s.z, 0.5, s.l)
	s.sweep(s.z, s.y)
	s.u, s.z = s.z, s.u
}

// sweep solves (I - theta dt L_k) y_k = y_{k-1} - theta dt L_k w for every axis
// in turn, in place.
func (s *HundsdorferVerwer) sweep(y, w []float64) {
	for k, lu := range s.lines {
		s.op.AddAxisTo(k, y, -thetaHV*s.dt, w)
		lu.SolveTo(y)
	}
}
