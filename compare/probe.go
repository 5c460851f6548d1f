package compare

import (
	"context"
	"math"

	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/kolmogorov"
	"kolmo/process"
	"kolmo/sgdop"
)

// probe is a short run of one model by one method at a few coarse levels: what its
// errors and its cost at finer ones are predicted from.
type probe struct {
	method method
	levels []probeLevel
	err    error // the method does not bear the problem at these levels
}

// probeLevel is what a run at one level showed.
type probeLevel struct {
	level level
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
func (s *chooser) probeCache() (*gridCache, error) {
	if s.thinned == nil {
		p := *s.p
		var ok bool
		if p.Dynamics, p.Observables, ok = s.p.Dynamics.Thinned(probeSamples, s.p.Observables); !ok {
			return s.cache, nil
		}
		sv, err := newSurvey(&p, s.cfg.Workers)
		if err != nil {
			return nil, err
		}
		s.thinned = newGridCache(&p, sv, s.cfg.Workers)
	}
	return s.thinned, nil
}

// probe runs the methods for one model at learning rate eta, on their coarse
// levels.
func (s *chooser) probe(ctx context.Context, m *process.Diffusion, eta float64, methods []method) (*probed, error) {
	p := &probed{eta: eta}
	d := len(s.p.Ball.Center)
	half := halfWidth(s.p, m)
	cache, err := s.probeCache()
	if err != nil {
		return nil, err
	}
	q := cache.survey.q
	steps := 0
	var runs []*probeLevel
	for _, me := range methods {
		ladder, err := me.ladder(forL, d, nil)
		if err != nil {
			continue // no two such grids fit in memory
		}
		at := probeDifferences
		if me.kind == grid.KindChebyshev {
			at = probeCollocation
		} else if d > 2 {
			at = probeDifferences3D
		}
		pr := probe{method: me}
		for _, i := range at {
			if i < len(ladder) {
				pr.levels = append(pr.levels, probeLevel{level: ladder[i], nodes: ladder[i].largest()})
			}
		}
		p.probes = append(p.probes, pr)
	}
	for i := range p.probes {
		for j := range p.probes[i].levels {
			l := &p.probes[i].levels[j]
			if m.Radius > 0 {
				l.level = l.level.scaled(m.Radius / s.p.Ball.R)
			}
			data, err := cache.get(l.level, half)
			if err != nil {
				return nil, err
			}
			if steps == 0 {
				steps = s.probeSteps(m, data, eta)
			}
			l.miss = data.missed
			runs = append(runs, l)
		}
	}
	par.Do(s.cfg.Workers, len(runs), func(i int) {
		l := runs[i]
		data, err := cache.get(l.level, half)
		if err != nil {
			l.err = err
			return
		}
		op, _, err := equation(data.fields, m, eta, l.level.order)
		if err != nil {
			l.err = err
			return
		}
		l.rho = op.SpectralRadius()
		out := newBlock(1, len(data.phi), data.g.Len())
		p := kolmogorov.NewPolynomial(op, eta*float64(steps))
		p.Start(data.phi)
		if l.err = p.Advance(out); l.err != nil {
			return
		}
		l.u = at(q, data.g, l.level.width, out[0])
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
func (s *chooser) probeSteps(m *process.Diffusion, data *gridData, eta float64) int {
	speed, d := 0.0, data.g.Dim()
	flow, jacobian := make([]float64, d), make([]float64, d*d)
	for i := range data.fields.Len() {
		data.fields.FlowTo(flow, jacobian, i)
		norm := 0.0
		for _, b := range flow {
			norm += b * b
		}
		speed = max(speed, math.Sqrt(norm))
	}
	const most = 4096
	return int(min(max(1, math.Round(probeTime*s.p.Ball.R/speed/eta)), most))
}

// probeGap measures the size of the gap after the probe's steps, from a coarse S
// and the finest probe of the first method that ran.
func (s *chooser) probeGap(ctx context.Context, cache *gridCache, p *probed, eta float64, steps int) error {
	p.gap = make([]float64, len(s.p.Observables))
	var u [][]float64
	for i := range p.probes {
		if pr := &p.probes[i]; u == nil && pr.err == nil && len(pr.levels) > 0 {
			u = pr.levels[len(pr.levels)-1].u
		}
	}
	if u == nil {
		return nil
	}
	ladder, err := chebyshev().ladder(forS, len(s.p.Ball.Center), nil)
	if err != nil {
		return err
	}
	data, err := cache.get(ladder[min(2, len(ladder)-1)], s.p.reach())
	if err != nil {
		return err
	}
	op, err := sgdop.Assemble(ctx, data.g, cache.p.Dynamics.Chain(eta), &sgdop.Config{Workers: s.cfg.Workers, Smooth: data.phi})
	if err != nil {
		return err
	}
	now, next := copyFields(data.phi), copyFields(data.phi)
	for range steps {
		op.ApplyAllTo(s.cfg.Workers, next, now)
		now, next = next, now
	}
	for o, values := range at(cache.survey.q, data.g, 0, now) {
		for i, v := range values {
			p.gap[o] = max(p.gap[o], math.Abs(v-u[o][i]))
		}
	}
	return nil
}

// at returns the interpolants of fields at points.
func at(q *points, g *grid.Grid, width int, fields [][]float64) [][]float64 {
	in := grid.NewInterpolator(g, width)
	values := make([][]float64, len(fields))
	for f := range fields {
		values[f] = make([]float64, len(q.x))
	}
	for i, x := range q.x {
		in.Locate(x)
		for f := range fields {
			values[f][i] = in.Value(fields[f])
		}
	}
	return values
}
