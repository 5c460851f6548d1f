package assumptions

import (
	"math"
	"testing"

	"kolmo/law"
)

// TestKinks: what is not smooth in the ball is found with a place near it, and nothing else is.
func TestKinks(t *testing.T) {
	t.Parallel()
	s, err := law.Discrete([]string{"a"}, [][]float64{{0}, {1.5}}, nil)
	for _, c := range []struct {
		text   string
		d      int
		call   string // empty: there is none
		second bool
		x      float64 // the first coordinate of the kink, NaN for a line
	}{
		{"x^2 + a*x", 1, "", false, 0},
		{"x^2 + abs(x - 0.7717)", 1, "abs(x - 0.7717)", false, 0.7717},
		{"x^2 + a*abs(x - a)", 1, "abs(x - a)", false, 0},
		{"x^2 + x*abs(a - 1)", 1, "", false, 0},
		{"x^2 + abs(x - 2.5)", 1, "", false, 0},
		{"x^2 + x*max(a, 1)", 1, "", false, 0},
		{"max(x, 1.2)^2 + x^2", 1, "max(x, 1.2)", false, 1.2},
		{"huber(x - a, 0.5)", 1, "huber(x - a, 0.5)", true, math.NaN()},
		{"huber(x - a, 10)", 1, "", false, 0},
		{"x^2 + y^2 + min(x, y + 0.1)", 2, "min(x, y + 0.1)", false, math.NaN()},
		{"x^2 + y^2 + hypot(x, 0.1)", 2, "", false, 0},
	} {
		l := build(t, c.d, c.text, s, err)
		a, err := Check(l, l, make([]float64, c.d), 2, 2.2, nil)
		if err != nil {
			t.Fatal(err)
		}
		switch k := a.Kink; {
		case k == nil && c.call == "":
		case k == nil || k.Call != c.call || k.Second != c.second || !math.IsNaN(c.x) && math.Abs(k.At[0]-c.x) > 0.02:
			t.Errorf("%s: %+v, want %s near %g", c.text, k, c.call, c.x)
		}
	}
}

// TestEta1OfFlatEdge: where hess f vanishes on |x| = R2 every eta works.
func TestEta1OfFlatEdge(t *testing.T) {
	t.Parallel()
	s, err := law.Discrete([]string{"a"}, [][]float64{{-1}, {1}}, nil)
	l := build(t, 1, "huber(x - a, 0.5)", s, err)
	a, err := Check(l, l, []float64{0}, 2, 3, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !math.IsNaN(a.Eta1.Value) || a.Eta1.Status == Fails {
		t.Errorf("eta1 is %g (%s), want none", a.Eta1.Value, a.Eta1.Status)
	}
}

// TestPoleBeyondTheBall: one between R and R2 and between the points is what Assumption 1 fails at.
func TestPoleBeyondTheBall(t *testing.T) {
	t.Parallel()
	s, err := law.Discrete([]string{"a"}, [][]float64{{-1}, {1}}, nil)
	l := build(t, 1, "x^2/2 + a*x + 1/(x - 2.7717)", s, err)
	a, err := Check(l, l, []float64{0}, 2, 3, nil)
	if err != nil {
		t.Fatal(err)
	}
	if a.Nu.Status != Fails || !math.IsNaN(a.Nu.Value) || math.Abs(a.Nu.At[0]-2.7717) > 1e-9 {
		t.Errorf("nu: %+v, want the pole at 2.7717", a.Nu)
	}
}
