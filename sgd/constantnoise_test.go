package sgd

import (
	"math"
	"testing"

	"kolmo/grid"
	"kolmo/process"
)

// frozenOf returns the model of a loss in the ball |x| <= 2, with the fields on a grid.
func frozenOf(t *testing.T, d int, formula string, xi, probabilities []float64) (*Dynamics, *process.Diffusion, *Fields) {
	t.Helper()
	dyn := New(lossOf(t, d, formula, xi, probabilities), grid.Ball{Center: make([]float64, d), R: 2}, 3)
	f, err := dyn.On(box(t, grid.KindChebyshev, d, 2, 9), 1)
	if err != nil {
		t.Fatal(err)
	}
	m, err := process.Named(dyn, ConstantNoise)
	if err != nil {
		t.Fatal(err)
	}
	return dyn, m[0], f.(*Fields)
}

// f = (x - 1/2)^2 + x xi sin x has E xi = 0, its minimiser at 1/2 and there
// Sigma = (sin x + x cos x)^2 Var xi.
func TestConstantNoiseByHand(t *testing.T) {
	t.Parallel()
	_, m, f := frozenOf(t, 1, "(x1 - 1/2)^2 + xi*x1*sin(x1)", []float64{-1, 1}, nil)
	const eta = 0.125
	s := math.Sin(0.5) + 0.5*math.Cos(0.5)
	c := m.Coefficients(f, eta)
	x := make([]float64, 1)
	for i := range f.Len() {
		f.PointTo(x, i)
		if b := -2 * (x[0] - 0.5); math.Abs(c.B[0][i]-b) > 1e-13 || math.Abs(c.A[0][0][i]-eta*s*s) > 1e-12 {
			t.Fatalf("b = %v and a = %v at %v, want %v and %v", c.B[0][i], c.A[0][0][i], x, b, eta*s*s)
		}
	}
}

// With additive noise the model and its D are those of first-order.
func TestConstantNoiseIsFirstOrderForAdditiveNoise(t *testing.T) {
	t.Parallel()
	dyn, m, f := frozenOf(t, 2, "x1^2 + x2^2/2 + x1^4/8 + xi*(x1 - 2*x2)", []float64{-1, 0.5, 2}, []float64{0.25, 0.5, 0.25})
	first, err := process.Named(dyn, FirstOrder)
	if err != nil {
		t.Fatal(err)
	}
	const eta = 0.25
	c, want := m.Coefficients(f, eta), first[0].Coefficients(f, eta)
	d, err := m.Defect.New(f, 1)
	if err != nil {
		t.Fatal(err)
	}
	of, err := first[0].Defect.New(f, 1)
	if err != nil {
		t.Fatal(err)
	}
	for k := range 2 {
		if diff := maxDiff(c.B[k], want.B[k]); diff != 0 {
			t.Errorf("b_%d differs by %g", k+1, diff)
		}
		if diff := maxDiff(d.P[k], of.P[k]); diff != 0 {
			t.Errorf("the coefficient of d_%d in D differs by %g", k+1, diff)
		}
		for l := k; l < 2; l++ {
			if diff := maxDiff(c.A[k][l], want.A[k][l]); diff > 1e-14 {
				t.Errorf("a_%d%d differs by %g", k+1, l+1, diff)
			}
			if most := maxAbs(d.Q[k][l]); most > 1e-13 {
				t.Errorf("the coefficient of d_%d%d in D is %g", k+1, l+1, most)
			}
		}
	}
}

// D is what is left of one step over eta^2: for u = x^2 and f = x^2/2 + xi sin x,
// S u - e^{eta L} u = eta^2 (-x m + Sigma - Sigma(0)) + .., m = x + 0, Sigma = cos^2 x.
func TestConstantNoiseDefectByHand(t *testing.T) {
	t.Parallel()
	_, m, f := frozenOf(t, 1, "x1^2/2 + xi*sin(x1)", []float64{-1, 1}, nil)
	d, err := m.Defect.New(f, 1)
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float64, 1)
	for i := range f.Len() {
		f.PointTo(x, i)
		got := 2*x[0]*d.P[0][i] + 2*d.Q[0][0][i]
		if want := -x[0]*x[0] + math.Cos(x[0])*math.Cos(x[0]) - 1; math.Abs(got-want) > 1e-12 {
			t.Fatalf("D x^2 = %v at %v, want %v", got, x, want)
		}
	}
	if d.Order() != 2 {
		t.Errorf("D has order %d, want 2", d.Order())
	}
}
