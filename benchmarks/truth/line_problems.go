package main

import (
	"fmt"
	"math"
	"strings"
)

// mostDraws bounds how often noise is halved until steps stay in the ball.
const mostDraws = 12

// lineProblem draws a problem of a class.
func lineProblem(seed uint64, id, class string) *problem {
	d := draw{source(seed, id)}
	p := &process{radius: one(d, 1, 1.5, 2, 3, 4)}
	etas := d.rates(2, 1, 5)
	models := some(d, 2, "modified", "second-order", "first-order", "gradient-flow")
	accuracy := one(d, "0.1", "0.01", "0.001")
	solver := "{space: auto, time: auto}"
	ratio := one(d, 1.5, 1.5, 2, 3)
	phi := []observable{d.smooth(p.radius), d.smooth(p.radius)}
	noise := d.between(0.3, 0.9)
	p.law = d.discrete()
	var extra loss
	switch class {
	case "methods":
		solver = d.solver()
	case "accuracies":
		accuracy = one(d, "0.1", "0.03", "0.003", "1e-4", "1e-5")
	case "limits":
		etas = d.rates(2, 1, 4)
	case "cutoffs":
		models = []string{"modified"}
		ratio = one(d, 1.001, 1.01, 1.03, 1.1, 1.2, 1.3, 2.5, 3)
		if d.chance(0.3) {
			solver = d.solver()
		}
	case "steep":
		phi = []observable{d.steep(p.radius), d.steep(p.radius)}
	case "offset":
		p.center = d.between(-2, 2)
		at := p.center + d.between(-1, 1)*p.radius
		phi = []observable{raised(one(d, 10., 100, 1000), d.smooth(p.radius)), bump(d.between(2, 10)/p.radius/p.radius, round3(at))}
	case "continuous":
		p.law = one(d, uniformLaw(-1, 1), normalLaw(2.5), betaLaw(2, 3), uniformLaw(-0.5, 1.5))
		switch d.IntN(3) {
		case 0:
			c := d.between(p.law.low+0.1, p.law.high-0.1)
			p.law.breaks = []float64{c}
			extra = loss{corner(d.between(0.2, 0.5), math.Abs(c), cosine(d.between(0.5, 1.5), d.between(-1, 1)))}
			p.law.breaks = []float64{math.Abs(c)}
		case 1:
			m := d.between(0.5, 2)
			extra = loss{wave(round3(d.between(0.2, 0.7)/m/m), d.between(1, 20), m)}
		case 2:
			extra = loss{distance(d.between(0.2, 0.6), d.between(0.1, 1))}
		}
	case "outliers":
		rare, size := d.between(0.005, 0.05), d.between(4, 12)
		p.law = finite([]float64{size, round3(-size * rare / (1 - rare) * 2), 0}, []float64{rare, round3((1 - rare) / 2), 1 - rare - round3((1-rare)/2)})
	case "faces":
		p.radius = 1
		models = []string{"second-order", "first-order"}
		noise = 0.95
		accuracy = one(d, "0.1", "0.03", "0.01")
		if d.chance(0.5) {
			solver = d.solver()
		}
		phi = []observable{d.smooth(p.radius), d.steep(p.radius)}
	}
	p.outer = math.Round(ratio*p.radius*1e4) / 1e4
	base := d.convex()
	if class == "faces" && d.chance(0.5) {
		base = loss{times(d.between(1, 2), 0, square())}
	}
	for range mostDraws {
		p.loss = append(append(append(loss{}, base...), d.noisy(noise, p.radius)...), extra...)
		if p.shift(); p.stays(etas[0].value) && p.curvature(3*p.radius) > 0.05 {
			break
		}
		noise = round3(noise * 0.75)
	}
	out := p.problem(id, class, accuracy, solver, etas, models, phi)
	if class == "limits" {
		out.text += "studies: [local-error, stationary]\n"
	}
	return out
}

// smooth draws an observable that varies over the ball.
func (d draw) smooth(radius float64) observable {
	switch d.IntN(4) {
	case 0:
		return polynomial(0, 1)
	case 1:
		return cosineOf(d.between(0.5, 4)/radius, d.between(-1, 1))
	case 2:
		return polynomial(d.between(-1, 1), d.between(-1, 1), d.between(-0.5, 0.5))
	}
	return bump(round3(d.between(0.5, 5)/radius/radius), d.between(-0.5*radius, 0.5*radius))
}

// steep draws an observable that varies over a small part of the ball.
func (d draw) steep(radius float64) observable {
	at := d.between(-1.1*radius, 1.1*radius)
	if d.chance(0.5) {
		return front(round3(d.between(4, 15)/radius), at)
	}
	return bump(round3(d.between(10, 60)/radius/radius), at)
}

// convex draws an expected loss without noise.
func (d draw) convex() loss {
	l := loss{times(d.between(0.6, 1.8), 0, square())}
	if d.chance(0.3) {
		l = append(l, times(d.between(0.05, 0.3), 0, quartic()))
	}
	switch d.IntN(4) {
	case 0:
		k := d.between(0.5, 2.5)
		l = append(l, times(round3(d.between(0.1, 0.3)/k/k), 0, cosine(k, d.between(-1, 1))))
	case 1:
		l = append(l, times(d.between(0.1, 1), 0, softplus(d.between(-2, 2), d.between(-1, 1))))
	case 2:
		l = append(l, times(d.between(0.1, 0.6), 0, root(d.between(-1, 1))))
	}
	return l
}

// noisy draws noise of a size in the gradient.
func (d draw) noisy(size, radius float64) loss {
	l := loss{times(0, round3(size), line())}
	switch d.IntN(4) {
	case 0:
		k := d.between(0.5, 2)
		l = append(l, times(0, round3(size/2/k), cosine(k, d.between(-1, 1))))
	case 1:
		l = append(l, times(0, round3(size/2), softplus(d.between(-1.5, 1.5), d.between(-1, 1))))
	case 2:
		l = append(l, times(0, round3(size/3/math.Max(1, radius)), square()))
	}
	return l
}

// discrete draws two or three values of mean zero, or nearly.
func (d draw) discrete() *gradients {
	switch d.IntN(3) {
	case 0:
		return finite([]float64{1, -1}, []float64{0.5, 0.5})
	case 1:
		q := d.between(0.2, 0.8)
		return finite([]float64{1, round3(-q / (1 - q))}, []float64{q, 1 - q})
	}
	return finite([]float64{1.2, 0.3, -0.8}, []float64{0.25, 0.25, 0.5})
}

// shift moves the loss so that its minimiser is near the centre: a constant is added to the gradient.
func (p *process) shift() {
	at := p.field(p.law.rule(48))
	g := at(p.center).grad
	if math.Abs(g) < 0.3*p.radius {
		return
	}
	p.loss = append(p.loss, times(-round3(g), 0, line()))
}

// problem writes the study of a process.
func (p *process) problem(id, class, accuracy, solver string, etas []rate, models []string, phi []observable) *problem {
	names := []string{"a", "b", "c"}[:len(phi)]
	var b strings.Builder
	fmt.Fprintf(&b, "name: %s\nparameters: [x]\nloss: '%s'\n", id, strings.NewReplacer("X", "x", "S", "xi").Replace(p.loss.text()))
	if p.law.density == nil {
		var values, probs []string
		for i, v := range p.law.values {
			values = append(values, "["+plain(v)+"]")
			probs = append(probs, plain(p.law.probs[i]))
		}
		fmt.Fprintf(&b, "sample: {kind: discrete, variables: [xi], values: [%s], probabilities: [%s]}\n", strings.Join(values, ", "), strings.Join(probs, ", "))
	} else {
		fmt.Fprintf(&b, "sample: {kind: independent, variables: {xi: %s}}\n", p.law.yaml)
	}
	fmt.Fprintf(&b, "ball: {R: %s, center: [%s], R2: %s}\nobservables:\n", plain(p.radius), plain(p.center), plain(p.outer))
	for i, o := range phi {
		fmt.Fprintf(&b, "  %s: '%s'\n", names[i], strings.ReplaceAll(o.text, "X", "x"))
	}
	fmt.Fprintf(&b, "eta: [%s]\nmodels: [%s]\naccuracy: %s\nsolver: %s\noutput: {fields: []}\n", texts(etas), strings.Join(models, ", "), accuracy, solver)
	convex := p.curvature(p.radius) > 0
	return &problem{id: id, class: class, text: b.String(), names: names,
		answers: func(q request, want float64) ([]answer, error) { return solve(p, phi, q, want) },
		inside: func(model string, eta float64) bool {
			return convex && p.stays(eta) && p.inward(model, eta)
		},
	}
}

// inward reports that the drift points inward where the noise of a model ends, or on the ball's sphere.
func (p *process) inward(model string, eta float64) bool {
	at := p.field(p.law.rule(48))
	r := p.radius
	if model == "modified" {
		r = p.outer
	}
	return drift(model, eta, at(p.center-r)) > 0 && drift(model, eta, at(p.center+r)) < 0
}
