package powers

import (
	"context"
	"math"

	"kolmo/grid"
	"kolmo/sgdop"
)

// cheaperFrom is the number of weights per row of S from which a basis is cheaper: as many
// operations as it has vectors, mostly fewer, give U at a node.
const cheaperFrom = 256

// CheaperByBasis reports that U costs less by a basis than by steps of S.
func CheaperByBasis(s *sgdop.Operator) bool {
	return s.Oversampled() || s.Choice().MatrixFree() || s.Stored() >= cheaperFrom*s.Grid().Len()
}

// growthSteps is the number of steps over which the growth of S's powers is measured.
const growthSteps = 16

// PowersGrowth returns the norm of S, and no less than what its powers do to random fields
// where images leave the box, so that S extrapolates. The error is the context's.
func PowersGrowth(ctx context.Context, s *sgdop.Operator, workers int) (float64, error) {
	growth := max(1, s.Norm())
	if s.Leakage().Rows == 0 {
		return growth, nil
	}
	g, err := s.Growth(ctx, workers, growthSteps, 1, nil)
	return max(growth, g.Factor, g.Rough), err
}

// CentreNode returns the node that is nearest to a point.
func CentreNode(g *grid.Grid, at []float64) int {
	best, least := 0, math.Inf(1)
	x := make([]float64, g.Dim())
	for i := range g.Len() {
		g.PointTo(x, i)
		sum := 0.0
		for k, v := range x {
			sum += (v - at[k]) * (v - at[k])
		}
		if sum < least {
			best, least = i, sum
		}
	}
	return best
}
