package scheme

import (
	"gonum.org/v1/gonum/floats"
)

// HundsdorferVerwer is of order 2 for every theta. The new u is Z_d.
//
//	Y_0 = u + dt L u,                Y_k = Y_{k-1} + theta dt (L_k Y_k - L_k u),
//	Z_0 = Y_0 + (dt/2)(L Y_d - L u), Z_k = Z_{k-1} + theta dt (L_k Z_k - L_k Y_d).
//
// Without a mixed part its order is 3 for the default theta.
// Stability with a mixed term is proven for constant coefficients in two
// dimensions; where a falls to zero within few nodes and a dt/h^2 is in the
// thousands rough fields may grow.
//
// References: Hundsdorfer and Verwer, Numerical Solution of Time-Dependent
// Advection-Diffusion-Reaction Equations (2003), doi:10.1007/978-3-662-09017-6,
// IV (5.20); In 't Hout and Welfert, Appl. Numer. Math. 59 (2009),
// doi:10.1016/j.apnum.2008.03.016.
type HundsdorferVerwer struct {
	Theta float64 // default 0: 1/2 + sqrt(3)/6
}

// Name implements Scheme.
func (s HundsdorferVerwer) Name() string { return "hundsdorfer-verwer" }

// Order implements Scheme.
func (s HundsdorferVerwer) Order(op SplitOperator) int {
	if !op.Mixed() && thetaOr(s.Theta, ThetaHV) == ThetaHV {
		return 3
	}
	return 2
}

// Fields implements Scheme.
func (s HundsdorferVerwer) Fields(d int) int { return 2 + d }

// Passes implements Scheme.
func (s HundsdorferVerwer) Passes() float64 { return 4 }

// Implicit implements Scheme.
func (s HundsdorferVerwer) Implicit() bool { return true }

// NewStepper implements Scheme. Cost per step: two applications of L and two
// solves along every axis.
func (s HundsdorferVerwer) NewStepper(op SplitOperator, dt float64) (Stepper, error) {
	a, err := newADI(op, thetaOr(s.Theta, ThetaHV), dt, true)
	if err != nil {
		return nil, err
	}
	return &hundsdorferVerwer{a}, nil
}

type hundsdorferVerwer struct{ *adi }

func (s *hundsdorferVerwer) Step(u [][]float64) {
	s.reserve(len(u))
	y, z := s.y[:len(u)], s.z[:len(u)]
	s.explicit(u)
	// Z_0 = Y_0 + (dt/2)(L Y_d - L u) = (u + Y_0)/2 + (dt/2) L Y_d
	for f := range u {
		floats.AddTo(z[f], u[f], y[f])
		floats.Scale(0.5, z[f])
	}
	s.sweep(y)
	for f := range u {
		s.slopes(f, y[f])
		s.op.AddMixedTo(z[f], s.dt/2, y[f])
		for k := range s.w {
			floats.AddScaled(z[f], 0.5/s.theta, s.w[k][f])
		}
	}
	s.sweep(z)
	for f := range u {
		copy(u[f], z[f])
	}
}
