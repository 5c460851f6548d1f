package survey

import (
	"math"

	"kolmo/compare"
	"kolmo/compare/look"
	"kolmo/process"
)

// ValueRange holds the values that a field can take: S and the semigroup of a diffusion
// are means, so that U^n and u lie between the least and the largest value of phi where
// their process can be. What a computed field exceeds that by is an error, whatever
// levels agree on.
type ValueRange struct{ Lo, Hi float64 }

// Anything is the range of a field of which nothing is known.
var Anything = ValueRange{math.Inf(-1), math.Inf(1)}

// Beyond returns by how much values leave the range at the most.
func (r ValueRange) Beyond(values []float64) float64 {
	most := 0.0
	for _, v := range values {
		most = max(most, v-r.Hi, r.Lo-v)
	}
	return most
}

// Balls over which the range of phi is taken, as indices of survey.ranges.
const (
	InBall  = iota // |x - center| <= R
	InOuter        // |x - center| <= the largest radius of a diffusion, and that of the ball that the chain does not leave
	InReach        // |x - center| <= reachShare R
	rangeBalls
)

// reachShare is the radius, over R, of the ball that a diffusion started in B(0,R) is
// taken to stay in if its drift points inward on |x - center| = R.
const reachShare = 2

// newRanges returns the ranges of the observables, less their offsets, over the balls.
func newRanges(p *compare.Problem, offset []float64) (ranges [rangeBalls][]ValueRange) {
	for i, radius := range []float64{p.Ball.R, max(p.Outer(), p.Reach()), reachShare * p.Ball.R} {
		ball := p.Region(radius)
		q := look.NewPoints(ball, look.PointDensity[len(ball.Center)])
		for o, phi := range p.Observables {
			r := rangeOver(q, phi)
			ranges[i] = append(ranges[i], ValueRange{r.Lo - offset[o], r.Hi - offset[o]})
		}
	}
	return ranges
}

// rangeOver returns the range of phi over the ball of the points, widened on either side by
// half the largest second difference along every axis: what a smooth function or one with a
// kink may rise by between them. It is anything where phi is not finite.
func rangeOver(q *look.Points, phi process.Observable) ValueRange {
	f := phi.NewFunc()
	d := len(q.Axes)
	values := make([]float64, 1)
	stride := make([]int, d)
	for k := range d {
		stride[k] = len(values)
		values = make([]float64, len(values)*len(q.Axes[k]))
	}
	x := make([]float64, d)
	for i := range values {
		for k := range d {
			x[k] = q.Axes[k][i/stride[k]%len(q.Axes[k])]
		}
		values[i] = f(x)
	}
	r := ValueRange{math.Inf(1), math.Inf(-1)}
	keep := func(v float64) { r.Lo, r.Hi = min(r.Lo, v), max(r.Hi, v) }
	for _, i := range q.Inside {
		keep(values[i])
	}
	for _, x := range q.Sphere {
		keep(f(x))
	}
	slack := 0.0
	for k := range d {
		bend := 0.0
		for i := range values {
			if j := i / stride[k] % len(q.Axes[k]); j > 0 && j+1 < len(q.Axes[k]) {
				bend = max(bend, math.Abs(values[i-stride[k]]-2*values[i]+values[i+stride[k]]))
			}
		}
		slack += bend / 2
	}
	if width := r.Hi - r.Lo + slack; math.IsNaN(width) || math.IsInf(width, 0) {
		return Anything
	}
	return ValueRange{r.Lo - slack, r.Hi + slack}
}
