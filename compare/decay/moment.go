package decay

import (
	"math"

	"kolmo/compare/fit"
	"kolmo/compare/look"
)

// momentConstant returns the least C of (2.10) with the moment's values v at the points,
// [time][point], at all computed times, and how far C may be off. That counts the errors
// of the values, by time, and a maximum between the times or the points.
func momentConstant(t []float64, v [][]float64, errs []float64, q *look.Points, m int, rate float64) (c, err float64) {
	bounds := make([]float64, len(t)) // the largest at any point
	var most []float64                // at all points at the time of the largest
	at := 0
	for i := range t {
		weighted := make([]float64, len(v[i]))
		for p, x := range v[i] {
			weighted[p] = x / (1 + math.Pow(q.Ball.Distance(q.X[p]), float64(2*m))*math.Exp(-rate*t[i]))
			bounds[i] = max(bounds[i], weighted[p])
		}
		if most == nil || bounds[i] > bounds[at] {
			at, most = i, weighted
		}
		err = max(err, errs[i]) // the weight is at most one
	}
	return bounds[at], err + fit.Between(t, bounds, at) + look.BetweenPoints(q, most)
}
