package main

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/internal/closedform"
)

// pairs are the laws of d independent signs of sizes s, as nodes of equal weights.
func pairs(s ...float64) (nodes [][]float64, weights []float64) {
	count := 1 << len(s)
	for k := range count {
		var z []float64
		for i, v := range s {
			z = append(z, v*float64(1-2*(k>>i&1)))
		}
		nodes, weights = append(nodes, z), append(weights, 1/float64(count))
	}
	return nodes, weights
}

// linear is a (x^2/2) - c xi x with xi = +-1.
func linear(a, c, radius float64) *process {
	return &process{loss: loss{times(a, 0, square()), times(0, -c, line())}, law: finite([]float64{1, -1}, []float64{0.5, 0.5}), radius: radius, outer: 1.5 * radius}
}

// On linear gradients the reference on the line gives the closed forms.
func TestLineAgreesWithClosedForms(t *testing.T) {
	t.Parallel()
	nodes, weights := pairs(0.8)
	l := closedform.Linear{A: [][]float64{{1.3}}, Nodes: nodes, Weights: weights}
	phi := []observable{polynomial(0, 1), cosineOf(1.7, 0)}
	forms := []closedform.Observable{closedform.Quadratic{Q: [][]float64{{1}}}, closedform.Cosine{K: []float64{1.7}}}
	for _, model := range []string{"gradient-flow", "first-order", "second-order"} {
		for _, eta := range []float64{0.5, 1. / 16} {
			a, err := solve(linear(1.3, 0.8, 2), phi, request{model: model, eta: eta}, 1e-9)
			if err != nil {
				t.Fatal(err)
			}
			for k, o := range forms {
				ref, err := closedform.New("phi", l, o)
				if err != nil {
					t.Fatal(err)
				}
				want, _, _, _ := ref.Gap(closedform.Model(model), eta, 2)
				if off := math.Abs(a[k].gap - want); off > max(2*a[k].gapError, 3e-9*want) {
					t.Errorf("%s, eta = %g, observable %d: %.12g +- %.1g, want %.12g", model, eta, k, a[k].gap, a[k].gapError, want)
				}
			}
		}
	}
}

// Products and sums of solutions on the line give the closed forms of x y and of x^2 + y^2 + z^2.
func TestSeparableAgreesWithClosedForms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		p separable
		a [][]float64
		q [][]float64
		s []float64
	}{
		{separable{factors: []*process{linear(1.1, 0.5, 2), linear(0.7, 0.4, 2)}, phi: []observable{polynomial(1), polynomial(1)}, radius: 2},
			[][]float64{{1.1, 0}, {0, 0.7}}, [][]float64{{0, 0.5}, {0.5, 0}}, []float64{0.5, 0.4}},
		{separable{factors: []*process{linear(1.1, 0.5, 2), linear(0.7, 0.4, 2), linear(1.6, 0.2, 2)}, phi: []observable{polynomial(0, 1), polynomial(0, 1), polynomial(0, 1)}, sum: true, radius: 2},
			[][]float64{{1.1, 0, 0}, {0, 0.7, 0}, {0, 0, 1.6}}, [][]float64{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, []float64{0.5, 0.4, 0.2}},
	} {
		nodes, weights := pairs(c.s...)
		ref, err := closedform.New("phi", closedform.Linear{A: c.a, Nodes: nodes, Weights: weights}, closedform.Quadratic{Q: c.q})
		if err != nil {
			t.Fatal(err)
		}
		for _, model := range []string{"gradient-flow", "first-order", "second-order"} {
			a, err := c.p.solve(request{model: model, eta: 0.25}, 1e-7)
			if err != nil {
				t.Fatal(err)
			}
			want, n, x, _ := ref.Gap(closedform.Model(model), 0.25, 2)
			if math.Abs(a[0].gap-want) > 1e-8*want {
				t.Errorf("%s in %d dimensions: %.12g at n = %d, want %.12g at %d, %v", model, len(c.s), a[0].gap, a[0].n, want, n, x)
			}
		}
	}
}

// Where the noise of the modified model ends far away, radial problems are the second-order closed form.
func TestRadialAgreesWithClosedForm(t *testing.T) {
	t.Parallel()
	nodes, weights := pairs(0.6, 0.6)
	ref, err := closedform.New("phi", closedform.Linear{A: [][]float64{{1.2, 0}, {0, 1.2}}, Nodes: nodes, Weights: weights}, closedform.Quadratic{Q: [][]float64{{1, 0}, {0, 1}}})
	if err != nil {
		t.Fatal(err)
	}
	p := radial{dims: 2, curvature: 1.2, size: 0.6, radius: 2, outer: 5}
	for _, eta := range []float64{0.25, 0.125} {
		a, err := p.solve(request{eta: eta}, 1e-9)
		if err != nil {
			t.Fatal(err)
		}
		want, _, _, _ := ref.Gap(closedform.SecondOrder, eta, 2)
		if math.Abs(a[0].gap-want) > 1e-7*want {
			t.Errorf("eta = %g: %.12g +- %.1g, want %.12g", eta, a[0].gap, a[0].gapError, want)
		}
	}
}

// What the reference says of a limit that is zero is within its error: fields of size nine have rounding of their own.
func TestLimitsErrByRounding(t *testing.T) {
	t.Parallel()
	p := &process{loss: loss{times(1.041, 0, square()), times(0.182, 0, quartic()), times(0, 0.423, line()), times(0, 0.236, cosine(0.894, -0.487))},
		law: finite([]float64{1, -1}, []float64{0.5, 0.5}), radius: 3, outer: 6}
	for _, eta := range []float64{0.25, 1. / 16} {
		a, err := solve(p, []observable{polynomial(0, 1)}, request{model: "gradient-flow", eta: eta, limits: true}, finest)
		if err != nil {
			t.Fatal(err)
		}
		if !(math.Abs(a[0].diffusion) <= a[0].diffError) || a[0].diffError > 1e-12 {
			t.Errorf("eta = %g: the limit of x^2 is %.3g +- %.1g, want 0", eta, a[0].diffusion, a[0].diffError)
		}
	}
}

// The exponential of a generator with two states is known.
func TestExponentialOfTwoStates(t *testing.T) {
	t.Parallel()
	for _, rate := range []float64{1e-3, 1, 40, 1e6} {
		e := exponential(mat.NewDense(2, 2, []float64{-rate, rate, rate / 3, -rate / 3}), 0.5, halvings(min(rate, 40)))
		if got, want := e.At(0, 0), 0.25+0.75*math.Exp(-rate*0.5*4/3); math.Abs(got-want) > 2e-13 {
			t.Errorf("rate %g: %.16g, want %.16g", rate, got, want)
		}
	}
}

// The suprema of eight problems are those of another program (studies/truth_test.go), to the digits that it gives.
func TestReferenceAgreesWithOtherPrograms(t *testing.T) {
	t.Parallel()
	fair := finite([]float64{1, -1}, []float64{0.5, 0.5})
	uniform := uniformLaw(-1, 1)
	for _, c := range []struct {
		name  string
		p     process
		phi   observable
		model string
		eta   float64
		gap   float64
	}{
		{"few nodes", process{loss{times(1.17, 0, square()), times(0.1, 0, quartic()), times(0.05, 0, cosine(2.56, -0.72)), times(0, 1.16, line())}, fair, 0, 1.5, 4.5},
			cosineOf(2.917, 0.67), "first-order", 0.125, 0.136449393},
		{"thin cutoff", process{loss{times(1, 0, square()), times(0, -1.8, line())}, fair, 0, 2, 2.1},
			cosineOf(1, 0.5), "modified", 0.5, 0.19176914},
		{"thinner cutoff", process{loss{times(1, 0, square()), times(0, -1.8, line())}, fair, 0, 2, 2.02},
			cosineOf(1, 0.5), "modified", 0.5, 0.193769},
		{"steep", process{loss{times(1.84, 0, square()), times(0.44, 0, root(-0.88)), times(0, 0.21, line())}, uniform, 0, 0.3, 0.6},
			front(21.088, 0.066), "second-order", 0.5, 0.04107081109},
		{"steep, wide", process{loss{times(1.71, 0, square()), times(0.18, 0, softplus(-0.15, 0.97)), times(0, 0.95, line())}, normalLaw(2.5), 0, 6, 6.06},
			front(2.481, -0.614), "gradient-flow", 0.5, 1.42192032},
		{"noise at the face", process{loss{times(1.72, 0, square()), times(0, -1.49, line())}, fair, 0, 1, 1.5},
			bump(37.21/2, 0.724), "first-order", 0.5, 0.4115539},
		{"noise at the face, smooth", process{loss{times(1.48, 0, square()), times(0, -0.89, line())}, fair, 0, 1, 1.5},
			front(7.1, -1.144), "first-order", 0.125, 0.01153885},
		{"wave", process{loss{times(1, 0, square()), wave(0.15, 17.8, 2)}, uniform, 0, 2, 3},
			polynomial(0, 1), "second-order", 0.25, 0.0305001},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a, err := solve(&c.p, []observable{c.phi}, request{model: c.model, eta: c.eta}, 1e-9)
			if err != nil {
				t.Fatal(err)
			}
			off := math.Abs(a[0].gap-c.gap) / c.gap
			t.Logf("%.12g +- %.1e at n = %d, x = %.6g; the other program %.10g: %.1e", a[0].gap, a[0].gapError/a[0].gap, a[0].n, a[0].x, c.gap, off)
			if off > 2e-6 {
				t.Errorf("the gap is %.10g, the other program says %.10g", a[0].gap, c.gap)
			}
		})
	}
}
