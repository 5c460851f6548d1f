package scheme

// Douglas is the scheme of Douglas and Rachford,
//
//	Y_0 = u + dt L u,   Y_k = Y_{k-1} + theta dt (L_k Y_k - L_k u),
//
// and the new u is Y_d. Its order is 2 for theta = 1/2 without a mixed part and
// otherwise 1. With theta = 1 it damps what is rough along one axis, not what is
// rough along several at once.
//
// Reference: Douglas and Rachford, Trans. Amer. Math. Soc. 82 (1956),
// doi:10.1090/S0002-9947-1956-0084194-4.
type Douglas struct {
	Theta float64 // default 0: 1/2
}

// Name implements Scheme.
func (s Douglas) Name() string { return "douglas" }

// Order implements Scheme.
func (s Douglas) Order(op SplitOperator) int {
	if thetaOr(s.Theta, ThetaHalf) == ThetaHalf && !op.Mixed() {
		return 2
	}
	return 1
}

// Fields implements Scheme.
func (s Douglas) Fields(d int) int { return 1 + d }

// Passes implements Scheme.
func (s Douglas) Passes() float64 { return 2 }

// Implicit implements Scheme.
func (s Douglas) Implicit() bool { return true }

// NewStepper implements Scheme. Cost per step: one application of L and one solve
// along every axis.
func (s Douglas) NewStepper(op SplitOperator, dt float64) (Stepper, error) {
	a, err := newADI(op, thetaOr(s.Theta, ThetaHalf), dt, false)
	if err != nil {
		return nil, err
	}
	return &douglas{a}, nil
}

type douglas struct{ *adi }

func (s *douglas) Step(u [][]float64) {
	s.reserve(len(u))
	y := s.y[:len(u)]
	s.explicit(u)
	s.sweep(y)
	for f := range u {
		copy(u[f], y[f])
	}
}
