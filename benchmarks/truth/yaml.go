package main

import (
	"fmt"
	"strings"
)

// header begins a study with a discrete law of equal weights.
func header(id string, parameters []string, loss string, samples []string, values [][]float64) *strings.Builder {
	b := new(strings.Builder)
	var rows []string
	for _, v := range values {
		var row []string
		for _, c := range v {
			row = append(row, plain(c))
		}
		rows = append(rows, "["+strings.Join(row, ", ")+"]")
	}
	fmt.Fprintf(b, "name: %s\nparameters: [%s]\nloss: '%s'\nsample: {kind: discrete, variables: [%s], values: [%s]}\n",
		id, strings.Join(parameters, ", "), loss, strings.Join(samples, ", "), strings.Join(rows, ", "))
	return b
}

// layout is the part of a study file that is the same for all problems.
type layout struct {
	radius, outer    float64
	names, phi       []string
	etas             []rate
	models           []string
	accuracy, solver string
}

// finishStudy writes the ball about the origin, the observables and what follows.
func finishStudy(b *strings.Builder, s layout) {
	fmt.Fprintf(b, "ball: {R: %s, R2: %s}\nobservables:\n", plain(s.radius), plain(s.outer))
	for i, name := range s.names {
		fmt.Fprintf(b, "  %s: '%s'\n", name, s.phi[i])
	}
	fmt.Fprintf(b, "eta: [%s]\nmodels: [%s]\naccuracy: %s\nsolver: %s\noutput: {fields: []}\n", texts(s.etas), strings.Join(s.models, ", "), s.accuracy, s.solver)
}
