package objective

import (
	"math"
	"testing"

	"kolmo/law"
	"kolmo/objective/expr"
)

// ridge returns a logistic loss of n rows with observables of the expected loss.
func ridge(t *testing.T, n int) (*Loss, *Phi) {
	t.Helper()
	a, y := make([]float64, n), make([]float64, n)
	for k := range a {
		a[k], y[k] = math.Sin(float64(k)), float64(2*(k%2)-1)
	}
	xi, err := law.Data([]string{"a", "y"}, [][]float64{a, y})
	if err != nil {
		t.Fatal(err)
	}
	parse := func(text string, scope expr.Scope) *expr.Expr {
		e, err := expr.Parse(text, scope)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	l, err := New([]string{"x"}, parse("softplus(-y*x*a) + x^2/20", expr.Scope{Parameters: []string{"x"}, Variables: xi.Variables()}), xi)
	if err != nil {
		t.Fatal(err)
	}
	phi, err := NewPhi("phi", parse("f^2 + x", expr.Scope{Parameters: []string{"x"}, Externals: []string{ExpectedLoss}}), l)
	if err != nil {
		t.Fatal(err)
	}
	return l, phi
}

// An observable of the expected loss is the same to the last bit from the moments, of the loss and
// of batches, and is not taken from those of another loss.
func TestObservablesFromMoments(t *testing.T) {
	t.Parallel()
	l, phi := ridge(t, 150)
	batch, err := NewBatch(l, 2, true)
	if err != nil {
		t.Fatal(err)
	}
	direct := phi.NewFunc()
	for _, o := range []Objective{l, batch} {
		of, ev := phi.NewFuncOf(o), o.NewEvaluator()
		for x := -2.0; x < 2; x += 0.13 {
			var m Moments
			ev.MomentsTo(&m, []float64{x})
			if got, want := of([]float64{x}, m.F), direct([]float64{x}); got != want {
				t.Errorf("x = %v: %v, want %v", x, got, want)
			}
		}
	}
	other, _ := ridge(t, 149)
	if phi.NewFuncOf(other) != nil {
		t.Error("taken from another loss")
	}
}

// A thinned loss is near the whole and has as many nodes as asked for; a small one is itself.
func TestThinned(t *testing.T) {
	t.Parallel()
	l, phi := ridge(t, 5000)
	few := l.Thinned(1000)
	if few.Law().Len() != 1000 || l.Thinned(5000) != l {
		t.Errorf("%d nodes", few.Law().Len())
	}
	got, want := phi.On(few).NewFunc()([]float64{1}), phi.NewFunc()([]float64{1})
	if got == want || math.Abs(got-want) > 0.02 {
		t.Errorf("%v, want about %v", got, want)
	}
}
