package spectrum

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"

	"kolmo/compare"
	"kolmo/process"
)

// Constants of potentials in the plane.
const (
	// potentialNodes are the points along a diameter at which a model is looked at.
	potentialNodes = 21
	// constantNoise is how far a may differ from its value at the saddle, over its largest entry, and gradientDrift how far the
	// Jacobian of b/a from its transpose, over its largest size.
	constantNoise, gradientDrift = 1e-9, 1e-6
	// positiveNoise is the least determinant of a over the product of its diagonal.
	positiveNoise = 1e-9
)

// potential is a diffusion of the plane with constant noise a and the drift b = -a grad W/2.
type potential struct {
	drift  flow       // q = a^{-1} b, half the exponent of small noise along a path against it
	saddle []float64  // where W is passed
	top    jacobian   // of b there
	slopes []jacobian // of b at the wells
	rests  [][]float64
}

// potentialOf returns the potential of a model in the ball of radius R; nil where a is not constant or not positive definite
// there, a^{-1} b has no potential, or a point of rest lies beyond.
func potentialOf(p *compare.Problem, m *process.Diffusion, eta float64, l *landscape) (smallNoise, error) {
	ball := p.Ball
	three := [][]float64{l.left, l.right, l.saddle}
	for _, z := range three {
		if !ball.Contains(z) {
			return nil, nil
		}
	}
	points := append(ballPoints(ball, potentialNodes), three...)
	c := m.Coefficients(p.Dynamics.At(points, 1), eta)
	entry := func(k, l, i int) float64 {
		if c.A[k][l] == nil {
			return 0
		}
		return c.A[k][l][i]
	}
	last := len(points) - 1
	a, cross, d := entry(0, 0, last), entry(0, 1, last), entry(1, 1, last)
	det := a*d - cross*cross
	if !(a > 0 && d > 0 && det > positiveNoise*a*d) {
		return nil, nil
	}
	for i := range points {
		if off := max(math.Abs(entry(0, 0, i)-a), math.Abs(entry(0, 1, i)-cross), math.Abs(entry(1, 1, i)-d)); !(off <= constantNoise*max(a, d)) {
			return nil, nil
		}
	}
	b := driftOf(p.Dynamics, m, eta)
	q := flow(func(points [][]float64) ([]float64, error) {
		v, err := b(points)
		for i := 0; i < len(v); i += 2 {
			v[i], v[i+1] = (d*v[i]-cross*v[i+1])/det, (a*v[i+1]-cross*v[i])/det
		}
		return v, err
	})
	h := slopeStep * ball.R
	_, slopes, err := q.jet(points, h)
	if err != nil {
		return nil, err
	}
	off, size := 0.0, 0.0
	for _, j := range slopes {
		off, size = max(off, math.Abs(j[1]-j[2])), max(size, j.size())
	}
	if !(off <= gradientDrift*size) {
		return nil, nil
	}
	_, slopes, err = b.jet(three, h)
	if err != nil {
		return nil, err
	}
	return &potential{drift: q, saddle: l.saddle, top: slopes[2], slopes: slopes[:2], rests: three[:2]}, nil
}

// pass implements smallNoise: W(saddle) - W(rest), by two Gauss rules along the line between them.
func (w *potential) pass(rest []float64) float64 {
	rule := func(n int) float64 {
		t, weights := make([]float64, n), make([]float64, n)
		quad.Legendre{}.FixedLocations(t, weights, 0, 1)
		by := [2]float64{w.saddle[0] - rest[0], w.saddle[1] - rest[1]}
		points := make([][]float64, n)
		for i := range t {
			points[i] = []float64{rest[0] + t[i]*by[0], rest[1] + t[i]*by[1]}
		}
		q, err := w.drift(points)
		if err != nil {
			return math.NaN()
		}
		sum := 0.0
		for i := range t {
			sum -= 2 * weights[i] * (q[2*i]*by[0] + q[2*i+1]*by[1])
		}
		return sum
	}
	coarse, fine := rule(passCoarse), rule(passFine)
	if !(math.Abs(fine-coarse) <= passTolerance*math.Abs(fine)) {
		return math.NaN()
	}
	return fine
}

// rates implements smallNoise: the rate of Eyring and Kramers, which is both. With lambda the positive eigenvalue of
// Db at the saddle s, and m the point of rest, it is
//
//	lambda/(2 pi) sqrt(det hess W(m)/|det hess W(s)|) e^{-(W(s) - W(m))},
//
// where the determinants are those of Db but for the same factor. See Bovier, Eckhoff, Gayrard and Klein, J. Eur.
// Math. Soc. 6 (2004) 399, Theorem 3.2.
func (w *potential) rates(rest []float64) (rate, kramers float64) {
	at := w.slopes[0]
	if apartBy(rest, w.rests[1]) < apartBy(rest, w.rests[0]) {
		at = w.slopes[1]
	}
	_, out := w.top.parts()
	rate = out / (2 * math.Pi) * math.Sqrt(at.det()/-w.top.det()) * math.Exp(-w.pass(rest))
	return rate, rate
}
