package main

import (
	"fmt"
	"strings"
)

// separable is a loss that is a sum of losses of one coordinate each, with independent samples. A product of
// observables of one coordinate has U^n and u that are products of solutions on the line; so has a sum.
type separable struct {
	factors []*process   // of one radius, about the origin
	phi     []observable // one per coordinate
	sum     bool
	radius  float64
}

// side is U or u: a march per coordinate.
type side []*march

func (s side) advance() {
	for _, m := range s {
		m.advance()
	}
}

// combine returns the product or the sum of the values.
func (p *separable) combine(v []float64) float64 {
	if p.sum {
		total := 0.0
		for _, x := range v {
			total += x
		}
		return total
	}
	total := 1.0
	for _, x := range v {
		total *= x
	}
	return total
}

// at returns the value at y, through all points of every axis.
func (p *separable) at(s side, y []float64) float64 {
	v := make([]float64, len(s))
	for i, m := range s {
		v[i] = m.axis.at(m.u.RawMatrix().Data, y[i])
	}
	return p.combine(v)
}

// solve returns the answer of the one observable.
func (p *separable) solve(q request, want float64) ([]answer, error) {
	return refined(q, want, func(r resolution) ([]answer, error) { return p.solveAt(q, r) })
}

// solveAt returns the supremum over the ball and over n at one resolution.
func (p *separable) solveAt(q request, r resolution) ([]answer, error) {
	dims := len(p.factors)
	var sgd, diffusion side
	work := 0.0
	for i, f := range p.factors {
		phi := []observable{p.phi[i]}
		sgd = append(sgd, newSGD(f, q.eta, r, phi))
		d, err := newDiffusion(f, q.model, q.eta, r, phi)
		if err != nil {
			return nil, err
		}
		diffusion = append(diffusion, d)
		work += float64(r.sgd*r.sgd + r.diffusion*r.diffusion)
	}
	points := newBallPoints(dims, p.radius)
	a, b := points.viewer(sgd), points.viewer(diffusion)
	work += float64(points.count())
	var best ballSupremum
	range0 := 0.0
	for n := 1; float64(n)*work < mostWork; n++ {
		sgd.advance()
		diffusion.advance()
		u, v := a.look(), b.look()
		left := u.swing() + v.swing()
		if range0 == 0 {
			range0 = left
		}
		low, high := points.scan(p, u, v, func(y []float64) float64 { return p.at(sgd, y) - p.at(diffusion, y) }, n, &best)
		if max(low, high) <= best.value || left <= settled*best.value || left <= rounding*range0 {
			if best.value < 100*rounding*range0 {
				return nil, errNothing
			}
			return []answer{{gap: best.value, n: best.n, x: best.y[0]}}, nil
		}
	}
	return nil, errTooLong
}

// stays reports that one step from anywhere in the ball ends in it, at points of it and all combinations of the
// samples' extremes.
func (p *separable) stays(eta float64) bool {
	dims := len(p.factors)
	supports := make([][]float64, dims)
	for i, f := range p.factors {
		if f.law.density == nil {
			supports[i] = f.law.values
		} else {
			supports[i] = []float64{f.law.low, f.law.high}
		}
	}
	for _, y := range sphere(dims) {
		for _, share := range []float64{1, 0.9, 0.7, 0.5, 0.25} {
			// The coordinates' samples are independent: the worst square of each adds up.
			sum := 0.0
			for i, f := range p.factors {
				worst := 0.0
				for _, s := range supports[i] {
					x := share * p.radius * y[i]
					x -= eta * f.loss.grad(x, s)
					worst = max(worst, x*x)
				}
				sum += worst
			}
			if sum > p.radius*p.radius {
				return false
			}
		}
	}
	return true
}

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
