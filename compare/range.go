package compare

import (
	"math"

	"kolmo/process"
)

// valueRange holds the values that a field can take: S and the semigroup of a diffusion
// are means, so that U^n and u lie between the least and the largest value of phi where
// their process can be. What a computed field exceeds that by is an error, whatever
// levels agree on.
type valueRange struct{ lo, hi float64 }

// anything is the range of a field of which nothing is known.
var anything = valueRange{math.Inf(-1), math.Inf(1)}

// beyond returns by how much values leave the range at the most.
func (r valueRange) beyond(values []float64) float64 {
	most := 0.0
	for _, v := range values {
		most = max(most, v-r.hi, r.lo-v)
	}
	return most
}

// Balls over which the range of phi is taken, as indices of survey.ranges.
const (
	inBall  = iota // |x - center| <= R
	inOuter        // |x - center| <= the largest radius of a diffusion
	inReach        // |x - center| <= reachShare R
	rangeBalls
)

// reachShare is the radius, over R, of the ball that a diffusion started in B(0,R) is
// taken to stay in if its drift points inward on |x - center| = R.
const reachShare = 2

// newRanges returns the ranges of the observables, less their offsets, over the balls.
func newRanges(p *Problem, offset []float64) (ranges [rangeBalls][]valueRange) {
	for i, radius := range []float64{p.Ball.R, p.outer(), reachShare * p.Ball.R} {
		ball := p.region(radius)
		q := newPoints(ball, pointDensity[len(ball.Center)])
		for o, phi := range p.Observables {
			r := rangeOver(q, phi)
			ranges[i] = append(ranges[i], valueRange{r.lo - offset[o], r.hi - offset[o]})
		}
	}
	return ranges
}

// rangeOver returns the range of phi over the ball of the points, widened on either side by
// half the largest second difference along every axis: what a smooth function or one with a
// kink may rise by between them. It is anything where phi is not finite.
func rangeOver(q *points, phi process.Observable) valueRange {
	f := phi.NewFunc()
	d := len(q.axes)
	values := make([]float64, 1)
	stride := make([]int, d)
	for k := range d {
		stride[k] = len(values)
		values = make([]float64, len(values)*len(q.axes[k]))
	}
	x := make([]float64, d)
	for i := range values {
		for k := range d {
			x[k] = q.axes[k][i/stride[k]%len(q.axes[k])]
		}
		values[i] = f(x)
	}
	r := valueRange{math.Inf(1), math.Inf(-1)}
	keep := func(v float64) { r.lo, r.hi = min(r.lo, v), max(r.hi, v) }
	for _, i := range q.inside {
		keep(values[i])
	}
	for _, x := range q.sphere {
		keep(f(x))
	}
	slack := 0.0
	for k := range d {
		bend := 0.0
		for i := range values {
			if j := i / stride[k] % len(q.axes[k]); j > 0 && j+1 < len(q.axes[k]) {
				bend = max(bend, math.Abs(values[i-stride[k]]-2*values[i]+values[i+stride[k]]))
			}
		}
		slack += bend / 2
	}
	if width := r.hi - r.lo + slack; math.IsNaN(width) || math.IsInf(width, 0) {
		return anything
	}
	return valueRange{r.lo - slack, r.hi + slack}
}

// rangeOfS returns the range of U^n in the ball: anything where that is not invariant.
func (s *gapKind) rangeOfS(obs int, eta float64) valueRange {
	if !s.invariant(eta) {
		return anything
	}
	return s.cache.survey.ranges[inBall][obs]
}

// rangeOfL returns the range of a model's u: over its own ball if its noise ends there, and
// over R without noise, where it stays if the drift points inward; for other models that
// the drift keeps near the ball, over what they reach.
func (m *modelRun) rangeOfL(sv *survey, obs int) valueRange {
	switch {
	case !m.inward:
		return anything
	case m.model.Noise == process.NoiseEndsIn:
		return sv.ranges[inOuter][obs]
	case m.model.Noise == process.NoNoise:
		return sv.ranges[inBall][obs]
	}
	return sv.ranges[inReach][obs]
}

// impossible returns by how much a row's U and u, at the traced points, leave the ranges
// of what they can be: at the worst of the steps about that of the largest gap, from half
// of it to twice, and elsewhere as far as a gap there could then be larger.
func (s *gapKind) impossible(e *engine, r *rowRun) (ofS, ofL float64) {
	forS, forL := s.rangeOfS(r.obs, e.eta), r.m.rangeOfL(s.cache.survey, r.obs)
	for k, u := range r.traceAtU {
		n := e.trace.n[k]
		overS, overL := forS.beyond(e.trace.u[k][r.obs]), forL.beyond(u)
		if 2*n < r.bestN || n > 2*r.bestN {
			short := r.best - r.curve[n]
			overS, overL = max(0, overS-short), max(0, overL-short)
		}
		ofS, ofL = max(ofS, overS), max(ofL, overL)
	}
	return ofS, ofL
}

// widest returns the largest gap that the ranges of a row's U and u allow.
func (s *gapKind) widest(e *engine, r *rowRun) float64 {
	forS, forL := s.rangeOfS(r.obs, e.eta), r.m.rangeOfL(s.cache.survey, r.obs)
	return max(forS.hi-forL.lo, forL.hi-forS.lo)
}
