package objective

import "kolmo/objective/expr"

// Derivatives evaluates the derivatives of all samples. It is a workspace: one goroutine at a
// time.
type Derivatives struct {
	d, samples int
	machine    *expr.Machine
}

// NewDerivatives returns a workspace for the derivatives of the loss's samples.
func (l *Loss) NewDerivatives() *Derivatives {
	return &Derivatives{d: l.Dim(), samples: l.law.Len(), machine: l.batch.NewMachine()}
}

// DerivativesTo stores the gradients at x, d_i f(x;xi_k) in grads[k*d+i], and the Hessians, d_ij in
// hessians[(k*d+i)*d+j]. len(grads) must be M d, len(hessians) M d^2 and len(x) d.
func (e *Derivatives) DerivativesTo(grads, hessians, x []float64) {
	d := e.d
	if len(grads) != e.samples*d || len(hessians) != e.samples*d*d || len(x) != d {
		panic("objective: shape mismatch")
	}
	e.machine.Point(x, nil, 2)
	for k := 0; k < e.samples; k += expr.Lanes {
		n := e.machine.Block(k)
		for i := range d {
			spread(grads[k*d+i:], e.machine.Grad(i), n, d)
			for j := range d {
				spread(hessians[(k*d+i)*d+j:], e.machine.Hess(min(i, j), max(i, j)), n, d*d)
			}
		}
	}
}

// spread stores n numbers at a stride; nil ones are zero.
func spread(dst, from []float64, n, stride int) {
	for s := range n {
		v := 0.0
		if from != nil {
			v = from[s]
		}
		dst[s*stride] = v
	}
}
