package given

import (
	"errors"
	"math"
	"strings"
	"testing"

	"kolmo/grid"
	"kolmo/law"
	"kolmo/objective"
	"kolmo/objective/expr"
	"kolmo/process"
	"kolmo/sgd"
)

// lossOf returns a loss in x and y with the sample variable xi at -1, 0.5 and 2.
func lossOf(t *testing.T, formula string) *objective.Loss {
	t.Helper()
	names := []string{"x", "y"}
	e, err := expr.Parse(formula, expr.Scope{Parameters: names, Variables: []string{"xi"}})
	if err != nil {
		t.Fatal(err)
	}
	xi, err := law.Discrete([]string{"xi"}, [][]float64{{-1}, {0.5}, {2}}, []float64{0.25, 0.5, 0.25})
	if err != nil {
		t.Fatal(err)
	}
	l, err := objective.New(names, e, xi)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// names are what formulas of such a loss may use.
var names = Names{Parameters: []string{"x", "y"}, Variables: []string{"xi"}}

func parse(t *testing.T, text string) *Formula {
	t.Helper()
	f, err := Parse(text, names)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// modelOf returns the model with the drift b and the upper triangle a11, a12, a22, "" for
// zero.
func modelOf(t *testing.T, b [2]string, a [3]string) *Model {
	t.Helper()
	m := &Model{Name: "mine", Parameters: names.Parameters}
	for k, text := range b {
		if text != "" {
			m.Drift[k] = parse(t, text)
		}
	}
	for i, at := range [][2]int{{0, 0}, {0, 1}, {1, 1}} {
		if a[i] != "" {
			m.Diffusion[at[0]][at[1]] = parse(t, a[i])
		}
	}
	return m
}

// beside returns the dynamics of a loss in the ball |x| <= 1 with a model.
func beside(o objective.Objective, m *Model) *Dynamics {
	ball := grid.Ball{Center: []float64{0, 0}, R: 1}
	return New(sgd.New(o, ball, 1.5), ball, []float64{0.25, 0.125}, m)
}

const secondOrderX = "-mean(grad(x)) - eta/2*(mean(hess(x, x))*mean(grad(x)) + mean(hess(x, y))*mean(grad(y)))"

const secondOrderY = "-mean(grad(y)) - eta/2*(mean(hess(y, x))*mean(grad(x)) + mean(hess(y, y))*mean(grad(y)))"

// The coefficients of second-order, by moments and by means over the law's atoms of the
// same thing in another form, for any number of workers.
func TestSecondOrderByFormulas(t *testing.T) {
	t.Parallel()
	loss := lossOf(t, "x^2 + y^2/2 + x^4/4 + xi*(sin(x) + x*y)/5")
	moments := modelOf(t, [2]string{secondOrderX, secondOrderY},
		[3]string{"eta*cov(grad(x), grad(x))", "eta*cov(grad(y), grad(x))", "eta*cov(grad(y), grad(y))"})
	atoms := modelOf(t, [2]string{strings.ReplaceAll(strings.ReplaceAll(secondOrderX, "hess(x", "0*xi + hess(x"), "grad(", "0*eta + grad("), secondOrderY},
		[3]string{"mean(eta*grad(x)*grad(x)) - eta*mean(grad(x))^2", "eta*(mean(grad(x)*grad(y)) - mean(grad(x))*mean(grad(y)))", "cov(eta*grad(y), grad(y) + 3)"})
	g, err := grid.Box(grid.KindChebyshev, []int{9, 8}, []float64{0, 0}, 1)
	if err != nil {
		t.Fatal(err)
	}
	const eta = 0.125
	for i, m := range []*Model{moments, atoms} {
		for _, workers := range []int{1, 3} {
			d := beside(loss, m)
			f, err := d.On(g, workers)
			if err != nil {
				t.Fatal(err)
			}
			list, err := process.Named(d, sgd.SecondOrder, "mine")
			if err != nil {
				t.Fatal(err)
			}
			want, got := list[0].Coefficients(f, eta), list[1].Coefficients(f, eta)
			for k := range 2 {
				for n := range got.B[k] {
					if diff := math.Abs(got.B[k][n] - want.B[k][n]); diff > 1e-14 {
						t.Fatalf("model %d: b_%d differs by %g", i, k+1, diff)
					}
				}
				for l := k; l < 2; l++ {
					for n := range got.A[k][l] {
						if diff := math.Abs(got.A[k][l][n] - want.A[k][l][n]); diff > 1e-14 {
							t.Fatalf("model %d: a_%d%d differs by %g", i, k+1, l+1, diff)
						}
					}
				}
			}
		}
	}
}

// Means over atoms against sums by hand: of a function of the sample, of the parameters
// and of derivatives.
func TestMeansByHand(t *testing.T) {
	t.Parallel()
	loss := lossOf(t, "x^2*xi/2 + y*xi^2")
	m := modelOf(t, [2]string{"mean(tanh(grad(x))*xi + hess(x, x)*y) - eta", "cov(exp(xi), grad(y)*x)"}, [3]string{})
	e := newEvaluator(m, loss)
	x := []float64{0.7, -0.4}
	const eta = 0.25
	var at objective.Moments
	loss.NewEvaluator().MomentsTo(&at, x)
	var b [grid.MaxDim]float64
	var a [grid.MaxDim][grid.MaxDim]float64
	e.to(&b, &a, x, eta, &at, names.Parameters)
	var want, one, two, both float64
	for i, xi := range []float64{-1, 0.5, 2} {
		w := []float64{0.25, 0.5, 0.25}[i]
		want += w * (math.Tanh(x[0]*xi)*xi + xi*x[1])
		p, q := math.Exp(xi), xi*xi*x[0]
		one, two, both = one+w*p, two+w*q, both+w*p*q
	}
	if math.Abs(b[0]-(want-eta)) > 1e-14 || math.Abs(b[1]-(both-one*two)) > 1e-13 {
		t.Errorf("b = %v, want %v and %v", b[:2], want-eta, both-one*two)
	}
}

// A batch's gradient has atoms of its own: its variance by means over them is Sigma.
func TestBatchAtoms(t *testing.T) {
	t.Parallel()
	loss := lossOf(t, "x^2 + y^2/2 + xi*sin(x + y)/3")
	batch, err := objective.NewBatch(loss, 2, true)
	if err != nil {
		t.Fatal(err)
	}
	m := modelOf(t, [2]string{"-mean(grad(x) + 0*eta)", ""}, [3]string{"mean(grad(x)^2) - mean(grad(x))^2", "", ""})
	x := []float64{0.3, 0.2}
	var at objective.Moments
	batch.NewEvaluator().MomentsTo(&at, x)
	var b [grid.MaxDim]float64
	var a [grid.MaxDim][grid.MaxDim]float64
	newEvaluator(m, batch).to(&b, &a, x, 0.5, &at, names.Parameters)
	if math.Abs(b[0]+at.Grad[0]) > 1e-14 || math.Abs(a[0][0]-at.Sigma[0][0]) > 1e-14 {
		t.Errorf("b = %v and a = %v, want %v and %v", b[0], a[0][0], -at.Grad[0], at.Sigma[0][0])
	}
	of := names
	of.Batch = true
	for text, want := range map[string]string{
		"mean(xi)":                   "of which xi is not one number",
		"mean(hess(x, y)*grad(x))":   "of which hess(x, y) is not one number",
		"mean(hess(x, y))":           "",
		"cov(grad(x)^2*eta, sin(x))": "",
	} {
		if _, err := Parse(text, of); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// What no diffusion of the ball is.
func TestCheck(t *testing.T) {
	t.Parallel()
	loss := lossOf(t, "x^2 + y^2/2 + xi*x*y/5")
	for _, c := range []struct {
		b    [2]string
		a    [3]string
		want string
	}{
		{[2]string{secondOrderX, secondOrderY}, [3]string{"eta", "eta", "eta"}, ""},
		{[2]string{"-x", "-y"}, [3]string{"eta", "2*eta", "eta"}, "the diffusion of mine has the negative eigenvalue -0.25 at x = "},
		{[2]string{"-x", "-y"}, [3]string{"", "eta*x", "eta"}, "negative eigenvalue"},
		{[2]string{"-x", "-y"}, [3]string{"eta*(2 - x)", "", "eta*log(x + 1.5)"}, "negative eigenvalue"},
		{[2]string{"-x", "-sqrt(y)"}, [3]string{}, "the drift of mine is not finite at"},
		{[2]string{"-x", "-y"}, [3]string{"1/x^2", "", ""}, "the diffusion of mine is not finite at x = 0"},
		{[2]string{"y", "-x"}, [3]string{}, ""},
		{[2]string{"y + 0.1", "-x"}, [3]string{}, "the drift of mine leads out of the ball at x = 1, y = 0, eta = 0.25, with the speed 0.1"},
	} {
		err := beside(loss, modelOf(t, c.b, c.a)).Check(1)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, %v: %v, want %q", c.b, c.a, err, c.want)
		}
		var e *Error
		if err != nil && !errors.As(err, &e) {
			t.Errorf("%v is no *Error", err)
		}
	}
}

// Only the model's own coefficients count among the parts of a model, and only theirs
// among those of the others.
func TestParts(t *testing.T) {
	t.Parallel()
	d := beside(lossOf(t, "x^2 + y^2/2 + xi*x*y/5"), modelOf(t, [2]string{"-x*(1 + eta)", ""}, [3]string{"", "", "eta*y^2"}))
	f := d.At([][]float64{{0.5, 2}}, 1)
	list, err := process.Named(d, sgd.SecondOrder, "mine")
	if err != nil {
		t.Fatal(err)
	}
	got := map[process.Role]float64{}
	own := 0
	for _, p := range f.Parts() {
		if w := list[1].Weights(p.Part, 0.125); w != 0 {
			got[p.Role] += w * p.At(0)
		}
		if w := list[0].Weights(p.Part, 0.125); w != 0 {
			own++
		}
		if p.Of != "" && d.Step()(p.Part, 0.125) != 0 {
			t.Errorf("%+v is a part of a step", p.Part)
		}
	}
	if got[process.InDrift] != -0.5625 || got[process.InDiffusion] != 0.5 {
		t.Errorf("the parts of mine are %v, want -0.5625 and 0.5", got)
	}
	if want := 7; own != want { // two of grad f, two of hess f grad f, three of Sigma
		t.Errorf("second-order has %d parts, want %d", own, want)
	}
}
