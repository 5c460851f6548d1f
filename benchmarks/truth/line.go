package main

import (
	"math"
)

// process is a loss of one parameter with the law of its sample, and the interval of the starting points.
type process struct {
	loss   loss
	law    *gradients
	center float64
	radius float64
	outer  float64 // R2
}

// moments are what the diffusions are made of at one point.
type moments struct{ grad, hess, noise float64 }

// field evaluates the moments under a rule of the law.
func (p *process) field(nodes, weights []float64) func(x float64) moments {
	grad := make([]float64, len(nodes))
	return func(x float64) moments {
		var m moments
		for i, s := range nodes {
			grad[i] = p.loss.grad(x, s)
			m.grad += weights[i] * grad[i]
			m.hess += weights[i] * p.loss.hess(x, s)
		}
		for i, g := range grad {
			m.noise += weights[i] * (g - m.grad) * (g - m.grad)
		}
		return m
	}
}

// drift returns b of a model: -f', or -(1 + (eta/2) f”) f'.
func drift(model string, eta float64, m moments) float64 {
	if model == "modified" || model == "second-order" {
		return -(1 + eta/2*m.hess) * m.grad
	}
	return -m.grad
}

// cutoff is chi of doc/method.md: 1 up to r, 0 from r2 on, and between them
// g(1-s)/(g(1-s) + g(s)) with g(s) = exp(-1.5/s) and s = (|x| - r)/(r2 - r).
func cutoff(distance, r, r2 float64) float64 {
	s := (distance - r) / (r2 - r)
	switch {
	case s <= 0:
		return 1
	case s >= 1:
		return 0
	}
	return 1 / (1 + math.Exp(1.5/(1-s)-1.5/s))
}

// stays reports that one step of SGD from anywhere in the ball ends in it.
func (p *process) stays(eta float64) bool {
	const points = 801
	support := p.law.support()
	for i := range points {
		d := p.radius * (2*float64(i)/(points-1) - 1)
		for _, s := range support {
			if math.Abs(d-eta*p.loss.grad(p.center+d, s)) > p.radius*(1+1e-9) {
				return false
			}
		}
	}
	return true
}

// curvature returns the least f” within distance of the centre.
func (p *process) curvature(distance float64) float64 {
	at := p.field(p.law.rule(48))
	least := math.Inf(1)
	const points = 401
	for i := range points {
		least = min(least, at(p.center+distance*(2*float64(i)/(points-1)-1)).hess)
	}
	return least
}

// reach returns how far below and above the centre a path of the diffusion from the ball may come but with a
// probability of about e^-exponent: where the integral of 2 |b|/a from the sphere on is the exponent. It is false
// where the drift does not point inward or that is further than forty radii.
func (p *process) reach(model string, eta, exponent float64) (low, high float64, ok bool) {
	at := p.field(p.law.rule(48))
	ends := [2]float64{}
	for side, sign := range []float64{-1, 1} {
		step := p.radius / 400
		w, sum := p.radius, 0.0
		for sum < exponent {
			w += step
			m := at(p.center + sign*w)
			b := -sign * drift(model, eta, m)
			if !(b > 0) || w > 40*p.radius {
				return 0, 0, false
			}
			sum += step * min(2*b/(eta*m.noise+1e-300), exponent*200/p.radius)
			step *= 1.005
		}
		ends[side] = w
	}
	return ends[0], ends[1], true
}
