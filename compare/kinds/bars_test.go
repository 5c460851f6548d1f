package kinds

import (
	"math"
	"slices"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/objective"
	"kolmo/sgd"
)

// barsCase is a problem with its reference.
type barsCase struct {
	problem *compare.Problem
	ref     *fineReference
}

// rootCase has the losses sqrt(1 + (a x - y)^2) + x^2/4 of six rows, two of them a step,
// without replacement: its poles are near the line, and grids converge slowly.
func rootCase(t *testing.T) barsCase {
	rows := [][]float64{{1, 0.5}, {-0.5, 1.5}, {2, -1}, {0.3, 0.2}, {1.4, 2}, {-1.1, 0.7}}
	mean := 0.0
	for _, r := range rows {
		mean += r[1] / 6
	}
	for _, r := range rows {
		r[1] -= mean
	}
	p := trial.Build(t, trial.Spec{Name: "root", Parameters: []string{"x"}, Variables: []string{"a", "y"}, Values: rows,
		Loss: "sqrt(1 + (x*a - y)^2) + 0.25*x^2", Observables: [][2]string{{"loss", "f"}, {"x", "x"}, {"bump", "exp(-2*(x-0.2)^2)"}}, R: 1.7, Etas: []int{2, 4, 8, 16}})
	p.Ball.Center[0] = 0.3
	p.Dynamics = sgd.New(trial.LossOf(p), p.Ball, 2.2)
	p.Models = trial.ModelsOf(p, sgd.Names()...)
	loss, ok := trial.LossOf(p).(*objective.Loss)
	if !ok {
		t.Fatalf("the objective is a %T, want a loss", trial.LossOf(p))
	}
	batch, err := objective.NewBatch(loss, 2, false)
	if err != nil {
		t.Fatal(err)
	}
	trial.SetLoss(p, batch)
	ref := &fineReference{center: 0.3, r: 1.7, r2: 2.2, nodes: 40}
	one := func(x float64, r []float64) (v, g, h float64) {
		z := r[0]*x - r[1]
		q := math.Sqrt(1 + z*z)
		return q + x*x/4, r[0]*z/q + x/2, r[0]*r[0]/(q*q*q) + 0.5
	}
	for i := range rows {
		for k := range i {
			ref.w = append(ref.w, 1./15)
			ref.g = append(ref.g, func(x float64) float64 { _, a, _ := one(x, rows[i]); _, b, _ := one(x, rows[k]); return (a + b) / 2 })
			ref.h = append(ref.h, func(x float64) float64 { _, _, a := one(x, rows[i]); _, _, b := one(x, rows[k]); return (a + b) / 2 })
		}
	}
	ref.phis = []func(float64) float64{
		func(x float64) float64 {
			sum := 0.0
			for _, r := range rows {
				v, _, _ := one(x, r)
				sum += v / 6
			}
			return sum
		},
		func(x float64) float64 { return x },
		func(x float64) float64 { return math.Exp(-2 * (x - 0.2) * (x - 0.2)) },
	}
	return barsCase{p, ref}
}

// waveCase has noise that depends on x, and its modified model is propagated by steps.
func waveCase(t *testing.T) barsCase {
	xi := []string{"xi"}
	p := trial.Build(t, trial.Spec{Name: "wave", Parameters: []string{"x"}, Variables: xi, Law: trial.LawOf(t, xi, [][]float64{{1}, {-0.5}}, []float64{0.25, 0.75}),
		Loss: "x^2/2 + xi*(1.2*cos(x) + 0.5*x) + 0.05*x^4", Observables: [][2]string{{"square", "x^2"}, {"odd", "sin(x)*exp(x/2)"}}, R: 2.2, Etas: []int{4, 8, 32}})
	p.Ball.Center[0] = -0.2
	ref := &fineReference{center: -0.2, r: 2.2, r2: 3.3, nodes: 34, w: []float64{0.25, 0.75}}
	for _, s := range []float64{1, -0.5} {
		ref.g = append(ref.g, func(x float64) float64 { return x + s*(0.5-1.2*math.Sin(x)) + 0.2*x*x*x })
		ref.h = append(ref.h, func(x float64) float64 { return 1 - 1.2*s*math.Cos(x) + 0.6*x*x })
	}
	ref.phis = []func(float64) float64{func(x float64) float64 { return x * x }, func(x float64) float64 { return math.Sin(x) * math.Exp(x/2) }}
	return barsCase{p, ref}
}

// skewCase is smooth: its grids soon reach rounding.
func skewCase(t *testing.T) barsCase {
	xi := []string{"xi"}
	p := trial.Build(t, trial.Spec{Name: "skew", Parameters: []string{"x"}, Variables: xi, Law: trial.LawOf(t, xi, [][]float64{{-1}, {0.5}, {1.2}}, []float64{0.3, 0.5, 0.2}),
		Loss: "(x - xi)^2/2 + 0.15*xi^2*sin(x)", Observables: [][2]string{{"cube", "x^3"}, {"wave", "cos(2*x)"}}, R: 2, Etas: []int{4, 16}})
	p.Ball.Center[0] = 0.5
	ref := &fineReference{center: 0.5, r: 2, r2: 3, nodes: 26, w: []float64{0.3, 0.5, 0.2}}
	for _, s := range []float64{-1, 0.5, 1.2} {
		ref.g = append(ref.g, func(x float64) float64 { return x - s + 0.15*s*s*math.Cos(x) })
		ref.h = append(ref.h, func(x float64) float64 { return 1 - 0.15*s*s*math.Sin(x) })
	}
	ref.phis = []func(float64) float64{func(x float64) float64 { return x * x * x }, func(x float64) float64 { return math.Cos(2 * x) }}
	return barsCase{p, ref}
}

// One-step errors, their sums, the limits of SGD and of the models and their differences
// lie within their errors of an independent fine reference, all of them, and the errors
// are in the median less than ten times the true ones, or 1e-6 of the value. The limit of
// SGD belongs to no model: its value and error are the same in all rows.
func TestBarsOfLocalErrorsAndLimits(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	ratios := make(chan float64, 4096)
	t.Run("cases", func(t *testing.T) {
		for _, c := range []barsCase{rootCase(t), waveCase(t), skewCase(t)} {
			t.Run(c.problem.Name, func(t *testing.T) { t.Parallel(); checkBars(t, c, ratios) })
		}
	})
	close(ratios)
	var all []float64
	for r := range ratios {
		all = append(all, r)
	}
	slices.Sort(all)
	if len(all) == 0 {
		t.Fatal("no rows")
	}
	if median := all[len(all)/2]; median > 10 {
		t.Errorf("the errors are in the median %.3g times the true ones", median)
	}
}

// checkBars checks all rows of a case and hands over the ratios of estimated to true errors.
func checkBars(t *testing.T, c barsCase, ratios chan<- float64) {
	p := c.problem
	p.Studies = []compare.Study{compare.StudyLocalError, compare.StudyStationary}
	r := run(t, p, nil)
	type key struct {
		model string
		eta   float64
	}
	known := make(map[key][]fineKnown)
	for _, m := range p.Models {
		for _, eta := range p.Etas {
			known[key{m.Name, eta.Value}] = c.ref.known(m.Name, eta.Value)
		}
	}
	// own is what the reference itself may be off by.
	const own = 2e-8
	check := func(what, observable, model, eta string, value, err compare.Number, truth, size float64) {
		off := math.Abs(float64(value) - truth)
		if !(off <= float64(err)+own*size) {
			t.Errorf("%s, %s, %s, eta = %s: %.10g +- %.2g, want %.10g: %.2g times the error", what, observable, model, eta, float64(value), float64(err), truth, off/float64(err))
		}
		ratios <- float64(err) / max(off, 1e-6*math.Abs(truth))
	}
	index := func(name string) int {
		return slices.IndexFunc(p.Observables, func(o objective.Observable) bool { return o.Name() == name })
	}
	for _, row := range r.LocalError {
		k := known[key{row.Model, row.Eta}][index(row.Observable)]
		if row.Reason != nil {
			t.Errorf("%s, %s, eta = %s: %s", row.Observable, row.Model, row.EtaText, *row.Reason)
			continue
		}
		check("rho", row.Observable, row.Model, row.EtaText, row.Rho, row.Error, k.rho, k.rho)
		check("sum", row.Observable, row.Model, row.EtaText, row.Sum, row.SumError, k.sum, k.sum)
	}
	first := make(map[string]compare.StationaryRow)
	for _, row := range r.Stationary {
		k := known[key{row.Model, row.Eta}][index(row.Observable)]
		if row.Reason != nil || row.Agree == nil || !*row.Agree {
			t.Errorf("%s, %s, eta = %s: %s", row.Observable, row.Model, row.EtaText, deref(row.Reason))
			continue
		}
		check("sgd", row.Observable, row.Model, row.EtaText, row.SGD, row.SGDError, k.sgd, 1e-3)
		check("diffusion", row.Observable, row.Model, row.EtaText, row.Diffusion, row.DiffusionError, k.diffusion, 1e-3)
		check("difference", row.Observable, row.Model, row.EtaText, row.Difference, row.Error, k.sgd-k.diffusion, 1e-3)
		name := row.Observable + row.EtaText
		if old, ok := first[name]; ok && (old.SGD != row.SGD || old.SGDError != row.SGDError || old.SGDNull != row.SGDNull || old.SGDRun != row.SGDRun) {
			t.Errorf("%s, eta = %s: lim U is %.12g +- %.2g beside %s and %.12g +- %.2g beside %s", row.Observable, row.EtaText,
				float64(old.SGD), float64(old.SGDError), old.Model, float64(row.SGD), float64(row.SGDError), row.Model)
		} else if !ok {
			first[name] = row
		}
		if row.Model == sgd.GradientFlow && float64(row.DiffusionError) > 1e-12 {
			t.Errorf("%s, eta = %s: phi(x*) has the error %.2g", row.Observable, row.EtaText, float64(row.DiffusionError))
		}
	}
}
