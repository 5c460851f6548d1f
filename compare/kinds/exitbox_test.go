package kinds

import (
	"context"
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/derived"
	"kolmo/grid"
	"kolmo/internal/slow"
	"kolmo/law"
	"kolmo/momentum"
	"kolmo/objective"
	"kolmo/objective/expr"
	"kolmo/process"
	"kolmo/sgd"
)

// exitBoxOf runs the study of exit times of a problem of the plane.
func exitBoxOf(t *testing.T, p *compare.Problem, box [][2]float64, from []float64, workers int) *compare.Result {
	t.Helper()
	p.Studies, p.Asked = []compare.Study{compare.StudyExit}, compare.Asked{Exit: &compare.Exit{Box: box, From: from}}
	r, err := Run(context.Background(), p, &compare.Config{Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Where hardly any drift holds paths, times of models over the chain's tend to one like eta, in the plane as on the line,
// and rows say what was left.
func TestExitOfBoxTendsToOne(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	var values [][]float64 // of mean zero, and no lattice
	for k := range 4 {
		a, b := math.Cos(1.7*float64(k)+0.3), (1+0.3*float64(k))*math.Sin(1.7*float64(k)+0.3)
		values = append(values, []float64{a, b}, []float64{-a, -b})
	}
	p := trial.Build(t, trial.Spec{Name: "flat", Parameters: []string{"x", "y"}, Variables: []string{"a", "b"},
		Values: values, Loss: "x^2/20 + y^2/15 + a*x + b*y", Observables: [][2]string{{"x", "x"}}, R: 4, Etas: []int{2, 4, 8}})
	p.Models = trial.ModelsOf(p, sgd.SecondOrder, sgd.GradientFlow)
	p.Accuracy, p.Solver.Nodes = 0.05, []int{201, 201}
	r := exitBoxOf(t, p, [][2]float64{{-0.5, 0.45}, {-0.55, 0.5}}, []float64{0, 0.1}, 1)
	var off []float64
	for _, row := range r.Exit {
		if row.Interval != nil || len(row.Box) != 2 || row.Box[1] != [2]compare.Number{-0.55, 0.5} || len(row.X) != 2 || row.X[1] != 0.1 || row.Barrier == row.Barrier {
			t.Errorf("%+v", row.ExitPlace)
		}
		switch {
		case row.Model == sgd.GradientFlow:
			if row.Certified || row.T == row.T {
				t.Errorf("%+v", row)
			}
		case !row.Certified:
			t.Errorf("%s, eta = %s: %.6g +- %.2g is not certified", row.Model, row.EtaText, row.T, row.Error)
		case row.Model == sgd.SecondOrder:
			off = append(off, 1-float64(row.Ratio))
			t.Logf("eta = %s: T/T_chain = %.4f +- %.2g", row.EtaText, row.Ratio, row.RatioError)
		}
	}
	if len(off) != 3 {
		t.Fatalf("%d ratios, want 3", len(off))
	}
	for i, v := range off[1:] {
		if fall := off[i] / v; !(fall > 1.2 && fall < 2.6) {
			t.Errorf("1 - T/T_chain falls by %.2f", fall)
		}
	}
}

// Under a quadrature of the noise the error has what richer rules change, of the chain and of models whose Sigma is not exact.
func TestExitOfBoxUnderQuadrature(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := trial.Build(t, trial.Spec{Name: "uniform", Parameters: []string{"x", "y"}, Variables: []string{"xi"},
		Law: independent(t, law.Uniform{Low: -1, High: 1}, 2), Loss: "x^2/2 + y^2/2 + cos(2*xi)*x + sin(2*xi)*y", Observables: [][2]string{{"x", "x"}}, R: 2, Etas: []int{4}})
	p.Models, p.Solver.Nodes = trial.ModelsOf(p, sgd.SecondOrder), []int{81, 81}
	r := exitBoxOf(t, p, [][2]float64{{-0.9, 0.2}, {-0.4, 0.4}}, []float64{-0.3, 0}, 1)
	fine := *p
	fine.Dynamics = p.Dynamics
	for range 3 {
		d, ok := fine.Dynamics.Refine()
		if !ok {
			t.Fatal("no richer rule")
		}
		fine.Dynamics = d
	}
	fine.Models = trial.ModelsOf(&fine, sgd.SecondOrder)
	want := exitBoxOf(t, &fine, [][2]float64{{-0.9, 0.2}, {-0.4, 0.4}}, []float64{-0.3, 0}, 1)
	for i, row := range r.Exit {
		off := math.Abs(float64(row.T - want.Exit[i].T))
		if !(row.Errors.Quadrature > 0) || off > float64(row.Error+want.Exit[i].Error) {
			t.Errorf("%s: %.6g +- %.2g (quadrature %.2g), under a rich rule %.6g +- %.2g", row.Model, row.T, row.Error, row.Errors.Quadrature, want.Exit[i].T, want.Exit[i].Error)
		}
	}
}

// Times of a heavy ball are the same in every metric, within the errors, since boxes are the user's.
func TestExitOfHeavyBall(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	e, err := expr.Parse("x^2/2 + xi*x", expr.Scope{Parameters: []string{"x"}, Variables: []string{"xi"}})
	if err != nil {
		t.Fatal(err)
	}
	samples, err := law.Discrete([]string{"xi"}, [][]float64{{-1}, {1}}, []float64{0.5, 0.5})
	if err != nil {
		t.Fatal(err)
	}
	loss, err := objective.New([]string{"x"}, e, samples)
	if err != nil {
		t.Fatal(err)
	}
	var first []compare.ExitRow
	for _, metric := range [][]float64{nil, {1.5, 0.5, 0.5, 1}} {
		d, err := derived.New(momentum.New(momentum.Name, []string{"x"}, loss, 1.5), []float64{0, 0}, metric, 2, [2]float64{2, 3})
		if err != nil {
			t.Fatal(err)
		}
		models, err := process.Named(d, "first-order")
		if err != nil {
			t.Fatal(err)
		}
		p := &compare.Problem{Name: "ball", Dynamics: d, Models: models, Ball: grid.Ball{Center: d.Region().Center, R: d.Region().R},
			Etas: []compare.Rate{{Value: 0.25, Text: "1/4"}}, Accuracy: 0.01}
		r := exitBoxOf(t, p, [][2]float64{{-0.4, 0.4}, {-0.6, 0.6}}, []float64{0.1, 0}, 1)
		for i, row := range r.Exit {
			if !row.Certified {
				t.Errorf("%s: %.6g +- %.2g", row.Model, row.T, row.Error)
			}
			if first != nil && math.Abs(float64(row.T-first[i].T)) > float64(row.Error+first[i].Error) {
				t.Errorf("%s: %.9g +- %.2g in one metric, %.9g +- %.2g in another", row.Model, first[i].T, first[i].Error, row.T, row.Error)
			}
			t.Logf("%s %.9g", row.Model, row.T)
		}
		first = r.Exit
	}
	// By 10^6 paths of the chain, and 10^5 of the model in steps of 2.5e-4 with faces moved in by 0.5826 sqrt(a dt)
	// (Broadie, Glasserman and Kou 1997, doi:10.1111/1467-9965.00035), with three standard errors.
	for i, want := range [][2]float64{{5.499, 0.017}, {3.300, 0.027}} {
		if off := math.Abs(float64(first[i].T) - want[0]); off > float64(first[i].Error)+want[1] {
			t.Errorf("%s: %.6g, by paths %.4g", first[i].Model, first[i].T, want[0])
		}
	}
}
