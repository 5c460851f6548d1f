package gap

import (
	"context"
	"math"

	"kolmo/compare/look"
	"kolmo/compare/survey"
	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/kolmogorov"
	"kolmo/process"
	"kolmo/sgdop"
)

// probe is a short run of one model by one method at a few coarse levels: what its
// errors and its cost at finer ones are predicted from.
type probe struct {
	method survey.Method
	levels []probeLevel
	err    error // the method does not bear the problem at these levels
}

// probeLevel is what a run at one level showed.
type probeLevel struct {
	level survey.Level
	nodes int         // along the longest axis, on the box of the study's ball
	u     [][]float64 // per observable, at the points
	miss  []float64   // per observable, by how much its interpolant misses it
	rho   float64     // spectral radius of L
	err   error
}

// probed is what was learned about one model at one learning rate.
type probed struct {
	eta    float64
	probes []probe
	gap    []float64 // per observable, about the size of the gap
}

// Levels of a probe, as indices of the ladder: two differences show the rate at
// which collocation converges, one is enough where the order is known.
var (
	probeCollocation = []int{0, 1, 2}
	probeDifferences = []int{1, 2}
	// A probe's cost in three dimensions grows with the fifth power of the nodes.
	probeDifferences3D = []int{0, 1}
)

// probeTime is the length of a probe in units of the time in which the fastest
// path crosses the ball's radius.
const probeTime = 2

// probeSamples is the number of samples that a probe looks at: what it predicts is the work
// of methods, and more samples only take longer.
const probeSamples = 1000

// probeCache returns the grids that probes run on: the study's, or under fewer samples.
func (s *chooser) probeCache() (*survey.Cache, error) {
	if s.thinned == nil {
		p := *s.Problem
		var ok bool
		if p.Dynamics, p.Observables, ok = s.Problem.Dynamics.Thinned(probeSamples, s.Problem.Observables); !ok {
			return s.Cache, nil
		}
		sv, err := survey.New(&p, s.Config.Workers)
		if err != nil {
			return nil, err
		}
		s.thinned = survey.NewCache(&p, sv, s.Config.Workers)
	}
	return s.thinned, nil
}

// probe runs the methods for one model at learning rate eta, on their coarse
// levels.
func (s *chooser) probe(ctx context.Context, m *process.Diffusion, eta float64, methods []survey.Method) (*probed, error) {
	p := &probed{eta: eta}
	d := len(s.Problem.Ball.Center)
	half := survey.HalfWidth(s.Problem, m)
	cache, err := s.probeCache()
	if err != nil {
		return nil, err
	}
	q := cache.Survey.Q
	steps := 0
	var runs []*probeLevel
	for _, me := range methods {
		ladder, err := me.Ladder(survey.ForL, s.Problem, nil)
		if err != nil {
			continue // no two such grids fit in memory
		}
		at := probeDifferences
		if me.Kind == grid.KindChebyshev {
			at = probeCollocation
		} else if d > 2 {
			at = probeDifferences3D
		}
		pr := probe{method: me}
		for _, i := range at {
			if i < len(ladder) {
				pr.levels = append(pr.levels, probeLevel{level: ladder[i], nodes: ladder[i].Largest()})
			}
		}
		p.probes = append(p.probes, pr)
	}
	for i := range p.probes {
		for j := range p.probes[i].levels {
			l := &p.probes[i].levels[j]
			if m.Radius > 0 {
				l.level = l.level.Scaled(s.Problem.Ball, m.Radius/s.Problem.Ball.R)
			}
			data, err := cache.Get(l.level, half)
			if err != nil {
				return nil, err
			}
			if steps == 0 {
				steps = s.probeSteps(data, eta)
			}
			l.miss = data.Missed
			runs = append(runs, l)
		}
	}
	par.Do(s.Config.Workers, len(runs), func(i int) {
		l := runs[i]
		data, err := cache.Get(l.level, half)
		if err != nil {
			l.err = err
			return
		}
		op, _, err := survey.Equation(data.Fields, m, eta, l.level.Order)
		if err != nil {
			l.err = err
			return
		}
		l.rho = op.SpectralRadius()
		out := look.NewBlock(1, len(data.Phi), data.Grid.Len())
		p := kolmogorov.NewPolynomial(op, eta*float64(steps))
		p.Start(data.Phi)
		if l.err = p.Advance(out); l.err != nil {
			return
		}
		l.u = look.At(q, data.Grid, l.level.Width, out[0])
	})
	for i := range p.probes {
		for _, l := range p.probes[i].levels {
			if l.err != nil {
				p.probes[i].err = l.err
			}
		}
	}
	return p, s.probeGap(ctx, cache, p, eta, steps)
}

// probeSteps is the number of SGD steps of a probe.
func (s *chooser) probeSteps(data *survey.Data, eta float64) int {
	speed, d := 0.0, data.Grid.Dim()
	flow, jacobian := make([]float64, d), make([]float64, d*d)
	for i := range data.Fields.Len() {
		data.Fields.FlowTo(flow, jacobian, i)
		norm := 0.0
		for _, b := range flow {
			norm += b * b
		}
		speed = max(speed, math.Sqrt(norm))
	}
	const most = 4096
	return int(min(max(1, math.Round(probeTime*s.Problem.Ball.R/speed/eta)), most))
}

// probeGap measures the size of the gap after the probe's steps, from a coarse S
// and the finest probe of the first method that ran.
func (s *chooser) probeGap(ctx context.Context, cache *survey.Cache, p *probed, eta float64, steps int) error {
	p.gap = make([]float64, len(s.Problem.Observables))
	var u [][]float64
	for i := range p.probes {
		if pr := &p.probes[i]; u == nil && pr.err == nil && len(pr.levels) > 0 {
			u = pr.levels[len(pr.levels)-1].u
		}
	}
	if u == nil {
		return nil
	}
	ladder, err := survey.Chebyshev().Ladder(survey.ForS, s.Problem, nil)
	if err != nil {
		return err
	}
	data, err := cache.Get(ladder[min(2, len(ladder)-1)], s.Problem.Reach())
	if err != nil {
		return err
	}
	cache.Forget()
	op, err := sgdop.Assemble(ctx, data.Grid, cache.Problem.Dynamics.Chain(eta), &sgdop.Config{Workers: s.Config.Workers, Smooth: data.Phi})
	if err != nil {
		return err
	}
	now, next := look.CopyFields(data.Phi), look.CopyFields(data.Phi)
	for range steps {
		op.ApplyAllTo(s.Config.Workers, next, now)
		now, next = next, now
	}
	for o, values := range look.At(cache.Survey.Q, data.Grid, 0, now) {
		for i, v := range values {
			p.gap[o] = max(p.gap[o], math.Abs(v-u[o][i]))
		}
	}
	return nil
}
