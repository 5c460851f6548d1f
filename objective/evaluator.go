package objective

import (
	"math"

	"kolmo/objective/expr"
)

// evaluator implements Evaluator for a Loss.
type evaluator struct {
	d       int
	weights []float64
	machine *expr.Machine
	grads   []float64 // M d sample gradients, for the centred pass
}

var _ Evaluator = (*evaluator)(nil)

func (l *Loss) newEvaluator() *evaluator {
	return &evaluator{
		d: l.Dim(), weights: l.law.Weights, machine: l.batch.NewMachine(),
		grads: make([]float64, l.Dim()*l.law.Len()),
	}
}

// GradsTo implements Evaluator.
func (e *evaluator) GradsTo(dst, x []float64) {
	if len(dst) != len(e.grads) || len(x) != e.d {
		panic("objective: shape mismatch")
	}
	e.machine.Point(x, nil, 1)
	for k := 0; k < len(e.weights); k += expr.Lanes {
		n := e.machine.Block(k)
		e.storeGrads(dst[k*e.d:], n)
	}
}

// storeGrads copies the gradients of the current block of n samples.
func (e *evaluator) storeGrads(dst []float64, n int) {
	for i := range e.d {
		g := e.machine.Grad(i)
		if g == nil {
			for l := range n {
				dst[l*e.d+i] = 0
			}
			continue
		}
		for l, v := range g {
			dst[l*e.d+i] = v
		}
	}
}

// MomentsTo implements Evaluator. It makes two passes: compensated weighted sums,
// then Sigma from gradients centred at their mean, less the square of the centred
// mean, which is rounding only.
func (e *evaluator) MomentsTo(m *Moments, x []float64) {
	if len(x) != e.d {
		panic("objective: shape mismatch")
	}
	d := e.d
	var f compensated
	var grad [3]compensated
	var hess [3][3]compensated
	e.machine.Point(x, nil, 2)
	for k := 0; k < len(e.weights); k += expr.Lanes {
		n := e.machine.Block(k)
		w := e.weights[k : k+n]
		f.addDot(w, e.machine.Value())
		for i := range d {
			grad[i].addDot(w, e.machine.Grad(i))
			for j := i; j < d; j++ {
				hess[i][j].addDot(w, e.machine.Hess(i, j))
			}
		}
		e.storeGrads(e.grads[k*d:], n)
	}
	*m = Moments{F: f.value()}
	for i := range d {
		m.Grad[i] = grad[i].value()
		for j := i; j < d; j++ {
			m.Hess[i][j] = hess[i][j].value()
			m.Hess[j][i] = m.Hess[i][j]
		}
	}
	e.sigmaTo(m)
}

func (e *evaluator) sigmaTo(m *Moments) {
	d := e.d
	var rest [3]float64
	var s [3][3]float64
	for k, w := range e.weights {
		g := e.grads[k*d : k*d+d]
		var c [3]float64
		for i := range g {
			c[i] = g[i] - m.Grad[i]
		}
		for i := range g {
			rest[i] += w * c[i]
			for j := i; j < d; j++ {
				s[i][j] += w * c[i] * c[j]
			}
		}
	}
	for i := range d {
		for j := i; j < d; j++ {
			m.Sigma[i][j] = s[i][j] - rest[i]*rest[j]
			m.Sigma[j][i] = m.Sigma[i][j]
		}
		m.Sigma[i][i] = math.Max(m.Sigma[i][i], 0)
	}
}

// valueAt returns f(x) alone.
func (e *evaluator) valueAt(x []float64) float64 {
	var f compensated
	e.machine.Point(x, nil, 0)
	for k := 0; k < len(e.weights); k += expr.Lanes {
		n := e.machine.Block(k)
		f.addDot(e.weights[k:k+n], e.machine.Value())
	}
	return f.value()
}

// compensated is a sum with a running error term (Neumaier, Z. Angew. Math. Mech.
// 54, 1974).
type compensated struct{ sum, err float64 }

// addDot adds w.v, v nil being zero. Within a block of at most expr.Lanes terms
// the sum is plain; its rounding does not grow with the number of samples.
func (c *compensated) addDot(w, v []float64) {
	if v == nil {
		return
	}
	v = v[:len(w)]
	var p float64
	for k, x := range v {
		p += w[k] * x
	}
	t := c.sum + p
	if math.Abs(c.sum) >= math.Abs(p) {
		c.err += (c.sum - t) + p
	} else {
		c.err += (p - t) + c.sum
	}
	c.sum = t
}

// value returns the sum; an infinite sum, whose error term is NaN, stays infinite.
func (c *compensated) value() float64 {
	if math.IsInf(c.sum, 0) {
		return c.sum
	}
	return c.sum + c.err
}
