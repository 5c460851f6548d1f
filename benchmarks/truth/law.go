package main

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/integrate/quad"
)

// gradients is the law of one sample variable: finitely many values, or a density on an interval.
type gradients struct {
	yaml          string // of `variables: {S: ..}` where the law is independent
	values, probs []float64
	low, high     float64
	breaks        []float64 // where what is integrated is not smooth
	density       func(s float64) float64
}

// finite is a law of finitely many values.
func finite(values, probs []float64) *gradients { return &gradients{values: values, probs: probs} }

func uniformLaw(low, high float64) *gradients {
	return &gradients{yaml: fmt.Sprintf("{law: uniform, low: %s, high: %s}", plain(low), plain(high)), low: low, high: high,
		density: func(float64) float64 { return 1 }}
}

func normalLaw(cut float64) *gradients {
	return &gradients{yaml: fmt.Sprintf("{law: normal, mean: 0, std: 1, truncate: [%s, %s]}", plain(-cut), plain(cut)), low: -cut, high: cut,
		density: func(s float64) float64 { return math.Exp(-s * s / 2) }}
}

func betaLaw(a, b int) *gradients {
	return &gradients{yaml: fmt.Sprintf("{law: beta, alpha: %d, beta: %d}", a, b), low: 0, high: 1,
		density: func(s float64) float64 { return math.Pow(s, float64(a-1)) * math.Pow(1-s, float64(b-1)) }}
}

// plain writes a number without brackets.
func plain(v float64) string { return strings.Trim(number(v), "()") }

// rule returns nodes and weights: the values, or points Gauss points of Legendre in each of the panels
// that the breaks leave.
func (l *gradients) rule(points int) (nodes, weights []float64) {
	if l.density == nil {
		return l.values, l.probs
	}
	ends := append(append([]float64{l.low}, l.breaks...), l.high)
	x, w := make([]float64, points), make([]float64, points)
	total := 0.0
	for i := 1; i < len(ends); i++ {
		quad.Legendre{}.FixedLocations(x, w, ends[i-1], ends[i])
		for j, s := range x {
			v := w[j] * l.density(s)
			nodes, weights = append(nodes, s), append(weights, v)
			total += v
		}
	}
	for i := range weights {
		weights[i] /= total
	}
	return nodes, weights
}

// support returns points that hold the ends of the support and are dense in it.
func (l *gradients) support() []float64 {
	if l.density == nil {
		return l.values
	}
	const points = 65
	var s []float64
	for i := range points {
		s = append(s, l.low+(l.high-l.low)*float64(i)/(points-1))
	}
	return append(s, l.breaks...)
}
