//go:build !race

package schedule_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"kolmo/schedule"
)

// An SDE by formulas of a state with s is what it says: second-order written out has the closed form of that.
func TestGivenDiffusionWithASchedule(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("[second-order, first-order, gradient-flow]", "[{name: own, drift: {x: -s*(1 + eta*s)*mean(grad(x)), s: -s^2}, diffusion: {x: {x: 'eta*s^2*cov(grad(x), grad(x))'}}}]", "eta: [1/8, 1/16, 1/32, 1/64]", "eta: [1/8]").
		Replace(fmt.Sprintf(linear, schedule.Inverse, 1.))
	rows := run(t, text).Gap
	if len(rows) != 3 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows {
		want := model{Schedule: schedule.Schedule{Kind: schedule.Inverse, Rate: 1}, name: "second-order", eta: row.Eta}.gaps(2, 4)[row.Observable]
		if off := math.Abs(float64(row.Gap) - want); !(off <= float64(row.Error)+1e-13 && off <= 0.01*want) {
			t.Errorf("%s: gap %.8g +- %.1e, closed form %.8g", row.Observable, row.Gap, row.Error, want)
		}
	}
}

// One-step errors with falling steps are suprema over all s that are still to come, and their sum ends with the horizon. Of x^2 and first-order
// a step from (x, s) has the mean (1 - eta s)^2 x^2 + eta^2 s^2, and u is x^2 e^{-2 tau} + v with tau = ln(1 + t s).
func TestOneStepErrorsWithASchedule(t *testing.T) {
	t.Parallel()
	const eta, steps = 1. / 8, 32
	text := strings.NewReplacer("[second-order, first-order, gradient-flow]", "[first-order]\nstudies: [local-error, horizon]", "eta: [1/8, 1/16, 1/32, 1/64]", "eta: [1/8]", "{mean: x, square: x^2, cosine: cos(x)}", "{square: x^2}").
		Replace(fmt.Sprintf(linear, schedule.Inverse, 1.))
	res := run(t, text)
	// v' = -2 s v + eta s^2 with s(t) = s/(1 + t s) has v = eta s (1 - 1/(1 + t s))/(1 + t s).
	u := func(x, s, t float64) float64 {
		r := 1 + t*s
		return x*x/(r*r) + eta*s*(1-1/r)/r
	}
	rho, sum := 0.0, 0.0
	for n := 1; n <= steps; n++ {
		most := 0.0
		for i := range 401 {
			for j := range 41 {
				s, x := float64(i)/400, 2*float64(j)/40
				next, a := s/(1+eta*s), 1-eta*s
				// S u^{n-1} is the mean of u at (a x +- eta s, next).
				before := u(a*x, next, n1(n)*eta) + eta*eta*s*s*math.Pow(1+n1(n)*eta*next, -2)
				most = math.Max(most, math.Abs(before-u(x, s, float64(n)*eta)))
			}
		}
		rho, sum = math.Max(rho, most), sum+most
	}
	if len(res.LocalError) != 1 || len(res.Horizon) != 1 {
		t.Fatalf("%d and %d rows", len(res.LocalError), len(res.Horizon))
	}
	row, h := res.LocalError[0], res.Horizon[0]
	if !(math.Abs(float64(row.Rho)-rho) <= float64(row.Error)+1e-4*rho) || !(float64(row.Error) <= 0.01*rho) {
		t.Errorf("one-step error %.8g +- %.1e, closed form %.8g", row.Rho, row.Error, rho)
	}
	if !(math.Abs(float64(row.Sum)-sum) <= float64(row.SumError)+1e-4*sum) || row.Tail != 0 || !*row.Holds {
		t.Errorf("sum %.8g +- %.1e with the tail %g, closed form %.8g; holds: %v", row.Sum, row.SumError, row.Tail, sum, *row.Holds)
	}
	if want := (model{Schedule: schedule.Schedule{Kind: schedule.Inverse, Rate: 1}, name: "first-order", eta: eta}).gaps(2, 4)["square"]; !(math.Abs(float64(row.Gap)-want) <= float64(row.GapError)+1e-9) {
		t.Errorf("gap %.8g +- %.1e, closed form %.8g", row.Gap, row.GapError, want)
	}
	if len(h.Gap) != steps+1 || !(h.Plateau > 0) {
		t.Errorf("a curve of %d steps that ends at %g", len(h.Gap), h.Plateau)
	}
}

// n1 is n - 1.
func n1(n int) float64 { return float64(n - 1) }
