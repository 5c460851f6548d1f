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

// newCrossingRun returns a run at step zero on a grid.
func (s *Kind) newCrossingRun(data *survey.Data, l survey.Level, offset []float64) *crossingRun {
	at := grid.NewInterpolator(data.Grid, l.Width)
	at.Locate(start(s.Problem))
	run := &crossingRun{nodes: l.Largest(), value: at.Value, sharp: func(u []float64) bool { return sharpness(data.Grid, s.Problem.Ball, u) > sharpest }}
	for o, phi := range data.Phi {
		run.u = append(run.u, []float64{run.value(phi)})
		run.level = append(run.level, s.Problem.Crossing.Level-offset[o])
	}
	run.at, run.isSharp = make([]*crossed, len(run.u)), make([]bool, len(run.u))
	return run
}

// step adds the means of all observables at one more step, and reports for each whether it
// crosses in this step for the first time.
func (r *crossingRun) step(u [][]float64) []bool {
	now := make([]bool, len(u))
	for o := range u {
		n := len(r.u[o])
		r.u[o] = append(r.u[o], r.value(u[o]))
		now[o] = r.at[o] == nil && Between(r.u[o][n-1], r.u[o][n], r.level[o])
		if now[o] {
			r.isSharp[o] = r.sharp(u[o])
		}
	}
	return now
}

// onSteps returns the crossing on the line between the last two steps.
func (r *crossingRun) onSteps(o int, eta float64) *crossed {
	n := len(r.u[o]) - 2
	a, b := r.u[o][n], r.u[o][n+1]
	t := eta * (float64(n) + Linear(a, b, r.level[o]))
	return &crossed{t: t, onSteps: t, slope: (b - a) / eta, n: n}
}

// open reports that some observable which is waited for has not crossed.
func (r *crossingRun) open(rest []bool) bool {
	for o, c := range r.at {
		if c == nil && !rest[o] {
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
	run := s.newCrossingRun(data, l, cache.Survey.Offset)
	u, su := look.CopyFields(data.Phi), look.CopyFields(data.Phi)
	for n := 0; n < s.crossingSteps(eta) && run.open(rest); n++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		op.ApplyAllTo(s.Config.Workers, su, u)
		u, su = su, u
		for o, now := range run.step(u) {
			if now {
				run.at[o] = run.onSteps(o, eta)
			}
		}
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
	run := s.newCrossingRun(data, l, cache.Survey.Offset)
	prop := kolmogorov.NewPolynomial(op, eta)
	prop.Start(data.Phi)
	before := look.CopyFields(data.Phi)
	out := look.NewBlock(march.BlockSteps, len(data.Phi), data.Grid.Len())
	for n := 0; n < s.crossingSteps(eta) && run.open(rest); n += march.BlockSteps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := prop.Advance(out); err != nil {
			return nil, err
		}
		for _, u := range out {
			for o, now := range run.step(u) {
				if now {
					if run.at[o], err = run.within(op, before[o], o, eta); err != nil {
						return nil, err
					}
				}
				copy(before[o], u[o])
			}
		}
	}
	return run, nil
}

// within returns the crossing in the last step, which begins with a field: on cubics between
// parts of the step. The error in t is what parts of twice the length change.
func (r *crossingRun) within(op *kolmogorov.Operator, from []float64, o int, eta float64) (*crossed, error) {
	c := r.onSteps(o, eta)
	h := eta / crossingCut
	prop, out := kolmogorov.NewPolynomial(op, h), look.NewBlock(crossingCut, 1, len(from))
	prop.Start([][]float64{from})
	if err := prop.Advance(out); err != nil {
		return nil, err
	}
	rate := make([]float64, len(from))
	nodes := make([]Node, crossingCut+1)
	for j := range nodes {
		u := from
		if j > 0 {
			u = out[j-1][0]
		}
		op.ApplyTo(rate, nil, 1, u)
		nodes[j] = Node{T: float64(c.n)*eta + float64(j)*h, U: r.value(u), Rate: r.value(rate)}
	}
	for j := 1; j < len(nodes); j++ {
		if Between(nodes[j-1].U, nodes[j].U, r.level[o]) {
			c.t, c.slope = Cubic(nodes[j-1], nodes[j], r.level[o])
			k := (j - 1) / 2 * 2
			wide, _ := Cubic(nodes[k], nodes[k+2], r.level[o])
			c.time = math.Abs(wide - c.t)
			break
		}
	}
	return c, nil
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
