package march

import (
	"math"

	"kolmo/compare/fit"
	"kolmo/compare/survey"
	"kolmo/grid"
)

// MostRemaining is survey.MostRemaining.
const MostRemaining = survey.MostRemaining

// Irregular reports that the error of the row's u does not fall regularly with the nodes.
// That of collocation does not where the cutoff is not analytic, nor where noise at the
// ends of the box amplifies what is left unresolved, the more the more nodes there are.
func (r *Row) Irregular() bool {
	return r.Model.Level.Kind == grid.KindChebyshev && (!r.Model.Model.Analytic || r.Model.Growth > fit.CalmGrowth)
}

// Remaining returns the share of the difference between two levels of u that is estimated
// to remain as the error of the finer one. It follows from the order of accuracy for
// differences, less of it where the model's cutoff is not analytic. It is all of the
// difference for collocation, and more where its error falls irregularly.
func (r *Row) Remaining(coarse survey.Level) float64 {
	if r.Irregular() || !r.Model.Model.Analytic && coarse.Kind == grid.KindChebyshev {
		return fit.IrregularSafety
	}
	order := r.Model.Level.Order
	if !r.Model.Model.Analytic {
		order = min(order, fit.CutoffOrder)
	}
	return Remaining(r.Model.Level, coarse, order)
}

// Remaining returns that share for two levels: all of it where one of them is
// collocation or on another box. For low orders on neighbouring grids it is more than one.
func Remaining(fine, coarse survey.Level, order int) float64 {
	if fine.Kind != grid.KindUniform || coarse.Kind != grid.KindUniform || fine.Box != coarse.Box {
		return 1
	}
	ratio := float64(fine.Largest()) / float64(coarse.Largest())
	if ratio == 1 {
		return 1 // another order on the same grid
	}
	// The level that is looked at may be the coarser one, when a method begins anew.
	grown := math.Pow(ratio, float64(max(order-fit.OrderLost, order/2)))
	switch {
	case grown > 1:
		return fit.OrderSafety / (grown - 1)
	case grown < 1:
		return fit.OrderSafety / (1 - grown)
	}
	return 1
}

// RoughRemaining returns the shares of the differences between two plans by S and by the row's model that remain as errors of the finer one where its
// grids miss something of rough coefficients: what is missed at a kink spreads in the steps that follow. They are zero where the grids are the same.
func RoughRemaining(fine, coarse *Engine, r, c *Row) (ofS, ofL float64) {
	const gain = 1
	if !fine.Level.Same(coarse.Level) {
		ofS = fine.Rough.Remaining(coarse.Rough, gain)
	}
	if !r.Model.Level.Same(c.Model.Level) {
		ofL = r.Model.Rough.Remaining(c.Model.Rough, gain)
	}
	return ofS, ofL
}

// TimeError returns the largest estimate of the error in t at the steps where the
// gap could be the largest.
func (r *Row) TimeError() float64 {
	most := r.Prop.TimeErrorAt(max(r.BestN, 1))
	least := r.Best - most
	for n := 1; n < len(r.Curve); n++ {
		if e := r.Prop.TimeErrorAt(n); r.Curve[n]+e >= least {
			most = max(most, e)
		}
	}
	return most
}

// Approached reports that the largest gap was at the end of what was computed.
func (r *Row) Approached() bool {
	return r.BestN > 0 && r.BestN >= len(r.Curve)-1-approachedSteps(len(r.Curve))
}

// approachedSteps is how many steps before the last the largest gap may lie and
// count as approached: rounding makes the end of a saturating curve flat.
func approachedSteps(n int) int { return n / 10 }
