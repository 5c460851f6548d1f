package sgd

import (
	"errors"
	"math"
	"testing"

	"kolmo/grid"
	"kolmo/kolmogorov"
	"kolmo/objective"
	"kolmo/process"
)

// The coefficients of all models against formulas worked out by hand for
//
//	f(x;xi) = x1^4/4 + x1^2 x2^2/2 + x2^2 + xi (sin x1 + x1 x2),
//
// xi = -1 and 1 with probabilities 1/4 and 3/4: E xi = 1/2, Var xi = 3/4.
func TestCoefficientsAgainstHandFormulas(t *testing.T) {
	t.Parallel()
	loss := lossOf(t, 2, "x1^4/4 + x1^2*x2^2/2 + x2^2 + xi*(sin(x1) + x1*x2)", []float64{-1, 1}, []float64{0.25, 0.75})
	g := box(t, grid.KindUniform, 2, 1.5, 9, 8)
	at, err := FieldsOn(g, loss, 1)
	if err != nil {
		t.Fatal(err)
	}
	const eta = 0.125
	cut := Cutoff{Ball: grid.Ball{Center: []float64{0.2, 0}, R: 0.8}, R2: 1.4}
	for _, of := range named {
		model := of.model
		c := model.coefficients(at, eta, cut)
		x := make([]float64, 2)
		for i := range g.Len() {
			g.PointTo(x, i)
			x1, x2 := x[0], x[1]
			g1 := x1*x1*x1 + x1*x2*x2 + (math.Cos(x1)+x2)/2
			g2 := x1*x1*x2 + 2*x2 + x1/2
			h11, h12, h22 := 3*x1*x1+x2*x2-math.Sin(x1)/2, 2*x1*x2+0.5, x1*x1+2
			n1, n2 := math.Cos(x1)+x2, x1 // gradient of what xi multiplies
			b := [2]float64{-g1, -g2}
			a := [3]float64{eta * 0.75 * n1 * n1, eta * 0.75 * n1 * n2, eta * 0.75 * n2 * n2}
			if model.corrected {
				b[0] -= eta / 2 * (h11*g1 + h12*g2)
				b[1] -= eta / 2 * (h12*g1 + h22*g2)
			}
			if of.name == Modified {
				chi := 1.0
				if s := (math.Hypot(x1-0.2, x2) - 0.8) / 0.6; s >= 1 {
					chi = 0
				} else if s > 0 {
					p, q := math.Exp(-1.5/(1-s)), math.Exp(-1.5/s)
					chi = p / (p + q)
				}
				for j := range a {
					a[j] *= chi * chi
				}
			}
			for k := range b {
				if got := c.B[k][i]; math.Abs(got-b[k]) > 1e-13*(1+math.Abs(b[k])) {
					t.Fatalf("%v: b_%d(%v) = %v, want %v", of.name, k+1, x, got, b[k])
				}
			}
			for j, got := range [][]float64{c.A[0][0], c.A[0][1], c.A[1][1]} {
				if of.name == GradientFlow {
					if got != nil {
						t.Fatalf("%v has a diffusion", of.name)
					}
					continue
				}
				if math.Abs(got[i]-a[j]) > 1e-14 {
					t.Fatalf("%v: a entry %d at %v = %v, want %v", of.name, j, x, got[i], a[j])
				}
			}
		}
	}
}

// The two forms of the correction in (1.5), -(eta/4) grad |grad f|^2 and
// -(eta/2) hess f grad f, agree: the former by differences of grad f, which know
// nothing of the Hessian.
func TestSecondOrderDriftIsGradientOfSquaredNorm(t *testing.T) {
	t.Parallel()
	const eta = 0.25
	for d, formula := range []string{
		"exp(x1/2) + xi*cos(2*x1) + x1^2",
		"log(1 + exp(x1 - xi*x2)) + x1^2*x2^2/4",
		"sin(x1*x2) + xi*x3*exp(-x1^2) + x3^4/4 + x2*x3",
	} {
		d++
		loss := lossOf(t, d, formula, []float64{-1, 0.5, 2}, []float64{0.2, 0.5, 0.3})
		g := box(t, grid.KindChebyshev, d, 1.2, 5)
		at, err := FieldsOn(g, loss, 2)
		if err != nil {
			t.Fatal(err)
		}
		first, second := firstOrder.coefficients(at, eta, Cutoff{}), secondOrder.coefficients(at, eta, Cutoff{})
		ev := loss.NewEvaluator()
		var m objective.Moments
		square := func(x []float64) float64 {
			ev.MomentsTo(&m, x)
			return m.Grad[0]*m.Grad[0] + m.Grad[1]*m.Grad[1] + m.Grad[2]*m.Grad[2]
		}
		x := make([]float64, d)
		for i := range g.Len() {
			g.PointTo(x, i)
			for k := range d {
				centre := x[k]
				value := func(s float64) float64 { x[k] = centre + s; return square(x) }
				const h = 1e-2 // the differences below have order 6
				slope := (45*(value(h)-value(-h)) - 9*(value(2*h)-value(-2*h)) + value(3*h) - value(-3*h)) / (60 * h)
				x[k] = centre
				got, want := second.B[k][i]-first.B[k][i], -eta/4*slope
				if math.Abs(got-want) > 1e-8*(1+math.Abs(want)) {
					t.Fatalf("d=%d at %v: correction %d = %v, by differences %v", d, x, k+1, got, want)
				}
			}
		}
	}
}

// What the models' names promise.
func TestModelTraits(t *testing.T) {
	t.Parallel()
	d := New(lossOf(t, 1, "(x1-xi)^2/2", []float64{-1, 1}, nil), grid.Ball{Center: []float64{0}, R: 2}, 3)
	want := map[string]process.Diffusion{
		GradientFlow:        {Order: 1, StationaryOrder: 1, Analytic: true, Noise: process.NoNoise},
		FirstOrder:          {Order: 1, StationaryOrder: 2, Analytic: true, Noise: process.NoiseAtFaces},
		SecondOrder:         {Order: 2, StationaryOrder: 2, Analytic: true, Noise: process.NoiseAtFaces},
		Modified:            {Order: 2, StationaryOrder: 2, Noise: process.NoiseEndsIn, Radius: 3},
		ConstantNoise:       {Order: 1, StationaryOrder: 2, Analytic: true, Noise: process.NoiseAtFaces},
		SecondConstantNoise: {Order: 1, StationaryOrder: 2, Analytic: true, Noise: process.NoiseAtFaces},
	}
	found, err := process.Named(d, AllNames()...)
	if err != nil || len(found) != len(want) || len(d.Diffusions()) != len(want) {
		t.Fatalf("%d of %d models: %v", len(found), len(want), err)
	}
	for i, m := range found {
		w := want[m.Name]
		if m != d.Diffusions()[i] || m.Order != w.Order || m.StationaryOrder != w.StationaryOrder || m.Analytic != w.Analytic || m.Noise != w.Noise || m.Radius != w.Radius || (m.Lacks != nil) != (m.Name == ConstantNoise || m.Name == SecondConstantNoise) {
			t.Errorf("%s is %+v, want %+v", m, *m, w)
		}
		if m.Preferred != max(0, len(Names())-1-i) {
			t.Errorf("%s is preferred as %d", m, m.Preferred)
		}
	}
	if _, err := process.Named(d, "third-order"); err == nil {
		t.Error("an unknown name gives no error")
	}
}

// The moments do not depend on the number of workers.
func TestFieldsOnWorkers(t *testing.T) {
	t.Parallel()
	loss := lossOf(t, 2, "log(1 + exp(x1 - xi*x2))", []float64{-1, 0.5, 2}, nil)
	g := box(t, grid.KindUniform, 2, 1, 21)
	one, err := FieldsOn(g, loss, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, workers := range []int{0, 2, 5} {
		many, err := FieldsOn(g, loss, workers)
		if err != nil {
			t.Fatal(err)
		}
		for i := range one.at {
			if one.at[i] != many.at[i] {
				t.Fatalf("%d workers: node %d differs", workers, i)
			}
		}
	}
}

// A loss with a pole at a node is reported with the point, the first in the order
// of the nodes whatever the workers do.
func TestFieldsOnReportsNonFinite(t *testing.T) {
	t.Parallel()
	loss := lossOf(t, 1, "xi/x1 + x1^2", []float64{1, 2}, nil)
	g := box(t, grid.KindUniform, 1, 1, 5)
	_, err := FieldsOn(g, loss, 2)
	var e *objective.NonFiniteError
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want a *objective.NonFiniteError", err)
	}
	if e.What != objective.WhatLoss || len(e.X) != 1 || e.X[0] != 0 || e.Sample != -1 {
		t.Errorf("the error is %+v, want the loss at x = 0", e)
	}
}

// The models written by hand as a drift and a diffusion are the models.
func TestCoefficientsAgainstFunctions(t *testing.T) {
	t.Parallel()
	loss := lossOf(t, 2, "x1^2 + x2^2/2 + xi*(sin(x1) + x1*x2)", []float64{-1, 1}, nil)
	g := box(t, grid.KindUniform, 2, 1.5, 13, 11)
	at, err := FieldsOn(g, loss, 0)
	if err != nil {
		t.Fatal(err)
	}
	const eta = 0.125
	want := secondOrder.coefficients(at, eta, Cutoff{})
	for _, workers := range []int{1, 3} {
		got, err := kolmogorov.NewCoefficients(g,
			func(b, x []float64) { // grad f = (2 x1, x2), hess f = diag(2, 1)
				b[0], b[1] = -2*x[0]*(1+eta), -x[1]*(1+eta/2)
			},
			func(a [][]float64, x []float64) {
				v := [2]float64{math.Cos(x[0]) + x[1], x[0]}
				for k := range a {
					for l := range a[k] {
						a[k][l] = eta * v[k] * v[l]
					}
				}
			}, workers)
		if err != nil {
			t.Fatal(err)
		}
		for k := range 2 {
			if diff := maxDiff(got.B[k], want.B[k]); diff > 1e-14 {
				t.Errorf("b_%d differs by %.3g", k+1, diff)
			}
			for l := k; l < 2; l++ {
				if diff := maxDiff(got.A[k][l], want.A[k][l]); diff > 1e-14 {
					t.Errorf("a_%d%d differs by %.3g", k+1, l+1, diff)
				}
			}
		}
		if got.A[1][0] != nil {
			t.Error("there is a lower triangle")
		}
	}
}
