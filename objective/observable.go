package objective

import (
	"fmt"

	"kolmo/objective/expr"
)

// ExpectedLoss is the name by which an observable refers to f(x).
const ExpectedLoss = "f"

// Phi is an observable given by an expression in the parameters and, under the
// name ExpectedLoss, the expected loss. It implements Observable.
type Phi struct {
	name  string
	batch *expr.Batch
	loss  *Loss // nil if the expression does not use it
	d     int   // the loss's parameters, the first of those that the expression has
}

var _ Observable = (*Phi)(nil)

// NewPhi returns the observable of an expression over the loss's parameters and
// ExpectedLoss, and over more names of a state that begins with the parameters.
func NewPhi(name string, phi *expr.Expr, loss *Loss, more ...string) (*Phi, error) {
	state := append(append([]string(nil), loss.parameters...), more...)
	p, err := expr.Compile(phi, expr.Inputs{Parameters: state, Externals: []string{ExpectedLoss}})
	if err != nil {
		return nil, fmt.Errorf("objective: observable %s: %w", name, err)
	}
	o := &Phi{name: name, batch: p.Bind(1, nil), d: loss.Dim()}
	if phi.Uses(ExpectedLoss) {
		o.loss = loss
	}
	return o, nil
}

// Name implements Observable.
func (o *Phi) Name() string { return o.name }

// NewFuncOf returns phi as a function of x and of the expected loss there, as o's moments have
// it, or nil where phi uses no expected loss or that of another objective than o. One
// goroutine may call it at a time. It agrees with NewFunc to the last bit and takes no pass over the samples.
func (p *Phi) NewFuncOf(o Objective) func(x []float64, f float64) float64 {
	var l *Loss
	switch o := o.(type) {
	case *Loss:
		l = o
	case *Batch:
		l = o.loss
	case *Pairs:
		l = o.loss
	}
	if p.loss == nil || l != p.loss {
		return nil
	}
	m, external := p.batch.NewMachine(), make([]float64, 1)
	return func(x []float64, f float64) float64 {
		external[0] = f
		m.Point(x, external, 0)
		m.Block(0)
		return m.Value()[0]
	}
}

// On returns the observable with the expected loss of l, which has the same parameters.
func (p *Phi) On(l *Loss) *Phi {
	q := *p
	if q.loss != nil {
		q.loss = l
	}
	return &q
}

// NewFunc implements Observable. The function does not allocate.
func (o *Phi) NewFunc() func(x []float64) float64 {
	m := o.batch.NewMachine()
	f := make([]float64, 1)
	var e *evaluator
	if o.loss != nil {
		e = o.loss.newEvaluator()
	}
	return func(x []float64) float64 {
		if e != nil {
			f[0] = e.valueAt(x[:o.d])
		}
		m.Point(x, f, 0)
		m.Block(0)
		return m.Value()[0]
	}
}
