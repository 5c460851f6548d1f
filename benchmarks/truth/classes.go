package main

import "fmt"

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
