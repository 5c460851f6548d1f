package scheme

import (
	"fmt"
	"math"
)

// RungeKutta4 is the classical explicit scheme of order 4. Since L does not
// depend on time it is the Taylor polynomial of degree 4, evaluated by fused
// passes
//
//	v <- u + (dt/k) L v,   k = 4, 3, 2, 1.
//
// It is stable for dt rho(L) up to 2.78, rho the spectral radius.
type RungeKutta4 struct{}

// limitRK4 is the scheme's stability limit on the negative real axis, where it is
// smallest (Hairer and Wanner, Solving Ordinary Differential Equations II, IV.2);
// the margin is for the estimate of the spectral radius.
const (
	limitRK4  = 2.785
	marginRK4 = 0.95
)

// StepError reports a step too long for an explicit scheme.
type StepError struct {
	Scheme string
	Dt     float64
	Most   float64 // the longest step that is stable
}

func (e *StepError) Error() string {
	return fmt.Sprintf("kolmogorov: a step of %.3g is unstable for %s on this grid, which bears %.3g; take at least %.0f times as many steps, fewer nodes, or an implicit scheme",
		e.Dt, e.Scheme, e.Most, math.Ceil(e.Dt/e.Most))
}

// Name implements Scheme.
func (RungeKutta4) Name() string { return "rk4" }

// Order implements Scheme.
func (RungeKutta4) Order(SplitOperator) int { return 4 }

// Fields implements Scheme.
func (RungeKutta4) Fields(int) int { return 2 }

// Passes implements Scheme.
func (RungeKutta4) Passes() float64 { return 4 }

// Implicit implements Scheme.
func (RungeKutta4) Implicit() bool { return false }

// NewStepper implements Scheme; the error is a *StepError. Cost: 20 applications
// of L, and four per step.
func (s RungeKutta4) NewStepper(op SplitOperator, dt float64) (Stepper, error) {
	if most := marginRK4 * limitRK4 / SpectralRadius(op); dt > most {
		return nil, &StepError{Scheme: s.Name(), Dt: dt, Most: most}
	}
	n := op.Len()
	return &rungeKutta4{op: op, dt: dt, v: make([]float64, n), w: make([]float64, n)}, nil
}

type rungeKutta4 struct {
	op   SplitOperator
	dt   float64
	v, w []float64
}

func (s *rungeKutta4) Step(u [][]float64) {
	for _, uf := range u {
		s.op.ApplyTo(s.v, uf, s.dt/4, uf)
		s.op.ApplyTo(s.w, uf, s.dt/3, s.v)
		s.op.ApplyTo(s.v, uf, s.dt/2, s.w)
		s.op.ApplyTo(s.w, uf, s.dt, s.v)
		copy(uf, s.w)
	}
}
