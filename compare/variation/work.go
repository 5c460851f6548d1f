package variation

import (
	"math"

	"kolmo/compare/survey"
	"kolmo/compare/unit"
	"kolmo/grid"
	"kolmo/process"
)

// workShare is what following M takes over the passes of L that its entries alone would, by dimension: the march and the Krylov space of
// the rate, products with Jacobians, and the ladder's grids beyond those that are taken, as shipped studies show.
var workShare = [grid.MaxDim + 1]float64{0, 0.2, 0.35, 1}

// chainShare is what the chain takes over the products of its steps on all grids: its matrices are assembled first.
const chainShare = 2

// work is about what a unit takes at a learning rate amid the study's: the costliest model's equation on all grids of its ladder,
// and the model's share of the chain's steps, whose matrix is as wide as M has values.
func work(s *unit.Setup) float64 {
	k, d, most, chain := New(s), len(s.Problem.Ball.Center), 0.0, 0.0
	eta := s.Problem.Etas[len(s.Problem.Etas)/2].Value
	every, count := k.variationSteps(eta)
	for _, l := range k.variationLadder(true) {
		wide := float64(Entries(d)) * l.Count()
		chain += wide * wide * float64(every*count)
	}
	for _, m := range s.Problem.Models {
		most = max(most, k.modelWork(m, eta, s.Problem.Time(every*count, eta)))
	}
	return workShare[d]*float64(Entries(d))*most + chainShare*chain/float64(len(s.Problem.Models))
}

// modelWork is the multiplications of one entry of M of a model on the grids of its ladder to a time t: the spectral radius of L on the coarsest grows
// as the square of the nodes. It is zero where that grid is not known, which is told when the unit is run.
func (s *Kind) modelWork(m *process.Diffusion, eta, t float64) float64 {
	half := s.variationHalves(m)[0]
	ladder := s.variationLadder(m.Analytic && m.Noise != process.NoiseAtFaces)
	first := ladder[0].Scaled(s.Problem.Ball, half/s.Problem.Ball.R)
	data, err := s.Cache.Get(first, half)
	if err != nil {
		return 0
	}
	if m.Noise == process.NoiseAtFaces {
		m, _ = ended(m, s.Problem, half)
	}
	op, _, err := survey.Equation(data.Fields, m, eta, first.Order)
	if err != nil {
		return 0
	}
	sum := 0.0
	for _, l := range ladder {
		finer := float64(l.Largest()) / float64(ladder[0].Largest())
		sum += l.Scaled(s.Problem.Ball, half/s.Problem.Ball.R).PassWork(m) * survey.PolynomialPasses * math.Max(1, t*op.SpectralRadius()*finer*finer)
	}
	return sum
}
