package main

import (
	"fmt"
	"strings"
)

// separableProblem draws a problem in d dimensions that is separable in rotated coordinates, which no axis shows.
func separableProblem(seed uint64, id, class string, dims int) *problem {
	d := draw{source(seed, id)}
	p := &separable{radius: one(d, 1., 1.5, 2, 3), sum: d.chance(0.3)}
	continuous := d.chance(0.4)
	etas := d.rates(2, 1, 4)
	for range dims {
		f := &process{radius: p.radius, outer: 1.5 * p.radius, loss: d.convex()}
		if f.law = d.discrete(); continuous {
			f.law = one(d, uniformLaw(-1, 1), normalLaw(2.5))
		}
		f.shift()
		p.factors = append(p.factors, f)
		p.phi = append(p.phi, d.smooth(p.radius))
	}
	base := make([]loss, dims)
	size := d.between(0.3, 0.9)
	for i, f := range p.factors {
		base[i] = f.loss
	}
	for range mostDraws {
		for i, f := range p.factors {
			// The same noise, smaller.
			f.loss = append(append(loss{}, base[i]...), draw{source(seed, fmt.Sprintf("%s noise %d", id, i))}.noisy(size, p.radius)...)
		}
		if p.stays(etas[0].value) {
			break
		}
		size = round3(size * 0.75)
	}
	parameters := []string{"x", "y", "z"}[:dims]
	q := d.rotation(dims)
	var define, terms, phi []string
	for i, f := range p.factors {
		var along []string
		for j, name := range parameters {
			along = append(along, fmt.Sprintf("%s*%s", number(q[i][j]), name))
		}
		define = append(define, fmt.Sprintf("  r%d: '%s'\n", i+1, strings.Join(along, " + ")))
		terms = append(terms, strings.NewReplacer("X", fmt.Sprintf("r%d", i+1), "S", fmt.Sprintf("s%d", i+1)).Replace(f.loss.text()))
		phi = append(phi, "("+strings.ReplaceAll(p.phi[i].text, "X", fmt.Sprintf("r%d", i+1))+")")
	}
	b := new(strings.Builder)
	fmt.Fprintf(b, "name: %s\nparameters: [%s]\ndefine:\n%sloss: '%s'\n", id, strings.Join(parameters, ", "), strings.Join(define, ""), strings.Join(terms, " + "))
	p.writeLaw(b)
	joint := " * "
	if p.sum {
		joint = " + "
	}
	models := some(d, 2, "second-order", "first-order", "gradient-flow")
	finishStudy(b, layout{radius: p.radius, outer: 1.5 * p.radius, names: []string{"a"}, phi: []string{strings.Join(phi, joint)},
		etas: etas, models: models, accuracy: one(d, "0.1", "0.01", "0.001"), solver: one(d, "{space: auto, time: auto}", "{space: auto, time: auto}", d.solver())})
	convex := true
	for _, f := range p.factors {
		convex = convex && f.curvature(p.radius) > 0
	}
	return &problem{id: id, class: class, text: b.String(), names: []string{"a"}, answers: p.solve,
		inside: func(model string, eta float64) bool { return convex && p.stays(eta) }}
}

// writeLaw writes the joint law: independent variables, or all combinations of values.
func (p *separable) writeLaw(b *strings.Builder) {
	if p.factors[0].law.density != nil {
		fmt.Fprint(b, "sample:\n  kind: independent\n  variables:\n")
		for i, f := range p.factors {
			fmt.Fprintf(b, "    s%d: %s\n", i+1, f.law.yaml)
		}
		return
	}
	rows, probs, names := []string{""}, []float64{1}, []string{}
	for i, f := range p.factors {
		names = append(names, fmt.Sprintf("s%d", i+1))
		var nextRows []string
		var nextProbs []float64
		for k, row := range rows {
			for m, v := range f.law.values {
				nextRows = append(nextRows, strings.TrimPrefix(row+", "+plain(v), ", "))
				nextProbs = append(nextProbs, probs[k]*f.law.probs[m])
			}
		}
		rows, probs = nextRows, nextProbs
	}
	var weights []string
	for _, w := range probs {
		weights = append(weights, plain(w))
	}
	fmt.Fprintf(b, "sample: {kind: discrete, variables: [%s], values: [[%s]], probabilities: [%s]}\n",
		strings.Join(names, ", "), strings.Join(rows, "], ["), strings.Join(weights, ", "))
}
