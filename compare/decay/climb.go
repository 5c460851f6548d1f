package decay

import (
	"context"
	"fmt"
	"math"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/look"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
)

// Constants of the refinement.
const (
	// decayAccuracy is the error of d^J u, relative to its largest value until then and in
	// the mean over time, that ends the refinement.
	decayAccuracy = 1e-3
	// decayOrder is the order of the differences, unless the study chooses one.
	decayOrder = 8
)

// decayLevels is the most grids of one kind that are tried, by dimension.
var decayLevels = [...]int{0, 6, 4, 3}

// layerLevels is the most grids that are tried where a layer asks for fine ones.
const layerLevels = 3

// decayNodes is where the refinement starts, by dimension: of differences, which fourth
// derivatives ask more of than u does, and of collocation. decayMost is the most nodes that are tried for a layer.
var (
	decayNodes       = [...]int{0, 96, 40, 24}
	decayCollocation = [...]int{0, 24, 20, 12}
	decayMost        = [...]int{0, 512, 160, 48}
)

// decayMethod is a discretisation that may serve, on a box of the given half-width.
type decayMethod struct {
	method survey.Method
	half   float64
	start  int // nodes per axis of the ball
}

// decayMethods lists what is tried, best first. The box is wider than the ball for all
// models, by R2, so that what one-sided closures do at its faces does not reach the
// ball, against the drift; the ball's own box is left for losses that do not bear that.
// Collocation is exact for the polynomials of a quadratic loss, and derivatives of it
// inside a wider box lose few digits to rounding; the modified model's cutoff is not
// analytic, and differences keep its error where it arises.
func (s *Kind) decayMethods(model int) []decayMethod {
	d, wide, narrow := len(s.Problem.Ball.Center), s.Problem.Outer(), s.Problem.Ball.R
	order := s.Problem.Solver.Order
	if order == 0 {
		order = decayOrder
	}
	differences := decayMethod{survey.Uniform(order), wide, decayNodes[d]}
	collocation := decayMethod{survey.Chebyshev(), wide, decayCollocation[d]}
	if s.Problem.Models[model].Radius > 0 {
		if s.Problem.Solver.Space == compare.SpaceChebyshev {
			return []decayMethod{collocation}
		}
		return []decayMethod{differences}
	}
	if d > 2 {
		// Half-way is enough, and a third of the nodes.
		wide = (wide + narrow) / 2
	}
	var list []decayMethod
	for _, half := range []float64{wide, narrow} {
		differences.half, collocation.half = half, half
		if s.Problem.Solver.Space != compare.SpaceUniform {
			list = append(list, collocation)
		}
		if s.Problem.Solver.Space != compare.SpaceChebyshev {
			list = append(list, differences)
		}
	}
	return list
}

// climbDecay tries methods, and of each finer and finer grids, until the derivatives of
// two of them agree or tell what is asked of them, and returns the pair that agrees best.
func (s *Kind) climbDecay(ctx context.Context, model int, eta compare.Rate, rest *restPoint) (fine, coarse *decayRun, err error) {
	best, least := math.Inf(1), math.Inf(1)
	var broken error
	d := len(s.Problem.Ball.Center)
	for _, m := range s.decayMethods(model) {
		ladder, err := m.method.Ladder(survey.ForL, s.Problem, s.Problem.Solver.Nodes)
		if err != nil {
			return nil, nil, err
		}
		at := 0
		for at+2 < len(ladder) && ladder[at].Largest() < m.start {
			at++
		}
		ladder = ladder[at:]
		for s.Problem.Solver.Nodes == nil && len(ladder) > 2 && ladder[len(ladder)-1].Largest() > decayMost[d] {
			ladder = ladder[:len(ladder)-1]
		}
		seen, err := survey.LayerFrom(s.Problem, s.Problem.Models[model], ladder, 1)
		if err != nil {
			blind := &decayRun{err: err}
			return blind, blind, nil
		}
		if ladder = ladder[seen:]; seen > 0 {
			ladder = ladder[:min(len(ladder), layerLevels)]
		}
		done := false
		err = unit.Climb(ctx, min(decayLevels[d], len(ladder)), 1, func(k int) (*decayRun, error) {
			l := ladder[k]
			s.Progress(eta, float64(k)/float64(decayLevels[d]), 1, fmt.Sprintf("eta = %s: derivatives on %d %s nodes per axis", eta.Text, l.Largest(), m.method.Kind))
			run, err := s.decayOn(ctx, l, m.half, model, eta, nil)
			if err != nil {
				return nil, err
			}
			if fine == nil {
				fine, coarse = run, run
			}
			if run.err != nil {
				return nil, unit.ErrLast
			}
			return run, nil
		}, func(_ int, run, last *decayRun) (better, enough bool) {
			diff, peak := run.difference(last, s)
			// Late times, when little is left of u, may get worse while all else gets better.
			if better = diff < best || peak < peakGain*least; better {
				best, least, fine, coarse = diff, peak, run, last
			}
			done = best <= decayAccuracy || better && best <= decayEnough && s.decided(fine, coarse, rest)
			return better, done
		})
		if err != nil {
			// What lies outside the ball is not the study's.
			if ctx.Err() != nil || m.half == s.Problem.Ball.R || s.Problem.Models[model].Radius > 0 {
				return nil, nil, err
			}
			broken = err
		}
		if done || best < decayEnough {
			break
		}
	}
	if fine == nil {
		return nil, nil, broken
	}
	return fine, coarse, nil
}

// decayEnough is the agreement of a method that rules out trying another one.
const decayEnough = 0.1

// peakGain is by how much the largest differences must fall for a finer grid to be better
// although the mean over time says otherwise.
const peakGain = 0.5

// difference compares the derivatives of two runs. worst is the largest, over the
// derivatives, of the mean over time of their difference, relative to the largest value
// until then, and at least to the size below which a derivative counts as zero. peak is the
// largest difference at any time, relative to the largest value of all times or that size.
func (r *decayRun) difference(q *decayRun, s *Kind) (worst, peak float64) {
	js := look.MultiIndices(len(s.Problem.Ball.Center))
	for o := range r.sup {
		for k := range r.sup[o] {
			least := fit.ZeroError * s.derivativeScale(o, js[k])
			errs := r.against(q, o, k)
			top, sum := least, 0.0
			for i, e := range errs {
				if top = max(top, r.sup[o][k][i]); e > 0 {
					sum += min(1, e/top)
				}
			}
			worst = max(worst, sum/float64(len(errs)))
			peak = max(peak, fit.MaxOf(errs)/max(top, s.derivativeScale(o, js[k])))
			if e := fit.MaxOf(errs); e > 0 && fit.MaxOf(r.sup[o][k]) <= fit.ErrorSafety*e {
				// To be called zero its error must be small at all times.
				worst = max(worst, decayAccuracy*e/least)
			}
		}
	}
	return worst, peak
}

// derivativeScale is the size of d^J u that goes with the observable: sup |phi|/R^|J|, with R as
// long as it is along the users' axes.
func (s *Kind) derivativeScale(o int, j []int) float64 {
	size := s.Size[o] / math.Pow(s.Problem.Ball.R, float64(look.OrderOf(j)))
	for k, m := range j {
		for ; m > 0 && s.users != nil; m-- {
			size *= s.stretch(k)
		}
	}
	return size
}

// stretch is the length in the coordinates of a step of length one along a user's axis.
func (s *Kind) stretch(k int) float64 {
	square := 0.0
	for _, row := range s.users {
		square += row[k] * row[k]
	}
	return math.Sqrt(square)
}
