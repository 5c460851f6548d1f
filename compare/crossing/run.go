package crossing

import (
	"context"
	"math"

	"gonum.org/v1/gonum/mat"

	"kolmo/compare/look"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
	"kolmo/grid"
	"kolmo/kolmogorov"
	"kolmo/process"
	"kolmo/sgdop"
)

// newCrossingRun returns a run at step zero on a grid, which cuts steps into parts.
func (s *Kind) newCrossingRun(data *survey.Data, l survey.Level, offset []float64, cut int) *crossingRun {
	at := grid.NewInterpolator(data.Grid, l.Width)
	at.Locate(start(s.Problem))
	run := &crossingRun{nodes: l.Largest(), cut: cut, missed: data.Missed, value: at.Value, sharp: func(u []float64) bool { return sharpness(data.Grid, s.Problem.Region(s.Problem.Ball.R), u) > sharpest }}
	for o, phi := range data.Phi {
		v, level := run.value(phi), s.Problem.Crossing.Level-offset[o]
		run.u, run.steps = append(run.u, []float64{v}), append(run.steps, []float64{v})
		run.line = append(run.line, newSearch(level))
		if run.first = append(run.first, run.line[o]); cut > 1 {
			run.first[o] = newSearch(level)
		}
	}
	run.isSharp = make([]bool, len(run.u))
	return run
}

// step adds the means of all observables at one more step.
func (r *crossingRun) step(u [][]float64, eta float64) {
	for o := range u {
		n := len(r.steps[o]) - 1
		a, b := r.steps[o][n], r.value(u[o])
		r.steps[o] = append(r.steps[o], b)
		if r.cut == 1 {
			r.u[o] = r.steps[o]
		}
		line := r.line[o]
		if line.at == nil {
			if line.add(eta*float64(n), eta, []float64{a, b - a}, 0); line.at != nil {
				line.at.n = n
			}
		}
		if c := r.first[o].at; c != nil && c.n == n {
			r.isSharp[o] = r.sharp(u[o])
		}
	}
}

// within adds the mean of an observable between steps, from a time on, and returns the time at which the piece ends.
func (r *crossingRun) within(o int, from, eta float64, p kolmogorov.Piece) float64 {
	s := r.first[o]
	if s.at == nil {
		if s.add(from, p.Length, p.Coef, p.Rest); s.at != nil {
			s.at.n = max(0, int(math.Ceil(s.at.t/eta))-1)
		}
	}
	for part := eta / float64(r.cut); ; {
		share := (part*float64(len(r.u[o])) - from) / p.Length
		if !(share <= 1+1e-9) {
			return from + p.Length
		}
		v := 0.0
		for k := len(p.Coef) - 1; k >= 0; k-- {
			v = v*share + p.Coef[k]
		}
		r.u[o] = append(r.u[o], v)
	}
}

// open reports that the search of some observable which is waited for goes on.
func (r *crossingRun) open(rest []bool) bool {
	for o, s := range r.first {
		if !rest[o] && (s.open() || s.at != nil && r.line[o].open()) {
			return true
		}
	}
	return false
}

// crossingSteps is the number of steps to the horizon.
func (s *Kind) crossingSteps(eta float64) int {
	return int(min(math.Ceil(s.Horizon()/eta-1e-9), unit.MostSteps))
}

// chainCrossingOn follows U^n on one grid.
func (s *Kind) chainCrossingOn(ctx context.Context, cache *survey.Cache, l survey.Level, eta float64, rest []bool) (*crossingRun, error) {
	data, err := cache.Get(l, s.Problem.Reach())
	if err != nil {
		return nil, err
	}
	cache.Forget()
	op, err := sgdop.Assemble(ctx, data.Grid, cache.Problem.Dynamics.Chain(eta), &sgdop.Config{Width: l.Width, Workers: s.Config.Workers, MaxBytes: s.Config.OperatorBytes, Means: data.Means})
	if err != nil {
		return nil, err
	}
	run := s.newCrossingRun(data, l, cache.Survey.Offset, 1)
	u, su := look.CopyFields(data.Phi), look.CopyFields(data.Phi)
	for n := 0; n < s.crossingSteps(eta) && run.open(rest); n++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		op.ApplyAllTo(s.Config.Workers, su, u)
		u, su = su, u
		run.step(u, eta)
	}
	return run, nil
}

// modelCrossingOn follows u of a model on one grid.
func (s *Kind) modelCrossingOn(ctx context.Context, cache *survey.Cache, l survey.Level, m *process.Diffusion, eta float64, rung int, rest []bool) (*crossingRun, error) {
	if rung%2 == 1 {
		l.Box = crossingBox
	}
	l, half := l.OnBox(s.Problem, m)
	m, err := unit.ModelUnder(cache.Problem.Dynamics, s.Problem.Dynamics, m)
	if err != nil {
		return nil, err
	}
	data, err := cache.Get(l, half)
	if err != nil {
		return nil, err
	}
	op, _, err := survey.Equation(data.Fields, m, eta, l.Order)
	if err != nil {
		return nil, err
	}
	op = op.WithWorkers(s.Config.Workers)
	run := s.newCrossingRun(data, l, cache.Survey.Offset, crossingCut)
	prop := kolmogorov.NewPolynomial(op, eta)
	prop.Start(data.Phi)
	now := make([]float64, len(data.Phi))
	prop.Watch(run.value, func(o int, p kolmogorov.Piece) { now[o] = run.within(o, now[o], eta, p) })
	out, steps := look.NewBlock(march.BlockSteps, len(data.Phi), data.Grid.Len()), s.crossingSteps(eta)
	for n := 0; n < steps && run.open(rest); n += march.BlockSteps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for o := range now {
			now[o] = float64(n) * eta
		}
		block := out[:min(march.BlockSteps, steps-n)]
		if err := prop.Advance(block); err != nil {
			return nil, err
		}
		for _, u := range block {
			run.step(u, eta)
		}
	}
	return run, nil
}

// fastestGrowth returns the largest real part of the eigenvalues of a matrix of order d.
func fastestGrowth(jacobian []float64, d int) float64 {
	var e mat.Eigen
	if !e.Factorize(mat.NewDense(d, d, jacobian), mat.EigenNone) {
		return math.NaN()
	}
	most := math.Inf(-1)
	for _, v := range e.Values(nil) {
		most = max(most, real(v))
	}
	return most
}

const (
	// sharpest is the share of a field's range by which it may rise between neighbouring nodes in the ball. Near a point
	// of rest that repels, fields have a layer that narrows like e^{-lambda t} until noise keeps it open.
	sharpest = 0.25
	// sharpSafety multiplies what grids on which fields are sharper tell: all of them miss alike what they do not resolve.
	sharpSafety = 3
)

// sharpness returns the largest difference of a field between neighbouring nodes in the ball, over its range there.
func sharpness(g *grid.Grid, ball grid.Ball, u []float64) float64 {
	x, inside := make([]float64, g.Dim()), make([]bool, g.Len())
	lo, hi := math.Inf(1), math.Inf(-1)
	for i, v := range u {
		g.PointTo(x, i)
		if inside[i] = ball.Contains(x); inside[i] {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	most := 0.0
	for k := range g.Dim() {
		for i, v := range u {
			if next := i + g.Stride(k); inside[i] && g.Index(i, k)+1 < g.Axis(k).Len() && inside[next] {
				most = max(most, math.Abs(u[next]-v))
			}
		}
	}
	return most / (hi - lo)
}
