package main

import (
	"fmt"
	"math"
	"strings"
)

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
