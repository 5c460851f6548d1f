package compare

import (
	"fmt"
	"math"

	"kolmo/grid"
	"kolmo/process"
)

// hiddenLoss is what features of the loss between the nodes may do to a row: to U in one
// step from phi, and over time to U and to u.
type hiddenLoss struct{ step, s, l, layer float64 }

// hides returns what the loss may hide from a row of an engine, which is kept: the misses
// of the moments times the largest derivatives of phi and of the fields at the worst step,
// over the time 1/mu in which derivatives fade, or the horizon. That bounds the error by
// Gronwall's inequality as far as those derivatives are the largest.
func (s *gapKind) hides(e *engine, r *rowRun) *hiddenLoss {
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
	q := e.q
	if s.p.transient() {
		q = s.cache.survey.q // of the whole region
	}
	slope := slopesOf(q, r.m.data.g, r.m.level.width, own...)
	r.hidden = &hiddenLoss{
		step: e.stepMiss[r.obs],
		s:    span * e.data.hidden.rate(s.p.Dynamics.Step(), e.eta, d, slopesOf(q, e.data.g, e.width, onS...)),
		l:    span * r.m.data.hidden.rate(r.m.model.Weights, e.eta, d, slope),
	}
	if r.m.data.layer != nil {
		r.hidden.layer = r.m.data.layer.error(e.eta, span, s.cache.survey.layerFlow(s.p, e.eta), d, slope)
	}
	return r.hidden
}

// hiddenFromDefect returns by how much, relatively, a grid of collocation misses what the
// leading coefficient D of a model's one-step defect is made of, and the flow that carries
// it. Where D has derivatives of a part, their misses are up to the number of nodes larger.
func (s *constantKind) hiddenFromDefect(l level, m *process.Diffusion) (float64, error) {
	data, err := s.cache.get(l, s.p.Ball.R)
	if err != nil {
		return 0, err
	}
	size := s.cache.survey.loss.size
	most := 0.0
	for _, e := range data.hidden {
		uses, derived := m.Defect.Uses(e.Part)
		if whole := size.largest(e.Part); uses && whole > 0 {
			share := e.miss / whole
			if derived {
				share *= float64(l.largest())
			}
			most = max(most, share)
		}
	}
	if m.Defect.ThirdMoments {
		most = max(most, s.cache.thirdMiss(l, data))
	}
	return most, nil
}

// thirdMiss returns by how much the interpolants of the third central moments of a step
// over eta^3 on a level's grid miss them at the points where S is known. It is relative to
// the largest trace of the step's covariance over eta^2, to the power 3/2. Cost: one evaluation of all samples
// per node, once per grid.
func (c *gridCache) thirdMiss(l level, data *gridData) float64 {
	key := fmt.Sprint(l.kind, l.nodes, l.width)
	if v, ok := c.third[key]; ok {
		return v
	}
	g := data.g
	nodes := make([][]float64, g.Len())
	for i := range nodes {
		nodes[i] = make([]float64, g.Dim())
		g.PointTo(nodes[i], i)
	}
	loss := c.survey.loss
	fields, exact := c.p.Dynamics.ThirdMoments(nodes, c.workers), c.p.Dynamics.ThirdMoments(loss.laws, c.workers)
	worst := 0.0
	in := grid.NewInterpolator(g, l.width)
	for i, x := range loss.laws {
		in.Locate(x)
		for f := range fields {
			worst = max(worst, math.Abs(in.Value(fields[f])-exact[f][i]))
		}
	}
	if scale := math.Pow(loss.noise, 1.5); scale > 0 {
		worst /= scale
	}
	c.third[key] = worst
	return worst
}

// hidesFromLimits returns, per observable, what the moments of the loss that a grid misses
// do to the limit of phi's mean under a process: over the time 1/mu in which it forgets.
// rate is the error per unit of time for a field with the given derivatives.
func (s *stationaryKind) hidesFromLimits(data *gridData, width int, rate func(by *slopes) float64) []float64 {
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
