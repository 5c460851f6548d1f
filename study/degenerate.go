package study

import (
	"fmt"
	"math"
	"slices"

	"kolmo/compare"
	"kolmo/custom"
	"kolmo/grid"
	"kolmo/langevin"
)

// lookedAt is the number of points that degenerate studies are known by.
const lookedAt = 32

// Degenerate says in sentences what of a study has nothing to compare: observables that are constant, and losses without
// noise or without their parameters, as far as points of the ball tell. p is the study's problem. It takes as many gradients of all
// samples as there are points, and two where samples differ.
func Degenerate(s *Study, p *compare.Problem) []string {
	var out []string
	for _, phi := range p.Observables {
		value := phi.NewFunc()
		first := value(p.Ball.Center)
		if !slices.ContainsFunc(spread(p.Ball), func(x []float64) bool { return value(x) != first }) {
			out = append(out, fmt.Sprintf("the observable %s has the value %.6g at all of %d points of the ball: if it is constant, all its gaps are zero", phi.Name(), first, lookedAt))
		}
	}
	if s.Algorithm == custom.Name || s.Algorithm == langevin.Name {
		return out // whose steps may have noise without samples, and no gradient
	}
	d := s.Loss.Dim()
	own, samples := s.Loss.NewEvaluator(), s.Loss.Law().Len()
	grads, zero := make([]float64, samples*d), make([]float64, d)
	noise, moves := false, false
	for _, x := range spread(grid.Ball{Center: s.Center[:d], R: s.R}) {
		own.GradsTo(grads, x)
		for k := 0; k < samples && !noise; k++ {
			noise = !slices.Equal(grads[k*d:(k+1)*d], grads[:d])
		}
		if moves = moves || !slices.Equal(grads[:d], zero); noise {
			return out
		}
	}
	if !moves {
		return append(out, fmt.Sprintf("the loss has no gradient at any of %d points of the ball: if it does not depend on %s, no step moves", lookedAt, s.Parameters[0]))
	}
	return append(out, fmt.Sprintf("all samples have the same gradient at all of %d points of the ball: they bring no noise", lookedAt))
}

// spread returns points of a ball that lie in no order: those of a Kronecker sequence in the box about it, moved into the ball.
func spread(b grid.Ball) [][]float64 {
	const plastic = 1.1673039782614187 // the root of g^5 = g + 1, whose powers are as far from fractions as four numbers are
	out := make([][]float64, lookedAt)
	for i := range out {
		x, step := make([]float64, len(b.Center)), 1.0
		for k := range x {
			step /= plastic
			_, u := math.Modf(0.5 + float64(i)*step)
			x[k] = b.Center[k] + b.R*(2*u-1)
			if r := b.Range(k); r != nil {
				x[k] = r.Low + u*(r.High-r.Low)
			}
		}
		b.Project(x)
		out[i] = x
	}
	return out
}
