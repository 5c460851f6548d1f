package kolmogorov

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"

	"kolmo/kolmogorov/scheme"
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
	// Estimate advances twice more, with steps of twice and four times the length,
	// from whose differences TimeError tells the error; the number of steps must be
	// a multiple of four. It costs three quarters as much again. Default false: no
	// estimate.
	Estimate bool
}

// Stepping advances by steps of a Scheme, equally many per SGD step. It is a
// workspace: one goroutine at a time.
type Stepping struct {
	runs   []*stepRun // the finest last
	coarse float64    // Richardson's weight of the coarse run
	order  int
	guard  guard
	diffs  [][2]float64 // per SGD step: |coarsest - middle| and |middle - fine|
	kept   *Differences // of the last call; nil: none are kept
}

// stepRun advances fields by equal steps.
type stepRun struct {
	stepper, damper scheme.Stepper
	sub             int
	damped, done    int // first steps to damp, and how many have been
	u               [][]float64
}

// NewStepping returns a propagator that takes sub steps, at least 1, per SGD step
// of length eta. The error wraps fd.ErrSingular where a line matrix cannot be
// factored, is a *StepError where an explicit scheme would be unstable, or says
// that sub does not suit. Cost per SGD step: sub steps, three times as many with
// Richardson, three quarters as many again with Estimate.
func NewStepping(op *Operator, s scheme.Scheme, eta float64, sub int, cfg *SteppingConfig) (*Stepping, error) {
	if sub < 1 {
		return nil, fmt.Errorf("kolmogorov: %d steps per SGD step: want at least 1", sub)
	}
	var c SteppingConfig
	if cfg != nil {
		c = *cfg
	}
	p := &Stepping{guard: newGuard(op, fmt.Sprintf("take more than %d steps per SGD step, use fewer nodes or time: polynomial", sub))}
	subs := []int{sub}
	p.order = s.Order(op)
	switch {
	case c.Richardson && c.Estimate:
		return nil, errors.New("kolmogorov: the error estimate is that of a scheme without Richardson")
	case c.Richardson:
		subs = append(subs, 2*sub)
		p.coarse = -1 / (math.Pow(2, float64(p.order)) - 1)
	case c.Estimate && sub%4 != 0:
		return nil, fmt.Errorf("kolmogorov: %d steps per SGD step: the error estimate needs a multiple of four", sub)
	case c.Estimate:
		subs = []int{sub / 4, sub / 2, sub}
	}
	for _, sub := range subs {
		dt := eta / float64(sub)
		r := &stepRun{sub: sub, damped: c.Damping}
		var err error
		if r.stepper, err = s.NewStepper(op, dt); err != nil {
			return nil, err
		}
		if c.Damping > 0 {
			if r.damper, err = scheme.NewSplitEuler(op, dt/2); err != nil {
				return nil, err
			}
		}
		p.runs = append(p.runs, r)
	}
	p.guard.eta = eta
	return p, nil
}

// Constants of the error estimate.
const (
	// leastRatio is the least ratio of neighbouring differences that is believed:
	// smaller ones mean that the steps do not converge yet.
	leastRatio = 1.5
	// mostOrder bounds the order that is believed.
	mostOrder = 2
	// estimateSafety multiplies the estimate.
	estimateSafety = 2
)

// TimeError implements Propagator: the largest TimeErrorAt so far.
func (p *Stepping) TimeError() float64 {
	if len(p.runs) < 3 {
		return math.NaN()
	}
	most := 0.0
	for n := range p.diffs {
		most = max(most, p.TimeErrorAt(n+1))
	}
	return most
}

// TimeErrorAt implements Propagator. With Estimate it is twice what the differences
// D' and D between the solutions with steps of four times, twice and once the
// length extrapolate to,
//
//	D/(D'/D - 1),
//
// with the ratio D'/D no larger than 2^p, p the scheme's order, so that an order
// lost on fine grids is seen. Otherwise there is no estimate.
func (p *Stepping) TimeErrorAt(n int) float64 {
	if len(p.runs) < 3 || n < 1 || n > len(p.diffs) {
		return math.NaN()
	}
	return extrapolated(p.diffs[n-1][0], p.diffs[n-1][1], p.order)
}

// extrapolated returns the error that the differences D' = coarse and D = fine tell.
func extrapolated(coarse, fine float64, order int) float64 {
	if fine == 0 {
		return 0
	}
	ratio := min(max(coarse/fine, leastRatio), math.Pow(2, float64(min(order, mostOrder))))
	return estimateSafety * fine / (ratio - 1)
}

// KeepDifferences implements Propagator; without Estimate there are none. Cost: two
// fields of memory per field and SGD step of a call.
func (p *Stepping) KeepDifferences() *Differences {
	if len(p.runs) == 3 && p.kept == nil {
		p.kept = &Differences{order: p.order}
	}
	return p.kept
}

// keep keeps the differences of field f at entry j.
func (d *Differences) keep(j, f int, runs []*stepRun) {
	for len(d.fields) <= j {
		d.fields = append(d.fields, nil)
	}
	for len(d.fields[j]) <= f {
		d.fields[j] = append(d.fields[j], [2][]float64{})
	}
	for i := range d.fields[j][f] {
		v := &d.fields[j][f][i]
		if *v == nil {
			*v = make([]float64, len(runs[i].u[f]))
		}
		floats.SubTo(*v, runs[i].u[f], runs[i+1].u[f])
	}
}

// Start implements Propagator; damping begins anew.
func (p *Stepping) Start(u [][]float64) {
	p.guard.start(u)
	p.diffs = p.diffs[:0]
	p.Set(u)
}

// Set implements Propagator: all runs go on from u, with damping.
func (p *Stepping) Set(u [][]float64) {
	for _, r := range p.runs {
		r.u = resized(r.u, u)
		for f := range u {
			copy(r.u[f], u[f])
		}
		r.done = 0
	}
}

// Advance implements Propagator. It does not allocate after the first call, but for two
// numbers per SGD step with Estimate.
func (p *Stepping) Advance(out [][][]float64) error {
	for j := range out {
		p.guard.steps++
		var diff [2]float64
		for _, r := range p.runs {
			r.advance()
		}
		for f, fine := range p.runs[len(p.runs)-1].u {
			copy(out[j][f], fine)
			for i := 0; i+1 < len(p.runs) && p.coarse == 0; i++ {
				diff[i] = max(diff[i], floats.Distance(p.runs[i].u[f], p.runs[i+1].u[f], math.Inf(1)))
			}
			if p.kept != nil {
				p.kept.keep(j, f, p.runs)
			}
			if p.coarse != 0 {
				floats.Scale(1-p.coarse, out[j][f])
				floats.AddScaled(out[j][f], p.coarse, p.runs[0].u[f])
			}
			if err := p.guard.check(f, out[j][f]); err != nil {
				return err
			}
		}
		if len(p.runs) == 3 {
			p.diffs = append(p.diffs, diff)
		}
	}
	return nil
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
