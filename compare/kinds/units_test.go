package kinds

import (
	"context"
	"fmt"
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/look"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/sgd"
)

// inUnits returns one and the same problem in other units: time is measured in units of
// 1/c, and x in units of 1/s. With c = s = 1 it is
//
//	f(x;xi) = (x - xi)^2/2 + 0.3 xi sin x,   xi = +-1,   |x| <= 2.
func inUnits(t *testing.T, c, s float64, etas ...float64) *compare.Problem {
	t.Helper()
	p := trial.Build(t, trial.Spec{Name: "units", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{s}, {-s}}, R: 2 * s,
		Loss:        fmt.Sprintf("%.17g*((x - xi)^2/2 + %.17g*xi*sin(x/%.17g))", c, 0.3*s, s),
		Observables: [][2]string{{"square", fmt.Sprintf("(x/%.17g)^2", s)}, {"wave", fmt.Sprintf("cos(x/%.17g)", s)}}})
	p.Models = trial.ModelsOf(p, sgd.Modified, sgd.FirstOrder)
	for _, eta := range etas {
		p.Etas = append(p.Etas, compare.Rate{Value: eta / c, Text: fmt.Sprintf("%g/c", eta)})
	}
	return p
}

// units are those of time and of x that are tried.
var units = [][2]float64{{100, 1}, {1e-3, 1}, {1, 1e4}, {1, 3e-5}, {0.037, 41}}

// What is certified, and by which argument, is a matter of the problem and not of the units
// in which it is written down.
func TestGapsDoNotDependOnUnits(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	etas := []float64{0.78125, 0.25, 1. / 32}
	want := gapOf(t, inUnits(t, 1, 1, etas...), nil)
	for _, u := range units {
		t.Run(fmt.Sprintf("time %g, x %g", u[0], u[1]), func(t *testing.T) {
			t.Parallel()
			got := gapOf(t, inUnits(t, u[0], u[1], etas...), nil)
			for i, w := range want.Gap {
				g := got.Gap[i]
				name := fmt.Sprintf("%s, %s, eta = %s", w.Observable, w.Model, w.EtaText)
				if !w.Certified || !g.Certified {
					t.Errorf("%s: certified %v (%s) and %v (%s)", name, w.Certified, deref(w.Reason), g.Certified, deref(g.Reason))
				}
				if math.Abs(float64(g.Gap-w.Gap)) > 1e-7*float64(w.Gap) || g.N != w.N || g.Nodes != w.Nodes || g.Steps != w.Steps || deref(g.ClosedBy) != deref(w.ClosedBy) {
					t.Errorf("%s: %.12e at n = %d of %d, %d nodes, by %s; want %.12e, %d, %d, %d, %s", name,
						g.Gap, g.N, g.Steps, g.Nodes, deref(g.ClosedBy), w.Gap, w.N, w.Steps, w.Nodes, deref(w.ClosedBy))
				}
				if r := float64(g.Error / w.Error); math.Abs(r-1) > 0.1 && math.Abs(float64(g.Error-w.Error)) > 1e-9*float64(w.Gap) {
					t.Errorf("%s: error %.3e, want %.3e", name, g.Error, w.Error)
				}
			}
		})
	}
}

// The other studies' numbers are those of the same problem, rates in its unit.
func TestStudiesDoNotDependOnUnits(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	run := func(c, s float64) *compare.Result {
		p := inUnits(t, c, s, 0.25, 0.125)
		p.Models = trial.ModelsOf(p, sgd.SecondOrder)
		p.Studies = []compare.Study{compare.StudyLocalError, compare.StudyDecay, compare.StudyStationary}
		r, err := Run(context.Background(), p, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	want := run(1, 1)
	for _, u := range units {
		t.Run(fmt.Sprintf("time %g, x %g", u[0], u[1]), func(t *testing.T) {
			t.Parallel()
			c, s := u[0], u[1]
			got := run(c, s)
			near := func(what string, got, want compare.Number, unit float64) {
				if g := float64(got) / unit; math.Abs(g-float64(want)) > 1e-4*math.Abs(float64(want)) || (got == got) != (want == want) {
					t.Errorf("%s: %.9g, want %.9g", what, g, float64(want))
				}
			}
			for i, w := range want.LocalError {
				name := fmt.Sprintf("%s, eta = %s", w.Observable, w.EtaText)
				near(name+": rho", got.LocalError[i].Rho, w.Rho, 1)
				near(name+": beta", got.LocalError[i].Rate, w.Rate, c)
				near(name+": sum of rho", got.LocalError[i].Sum, w.Sum, 1)
			}
			for i, w := range want.Decay {
				name := fmt.Sprintf("%s, eta = %s, J = %v", w.Observable, w.EtaText, w.J)
				if g := got.Decay[i]; g.Verdict != w.Verdict {
					t.Errorf("%s: %s (%s), want %s (%s)", name, g.Verdict, g.Reason, w.Verdict, w.Reason)
				}
				near(name+": gamma", got.Decay[i].Gamma, w.Gamma, c)
				near(name+": C", got.Decay[i].C, w.C, math.Pow(s, -float64(look.OrderOf(w.J))))
			}
			for i, w := range want.Stationary {
				g := got.Stationary[i]
				near(fmt.Sprintf("%s, eta = %s: stationary difference", w.Observable, w.EtaText), g.Difference, w.Difference, 1)
				if (g.Reason == nil) != (w.Reason == nil) {
					t.Errorf("%s, eta = %s: reason %q, want %q", w.Observable, w.EtaText, deref(g.Reason), deref(w.Reason))
				}
			}
			for i, w := range want.Constant {
				near(w.Observable+": constant", got.Constant[i].Predicted, w.Predicted, math.Pow(c, float64(w.Order)))
			}
		})
	}
}
