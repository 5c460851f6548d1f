package law_test

import (
	"math"

	"kolmo/objective"
)

// momentErrors are estimates of what the quadrature over xi changes in the
// moments at a point: Euclidean norms of the differences.
type momentErrors struct{ F, Grad, Hess, Sigma float64 }

// quadratureError returns the largest differences between the moments of o and
// those under its refined rule over the points, each a list of d coordinates
// after the other. They are zero where the law is a finite sum. Of a Batch whose
// law a quadrature stands for they are zero too unless the law of xi is a
// quadrature: Sigma is exact there, and what is estimated is S.
func quadratureError(o objective.Objective, points []float64) momentErrors {
	var worst momentErrors
	fine, ok := o.Refine()
	if !ok {
		return worst
	}
	d := o.Dim()
	if len(points)%d != 0 {
		panic("law_test: shape mismatch")
	}
	a, b := o.NewEvaluator(), fine.NewEvaluator()
	var m, n objective.Moments
	for k := 0; k < len(points); k += d {
		a.MomentsTo(&m, points[k:k+d])
		b.MomentsTo(&n, points[k:k+d])
		var grad, hess, sigma float64
		for i := range d {
			grad = math.Hypot(grad, m.Grad[i]-n.Grad[i])
			for j := range d {
				hess = math.Hypot(hess, m.Hess[i][j]-n.Hess[i][j])
				sigma = math.Hypot(sigma, m.Sigma[i][j]-n.Sigma[i][j])
			}
		}
		worst.F = max(worst.F, math.Abs(m.F-n.F))
		worst.Grad = max(worst.Grad, grad)
		worst.Hess = max(worst.Hess, hess)
		worst.Sigma = max(worst.Sigma, sigma)
	}
	return worst
}
