package studies_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/compare/kinds"
	"kolmo/internal/slow"
	"kolmo/study"
)

// gaps returns the rows of a result by model, those of an observable.
func gaps(r *compare.Result, observable, model string) []compare.GapRow {
	var rows []compare.GapRow
	for _, row := range r.Gap {
		if row.Observable == observable && row.Model == model {
			rows = append(rows, row)
		}
	}
	return rows
}

// same holds the gaps of two models to each other within their errors.
func same(t *testing.T, r *compare.Result, observable, a, b string) {
	t.Helper()
	x, y := gaps(r, observable, a), gaps(r, observable, b)
	if len(x) == 0 || len(x) != len(y) {
		t.Fatalf("%d rows of %s and %d of %s", len(x), a, len(y), b)
	}
	for i := range x {
		if !x[i].Certified || !y[i].Certified {
			t.Errorf("eta = %s: %s or %s is not certified", x[i].EtaText, a, b)
		}
		if diff := math.Abs(float64(x[i].Gap - y[i].Gap)); !(diff <= float64(x[i].Error+y[i].Error)) {
			t.Errorf("%s, eta = %s: %s has the gap %v, %s %v; they differ by %.1e", observable, x[i].EtaText, a, x[i].Gap, b, y[i].Gap, diff)
		}
	}
}

// problemOf is that of a study in a text.
func problemOf(t *testing.T, text string) *compare.Problem {
	t.Helper()
	s, err := study.Parse("own.yaml", []byte(text), "")
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Problem()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// own runs the gaps of a study in a text.
func own(t *testing.T, text string) *compare.Result {
	t.Helper()
	r, err := kinds.Gap(context.Background(), problemOf(t, text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// second-order written out has second-order's gaps, without the term with eta/2 the order
// is 1, and a drift that is wrong by a factor is found out.
func TestOwnSDE(t *testing.T) {
	t.Parallel()
	r := run(t, "own-sde.yaml", compare.SpaceAuto, compare.TimeAuto)
	same(t, r, "square", "second-order", "written-out")
	for _, o := range r.Order {
		want := map[string]float64{"second-order": 2, "written-out": 2, "short": 1, "wrong": 0}[o.Model]
		if math.Abs(float64(o.Extrapolated)-want) > 0.03 {
			t.Errorf("%s has the order %v, want %v", o.Model, o.Extrapolated, want)
		}
		claimed := o.Model == "second-order"
		if claimed != (o.Expected == 2) || !claimed && (o.Expected != 0 || !strings.HasPrefix(o.Verdict, "no order is claimed")) ||
			strings.Contains(o.Verdict, "does not fall") != (o.Model == "wrong") {
			t.Errorf("%s: %+v", o.Model, o)
		}
	}
	wrong := gaps(r, "square", "wrong")
	for _, row := range wrong[1:] {
		if row.Gap < wrong[0].Gap {
			t.Errorf("the gap of wrong is %v at eta = %s, less than %v at the largest", row.Gap, row.EtaText, wrong[0].Gap)
		}
	}
	for _, c := range r.Constant {
		if c.Model != "second-order" && (c.Predicted == c.Predicted || c.Measured == c.Measured || c.Reason == nil) {
			t.Errorf("%s has a constant without an order: %+v", c.Model, c)
		}
	}
	if m := r.Models[3]; m.Drift != "x: -1.2*mean(grad(x))" || m.Diffusion != "x, x: eta*cov(grad(x), grad(x))" || m.Order != 0 {
		t.Errorf("the model is %+v", m)
	}
}

// The study of doc/study-file.md is what its comment says: first-order by its formulas.
func TestDocumentedSDE(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	text, err := os.ReadFile("../doc/study-file.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, found := strings.Cut(string(text), "```yaml\nname: my-sde\n")
	block, _, closed := strings.Cut(block, "```")
	if !found || !closed {
		t.Fatal("the document has no study my-sde")
	}
	same(t, own(t, "name: my-sde\n"+block), "mixed", "first-order", "mine")
}

// In two dimensions with correlated multiplicative noise, by both models and by means over
// the law of other functions of the sample.
func TestOwnSDEInTwoDimensions(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	r := own(t, `
name: own
parameters: [x, y]
loss: x^2/2 + y^2 + 0.2*xi*sin(x + y) + 0.1*zeta*y
sample: {kind: discrete, variables: [xi, zeta], values: [[-1, 1], [1, 0.5], [0, -1.5]]}
ball: {R: 2}
observables: {mixed: x^2 + x*y}
eta: [1/8, 1/16]
models:
  - second-order
  - first-order
  - name: long
    drift:
      x: mean(-grad(x)) - eta/2*(mean(hess(x, x))*mean(grad(x)) + mean(hess(x, y))*mean(grad(y)))
      y: mean(-grad(y)) - eta/2*(mean(hess(y, x))*mean(grad(x)) + mean(hess(y, y))*mean(grad(y)))
    diffusion:
      x: {x: 'eta*(mean(grad(x)^2) - mean(grad(x))^2)', y: 'eta*cov(grad(x), grad(y))'}
      y: {y: 'eta*cov(grad(y), grad(y))'}
  - name: short
    drift: {x: -mean(grad(x)), y: -2*y - mean(grad(y) - 2*y)}
    diffusion:
      x: {x: 'eta*cov(grad(x), grad(x))'}
      y: {x: 'eta*cov(grad(y), grad(x))', y: 'eta*cov(grad(y), grad(y))'}
`)
	same(t, r, "mixed", "second-order", "long")
	same(t, r, "mixed", "first-order", "short")
}

// Where the noise is additive, Sigma frozen at the minimiser is Sigma; where it is not, the
// order is still 1.
func TestConstantNoise(t *testing.T) {
	t.Parallel()
	const rest = "\nsample: {kind: discrete, variables: [xi], values: [[-1], [1]]}\nball: {R: 2}\n" +
		"observables: {square: x^2}\neta: [1/8, 1/16, 1/32, 1/64]\nmodels: [first-order, constant-noise]\n"
	same(t, own(t, "name: a\nparameters: [x]\nloss: x^2/2 + x^4/40 - xi*x"+rest), "square", "first-order", "constant-noise")
	r := own(t, "name: b\nparameters: [x]\nloss: x^2/2 + 0.3*xi*cos(x) - 0.2*x*xi"+rest)
	a, b := gaps(r, "square", "first-order"), gaps(r, "square", "constant-noise")
	if diff := math.Abs(float64(a[0].Gap - b[0].Gap)); diff < 100*float64(a[0].Error+b[0].Error) {
		t.Errorf("frozen noise makes no difference: %v and %v", a[0], b[0])
	}
	for _, o := range r.Order {
		if o.Expected != 1 || math.Abs(float64(o.Extrapolated)-1) > 0.03 {
			t.Errorf("%s has the order %v, want 1", o.Model, o.Extrapolated)
		}
	}
	for _, c := range r.Constant {
		if !(math.Abs(float64(c.Predicted-c.Richardson)) <= float64(c.Error+c.RichardsonError)) {
			t.Errorf("%s: the constant is predicted to be %v +- %v, and extrapolates to %v +- %v", c.Model, c.Predicted, c.Error, c.Richardson, c.RichardsonError)
		}
	}
}

// With the drift of second-order and frozen noise, order and constant are still those of
// weak order one where the noise is not additive; where it is, the model is second-order.
func TestSecondConstantNoise(t *testing.T) {
	t.Parallel()
	const rest = "\nsample: {kind: discrete, variables: [xi], values: [[-1], [1]]}\nball: {R: 2}\n" +
		"observables: {square: x^2}\neta: [1/8, 1/16, 1/32, 1/64]\nmodels: [second-order, second-order-constant-noise]\n"
	same(t, own(t, "name: a\nparameters: [x]\nloss: x^2/2 + x^4/40 - xi*x"+rest), "square", "second-order", "second-order-constant-noise")
	r := own(t, "name: b\nparameters: [x]\nloss: x^2/2 + 0.3*xi*cos(x) - 0.2*x*xi"+rest)
	for _, o := range r.Order {
		if o.Model != "second-order" && (o.Expected != 1 || math.Abs(float64(o.Extrapolated)-1) > 0.03) {
			t.Errorf("%s has the order %v, want 1", o.Model, o.Extrapolated)
		}
	}
	for _, c := range r.Constant {
		if !(math.Abs(float64(c.Predicted-c.Richardson)) <= float64(c.Error+c.RichardsonError)) {
			t.Errorf("%s: the constant is predicted to be %v +- %v, and extrapolates to %v +- %v", c.Model, c.Predicted, c.Error, c.Richardson, c.RichardsonError)
		}
	}
	if len(r.Order) != 2 || len(r.Constant) != 2 {
		t.Errorf("%d orders and %d constants, want 2 of each", len(r.Order), len(r.Constant))
	}
}

// A model without noise need not rest where f is least: its limit is phi at its own point
// of rest, and nothing is predicted of its mean.
func TestOwnRest(t *testing.T) {
	t.Parallel()
	s, err := study.Parse("own.yaml", []byte("name: own\nparameters: [x]\nloss: (x - xi)^2/2\n"+
		"sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}\nball: {R: 2}\nobservables: {square: x^2}\n"+
		"eta: [1/4, 1/8]\nstudies: [stationary]\nmodels:\n  - {name: shifted, drift: {x: 0.5 - x}}\n"), "")
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Problem()
	if err != nil {
		t.Fatal(err)
	}
	r, err := kinds.Run(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Stationary) != 2 {
		t.Fatalf("%d rows", len(r.Stationary))
	}
	for _, row := range r.Stationary {
		chain := row.Eta / (2 - row.Eta) // the variance of SGD
		if math.Abs(float64(row.Diffusion)-0.25) > float64(row.DiffusionError) || math.Abs(float64(row.SGD)-chain) > float64(row.SGDError) {
			t.Errorf("eta = %s: the limits are %v +- %v and %v +- %v, want 1/4 and %v", row.EtaText, row.Diffusion, row.DiffusionError, row.SGD, row.SGDError, chain)
		}
	}
	for _, row := range r.MeanShift {
		if row.Process == "shifted" && row.Predicted[0] == row.Predicted[0] {
			t.Errorf("the mean of shifted is predicted: %+v", row)
		}
	}
}

// A diffusion of one's own whose noise grows outward is unstable at the faces of its box, and the reason says how to end it. With such
// ends the gaps are those of Crank-Nicolson steps on |x| <= 12 without ends and cubic splines for U, alike on 2401 and 4801
// nodes. The formulas of the second-order model give its rows of all kinds.
func TestNoiseOfOwnModelsEnds(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const text = `
name: ends
parameters: [x]
loss: x^2/2 + xi*x
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2%s}
observables: {square: x^2, level: tanh(x)}
eta: [1/8, 1/16]
models:
  - {name: own, drift: {x: -mean(tanh(grad(x)))}, diffusion: {x: {x: eta*mean(grad(x)^2)}}}
accuracy: 0.02
output: {fields: []}
`
	run := func(text string) *compare.Result {
		t.Helper()
		r, err := kinds.Run(context.Background(), problemOf(t, text), nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for _, row := range run(fmt.Sprintf(text, "")).Gap {
		if row.EtaText == "1/8" && (row.Reason == nil || !strings.Contains(*row.Reason, "ball.taper: [3, 4.5] ends it beyond the ball")) {
			t.Errorf("without ends %s at eta = %s is certified, or the reason does not name ball.taper", row.Observable, row.EtaText)
		}
	}
	want := map[string]map[string]float64{"square": {"1/8": 1.48303, "1/16": 1.28141}, "level": {"1/8": 0.354952, "1/16": 0.370449}}
	for _, row := range run(fmt.Sprintf(text, ", taper: [3, 4.5]")).Gap {
		v := want[row.Observable][row.EtaText]
		if off := math.Abs(float64(row.Gap) - v); !row.Certified || !(off <= float64(row.Error)+2e-6*v) || !(row.Errors.Taper > 0) {
			t.Errorf("%s, eta = %s: %.7g +- %.2g, of which %.2g is by the ends, certified %v; want %.6g", row.Observable, row.EtaText, row.Gap, row.Error, row.Errors.Taper, row.Certified, v)
		}
	}
	r := run(`
name: written
parameters: [x]
loss: x^2/2 + xi*(x + 0.3*sin(x))
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2, taper: [3, 4.5]}
observables: {level: tanh(x)}
eta: [1/4]
models:
  - second-order
  - {name: own, drift: {x: '-mean(grad(x)) - eta/2*mean(hess(x, x))*mean(grad(x))'}, diffusion: {x: {x: 'eta*cov(grad(x), grad(x))'}}}
studies: [gap, local-error, stationary, spectrum, variation]
spectrum: {count: 2}
output: {fields: []}
`)
	same(t, r, "level", "second-order", "own")
	type number struct {
		what       string
		value, err compare.Number
	}
	by := map[string][]number{}
	for _, row := range r.LocalError {
		by[row.Model] = append(by[row.Model], number{"one-step error", row.Rho, row.Error})
	}
	for _, row := range r.Stationary {
		by[row.Model] = append(by[row.Model], number{"limit", row.Diffusion, row.DiffusionError})
	}
	for _, row := range r.Spectrum {
		by[row.Model] = append(by[row.Model], number{"rate", row.Rate, row.Error})
	}
	for _, row := range r.Variation {
		by[row.Model] = append(by[row.Model], number{"rate of first variations", row.Rate, row.High - row.Low})
	}
	if len(by["own"]) < 5 || len(by["own"]) != len(by["second-order"]) {
		t.Fatalf("%d rows of own and %d of second-order", len(by["own"]), len(by["second-order"]))
	}
	for i, a := range by["own"] {
		b := by["second-order"][i]
		if !(math.Abs(float64(a.value-b.value)) <= 1e-9*math.Abs(float64(b.value))+1e-3*float64(b.err)) || !(a.err > 0) || !(math.Abs(float64(a.err/b.err)-1) < 1e-3) {
			t.Errorf("%s: %v +- %v, of second-order %v +- %v", a.what, a.value, a.err, b.value, b.err)
		}
	}
}
