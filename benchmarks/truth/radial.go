package main

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/mat"
)

// radial is f = a |x|^2/2 - xi.x with noise of covariance c^2 in all directions, and phi = |x|^2.
// With r = |x|^2, U^n is r (1 - eta a)^(2n) and a constant. u of the modified model solves an equation in r alone:
//
//	u_t = -2 b r u_r + eta chi^2 c^2 (2 r u_rr + d u_r),   b = a (1 + eta a/2).
type radial struct {
	dims            int
	curvature, size float64
	radius, outer   float64
}

// solve returns the answer of the modified model.
func (p *radial) solve(q request, want float64) ([]answer, error) {
	return refined(q, want, func(r resolution) ([]answer, error) { return p.solveAt(q.eta, r) })
}

func (p *radial) solveAt(eta float64, res resolution) ([]answer, error) {
	rate := p.curvature * (1 + eta*p.curvature/2)
	low, high := p.radius*p.radius, p.outer*p.outer
	a := newAxis(res.diffusion, 0, high, []layer{{(low + high) / 2, (high - low) / 2}})
	l := generator(a, func(r float64) (b, c float64) {
		chi := cutoff(math.Sqrt(r), p.radius, p.outer)
		noise := eta * chi * chi * p.size * p.size
		return -2*rate*r + noise*float64(p.dims), 2 * noise * r
	})
	d := newMarch(a, exponential(l, eta, halvings(eta*2*rate)+res.halvings), []observable{polynomial(1)})
	ball := newAxis(res.sgd, 0, low, nil)
	seen := a.matrix(ball.x)
	var best supremum
	shrink := (1 - eta*p.curvature) * (1 - eta*p.curvature)
	slope, constant := 1.0, 0.0
	v := make([]float64, res.sgd)
	var u mat.Dense
	for n := 1; ; n++ {
		constant = shrink*constant + eta*eta*p.size*p.size*float64(p.dims)
		slope *= shrink
		d.advance()
		u.Mul(seen, d.u)
		for i, r := range ball.x {
			v[i] = slope*r + constant - u.At(i, 0)
		}
		best.look(ball, n, v)
		least, most := bounds(&u, 0, nil)
		if most-least+slope*low <= settled*best.value {
			return []answer{{gap: best.value, n: best.n, x: math.Sqrt(best.x)}}, nil
		}
		if float64(n)*float64(res.diffusion*res.diffusion) > mostWork {
			return nil, errTooLong
		}
	}
}

// radialProblem draws a problem of the modified model in d dimensions with rotational symmetry.
func radialProblem(seed uint64, id, class string, dims int) *problem {
	d := draw{source(seed, id)}
	p := &radial{dims: dims, curvature: d.between(0.5, 2), radius: one(d, 1., 2, 3)}
	p.outer = round3(p.radius * one(d, 1.1, 1.3, 1.5, 1.5, 2, 3))
	etas := d.rates(2, 1, 4)
	// Values +-length e_i; a step stays in the ball if length <= curvature radius.
	length := round3(p.curvature * p.radius * d.between(0.2, 0.95))
	p.size = length / math.Sqrt(float64(dims))
	q := d.rotation(dims)
	var values [][]float64
	for _, row := range q {
		plus, minus := make([]float64, dims), make([]float64, dims)
		for i, c := range row {
			plus[i], minus[i] = length*c, -length*c
		}
		values = append(values, plus, minus)
	}
	parameters, samples := []string{"x", "y", "z"}[:dims], []string{"u", "v", "w"}[:dims]
	var terms, squares []string
	for i, name := range parameters {
		terms = append(terms, fmt.Sprintf("%s*%s^2/2 - %s*%s", number(p.curvature), name, samples[i], name))
		squares = append(squares, name+"^2")
	}
	b := header(id, parameters, strings.Join(terms, " + "), samples, values)
	finishStudy(b, layout{radius: p.radius, outer: p.outer, names: []string{"a"}, phi: []string{strings.Join(squares, " + ")},
		etas: etas, models: []string{"modified"}, accuracy: one(d, "0.1", "0.01", "0.001"), solver: one(d, "{space: auto, time: auto}", "{space: auto, time: auto}", d.solver())})
	return &problem{id: id, class: class, text: b.String(), names: []string{"a"}, answers: p.solve,
		inside: func(_ string, eta float64) bool { return eta*p.curvature <= 1 }}
}
