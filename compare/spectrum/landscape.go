package spectrum

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/integrate/quad"

	"kolmo/compare"
	"kolmo/grid"
	"kolmo/process"
)

// landscape are the points of rest of a process with two wells.
type landscape struct {
	left, saddle, right []float64
	stable              int    // stable points of rest
	why                 string // not empty: there are not two wells, and no points
	small               smallNoise
}

// smallNoise is what small noise has to say of leaving a point of rest. Numbers that it has not are NaN.
type smallNoise interface {
	// pass is the exponent of small noise on the way to the saddle.
	pass(rest []float64) float64
	// rates are the rate of leaving with the noise as it is, and Kramers' with that at the saddle.
	rates(rest []float64) (rate, kramers float64)
}

// landscapeOf is the landscape of a model, or of the chain where it is nil, at a learning rate, in a ball of the line
// or of the plane. Wells are ordered by their first coordinates, as users know them.
func landscapeOf(p *compare.Problem, m *process.Diffusion, eta float64, ball grid.Ball) (*landscape, error) {
	if len(ball.Center) == 2 {
		return planeLandscape(p, m, eta, ball)
	}
	box := Interval{ball.Center[0] - ball.R, ball.Center[0] + ball.R}
	var l *line
	var stable int
	var why string
	var err error
	if m == nil {
		l, stable, why, err = chainLine(p.Dynamics.Chain(eta), box)
	} else {
		l, stable, why = diffusionLine(p.Dynamics, m, eta, box)
	}
	if l == nil {
		return &landscape{stable: stable, why: why}, err
	}
	return &landscape{left: []float64{l.left}, saddle: []float64{l.saddle}, right: []float64{l.right}, stable: stable, small: l}, err
}

// line are the points of rest of a process on the line with two wells, and what small noise needs to
// cross between them.
type line struct {
	left, saddle, right float64
	// drift is the mean speed at a point and noise the variance per time; nil for a chain.
	drift, noise func(x float64) float64
	// exponent returns q with E e^{q dX} = 1 to first order in the time of dX, or to all orders
	// in a step of a chain; infinite where nothing moves against the drift.
	exponent func(x float64) float64
}

// Constants of landscapes.
const (
	bisections = 200
	// slopeStep is the step over the box of differences for slopes.
	slopeStep = 1e-3
	// passNodes are those of two Gauss rules for exponents, and passTolerance how far
	// the rules may be apart, relatively.
	passCoarse, passFine = 48, 96
	passTolerance        = 1e-6
	// newtonMost is the most steps of Newton's method.
	newtonMost = 100
)

// rests returns the stable points of rest of a drift in a box and the unstable ones, from left
// to right, to rounding.
func rests(drift func(x float64) float64, box Interval) (stable, unstable []float64) {
	at := func(i int) float64 { return box.Lo + (box.Hi-box.Lo)*float64(i)/float64(restNodes-1) }
	before := drift(at(0))
	for i := 1; i < restNodes; i++ {
		now := drift(at(i))
		switch {
		case before > 0 && now <= 0:
			stable = append(stable, bisect(drift, at(i-1), at(i)))
		case before < 0 && now >= 0:
			unstable = append(unstable, bisect(func(x float64) float64 { return -drift(x) }, at(i-1), at(i)))
		}
		before = now
	}
	return stable, unstable
}

// bisect returns where a function that is positive at lo and not at hi turns; what rounding does not
// tell from zero on their scale is zero.
func bisect(f func(x float64) float64, lo, hi float64) float64 {
	tiny := 4 * ulp * (hi - lo)
	for range bisections {
		mid := lo + (hi-lo)/2
		if mid == lo || mid == hi {
			break
		}
		if f(mid) > 0 {
			lo = mid
		} else {
			hi = mid
		}
	}
	if math.Abs(hi) <= tiny {
		return 0
	}
	return hi
}

// newLine returns the line of a drift, how many stable points of rest it has, and why they are not two wells.
func newLine(drift func(x float64) float64, box Interval) (l *line, rest int, why string) {
	stable, unstable := rests(drift, box)
	var between []float64
	if len(stable) == 2 {
		for _, x := range unstable {
			if x > stable[0] && x < stable[1] {
				between = append(between, x)
			}
		}
	}
	if len(between) != 1 {
		return nil, len(stable), fmt.Sprintf("the drift has %d stable and %d unstable points of rest in the ball: not two wells", len(stable), len(unstable))
	}
	return &line{left: stable[0], saddle: between[0], right: stable[1], drift: drift}, len(stable), ""
}

// chainLine is that of a chain.
func chainLine(chain process.Chain, box Interval) (*line, int, string, error) {
	steps := stepsOf(chain)
	var failed error
	l, stable, why := newLine(func(x float64) float64 {
		at, weights, err := steps(x)
		if err != nil && failed == nil {
			failed = err
		}
		sum := 0.0
		for i, d := range at {
			sum += weights[i] * d
		}
		return sum
	}, box)
	if l != nil {
		l.exponent = func(x float64) float64 {
			at, weights, err := steps(x)
			if err != nil && failed == nil {
				failed = err
			}
			return cramer(at, weights)
		}
	}
	return l, stable, why, failed
}

// stepsOf returns what a chain on the line moves by, with the probabilities.
func stepsOf(chain process.Chain) func(x float64) (at, weights []float64, err error) {
	im, n := chain.NewImager(), chain.Images()
	at, weights, point := make([]float64, n), make([]float64, n), []float64{0}
	return func(x float64) ([]float64, []float64, error) {
		point[0] = x
		err := im.ImagesTo(weights, at, point)
		for i := range at {
			at[i] -= x
		}
		return at, weights, err
	}
}

// diffusionLine is that of a model.
func diffusionLine(d process.Dynamics, m *process.Diffusion, eta float64, box Interval) (*line, int, string) {
	coefficients := func(x float64) (b, a float64) {
		c := m.Coefficients(d.At([][]float64{{x}}, 1), eta)
		if c.B[0] != nil {
			b = c.B[0][0]
		}
		if c.A[0][0] != nil {
			a = c.A[0][0][0]
		}
		return b, a
	}
	l, stable, why := newLine(func(x float64) float64 { b, _ := coefficients(x); return b }, box)
	if l != nil {
		l.noise = func(x float64) float64 { _, a := coefficients(x); return a }
		l.exponent = func(x float64) float64 {
			b, a := coefficients(x)
			return -2 * b / a
		}
	}
	return l, stable, why
}

// Exponents returns the exponents of small noise at points on the line, of a model or of the chain where
// it is nil. That is q with E e^{q dX} = 1 to first order in the time of dX, or to all orders in a step of
// the chain. They are infinite where nothing moves against the drift, and NaN where an image is not finite.
func Exponents(d process.Dynamics, m *process.Diffusion, eta float64, x []float64) []float64 {
	out := make([]float64, len(x))
	if m == nil {
		steps := stepsOf(d.Chain(eta))
		for i := range x {
			at, weights, err := steps(x[i])
			if out[i] = cramer(at, weights); err != nil {
				out[i] = math.NaN()
			}
		}
		return out
	}
	points := make([][]float64, len(x))
	for i := range x {
		points[i] = x[i : i+1]
	}
	c := m.Coefficients(d.At(points, 1), eta)
	for i := range out {
		if b, a := c.B[0], c.A[0][0]; b != nil && a != nil {
			out[i] = -2 * b[i] / a[i]
		}
	}
	return out
}

// cramer returns the root q of E e^{q D} = 1 that is not zero: q has the sign against the mean, and
// is infinite where no D has it. ln E e^{q D} is convex, and Newton's method comes from outside.
func cramer(steps, weights []float64) float64 {
	mean, square, most := 0.0, 0.0, 0.0
	for i, d := range steps {
		mean += weights[i] * d
		square += weights[i] * d * d
	}
	if mean == 0 || square == 0 {
		return 0
	}
	sign := -math.Copysign(1, mean)
	for i, d := range steps {
		if weights[i] > 0 {
			most = max(most, sign*d)
		}
	}
	if most == 0 {
		return sign * math.Inf(1)
	}
	// value is ln E e^{q sign D} and slope its derivative.
	at := func(q float64) (value, slope float64) {
		sum, first := 0.0, 0.0
		for i, d := range steps {
			e := weights[i] * math.Exp(q*(sign*d-most))
			sum += e
			first += e * sign * d
		}
		return q*most + math.Log(sum), first / sum
	}
	q := 2 * math.Abs(mean) / square
	for v, _ := at(q); !(v > 0); v, _ = at(q) {
		if q *= 2; math.IsInf(q, 0) {
			return sign * q
		}
	}
	for range newtonMost {
		v, slope := at(q)
		next := q - v/slope
		if !(next < q) {
			break
		}
		q = next
	}
	return sign * q
}

// pass returns the integral of the exponent from a point of rest to the saddle.
func (l *line) pass(rest []float64) float64 {
	lo, hi, sign := rest[0], l.saddle, 1.0
	if lo > hi {
		lo, hi, sign = hi, lo, -1
	}
	coarse := quad.Fixed(l.exponent, lo, hi, passCoarse, quad.Legendre{}, 0)
	fine := quad.Fixed(l.exponent, lo, hi, passFine, quad.Legendre{}, 0)
	if math.IsInf(fine, 0) {
		return math.Inf(1)
	}
	if !(math.Abs(fine-coarse) <= passTolerance*math.Abs(fine)) {
		return math.NaN()
	}
	return sign * fine
}

// rates returns the rate of leaving a point of rest over the saddle as small noise has it.
// With the noise as it is that is 1 over the mean time of passage by Laplace's method; with the
// noise everywhere as at the saddle it is Kramers' rate.
func (l *line) rates(rest []float64) (rate, kramers float64) {
	top := l.noise(l.saddle)
	h := slopeStep * (l.right - l.left)
	slope := func(x float64) float64 {
		return math.Abs(8*(l.drift(x+h)-l.drift(x-h))-(l.drift(x+2*h)-l.drift(x-2*h))) / (12 * h)
	}
	front := math.Sqrt(slope(rest[0])*slope(l.saddle)) / (2 * math.Pi)
	flat := *l
	flat.exponent = func(x float64) float64 { return -2 * l.drift(x) / top }
	return front * math.Sqrt(l.noise(rest[0])/top) * math.Exp(-l.pass(rest)), front * math.Exp(-flat.pass(rest))
}
