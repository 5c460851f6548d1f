package local

import (
	"kolmo/compare/fit"
	"kolmo/compare/march"
)

// localUnderRules returns, by step, what the quadrature over xi does to the one-step errors
// of a row: its difference from the richest rule, and half of that from the other one, as
// fields.
func localUnderRules(e *march.Engine, own *march.Row, rich []*march.Row) rhoApart {
	shares := []float64{fit.OrderSafety}
	if len(rich) > 1 {
		shares = []float64{0.5, fit.RichSafety}
	}
	var others []rhoOther
	for k, r := range rich {
		others = append(others, rhoOther{r, shares[k]})
	}
	time := map[int]float64{}
	for _, p := range own.RhoSeries() {
		time[p.N] = p.Err
	}
	var apart rhoApart
	for _, p := range commonRho(e, own, others) {
		apart = append(apart, march.RhoPoint{N: p.N, Err: p.Err - time[p.N]})
	}
	return apart
}
