package kinds

import (
	"context"
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/sgd"
)

// noisyEnds is a problem whose noise reaches the ends of the box, where closures amplify
// what a constant leaves on a grid.
func noisyEnds(t *testing.T, observables ...[2]string) *compare.Problem {
	t.Helper()
	p := trial.Build(t, trial.Spec{Name: "ends", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{1}, {-1}}, R: 2,
		Loss: "(x - xi)^2/2 + 0.1*xi*cos(x)", Observables: observables, Etas: []int{4, 8}})
	p.Studies, p.Crossing = compare.Studies(), &compare.Crossing{Level: 0.5, X: []float64{0}}
	x := 0.0
	p.Exit = &compare.Exit{Interval: [2]float64{-1, 1}, X: &x}
	p.Horizon = 2
	p.Fields = compare.FieldRequest{Etas: []float64{0.25}}
	return p
}

// A constant has no gap, no one-step error and itself for a limit, by every model and on
// every grid, and none of its rows is refined.
func TestConstantObservablesAreExact(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := noisyEnds(t, [2]string{"one", "3 + 0*x"})
	p.Etas = p.Etas[:1]
	r, err := Run(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range r.Gap {
		if row.Gap != 0 || row.Error != 0 || !row.Certified || row.Nodes > 48 {
			t.Errorf("%s: %.2e +- %.1e, certified %v, %d nodes: %s", row.Model, row.Gap, row.Error, row.Certified, row.Nodes, deref(row.Reason))
		}
	}
	for _, row := range r.LocalError {
		if row.Rho != 0 || row.Sum != 0 || row.Reason != nil {
			t.Errorf("%s: rho %.2e, sum %.2e: %s", row.Model, row.Rho, row.Sum, deref(row.Reason))
		}
	}
	for _, row := range r.Stationary {
		if row.SGD != 3 || row.Diffusion != 3 || row.Reason != nil {
			t.Errorf("%s: limits %g and %g: %s", row.Model, row.SGD, row.Diffusion, deref(row.Reason))
		}
	}
	for _, row := range r.Decay {
		if row.Verdict != compare.DecayZero {
			t.Errorf("J = %v: %s: %s", row.J, row.Verdict, row.Reason)
		}
	}
}

// A constant added to an observable adds itself to what is shown of U^n and u, and nothing to
// gaps, one-step errors and curves.
func TestConstantsPassThrough(t *testing.T) {
	t.Parallel()
	const c = 1024
	p := noisyEnds(t, [2]string{"wave", "sin(x) + cos(x)"}, [2]string{"raised", "sin(x) + cos(x) + 1024"})
	p.Models = trial.ModelsOf(p, sgd.SecondOrder)
	r, err := Run(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	same := func(what string, a, b compare.Number, raised float64) {
		if math.Abs(float64(b-a)-raised) > 1e-11 {
			t.Errorf("%s: %.15g and %.15g with %d added", what, a, b, c)
		}
	}
	for i := range p.Etas {
		n := len(p.Etas)
		same("gap", r.Gap[i].Gap, r.Gap[n+i].Gap, 0)
		same("rho", r.LocalError[i].Rho, r.LocalError[n+i].Rho, 0)
		same("gap at the horizon", r.Horizon[i].Plateau, r.Horizon[n+i].Plateau, 0)
		same("lim U", r.Stationary[i].SGD, r.Stationary[n+i].SGD, c)
		same("lim u", r.Stationary[i].Diffusion, r.Stationary[n+i].Diffusion, c)
		if a, b := r.Gap[i], r.Gap[n+i]; !a.Certified || !b.Certified || a.Nodes != b.Nodes {
			t.Errorf("certified %v on %d nodes, and %v on %d", a.Certified, a.Nodes, b.Certified, b.Nodes)
		}
	}
	if len(r.Fields) != 2 || len(r.Rasters) != 2 {
		t.Fatalf("%d sets of fields and %d rasters, want 2 of each", len(r.Fields), len(r.Rasters))
	}
	phi := p.Observables[0].NewFunc()
	x := make([]float64, 1)
	for k := range r.Fields[0].N {
		for i := range r.Fields[0].U[k] {
			same("U", compare.Number(r.Fields[0].U[k][i]), compare.Number(r.Fields[1].U[k][i]), c)
			same("u", compare.Number(r.Fields[0].Diffusion[k][i]), compare.Number(r.Fields[1].Diffusion[k][i]), c)
			if r.Fields[0].Grid.PointTo(x, i); k == 0 {
				same("U at first", compare.Number(phi(x)), compare.Number(r.Fields[0].U[0][i]), 0)
				same("u at first", compare.Number(phi(x)), compare.Number(r.Fields[0].Diffusion[0][i]), 0)
			}
		}
	}
	for i := range r.Rasters[0].U {
		same("U of a picture", compare.Number(r.Rasters[0].U[i]), compare.Number(r.Rasters[1].U[i]), c)
		same("u of a picture", compare.Number(r.Rasters[0].Diffusion[i]), compare.Number(r.Rasters[1].Diffusion[i]), c)
	}
}
