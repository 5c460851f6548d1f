package objective

import (
	"errors"
	"fmt"

	"kolmo/law"
	"kolmo/objective/expr"
)

// Functions are the loss f(x;xi) of one sample and its derivatives in x, written in Go
// where an expression does not do. xi holds the law's variables in their order. They
// are called from several goroutines at once and may not change or keep their arguments.
type Functions struct {
	// Loss returns f(x;xi).
	Loss func(x, xi []float64) float64
	// Grad stores grad f(x;xi) in dst, of length d.
	Grad func(dst, x, xi []float64)
	// Hess stores both triangles of hess f(x;xi) in the d x d array dst, which is zero
	// before.
	Hess func(dst [][]float64, x, xi []float64)
}

// Func is an expected loss given by Functions and a law. It implements Objective.
type Func struct {
	d       int
	fn      Functions
	samples *law.Samples
	nodes   [][]float64 // xi_k
	law     Law
}

var _ Objective = (*Func)(nil)

// NewFunc returns the expected loss of d parameters. The error is a d that is not 1 to
// 3, a function that is nil, or a law with negative weights. That the derivatives are
// those of the loss is the caller's affair.
func NewFunc(d int, fn Functions, samples *law.Samples) (*Func, error) {
	if d < 1 || d > expr.MaxParameters {
		return nil, fmt.Errorf("objective: %d parameters; possible are 1, 2 and 3", d)
	}
	if fn.Loss == nil || fn.Grad == nil || fn.Hess == nil {
		return nil, errors.New("objective: a loss needs its gradient and its hessian")
	}
	nodes := samples.Onto(func(string) bool { return true })
	if signed, _ := nodes.Signed(); signed {
		return nil, errors.New("objective: a loss given by functions needs a law without negative weights")
	}
	f := &Func{d: d, fn: fn, samples: samples, nodes: make([][]float64, nodes.Len())}
	f.law = Law{Weights: nodes.Weights, Draws: 1, Exact: samples.Exact(), Unbounded: samples.Unbounded()}
	for k := range f.nodes {
		for _, c := range nodes.Columns {
			f.nodes[k] = append(f.nodes[k], c[k])
		}
	}
	if hull := samples.Hull(); hull != nil {
		h, err := NewFunc(d, fn, hull)
		if err != nil {
			return nil, err
		}
		f.law.Hull = h
	}
	return f, nil
}

// Dim implements Objective.
func (f *Func) Dim() int { return f.d }

// Law implements Objective. The weights are the law's own and must not be changed.
func (f *Func) Law() Law { return f.law }

// Refine implements Objective.
func (f *Func) Refine() (Objective, bool) {
	s, ok := f.samples.Refine(0)
	if !ok {
		return nil, false
	}
	fine, err := NewFunc(f.d, f.fn, s)
	return fine, err == nil
}

// NewEvaluator implements Objective.
func (f *Func) NewEvaluator() Evaluator {
	e := &funcEvaluator{f: f, sums: evaluator{d: f.d, weights: f.law.Weights, grads: make([]float64, f.d*len(f.nodes))}}
	for range f.d {
		e.hess = append(e.hess, make([]float64, f.d))
	}
	return e
}

// funcEvaluator implements Evaluator for a Func.
type funcEvaluator struct {
	f    *Func
	hess [][]float64
	sums evaluator // its gradients and the second pass for Sigma
}

func (e *funcEvaluator) GradsTo(dst, x []float64) {
	d := e.f.d
	if len(dst) != d*len(e.f.nodes) || len(x) != d {
		panic("objective: shape mismatch")
	}
	for k, xi := range e.f.nodes {
		e.f.fn.Grad(dst[k*d:k*d+d], x, xi)
	}
}

func (e *funcEvaluator) NodesTo(weights, grads, x []float64) {
	if len(weights) != len(e.f.nodes) {
		panic("objective: shape mismatch")
	}
	copy(weights, e.f.law.Weights)
	e.GradsTo(grads, x)
}

// MomentsTo implements Evaluator. The sums are compensated, and Sigma is centred in a
// second pass.
func (e *funcEvaluator) MomentsTo(m *Moments, x []float64) {
	d := e.f.d
	e.GradsTo(e.sums.grads, x)
	var value compensated
	var grad [3]compensated
	var hess [3][3]compensated
	for k, xi := range e.f.nodes {
		w := e.f.law.Weights[k]
		value.add(w * e.f.fn.Loss(x, xi))
		for i := range d {
			clear(e.hess[i])
		}
		e.f.fn.Hess(e.hess, x, xi)
		for i := range d {
			grad[i].add(w * e.sums.grads[k*d+i])
			for j := range d {
				hess[i][j].add(w * e.hess[i][j])
			}
		}
	}
	*m = Moments{F: value.value()}
	for i := range d {
		m.Grad[i] = grad[i].value()
		for j := range d {
			m.Hess[i][j] = hess[i][j].value()
		}
	}
	e.sums.sigmaTo(m)
}
