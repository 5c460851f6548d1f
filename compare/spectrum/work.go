package spectrum

import (
	"math"

	"kolmo/compare/survey"
	"kolmo/compare/unit"
)

// What the modes of an n x n matrix take over n^3: of all, and of some by blocks.
const denseWork, blockWork = 40, 4

// fewRungs are those that a climb on the line takes; in more dimensions it takes the whole ladder.
const fewRungs = 8

// work is about what a unit takes: a model's grids on two boxes, its share of the chain's, and one grid
// under each other rule.
func work(s *unit.Setup) float64 {
	k, d := New(s), float64(len(s.Problem.Ball.Center))
	sum := func(r survey.Role) (sum, last float64) {
		ladder, err := k.spectrumLadder(r)
		if err != nil {
			return 0, 0 // told when it is run
		}
		if d == 1 {
			ladder = ladder[:min(len(ladder), fewRungs)]
		}
		for _, nodes := range ladder {
			n, per := math.Pow(float64(nodes), d), denseWork
			if n > denseNodes {
				per = blockWork
			}
			last = float64(per) * n * n * n
			sum += last
		}
		return sum, last
	}
	others := float64(len(s.Richer))
	chain, lastOfChain := sum(survey.ForS)
	model, lastOfModel := sum(survey.ForL)
	return 2*model + (others-1)*lastOfModel + (chain+others*lastOfChain)/float64(max(len(s.Problem.Models), 1))
}
