package kolmogorov

import (
	"fmt"
)

// Correction follows e(x,t), the limit of (U^n - u(., n eta))/eta^k at n eta = t as
// eta falls, together with u0, the observable along the gradient flow:
//
//	e_t = L_1 e + D u0,   u0_t = L_1 u0,   L_1 = -grad f.grad,   e(.,0) = 0,   u0(.,0) = phi,
//
// with D the model's Defect. Both are advanced as one linear system, by Taylor
// polynomials or from a basis. It is a workspace: one goroutine at a time.
type Correction struct {
	system *triangular
	taylor *taylor
	v      []float64 // e, then u0, which stays behind while the basis serves
	time   float64
	basis  *correctionBasis // nil: by polynomials
	step   int              // of the basis
}

// NewCorrection returns the correction at t = 0 for an observable given on the nodes;
// flow is L of the limit eta -> 0. It panics if phi has not the length of the grid.
func NewCorrection(flow *Operator, df *Defect, phi []float64) *Correction {
	checkField(flow.g, "an observable", phi)
	c := &Correction{system: &triangular{op: flow, df: df}}
	c.taylor = newTaylor(c.system, correctionTolerance)
	c.v = make([]float64, 2*flow.Len())
	copy(c.v[flow.Len():], phi)
	return c
}

// Clone returns a copy that goes on by itself; both share workspace, so that they
// are one goroutine's.
func (c *Correction) Clone() *Correction {
	d := *c
	d.v = append([]float64(nil), c.v...)
	return &d
}

// correctionTolerance is where terms stop to matter: third derivatives leave fewer
// digits.
const correctionTolerance = 1e-13

// UseBasis has steps of length dt from here, up to the given number, be read off an Arnoldi
// basis of the system, and reports whether that serves. The basis errs by at most 1e-7 of the
// largest |e|. Other steps are by polynomials, and so are those of a clone after such a one. Cost: up to 480 applications of the system and as many pairs of fields of memory.
func (c *Correction) UseBasis(dt float64, steps int) bool {
	c.leaveBasis()
	c.basis, c.step = newCorrectionBasis(c.system, c.v, dt, steps), 0
	return c.basis != nil
}

// leaveBasis brings u0 to where e is, and goes on without the basis.
func (c *Correction) leaveBasis() {
	if c.basis != nil && c.step > 0 {
		c.basis.basis.FieldTo(c.v, c.basis.now.At(c.step))
	}
	c.basis = nil
}

// Advance advances by dt > 0. The error wraps ErrStiff.
func (c *Correction) Advance(dt float64) error {
	if c.basis != nil {
		if c.basis.dt == dt && c.step < c.basis.steps {
			c.step++
			copy(c.v, c.basis.at(c.step))
			c.time += dt
			return nil
		}
		c.leaveBasis()
	}
	parts := 1
	for parts < maxParts && dt/float64(parts) > c.taylor.step {
		parts *= 2
	}
	v, ok := c.taylor.expTo(dt, parts, c.v)
	if !ok {
		return fmt.Errorf("the predicted constant: %w", ErrStiff)
	}
	c.v = v
	c.time += dt
	return nil
}

// Time returns t.
func (c *Correction) Time() float64 { return c.time }

// E returns e(.,t) on the nodes; the next Advance makes it stale.
func (c *Correction) E() []float64 { return c.v[:len(c.v)/2] }

// triangular is the system for (e, u0).
type triangular struct {
	op *Operator
	df *Defect
}

// Len returns the length of e and u0 together.
func (s *triangular) Len() int { return 2 * s.op.Len() }

// ApplyTo stores u + c M v in dst, as Operator.ApplyTo.
func (s *triangular) ApplyTo(dst, u []float64, c float64, v []float64) {
	n := s.op.Len()
	var e, u0 []float64
	if u != nil {
		e, u0 = u[:n], u[n:]
	}
	s.op.ApplyTo(dst[:n], e, c, v[:n])
	s.op.ApplyTo(dst[n:], u0, c, v[n:])
	s.df.AddTo(dst[:n], c, v[n:])
}
