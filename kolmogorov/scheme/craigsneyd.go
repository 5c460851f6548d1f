package scheme

import "gonum.org/v1/gonum/floats"

// CraigSneyd corrects Douglas for the mixed part,
//
//	Y_0 = u + dt L u,                        Y_k = Y_{k-1} + theta dt (L_k Y_k - L_k u),
//	Z_0 = Y_0 + (dt/2)(L_0 Y_d - L_0 u),     Z_k = Z_{k-1} + theta dt (L_k Z_k - L_k u),
//
// and the new u is Z_d. Its order is 2 for theta = 1/2 and otherwise 1.
//
// Reference: Craig and Sneyd, Comput. Math. Appl. 16 (1988),
// doi:10.1016/0898-1221(88)90150-2.
type CraigSneyd struct {
	Theta float64 // default 0: 1/2
}

// Name implements Scheme.
func (s CraigSneyd) Name() string { return "craig-sneyd" }

// Order implements Scheme.
func (s CraigSneyd) Order(SplitOperator) int {
	if thetaOr(s.Theta, ThetaHalf) == ThetaHalf {
		return 2
	}
	return 1
}

// Fields implements Scheme.
func (s CraigSneyd) Fields(d int) int { return 2 + d }

// Passes implements Scheme.
func (s CraigSneyd) Passes() float64 { return 4 }

// Implicit implements Scheme.
func (s CraigSneyd) Implicit() bool { return true }

// NewStepper implements Scheme. Cost per step: one application of L and two of
// its mixed part, and two solves along every axis.
func (s CraigSneyd) NewStepper(op SplitOperator, dt float64) (Stepper, error) {
	a, err := newADI(op, thetaOr(s.Theta, ThetaHalf), dt, true)
	if err != nil {
		return nil, err
	}
	return &craigSneyd{adi: a, mixed: 0.5}, nil
}

// ModifiedCraigSneyd is of order 2 for every theta. The new u is Z_d.
//
//	Y_0 = u + dt L u,    Y_k = Y_{k-1} + theta dt (L_k Y_k - L_k u),
//	Z_0 = Y_0 + theta dt (L_0 Y_d - L_0 u) + (1/2 - theta) dt (L Y_d - L u),
//	Z_k = Z_{k-1} + theta dt (L_k Z_k - L_k u).
//
// With theta = 1/2 it is CraigSneyd. For theta >= 1/3 it is stable
// for constant coefficients in two dimensions with every mixed term. With mixed terms in
// three, smaller steps do not help below 6/13.
//
// Reference: In 't Hout and Welfert, Appl. Numer. Math. 59 (2009),
// doi:10.1016/j.apnum.2008.03.016.
type ModifiedCraigSneyd struct {
	Theta float64 // default 0: ThetaMCS, and ThetaMCS3 in three dimensions
}

// Name implements Scheme.
func (s ModifiedCraigSneyd) Name() string { return "modified-craig-sneyd" }

// Order implements Scheme.
func (s ModifiedCraigSneyd) Order(SplitOperator) int { return 2 }

// Fields implements Scheme.
func (s ModifiedCraigSneyd) Fields(d int) int { return 2 + d }

// Passes implements Scheme.
func (s ModifiedCraigSneyd) Passes() float64 { return 5 }

// Implicit implements Scheme.
func (s ModifiedCraigSneyd) Implicit() bool { return true }

// NewStepper implements Scheme. Cost per step: two applications of L and two
// solves along every axis.
func (s ModifiedCraigSneyd) NewStepper(op SplitOperator, dt float64) (Stepper, error) {
	preset := ThetaMCS
	if op.Dim() == 3 {
		preset = ThetaMCS3
	}
	theta := thetaOr(s.Theta, preset)
	a, err := newADI(op, theta, dt, true)
	if err != nil {
		return nil, err
	}
	return &craigSneyd{adi: a, mixed: 0.5, axes: 0.5 - theta}, nil
}

// craigSneyd takes the steps of both: its correction is
// dt mixed (L_0 Y - L_0 u) + dt axes sum_k (L_k Y - L_k u).
type craigSneyd struct {
	*adi
	mixed, axes float64
}

func (s *craigSneyd) Step(u [][]float64) {
	s.reserve(len(u))
	y, z := s.y[:len(u)], s.z[:len(u)]
	s.explicit(u)
	for f := range u {
		copy(z[f], y[f])
	}
	s.sweep(y)
	for f := range u {
		s.op.AddMixedTo(z[f], -s.mixed*s.dt, u[f])
		s.op.AddMixedTo(z[f], s.mixed*s.dt, y[f])
		if s.axes == 0 {
			continue
		}
		for k := range s.w {
			floats.AddScaled(z[f], -s.axes/s.theta, s.w[k][f])
			s.op.AddAxisTo(k, z[f], s.axes*s.dt, y[f])
		}
	}
	s.sweep(z)
	for f := range u {
		copy(u[f], z[f])
	}
}
