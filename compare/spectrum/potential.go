package spectrum

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"

	"kolmo/compare/unit"
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
	in     *disc
	force  flow      // a^{-1} b = -grad W/2
	saddle []float64 // where W is passed
	rests  [2][]float64
	top    jacobian    // of b at the saddle
	wells  [2]jacobian // and at the points of rest
}

// potentialOf returns the potential of a model in a disc; nil where a is not constant or not positive definite there, a^{-1} b
// has no potential, or a point of rest lies beyond.
func potentialOf(in *disc, coefficients func(points [][]float64) *unit.Plane, left, right, saddle []float64) (smallNoise, error) {
	three := [][]float64{left, right, saddle}
	for _, z := range three {
		if !in.contains(z, 1) {
			return nil, nil
		}
	}
	points := append(in.nodes(potentialNodes), three...)
	c := coefficients(points)
	_, variances, cross := c.At(len(points) - 1)
	a, d := variances[0], variances[1]
	det := a*d - cross*cross
	if !(a > 0 && d > 0 && det > positiveNoise*a*d) {
		return nil, nil
	}
	for i := range points {
		_, v, w := c.At(i)
		if off := max(math.Abs(v[0]-a), math.Abs(v[1]-d), math.Abs(w-cross)); !(off <= constantNoise*max(a, d)) {
			return nil, nil
		}
	}
	b := driftOf(coefficients)
	force := flow(func(points [][]float64) ([]float64, error) {
		v, err := b(points)
		for i := 0; i < len(v); i += 2 {
			v[i], v[i+1] = (d*v[i]-cross*v[i+1])/det, (a*v[i+1]-cross*v[i])/det
		}
		return v, err
	})
	h := slopeStep * in.size
	_, slopes, err := force.jet(points, h)
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
	return &potential{in: in, force: force, saddle: saddle, rests: [2][]float64{left, right}, top: slopes[2], wells: [2]jacobian{slopes[0], slopes[1]}}, nil
}

// pass implements smallNoise: W(saddle) - W(rest), by two Gauss rules along the line between them.
func (w *potential) pass(rest []float64) float64 {
	rest = w.in.users(rest)
	rule := func(n int) float64 {
		t, weights := make([]float64, n), make([]float64, n)
		quad.Legendre{}.FixedLocations(t, weights, 0, 1)
		by := [2]float64{w.saddle[0] - rest[0], w.saddle[1] - rest[1]}
		points := make([][]float64, n)
		for i := range t {
			points[i] = []float64{rest[0] + t[i]*by[0], rest[1] + t[i]*by[1]}
		}
		q, err := w.force(points)
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
//	lambda/(2 pi) sqrt(det hess W(m)/|det hess W(s)|) e^{-(W(s) - W(m))}.
//
// The determinants are those of Db but for the same factor. See Bovier, Eckhoff, Gayrard and Klein, J. Eur.
// Math. Soc. 6 (2004) 399, Theorem 3.2.
func (w *potential) rates(rest []float64) (rate, kramers float64) {
	at, z := w.wells[0], w.in.users(rest)
	if apartBy(z, w.rests[1]) < apartBy(z, w.rests[0]) {
		at = w.wells[1]
	}
	_, out := w.top.parts()
	rate = out / (2 * math.Pi) * math.Sqrt(at.det()/-w.top.det()) * math.Exp(-w.pass(rest))
	return rate, rate
}
