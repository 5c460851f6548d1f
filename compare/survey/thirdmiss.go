package survey

import (
	"fmt"
	"math"

	"kolmo/grid"
)

// ThirdMiss returns by how much the interpolants of the third central moments of a step
// over eta^3 on a level's grid miss them at the points where S is known. It is relative to
// the largest trace of the step's covariance over eta^2, to the power 3/2. Cost: one evaluation of all samples
// per node, once per grid.
func (c *Cache) ThirdMiss(l Level, data *Data) float64 {
	key := fmt.Sprint(l.Kind, l.Nodes, l.Width)
	if v, ok := c.third[key]; ok {
		return v
	}
	g := data.Grid
	nodes := make([][]float64, g.Len())
	for i := range nodes {
		nodes[i] = make([]float64, g.Dim())
		g.PointTo(nodes[i], i)
	}
	loss := c.Survey.Loss
	fields, exact := c.Problem.Dynamics.ThirdMoments(nodes, c.workers), c.Problem.Dynamics.ThirdMoments(loss.laws, c.workers)
	worst := 0.0
	in := grid.NewInterpolator(g, l.Width)
	for i, x := range loss.laws {
		in.Locate(x)
		for f := range fields {
			worst = max(worst, math.Abs(in.Value(fields[f])-exact[f][i]))
		}
	}
	if scale := math.Pow(loss.noise, 1.5); scale > 0 {
		worst /= scale
	}
	c.third[key] = worst
	return worst
}
