package kinds

import (
	"context"
	"math"
	"slices"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/sgd"
)

// Where a step leaves the ball S takes values beyond its box: such rows have the reason, and no numbers.
func TestNoLocalErrorsWhereStepsLeave(t *testing.T) {
	t.Parallel()
	s := trial.Quad1d
	s.Etas = []int{4}
	p := trial.Build(t, s)
	p.Etas = append([]compare.Rate{{Value: 1.5, Text: "3/2"}}, p.Etas...)
	p.Studies = []compare.Study{compare.StudyLocalError}
	p.Models = trial.ModelsOf(p, sgd.FirstOrder)
	r, err := Run(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range r.LocalError {
		if leaves := row.Eta > 1; (row.Reason != nil) != leaves || (row.Rho != row.Rho) != leaves || leaves && row.Holds != nil {
			t.Errorf("eta = %s: %g, reason %v, within the sum %v", row.EtaText, row.Rho, row.Reason, row.Holds)
		}
	}
}

// One-step errors of phi = x^2 for f = (x-xi)^2/2 in closed form: their suprema lie
// within the error, their decay is 2 (1 + eta/2) (second-order) and 2 (first-order),
// the orders are 3 and 2, and the gap is within the sum.
func TestLocalErrorsAgainstClosedForm(t *testing.T) {
	t.Parallel()
	s := trial.Quad1d
	s.Observables = s.Observables[:1]
	p := trial.Build(t, s)
	p.Studies = []compare.Study{compare.StudyLocalError}
	p.Models = trial.ModelsOf(p, sgd.SecondOrder, sgd.FirstOrder)
	r, err := Run(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.LocalError) != 12 || len(r.LocalOrder) != 2 || len(r.LocalCurves) != 12 {
		t.Fatalf("%d rows, %d orders, %d curves", len(r.LocalError), len(r.LocalOrder), len(r.LocalCurves))
	}
	for _, row := range r.LocalError {
		i := slices.IndexFunc(r.LocalCurves, func(c compare.LocalCurve) bool { return c.Model == row.Model && c.Eta == row.Eta })
		beta := 1 + row.Eta/2
		if row.Model == sgd.FirstOrder {
			beta = 1
		}
		// u = m(t) x^2 + v(t).
		m := func(j int) float64 { return math.Exp(-2 * beta * float64(j) * row.Eta) }
		v := func(j int) float64 { return row.Eta * (1 - m(j)) / (2 * beta) }
		want, at, sum := 0.0, 0, 0.0
		for j := 1; j <= len(r.LocalCurves[i].T); j++ {
			rho := 0.0
			for _, x := range []float64{0, p.Ball.R} {
				step := m(j-1)*((1-row.Eta)*(1-row.Eta)*x*x+row.Eta*row.Eta) + v(j-1)
				rho = max(rho, math.Abs(step-m(j)*x*x-v(j)))
			}
			if rho > want {
				want, at = rho, j
			}
			sum += rho
		}
		if d := math.Abs(float64(row.Rho) - want); d > float64(row.Error)+1e-13 || row.N != at {
			t.Errorf("%s, %s: rho %.12g +- %.2g at %d, want %.12g at %d", row.Model, row.EtaText, float64(row.Rho), float64(row.Error), row.N, want, at)
		}
		if d := math.Abs(float64(row.Rate) - 2*beta); d > 1e-3 {
			t.Errorf("%s, %s: rate %.6g, want %.6g", row.Model, row.EtaText, float64(row.Rate), 2*beta)
		}
		if d := math.Abs(float64(row.Sum-row.Tail) - sum); d > float64(row.SumError)+1e-12 || row.Holds == nil || !*row.Holds || row.Gap > row.Sum {
			t.Errorf("%s, %s: sum %.9g, want %.9g; the gap is %.9g", row.Model, row.EtaText, float64(row.Sum-row.Tail), sum, float64(row.Gap))
		}
	}
	for _, o := range r.LocalOrder {
		if o.Expected != p.Models[0].Order+1 && o.Model == p.Models[0].Name || math.Abs(float64(o.Slope)-float64(o.Expected)) > 0.1 {
			t.Errorf("%s: order %.3f, expected %d", o.Model, float64(o.Slope), o.Expected)
		}
	}
}
