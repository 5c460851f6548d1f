package compare

import (
	"fmt"
	"math"

	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/kolmogorov"
	"kolmo/objective"
)

// hiddenLoss is what features of the loss between the nodes may do to a row: to U in one
// step from phi, and over time to U and to u.
type hiddenLoss struct{ step, s, l, layer float64 }

// hides returns what the loss may hide from a row of an engine, which is kept: the misses
// of the moments times the largest derivatives of phi and of the fields at the worst step,
// over the time 1/mu in which derivatives fade, or the horizon. That bounds the error by
// Gronwall's inequality as far as those derivatives are the largest.
func (s *gapStudy) hides(e *engine, r *rowRun) *hiddenLoss {
	if r.hidden != nil {
		return r.hidden
	}
	d := e.data.g.Dim()
	own, onS := r.m.data.phi[r.obs:r.obs+1], e.data.phi[r.obs:r.obs+1]
	if r.bestN > 0 {
		own, onS = [][]float64{own[0], r.bestL}, [][]float64{onS[0], r.bestS}
	}
	span := s.horizon()
	if s.mu > 0 {
		span = 1 / s.mu
	}
	slope := slopesOf(e.q, r.m.data.g, r.m.level.width, own...)
	r.hidden = &hiddenLoss{
		step: e.stepMiss[r.obs],
		s:    span * e.data.hidden.rateS(e.eta, d, slopesOf(e.q, e.data.g, e.width, onS...)),
		l:    span * r.m.data.hidden.rateL(r.m.model, e.eta, d, slope),
	}
	if r.m.data.layer != nil {
		r.hidden.layer = r.m.data.layer.error(e.eta, span, s.cache.survey.layerFlow(s.p, e.eta), d, slope)
	}
	return r.hidden
}

// hiddenFromDefect returns the relative miss, on a grid of collocation, of the moments in
// the leading coefficient D of a model's one-step defect and in the flow that carries it.
// For the models of order two D has derivatives of hess f and Sigma: their misses are larger
// by up to the number of nodes.
func (s *gapStudy) hiddenFromDefect(l level, m kolmogorov.Model) (float64, error) {
	data, err := s.cache.get(l, s.p.Ball.R)
	if err != nil {
		return 0, err
	}
	loss := s.cache.survey.loss
	share := func(part momentPart) float64 {
		if size := loss.size.largest(part); size > 0 {
			return data.hidden.largest(part) / size
		}
		return 0
	}
	most := max(share(gradPart), share(shiftPart))
	if m == kolmogorov.GradientFlow {
		most = max(most, share(sigmaPart))
	}
	if m.WeakOrder() == 2 {
		most = max(most, float64(l.largest())*max(share(sigmaPart), share(hessPart)), s.cache.thirdMiss(l, data))
	}
	return most, nil
}

// thirds are the third central moments of grad f(x;xi) at a point, M_ijk with i <= j <= k.
type thirds [grid.MaxDim * (grid.MaxDim + 1) * (grid.MaxDim + 2) / 6]float64

// thirdsOf returns those of a law.
func thirdsOf(weights, grads []float64, d int) (t thirds) {
	var mean [grid.MaxDim]float64
	for m, w := range weights {
		for k := range d {
			mean[k] += w * grads[m*d+k]
		}
	}
	for m, w := range weights {
		n := 0
		for i := range d {
			for j := i; j < d; j++ {
				for k := j; k < d; k++ {
					t[n] += w * (grads[m*d+i] - mean[i]) * (grads[m*d+j] - mean[j]) * (grads[m*d+k] - mean[k])
					n++
				}
			}
		}
	}
	return t
}

// thirdMiss returns by how much the interpolants of the third central moments of
// grad f(x;xi) on a level's grid miss them at the points where the law is known, over the
// largest trace(Sigma)^(3/2). Cost: one evaluation of all samples per node, once per grid.
func (c *gridCache) thirdMiss(l level, data *gridData) float64 {
	key := fmt.Sprint(l.kind, l.nodes, l.width)
	if v, ok := c.third[key]; ok {
		return v
	}
	const tasks = 16
	g, o, d := data.g, c.p.Objective, data.g.Dim()
	fields := make([][]float64, len(thirds{}))
	for f := range fields {
		fields[f] = make([]float64, g.Len())
	}
	par.Do(c.workers, tasks, func(task int) {
		ev := o.NewEvaluator()
		n := o.Law().Len()
		weights, grads, x := make([]float64, n), make([]float64, n*d), make([]float64, d)
		lo, hi := par.Split(g.Len(), tasks, task)
		for i := lo; i < hi; i++ {
			g.PointTo(x, i)
			ev.NodesTo(weights, grads, x)
			for f, v := range thirdsOf(weights, grads, d) {
				fields[f][i] = v
			}
		}
	})
	scale := 0.0
	for i := range c.survey.loss.at {
		scale = max(scale, math.Pow(traceOf(&c.survey.loss.at[i], d), 1.5))
	}
	worst := 0.0
	in := grid.NewInterpolator(g, l.width)
	for i := range c.survey.loss.laws {
		at := &c.survey.loss.laws[i]
		exact := thirdsOf(at.weights, at.grads, d)
		in.Locate(at.x)
		for f := range fields[:d*(d+1)*(d+2)/6] {
			worst = max(worst, math.Abs(in.Value(fields[f])-exact[f]))
		}
	}
	if scale > 0 {
		worst /= scale
	}
	c.third[key] = worst
	return worst
}

// traceOf returns the trace of Sigma.
func traceOf(m *objective.Moments, d int) float64 {
	sum := 0.0
	for k := range d {
		sum += m.Sigma[k][k]
	}
	return sum
}

// hidesFromLimits returns, per observable, what the moments of the loss that a grid misses
// do to the limit of phi's mean under a process: over the time 1/mu in which it forgets.
// rate is the error per unit of time for a field with the given derivatives.
func (s *gapStudy) hidesFromLimits(data *gridData, width int, rate func(by *slopes) float64) []float64 {
	q := newPoints(s.p.Ball, pointDensity[data.g.Dim()])
	hides := make([]float64, len(data.phi))
	for o, phi := range data.phi {
		hides[o] = rate(slopesOf(q, data.g, width, phi)) / s.mu
	}
	return hides
}

// Ratios of what two levels miss from which the finer one is taken not to resolve it.
const (
	stagnation = 0.9 // of phi
	slowDecay  = 0.5 // of the moments of the loss
)

// unseen returns what a limit's error counts of features of phi or of the loss between the
// nodes of both levels: what the finer level misses if that is more than the size, or
// above the target and no smaller than at the coarser level; zero otherwise. Over all time
// a miss acts only where the invariant law is.
func unseen(fine, coarse, target, size float64) float64 {
	if fine > target && (fine > size || fine > stagnation*coarse) {
		return fine
	}
	return 0
}

// unresolved is unseen for the moments of the loss: polynomials through enough nodes for
// them would miss them far less than those through fewer.
func unresolved(fine, coarse, target, size float64) float64 {
	return unseen(fine, coarse*slowDecay/stagnation, target, size)
}
