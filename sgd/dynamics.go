package sgd

import (
	"kolmo/assumptions"
	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/kolmogorov"
	"kolmo/objective"
	"kolmo/process"
)

// Name is the name of the chain in results.
const Name = "sgd"

// Dynamics is stochastic gradient descent for an expected loss. It implements
// process.Dynamics.
type Dynamics struct {
	o      objective.Objective
	state  process.State
	cut    Cutoff
	taper  *Cutoff // where the noise of the other models ends; nil: nowhere
	models []*process.Diffusion
}

var _ process.Dynamics = (*Dynamics)(nil)

// New returns gradient descent for an expected loss in a ball; the noise of the modified
// model ends on |x - center| = R2 (2.1). The parameters are named x1, x2, ..
func New(o objective.Objective, ball grid.Ball, R2 float64) *Dynamics {
	return newDynamics(o, Cutoff{Ball: ball, R2: R2}, nil)
}

func newDynamics(o objective.Objective, cut Cutoff, taper *Cutoff) *Dynamics {
	d := &Dynamics{o: o, cut: cut, taper: taper}
	ball := cut.Ball
	d.state.Center = ball.Center
	for k := range o.Dim() {
		d.state.Names = append(d.state.Names, "x"+string(rune('1'+k)))
	}
	rest := newFrozen(o, ball)
	d.models = append(models(cut, taper),
		rest.diffusion(ConstantNoise, firstOrder.within(taper), end(taper)),
		rest.diffusion(SecondConstantNoise, secondOrder.within(taper), end(taper)))
	return d
}

// Objective returns the expected loss.
func (d *Dynamics) Objective() objective.Objective { return d.o }

// With returns the same dynamics for another loss of as many parameters.
func (d *Dynamics) With(o objective.Objective) *Dynamics {
	e := *d
	e.o = o
	return &e
}

// Name implements process.Dynamics.
func (d *Dynamics) Name() string { return Name }

// State implements process.Dynamics: the parameters, in a Euclidean ball.
func (d *Dynamics) State() process.State { return d.state }

// Law implements process.Dynamics.
func (d *Dynamics) Law() process.Law {
	l := d.o.Law()
	return process.Law{Images: l.Len(), Draws: l.Draws, Exact: l.Exact, Unbounded: l.Unbounded, Moving: l.Moving, Note: l.Note}
}

// Chain implements process.Dynamics.
func (d *Dynamics) Chain(eta float64) process.Chain { return NewChain(d.o, eta) }

// Diffusions implements process.Dynamics: modified, second-order, first-order,
// gradient-flow, and the two of constant noise.
func (d *Dynamics) Diffusions() []*process.Diffusion { return d.models }

// On implements process.Dynamics; see FieldsOn.
func (d *Dynamics) On(g *grid.Grid, workers int) (process.Fields, error) {
	f, err := FieldsOn(g, d.o, workers)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// At implements process.Dynamics.
func (d *Dynamics) At(x [][]float64, workers int) process.Fields {
	f := &Fields{o: d.o, x: x, at: make([]objective.Moments, len(x))}
	par.Ranges(workers, len(x), func(lo, hi int) {
		ev := d.o.NewEvaluator()
		for i := lo; i < hi; i++ {
			ev.MomentsTo(&f.at[i], x[i])
		}
	})
	return f
}

// Limit implements process.Dynamics: the gradient flow.
func (d *Dynamics) Limit(f process.Fields) *kolmogorov.Coefficients {
	return gradientFlow.coefficients(f.(*Fields), 0, Cutoff{})
}

// Rest implements process.Dynamics: the minimiser of f and the displacement of section
// 4.1, see assumptions.Displace.
func (d *Dynamics) Rest(ball grid.Ball) (*process.Rest, bool) {
	at, ok := assumptions.Displace(d.o, ball.Center, ball.R)
	if !ok {
		return nil, false
	}
	return &process.Rest{Point: at.Minimizer, PerEta: at.PerEta, Left: at.Left, Error: at.Error}, true
}

// Refine implements process.Dynamics.
func (d *Dynamics) Refine() (process.Dynamics, bool) {
	fine, ok := d.o.Refine()
	if !ok {
		return nil, false
	}
	return d.With(fine), true
}

// Thinned implements process.Dynamics. Batches are left as they are.
func (d *Dynamics) Thinned(n int, phi []process.Observable) (process.Dynamics, []process.Observable, bool) {
	l, ok := d.o.(*objective.Loss)
	if !ok || l.Law().Len() <= n {
		return nil, nil, false
	}
	few := l.Thinned(n)
	var seen []process.Observable
	for _, o := range phi {
		if p, ok := o.(*objective.Phi); ok {
			o = p.On(few)
		}
		seen = append(seen, o)
	}
	return d.With(few), seen, true
}

// ThirdMoments implements process.Dynamics: the third central moments of
// grad f(x;xi). Cost: one evaluation of all samples per point.
func (d *Dynamics) ThirdMoments(x [][]float64, workers int) [][]float64 {
	return process.ThirdMoments(x, d.o.Dim(), d.o.Law().Len(), workers, func() func(weights, grads, x []float64) bool {
		ev := d.o.NewEvaluator()
		return func(weights, grads, x []float64) bool {
			ev.NodesTo(weights, grads, x)
			return true
		}
	})
}
