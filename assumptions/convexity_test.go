package assumptions

import (
	"fmt"
	"math"
	"testing"

	"kolmo/internal/slow"
	"kolmo/law"
	"kolmo/objective"
	"kolmo/objective/expr"
)

// poisson is the loss of a Poisson regression whose f” on |x| <= 10 ranges from 3.46e-4 to
// 1e14: at x = -10 it is the mean of a^2 e^{-10 a}.
func poisson(t *testing.T, scale float64) *objective.Loss {
	return discreteLoss(t, fmt.Sprintf("%g*(exp(x*xi) - zeta*x*xi)", scale), 1, [][]float64{{1, 2}, {2, 5}, {0.5, 1}, {3, 9}, {1.5, 3}}...)
}

// TestFarBall: however much more f bends elsewhere, and in whatever unit, a curvature that is
// verified to be positive is, and so is the largest eta of an invariant ball.
func TestFarBall(t *testing.T) {
	t.Parallel()
	mu, slope := 0.0, 0.0
	for _, a := range []float64{1, 2, 0.5, 3, 1.5} {
		mu += a * a * math.Exp(-10*a) / 5
	}
	slope = 3*math.Exp(30) - 27
	for _, scale := range []float64{1, 1e-6, 1e6, 1e-12} {
		a := mustCheck(t, poisson(t, scale), 10, 15)
		want(t, "mu", a.Mu, Proved, scale*mu, 1e-9)
		want(t, "eta_invariant", a.EtaInvariant, Proved, 20/(scale*slope), 1e-6)
		if a.Eta1.Status != Proved || !math.IsNaN(a.Eta1.Value) {
			t.Errorf("eta1 is %+v, want none", a.Eta1)
		}
	}
	// A law that its nodes only stand for proves nothing, but the sign is seen.
	e, err := expr.Parse("exp(x*(2 + xi)) - 5*x", expr.Scope{Parameters: []string{"x"}, Variables: []string{"xi"}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := law.Independent([]law.Variable{{Name: "xi", Law: law.Uniform{Low: -1, High: 1}}}, 8)
	if err != nil {
		t.Fatal(err)
	}
	l, err := objective.New([]string{"x"}, e, s)
	if err != nil {
		t.Fatal(err)
	}
	if a := mustCheck(t, l, 10, 15); a.Mu.Status != Found || !(a.Mu.Value > 0 && a.Mu.Value < 1e-4) {
		t.Errorf("mu is %+v, want one of about 1e-5 that is found", a.Mu)
	}
}

// TestSignOfCurvature: a curvature of zero fails, with the value zero where it is not told from
// zero, and a small one beside a large one does not.
func TestSignOfCurvature(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, c := range []struct {
		loss   string
		d      int
		r      float64
		mu, nu Status
		value  float64
	}{
		{"x^4/4", 1, 2, Fails, Proved, 0},
		{"(x - 0.3)^4", 1, 2, Fails, Proved, 0},
		{"x^2 + 0*y", 2, 2, Fails, Fails, 0},
		{"(x + 0.7*y)^2", 2, 2, Fails, Fails, 0},
		{"1e-6*(x + 0.7*y)^2", 2, 2, Fails, Fails, 0},
		{"xi*x^2 + 0.1*x", 1, 2, Fails, Fails, 0},
		{"1e-14*log(1 + x^2)", 1, 2, Fails, Proved, -2.5e-15},
		{"1e13*x^2 + 1e-4*y^2", 2, 2, Proved, Found, 2e-4},
		{"1e3*(x + y)^2 + 5e-5*(x - y)^2", 2, 2, Proved, Found, 2e-4},
		{"1e13*x^2 + y^2 + 1e-4*z^2", 3, 2, Proved, Found, 2e-4},
		{"(x - xi/2)^2*1e-15", 1, 2, Proved, Proved, 2e-15},
		{"max(0, 1 - x*xi) + 0.05*x^2", 1, 3, Found, Proved, 0.1},
	} {
		a := mustCheck(t, discreteLoss(t, c.loss, c.d, coin...), c.r, 1.5*c.r)
		if a.Mu.Status != c.mu || !(math.Abs(a.Mu.Value-c.value) <= 1e-6*math.Abs(c.value)) || a.Mu.At == nil {
			t.Errorf("%s: mu is %+v, want %g, %s", c.loss, a.Mu, c.value, c.mu)
		}
		if (a.Nu.Status == Fails) != (c.nu == Fails) || (a.Nu.Status != Fails) != (a.Nu.Value > 0) {
			t.Errorf("%s: nu is %+v, want %s", c.loss, a.Nu, c.nu)
		}
	}
}
