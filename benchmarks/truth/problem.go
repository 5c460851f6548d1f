package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// problem is a study with answers that kolmo has no part in.
type problem struct {
	id, class string
	text      string // the study file
	names     []string
	// answers returns one answer per observable of a row.
	answers func(q request, want float64) ([]answer, error)
	// inside reports that the theory speaks of the row: f strongly convex, the ball invariant, the drift
	// inward where noise ends.
	inside func(model string, eta float64) bool
}

// source returns the random numbers of one problem: they depend on the seed and the problem's id alone.
func source(seed uint64, id string) *rand.Rand {
	h := uint64(14695981039346656037) // FNV-1a
	for _, b := range []byte(id) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return rand.New(rand.NewPCG(seed, h))
}

// draw is a source with the draws that problems are made of.
type draw struct{ *rand.Rand }

// between returns a number of three digits, or so, in [low, high).
func (d draw) between(low, high float64) float64 {
	return round3(low + (high-low)*d.Float64())
}

// round3 cuts after the third decimal.
func round3(v float64) float64 { return float64(int64(v*1000)) / 1000 }

func (d draw) chance(p float64) bool { return d.Float64() < p }

// one returns one of the values.
func one[T any](d draw, values ...T) T { return values[d.IntN(len(values))] }

// some returns n different values in their order.
func some[T any](d draw, n int, values ...T) []T {
	keep := map[int]bool{}
	for _, i := range d.Perm(len(values))[:min(n, len(values))] {
		keep[i] = true
	}
	var out []T
	for i, v := range values {
		if keep[i] {
			out = append(out, v)
		}
	}
	return out
}

// rate is a learning rate as the study writes it.
type rate struct {
	text  string
	value float64
}

// rates returns n of 1/2, 1/4, .., 1/2^last.
func (d draw) rates(n, first, last int) []rate {
	var all []rate
	for k := first; k <= last; k++ {
		all = append(all, rate{fmt.Sprintf("1/%d", 1<<k), 1 / float64(int(1)<<k)})
	}
	return some(d, n, all...)
}

// texts returns the rates as a list of YAML.
func texts(etas []rate) string {
	var t []string
	for _, e := range etas {
		t = append(t, e.text)
	}
	return strings.Join(t, ", ")
}

// solver draws a method, or leaves it to kolmo.
func (d draw) solver() string {
	times := []string{"auto", "polynomial", "rk4", "douglas", "craig-sneyd", "modified-craig-sneyd", "hundsdorfer-verwer"}
	switch d.IntN(3) {
	case 0:
		return fmt.Sprintf("{space: chebyshev, time: %s}", one(d, "auto", "polynomial", "rk4"))
	case 1:
		return fmt.Sprintf("{space: uniform, time: %s}", one(d, times...))
	}
	return fmt.Sprintf("{space: uniform, order: %d, time: %s}", one(d, 4, 6, 8, 10), one(d, times...))
}

// entry is a problem that is not drawn yet.
type entry struct {
	id, class string
	draw      func() *problem
}

// class is a kind of problems in a number of dimensions.
type class struct {
	name string
	draw func(seed uint64, id, class string, dims int) *problem
}

func onLine(seed uint64, id, class string, _ int) *problem { return lineProblem(seed, id, class) }

// classes lists the kinds by dimensions, in the order of the table.
var classes = map[int][]class{
	1: {{"plain", onLine}, {"methods", onLine}, {"accuracies", onLine}, {"cutoffs", onLine}, {"steep", onLine}, {"offset", onLine},
		{"continuous", onLine}, {"outliers", onLine}, {"faces", onLine}, {"linear", linearProblem}, {"limits", onLine}},
	2: {{"linear", linearProblem}, {"separable", separableProblem}, {"anisotropic", linearProblem}, {"separable", separableProblem}, {"radial", radialProblem}},
	3: {{"linear", linearProblem}, {"separable", separableProblem}, {"radial", radialProblem}},
}

// places are the names of the dimensions.
var places = map[int]string{1: "line", 2: "plane", 3: "space"}

// problems lists n1 problems on the line, n2 in the plane and n3 in space, the classes in turn. A problem depends
// on the seed and its name alone.
func problems(seed uint64, n1, n2, n3 int) []entry {
	var out []entry
	for i, n := range []int{n1, n2, n3} {
		dims := i + 1
		for k := range n {
			c := classes[dims][k%len(classes[dims])]
			id := fmt.Sprintf("%s-%d", places[dims], k)
			out = append(out, entry{id, places[dims] + " " + c.name, func() *problem { return c.draw(seed, id, c.name, dims) }})
		}
	}
	return out
}

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
