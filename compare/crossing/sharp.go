package crossing

import (
	"math"

	"kolmo/grid"
)

const (
	// sharpest is the share of a field's range by which it may rise between neighbouring nodes in the ball. Near a point
	// of rest that repels, fields have a layer that narrows like e^{-lambda t} until noise keeps it open.
	sharpest = 0.25
	// sharpSafety multiplies what grids on which fields are sharper tell: all of them miss alike what they do not resolve.
	sharpSafety = 3
)

// sharpness returns the largest difference of a field between neighbouring nodes in the ball, over its range there.
func sharpness(g *grid.Grid, ball grid.Ball, u []float64) float64 {
	x, inside := make([]float64, g.Dim()), make([]bool, g.Len())
	lo, hi := math.Inf(1), math.Inf(-1)
	for i, v := range u {
		g.PointTo(x, i)
		if inside[i] = ball.Contains(x); inside[i] {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	most := 0.0
	for k := range g.Dim() {
		for i, v := range u {
			if next := i + g.Stride(k); inside[i] && g.Index(i, k)+1 < g.Axis(k).Len() && inside[next] {
				most = max(most, math.Abs(u[next]-v))
			}
		}
	}
	return most / (hi - lo)
}
