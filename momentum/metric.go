package momentum

import (
	"fmt"

	"kolmo/assumptions"
	"kolmo/objective"
)

// Lyapunov returns P of A^T P + P A = -I, row by row, for one parameter.
// A is the Jacobian of the drift (v, -gamma v - grad f), which both kinds have, at the point
// of rest in |x - center| <= R. The error says why there is none.
//
// With A = [[0, 1], [-h, -gamma]] it is P_12 = 1/(2 h), P_22 = (1 + 1/h)/(2 gamma) and
// P_11 = gamma P_12 + h P_22.
func Lyapunov(o objective.Objective, center, R, friction float64) ([]float64, error) {
	at := []float64{center}
	if rest, ok := assumptions.Displace(o, at, R); ok {
		at = rest.Minimizer
	}
	var m objective.Moments
	o.NewEvaluator().MomentsTo(&m, at)
	h := m.Hess[0][0]
	if !(h > 0) {
		return nil, fmt.Errorf("the expected loss has the curvature %.4g at %.4g, where the motion is not drawn to a point of rest", h, at[0])
	}
	off, last := 1/(2*h), (1+1/h)/(2*friction)
	return []float64{friction*off + h*last, off, off, last}, nil
}
