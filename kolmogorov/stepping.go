package kolmogorov

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// SteppingConfig holds the choices of a propagation by steps. The zero value and
// nil mean the defaults.
type SteppingConfig struct {
	// Damping is the number of first steps that are replaced by two steps of half
	// the length each by implicit Euler along the axes in turn, the mixed part
	// explicit, which damps what a rough observable excites (Rannacher 1984,
	// doi:10.1007/BF01390130). Two keep the order of a second-order scheme.
	// Default 0: none.
	Damping int
	// Richardson advances once more with steps of half the length and combines
	// both solutions with weights 2^p/(2^p-1) and -1/(2^p-1), p the scheme's order:
	// one order more for smooth observables, at three times the work. Both
	// solutions run on their own, so that stability is the scheme's.
	Richardson bool
}

// Stepping advances by steps of a Scheme, equally many per SGD step. It is a
// workspace: one goroutine at a time.
type Stepping struct {
	runs   []*stepRun // one, or the coarse and the fine one of Richardson
	coarse float64    // Richardson's weight of the coarse run
	last   [][]float64
	guard  guard
	err    float64
}

// stepRun advances fields by equal steps.
type stepRun struct {
	stepper, damper Stepper
	sub             int
	damped, done    int // first steps to damp, and how many have been
	u               [][]float64
}

// NewStepping returns a propagator that takes sub steps, at least 1, per SGD step
// of length eta. The error wraps fd.ErrSingular where a line matrix cannot be
// factored, is a *StepError where an explicit scheme would be unstable, or says
// that sub is less than 1. Cost per SGD step: sub steps, three times as many with
// Richardson.
func NewStepping(op *Operator, s Scheme, eta float64, sub int, cfg *SteppingConfig) (*Stepping, error) {
	if sub < 1 {
		return nil, fmt.Errorf("kolmogorov: %d steps per SGD step: want at least 1", sub)
	}
	var c SteppingConfig
	if cfg != nil {
		c = *cfg
	}
	p := &Stepping{guard: newGuard(op, fmt.Sprintf("take more than %d steps per SGD step, use fewer nodes or time: polynomial", sub))}
	subs := []int{sub}
	if c.Richardson {
		subs = append(subs, 2*sub)
		p.coarse = -1 / (math.Pow(2, float64(s.Order(op))) - 1)
	}
	for _, sub := range subs {
		dt := eta / float64(sub)
		r := &stepRun{sub: sub, damped: c.Damping}
		var err error
		if r.stepper, err = s.NewStepper(op, dt); err != nil {
			return nil, err
		}
		if c.Damping > 0 {
			if r.damper, err = newSplitEuler(op, dt/2); err != nil {
				return nil, err
			}
		}
		p.runs = append(p.runs, r)
	}
	p.guard.eta = eta
	return p, nil
}

// TimeError implements Propagator: with Richardson the largest difference of what
// it returned from its finer solution, which is of that one's order and as a rule
// far above the error; without it there is no bound.
func (p *Stepping) TimeError() float64 {
	if len(p.runs) == 1 {
		return math.NaN()
	}
	return p.err
}

// AdvanceTo implements Propagator. It goes on where the last call ended if u is
// what that returned last, and otherwise begins anew, with damping. It does not
// allocate after the first call.
func (p *Stepping) AdvanceTo(out [][][]float64, u [][]float64) error {
	p.guard.start(u)
	if !p.goesOn(u) {
		p.begin(u)
	}
	for j := range out {
		p.guard.steps++
		for _, r := range p.runs {
			r.advance()
		}
		for f := range u {
			fine := p.runs[len(p.runs)-1].u[f]
			copy(out[j][f], fine)
			if p.coarse != 0 {
				floats.Scale(1-p.coarse, out[j][f])
				floats.AddScaled(out[j][f], p.coarse, p.runs[0].u[f])
				p.err = max(p.err, floats.Distance(out[j][f], fine, math.Inf(1)))
			}
			if err := p.guard.check(f, out[j][f]); err != nil {
				return err
			}
		}
	}
	if len(out) > 0 {
		for f := range u {
			copy(p.last[f], out[len(out)-1][f])
		}
	}
	return nil
}

// goesOn reports that u is what the last call returned last.
func (p *Stepping) goesOn(u [][]float64) bool {
	if len(p.last) != len(u) {
		return false
	}
	for f := range u {
		if !slices.Equal(p.last[f], u[f]) {
			return false
		}
	}
	return true
}

// begin starts all runs from u.
func (p *Stepping) begin(u [][]float64) {
	p.last = resized(p.last, u)
	for _, r := range p.runs {
		r.u = resized(r.u, u)
		for f := range u {
			copy(r.u[f], u[f])
		}
		r.done = 0
	}
}

// resized returns as many fields as u has.
func resized(v, u [][]float64) [][]float64 {
	for len(v) < len(u) {
		v = append(v, make([]float64, len(u[len(v)])))
	}
	return v[:len(u)]
}

// advance takes one SGD step.
func (r *stepRun) advance() {
	for range r.sub {
		if r.done < r.damped {
			r.damper.Step(r.u)
			r.damper.Step(r.u)
			r.done++
			continue
		}
		r.stepper.Step(r.u)
	}
}
