package scheme

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// adi is what the schemes of alternating directions share: the factored line
// systems I - theta dt L_k and the stages of every field.
type adi struct {
	op        SplitOperator
	theta, dt float64
	lines     []LineSolver
	copies    int           // stages per field
	y, z      [][]float64   // stages, per field
	w         [][][]float64 // [axis][field]: theta dt L_k of the field that a sweep starts from
}

// newADI factors the line systems; two tells whether the scheme has a second
// stage.
func newADI(op SplitOperator, theta, dt float64, two bool) (*adi, error) {
	s := &adi{op: op, theta: theta, dt: dt, copies: 1, w: make([][][]float64, op.Dim())}
	if two {
		s.copies = 2
	}
	for k := range op.Dim() {
		lu, err := op.Factor(k, theta*dt)
		if err != nil {
			return nil, err
		}
		s.lines = append(s.lines, lu)
	}
	return s, nil
}

// reserve makes room for the stages of the given number of fields.
func (s *adi) reserve(fields int) {
	n := s.op.Len()
	for len(s.y) < fields {
		s.y = append(s.y, make([]float64, n))
		if s.copies == 2 {
			s.z = append(s.z, make([]float64, n))
		}
		for k := range s.w {
			s.w[k] = append(s.w[k], make([]float64, n))
		}
	}
}

// slopes stores w_k = theta dt L_k v of one field.
func (s *adi) slopes(f int, v []float64) {
	for k := range s.w {
		clear(s.w[k][f])
		s.op.AddAxisTo(k, s.w[k][f], s.theta*s.dt, v)
	}
}

// explicit stores Y_0 = u + dt L u and the slopes of u.
func (s *adi) explicit(u [][]float64) {
	for f, uf := range u {
		s.slopes(f, uf)
		copy(s.y[f], uf)
		s.op.AddMixedTo(s.y[f], s.dt, uf)
		for k := range s.w {
			floats.AddScaled(s.y[f], 1/s.theta, s.w[k][f])
		}
	}
}

// sweep solves (I - theta dt L_k) y_k = y_{k-1} - w_k for every axis in turn, in
// place.
func (s *adi) sweep(y [][]float64) {
	for k, lu := range s.lines {
		for f := range y {
			floats.Sub(y[f], s.w[k][f])
		}
		lu.SolveTo(y)
	}
}

// Presets of theta in the literature.
const (
	ThetaHalf     = 1. / 2 // Crank-Nicolson: Douglas without a mixed part and CraigSneyd are of order 2
	ThetaImplicit = 1.     // the most damping
	// With ThetaMCS ModifiedCraigSneyd is unconditionally stable with mixed terms in two
	// dimensions, for constant coefficients (In 't Hout and Welfert 2009).
	ThetaMCS = 1. / 3
	// ThetaMCS3 is the same in three dimensions (In 't Hout and Mishra 2013, Appl. Numer.
	// Math. 74, doi:10.1016/j.apnum.2013.07.003).
	ThetaMCS3 = 6. / 13
	// With ThetaHV HundsdorferVerwer is so (the same); ThetaHVSmall, with smaller error
	// constants, is in use beside it (In 't Hout and Foulon, Int. J. Numer. Anal. Mod. 7,
	// 2010).
	ThetaHV      = 1./2 + 1.7320508075688772935274463415058723669428052538103806/6 // 1/2 + sqrt(3)/6
	ThetaHVSmall = 1 - math.Sqrt2/2
)

// thetaOr returns theta, or the default where it is zero.
func thetaOr(theta, preset float64) float64 {
	if theta == 0 {
		return preset
	}
	return theta
}
