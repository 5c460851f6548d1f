package assumptions

import (
	"math"

	"kolmo/objective"
)

// Displacement is where f is least and how far the stationary mean lies from there,
// E_pi X - x* = eta PerEta + O(eta^2).
type Displacement struct {
	// Minimizer is x*.
	Minimizer []float64
	// Left is the length of Newton's next step, the error of x*.
	Left float64
	// PerEta is -(1/2) H^{-1} (T:C) with H C + C H = Sigma, H = hess f, T the third
	// derivatives of f, all at x*; in one dimension -f''' Sigma/(4 f''^2).
	PerEta []float64
	// Error is the error of PerEta's entries: that of T by differences of hess f.
	Error float64
}

// Constants of Displace.
const (
	newtonSteps    = 100   // most steps
	newtonHalvings = 40    // of one step
	newtonLeft     = 1e-10 // of R: the last step
	thirdSpacing   = 1e-2  // of R: of the differences of hess f
	thirdRounding  = 1e-13 // of T, relative: that of hess f over the spacing
)

// Displace finds the minimizer x* of f in the ball |x - center| <= r by Newton's
// method from its centre, for f convex there, and the displacement of the stationary
// mean from x* to first order in eta. It needs nothing but moments, so that it serves
// batches and quadratures as well; T is by central differences of hess f of order six,
// whose difference from those of order four is the error. It returns false where x* is
// not in the ball or hess f is not positive definite there. Cost: tens of MomentsTo.
func Displace(o objective.Objective, center []float64, r float64) (*Displacement, bool) {
	d := o.Dim()
	ev := o.NewEvaluator()
	x, y, step := append([]float64(nil), center...), make([]float64, d), make([]float64, d)
	var m, next objective.Moments
	ev.MomentsTo(&m, x)
	for range newtonSteps {
		newton(step, &m, d)
		moved := false
		for t, k := 1.0, 0; k < newtonHalvings && !moved; t, k = t/2, k+1 {
			far := 0.0
			for i := range y {
				y[i] = x[i] + t*step[i]
				far += (y[i] - center[i]) * (y[i] - center[i])
			}
			if math.Sqrt(far) > r {
				continue
			}
			// |grad f| and not f, which is flat at x*.
			if ev.MomentsTo(&next, y); slope(&next, d) < slope(&m, d) {
				moved = true
			}
		}
		if !moved {
			break
		}
		copy(x, y)
		m = next
	}
	newton(step, &m, d)
	left := 0.0
	for _, v := range step {
		if !(math.Abs(v) <= newtonLeft*r) {
			return nil, false
		}
		left = math.Hypot(left, v)
	}
	low, high := thirdDifferences(ev, x, thirdSpacing*r, d)
	a, b := meanShift(m.Hess, m.Sigma, low, d), meanShift(m.Hess, m.Sigma, high, d)
	if a == nil || b == nil {
		return nil, false
	}
	s := &Displacement{Minimizer: x, Left: left, PerEta: b}
	for i := range b {
		if b[i]-b[i] != 0 {
			return nil, false
		}
		s.Error = max(s.Error, math.Abs(a[i]-b[i])+thirdRounding*math.Abs(b[i]))
	}
	return s, true
}

// slope returns |grad f|.
func slope(m *objective.Moments, d int) float64 {
	sum := 0.0
	for _, g := range m.Grad[:d] {
		sum += g * g
	}
	return math.Sqrt(sum)
}

// thirdDifferences returns the third derivatives of f at x by central differences of
// hess f with spacing h, of orders four and six, symmetrised.
func thirdDifferences(ev objective.Evaluator, x []float64, h float64, d int) (four, six [3][3][3]float64) {
	weights := [2][3]float64{{2. / 3, -1. / 12, 0}, {3. / 4, -3. / 20, 1. / 60}}
	var raw [2][3][3][3]float64
	y := make([]float64, d)
	var m objective.Moments
	for k := range d {
		for j := 1; j <= 3; j++ {
			for _, sign := range []float64{1, -1} {
				copy(y, x)
				y[k] += sign * float64(j) * h
				ev.MomentsTo(&m, y)
				for w := range weights {
					for a := range d {
						for b := range d {
							raw[w][k][a][b] += sign * weights[w][j-1] / h * m.Hess[a][b]
						}
					}
				}
			}
		}
	}
	for w, t := range []*[3][3][3]float64{&four, &six} {
		for a := range d {
			for b := range d {
				for c := range d {
					t[a][b][c] = (raw[w][a][b][c] + raw[w][b][a][c] + raw[w][c][a][b]) / 3
				}
			}
		}
	}
	return four, six
}
