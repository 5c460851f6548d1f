package kolmogorov

import (
	"errors"
	"math"
	"testing"

	"kolmo/grid"
	"kolmo/objective"
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
	at, err := MomentsOn(g, loss, 1)
	if err != nil {
		t.Fatal(err)
	}
	const eta = 0.125
	cut := Cutoff{Ball: grid.Ball{Center: []float64{0.2, 0}, R: 0.8}, R2: 1.4}
	for _, model := range Models() {
		c := model.Coefficients(at, eta, cut)
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
			if model == SecondOrder || model == Modified {
				b[0] -= eta / 2 * (h11*g1 + h12*g2)
				b[1] -= eta / 2 * (h12*g1 + h22*g2)
			}
			if model == Modified {
				chi := 1.0
				if s := (math.Hypot(x1-0.2, x2) - 0.8) / 0.6; s >= 1 {
					chi = 0
				} else if s > 0 {
					p, q := math.Exp(-cutoffSteepness/(1-s)), math.Exp(-cutoffSteepness/s)
					chi = p / (p + q)
				}
				for j := range a {
					a[j] *= chi * chi
				}
			}
			for k := range b {
				if got := c.B[k][i]; math.Abs(got-b[k]) > 1e-13*(1+math.Abs(b[k])) {
					t.Fatalf("%v: b_%d(%v) = %v, want %v", model, k+1, x, got, b[k])
				}
			}
			for j, got := range [][]float64{c.A[0][0], c.A[0][1], c.A[1][1]} {
				if model == GradientFlow {
					if got != nil {
						t.Fatalf("%v has a diffusion", model)
					}
					continue
				}
				if math.Abs(got[i]-a[j]) > 1e-14 {
					t.Fatalf("%v: a entry %d at %v = %v, want %v", model, j, x, got[i], a[j])
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
		at, err := MomentsOn(g, loss, 2)
		if err != nil {
			t.Fatal(err)
		}
		first, second := FirstOrder.Coefficients(at, eta, Cutoff{}), SecondOrder.Coefficients(at, eta, Cutoff{})
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
func TestModelNames(t *testing.T) {
	t.Parallel()
	want := map[Model]struct {
		name  string
		order int
	}{GradientFlow: {"gradient-flow", 1}, FirstOrder: {"first-order", 1}, SecondOrder: {"second-order", 2}, Modified: {"modified", 2}}
	if got := len(Models()); got != len(want) {
		t.Errorf("%d models, want %d", got, len(want))
	}
	for _, m := range Models() {
		w := want[m]
		if m.String() != w.name || m.WeakOrder() != w.order {
			t.Errorf("model %d is %q of order %d, want %q of order %d", int(m), m, m.WeakOrder(), w.name, w.order)
		}
		if got, err := ParseModel(w.name); err != nil || got != m {
			t.Errorf("ParseModel(%q) = %v, %v", w.name, got, err)
		}
	}
	if _, err := ParseModel("third-order"); err == nil {
		t.Error("an unknown name gives no error")
	}
	if got := Model(9).String(); got != "Model(9)" {
		t.Errorf("Model(9) prints as %q", got)
	}
}

// The moments do not depend on the number of workers.
func TestMomentsOnWorkers(t *testing.T) {
	t.Parallel()
	loss := lossOf(t, 2, "log(1 + exp(x1 - xi*x2))", []float64{-1, 0.5, 2}, nil)
	g := box(t, grid.KindUniform, 2, 1, 21)
	one, err := MomentsOn(g, loss, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, workers := range []int{0, 2, 5} {
		many, err := MomentsOn(g, loss, workers)
		if err != nil {
			t.Fatal(err)
		}
		for i := range one.At {
			if one.At[i] != many.At[i] {
				t.Fatalf("%d workers: node %d differs", workers, i)
			}
		}
	}
}

// A loss with a pole at a node is reported with the point, the first in the order
// of the nodes whatever the workers do.
func TestMomentsOnReportsNonFinite(t *testing.T) {
	t.Parallel()
	loss := lossOf(t, 1, "xi/x1 + x1^2", []float64{1, 2}, nil)
	g := box(t, grid.KindUniform, 1, 1, 5)
	_, err := MomentsOn(g, loss, 2)
	var e *objective.NonFiniteError
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want a *objective.NonFiniteError", err)
	}
	if e.What != objective.WhatLoss || len(e.X) != 1 || e.X[0] != 0 || e.Sample != -1 {
		t.Errorf("the error is %+v, want the loss at x = 0", e)
	}
}
