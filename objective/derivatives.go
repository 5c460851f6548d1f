package objective

import (
	"errors"
	"fmt"
	"math"

	"kolmo/law"
	"kolmo/objective/expr"
)

// Jets is the law of the gradient of a step together with its Hessian. A value is immutable.
type Jets struct {
	loss    *Loss // of one sample
	n       int   // nodes
	batches *law.Batches
	pairs   *Pairs
}

// NewJets returns that of an objective. Of batches that are not enumerated a quadrature with the moments of
// gradient and second derivative stands for it, of one parameter alone. The error says in a sentence why there is none.
func NewJets(o Objective) (*Jets, error) {
	switch o := o.(type) {
	case *Loss:
		return &Jets{loss: o, n: o.law.Len()}, nil
	case *Pairs:
		return &Jets{loss: o.loss, n: o.law.Len(), pairs: o}, nil
	case *Batch:
		if b := o.batches; b.Matched() && o.Dim() > 1 {
			return nil, fmt.Errorf("more than %d different batches of %d (sample.batch) have no law of Hessians in %d parameters; want smaller batches", law.BatchLimit, b.Size(), o.Dim())
		}
		b, err := law.NewBatches(o.loss.nodes, jetLength(o.Dim()), o.Size(), o.Replacement())
		if err != nil {
			return nil, err
		}
		if o.batches.Random() {
			b = b.AtRandom()
		}
		return &Jets{loss: o.loss, n: len(b.Weights()), batches: b}, nil
	}
	return nil, errors.New("the Hessians of single samples are not known of this loss")
}

// jetLength is the number of entries of a gradient and of a Hessian.
func jetLength(d int) int { return d + d*d }

// Len returns the number M of nodes. It may be another than the law's of gradients alone.
func (j *Jets) Len() int { return j.n }

// NewDerivatives returns a workspace.
func (j *Jets) NewDerivatives() *Derivatives {
	samples, d := j.loss.law.Len(), j.loss.Dim()
	e := &Derivatives{of: j, machine: j.loss.batch.NewMachine(), jets: make([]float64, samples*jetLength(d))}
	if j.batches != nil {
		e.work, e.means = j.batches.NewWork(), make([]float64, j.n*jetLength(d))
	}
	return e
}

// Derivatives evaluates Jets. It is a workspace: one goroutine at a time.
type Derivatives struct {
	of      *Jets
	machine *expr.Machine
	jets    []float64 // of the samples: gradient, then Hessian
	work    *law.BatchWork
	means   []float64 // likewise of batches
}

// DerivativesTo stores the nodes' probabilities, their gradients at x, d_i in grads[k*d+i], and Hessians, d_ij
// in hessians[(k*d+i)*d+j]. len(weights) must be M, len(grads) M d, len(hessians) M d^2 and len(x) d.
func (e *Derivatives) DerivativesTo(weights, grads, hessians, x []float64) {
	d, n := e.of.loss.Dim(), e.of.n
	if len(weights) != n || len(grads) != n*d || len(hessians) != n*d*d || len(x) != d {
		panic("objective: shape mismatch")
	}
	e.samples(x)
	put := func(k int, jet []float64) {
		copy(grads[k*d:], jet[:d])
		copy(hessians[k*d*d:], jet[d:jetLength(d)])
	}
	l := jetLength(d)
	switch {
	case e.work != nil:
		e.work.NodesTo(weights, e.means, e.jets)
		for k := range n {
			put(k, e.means[k*l:])
		}
	case e.of.pairs != nil:
		copy(weights, e.of.pairs.law.Weights)
		a, b := e.of.pairs.factors(x)
		both, k := make([]float64, l), 0
		for i := 0; i < len(e.jets); i += l {
			for j := 0; j < len(e.jets); j += l {
				for m := range both {
					both[m] = a*e.jets[i+m] + b*e.jets[j+m]
				}
				put(k, both)
				k++
			}
		}
	default:
		copy(weights, e.of.loss.law.Weights)
		for k := range n {
			put(k, e.jets[k*l:])
		}
	}
}

// samples evaluates gradients and Hessians of all samples.
func (e *Derivatives) samples(x []float64) {
	d, l := len(x), jetLength(len(x))
	e.machine.Point(x, nil, 2)
	for k := 0; k < len(e.jets)/l; k += expr.Lanes {
		n := e.machine.Block(k)
		for i := range d {
			spread(e.jets[k*l+i:], e.machine.Grad(i), n, l)
			for j := range d {
				spread(e.jets[k*l+d+i*d+j:], e.machine.Hess(min(i, j), max(i, j)), n, l)
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

// Root is a root of the covariance of a step's gradient by columns of single samples,
//
//	Sigma = sum_k s_k s_k^T,   s_k = sqrt(c w_k) (grad f(x;xi_k) - grad f(x)),
//
// c that of batches over one sample. With it also covariances of derivatives are the step's. It is immutable.
type Root struct {
	loss   *Loss
	factor float64 // c
}

// NewRoot returns that of an objective. The error says in a sentence why there is none.
func NewRoot(o Objective) (*Root, error) {
	r := &Root{factor: 1}
	switch o := o.(type) {
	case *Loss:
		r.loss = o
	case *Batch:
		r.loss, r.factor = o.loss, o.batches.Factor()
	case *Pairs:
		r.loss, r.factor = o.loss, o.l
	default:
		return nil, errors.New("the noise of single samples is not known of this loss")
	}
	if r.loss.law.Signed {
		return nil, errors.New("weights of the quadrature are negative, and have no root")
	}
	return r, nil
}

// Len returns the number of columns.
func (r *Root) Len() int { return r.loss.law.Len() }

// String says what the columns are.
func (r *Root) String() string {
	w := "w_k"
	if r.factor != 1 {
		w = fmt.Sprintf("%.4g w_k", r.factor)
	}
	return fmt.Sprintf("sqrt(%s) (grad f(x;xi_k) - grad f(x)), a column per sample", w)
}

// NewColumns returns a function that stores the columns at x times a factor, entry i of column k in dst[k*d+i].
// One goroutine may call it at a time.
func (r *Root) NewColumns() func(dst, x []float64, factor float64) {
	ev, weights := r.loss.newEvaluator(), r.loss.law.Weights
	return func(dst, x []float64, factor float64) {
		ev.GradsTo(dst, x)
		d := len(x)
		for i := range d {
			mean := 0.0
			for k, w := range weights {
				mean += w * dst[k*d+i]
			}
			for k, w := range weights {
				dst[k*d+i] = factor * math.Sqrt(r.factor*w) * (dst[k*d+i] - mean)
			}
		}
	}
}
