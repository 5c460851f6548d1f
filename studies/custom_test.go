package studies_test

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/internal/slow"
)

// alike holds the certified gaps of two results to each other within their errors, row by
// row.
func alike(t *testing.T, a, b *compare.Result) {
	t.Helper()
	if len(a.Gap) == 0 || len(a.Gap) != len(b.Gap) {
		t.Fatalf("%d rows and %d", len(a.Gap), len(b.Gap))
	}
	for i, x := range a.Gap {
		y := b.Gap[i]
		if x.Observable != y.Observable || x.Model != y.Model || x.Eta != y.Eta {
			t.Fatalf("the rows %d are of other things", i)
		}
		if !x.Certified || !y.Certified {
			t.Errorf("%s, %s, eta = %s is not certified", x.Observable, x.Model, x.EtaText)
		}
		if diff := math.Abs(float64(x.Gap - y.Gap)); !(diff <= float64(x.Error+y.Error)) {
			t.Errorf("%s, %s, eta = %s: gaps %v and %v differ by %.1e", x.Observable, x.Model, x.EtaText, x.Gap, y.Gap, diff)
		}
	}
}

// ordered holds extrapolated orders to 2 for second-order and 1 for first-order.
func ordered(t *testing.T, r *compare.Result) {
	t.Helper()
	if len(r.Order) == 0 {
		t.Error("no orders")
	}
	for _, o := range r.Order {
		want := map[string]float64{"second-order": 2, "first-order": 1}[o.Model]
		if want != 0 && !(math.Abs(float64(o.Extrapolated)-want) <= 0.03) {
			t.Errorf("%s, %s: order %.4f, want %g", o.Observable, o.Model, o.Extrapolated, want)
		}
	}
}

// heavy is heavy ball on a loss, by an algorithm.
const heavy = `
name: heavy
parameters: [x]
loss: %s
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 3, metric: %s}
observables: {square: x^2, cosine: cos(x + v_x)}
eta: [1/8, 1/16, 1/32, 1/64]
models: [second-order, first-order]
algorithm: %s
`

// byHand is heavy ball as a custom update, of the friction 1.5.
const byHand = `{kind: custom, state: {v_x: {}}, update: {v_x: v_x - eta*(1.5*v_x + grad(x)), x: x + eta*(v_x - eta*(1.5*v_x + grad(x)))}}`

// Heavy ball by formulas has the gaps of momentum, on a quadratic loss and on another one,
// with orders 2 and 1.
func TestHeavyBallByFormulas(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, loss := range []string{"(x - xi)^2/2", "x^2/2 + 0.3*cos(x) - xi*sin(x)/2"} {
		t.Run(loss, func(t *testing.T) {
			t.Parallel()
			a := own(t, fmt.Sprintf(heavy, loss, "lyapunov", byHand))
			alike(t, a, own(t, fmt.Sprintf(heavy, loss, "lyapunov", "{kind: momentum, friction: 1.5}")))
			ordered(t, a)
		})
	}
}

// Names and the order of coordinates do not matter.
func TestRelabelled(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const loss = "x^2/2 + 0.3*cos(x) - xi*sin(x)/2"
	text := fmt.Sprintf(heavy, loss, "[[1.5, 0.5], [0.5, 1]]", byHand)
	other := strings.NewReplacer("xi", "s", "v_x", "a", "cos", "cos", "[x]", "[b]", "{x:", "{b:").Replace(text)
	other = strings.NewReplacer("x^2", "b^2", "cos(x", "cos(b", "sin(x", "sin(b", "grad(x)", "grad(b)", ", x: x ", ", b: b ").Replace(other)
	if strings.Contains(other, "(x") || strings.Contains(other, "xi") {
		t.Fatal(other)
	}
	alike(t, own(t, text), own(t, other))
}

// In two parameters, with exchanged coordinates.
func TestExchanged(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	text := sam(t, "eta: [1/8, 1/16]")
	other := strings.NewReplacer("parameters: [x, y]", "parameters: [y, x]").Replace(text)
	alike(t, own(t, text), own(t, other))
}

// sam is the shipped study with other learning rates.
func sam(t *testing.T, eta string) string {
	t.Helper()
	text, err := os.ReadFile("sam.yaml")
	if err != nil {
		t.Fatal(err)
	}
	before, after, found := strings.Cut(string(text), "eta: [")
	_, after, ended := strings.Cut(after, "]")
	if !found || !ended {
		t.Fatal("no learning rates")
	}
	return before + eta + after
}

// The shipped study of SAM has its orders.
func TestSAM(t *testing.T) {
	t.Parallel()
	ordered(t, run(t, "sam.yaml", compare.SpaceAuto, compare.TimeAuto))
}

// SGD as an update has the gaps of SGD: with batches, and over rows and independent
// variables.
func TestSGDByFormulas(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const study = `
name: plain
parameters: [x, y]
loss: x^2/2 + y^2 + 0.2*xi*sin(x + y) + 0.1*zeta*y
sample: %s
ball: {R: 2}
observables: {mixed: x^2 + x*y}
eta: [1/8, 1/16]
models: [modified, second-order, first-order, gradient-flow]
`
	for name, sample := range map[string]string{
		"batch":       "{kind: discrete, variables: [xi, zeta], values: [[-1, 1], [1, 0.5], [0, -1.5]], batch: {size: 2, replacement: false}}",
		"independent": "{kind: independent, variables: {xi: {law: uniform, low: -1, high: 1}, zeta: {law: rademacher}}}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := fmt.Sprintf(study, sample)
			alike(t, own(t, text), own(t, text+"algorithm: {kind: custom, update: {x: x - eta*grad(x), y: y - eta*grad(y)}}\n"))
		})
	}
	t.Run("data", func(t *testing.T) {
		t.Parallel()
		const rows = `
name: rows
parameters: [w]
loss: softplus(-s*w*a) + 0.1*w^2
sample:
  kind: data
  file: data/iris.csv
  where: species in ["versicolor", "virginica"]
  columns: {a: standardize(petal_length), s: 'species == "virginica" ? 1 : -1'}
ball: {R: 3}
observables: {square: w^2}
eta: [1/4, 1/8]
models: [modified, second-order, first-order, gradient-flow]
`
		alike(t, own(t, rows), own(t, rows+"algorithm: {kind: custom, update: {w: w - eta*grad(w)}}\n"))
	})
}

// Langevin dynamics as an update has the gaps of langevin and its orders.
func TestLangevinByFormulas(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const study = `
name: noisy
parameters: [x]
loss: x^2/2 + 0.3*cos(x) - xi*sin(x)/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2, taper: [3, 4.5]}
observables: {square: x^2, cosine: cos(x)}
eta: [1/8, 1/16, 1/32, 1/64]
models: [second-order, first-order]
algorithm: `
	a := own(t, study+"{kind: custom, noise: {z: {law: normal}}, update: {x: x - eta*grad(x) + sqrt(2*eta/4)*z}}\n")
	alike(t, a, own(t, study+"{kind: langevin, beta: 4}\n"))
	ordered(t, a)
}

// The studies of doc/algorithms.md are certified and have their orders.
func TestDocumentedUpdate(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	text, err := os.ReadFile("../doc/algorithms.md")
	if err != nil {
		t.Fatal(err)
	}
	studies := regexp.MustCompile("(?s)```yaml\n(name: .*?)```").FindAllSubmatch(text, -1)
	if len(studies) != 7 {
		t.Fatalf("the document has %d studies, want 7", len(studies))
	}
	for _, block := range studies {
		r := own(t, string(block[1]))
		for _, row := range r.Gap {
			if !row.Certified {
				t.Errorf("%s, %s, eta = %s: %s", row.Observable, row.Model, row.EtaText, *row.Reason)
			}
		}
		if r.Study == "by-hand" {
			same(t, r, "mixed", "second-order", "long")
		}
		for _, o := range r.Order {
			want := map[string]float64{"modified": 2, "second-order": 2, "long": 2, "first-order": 1}[o.Model]
			if len(r.Gap) > 1 && !(math.Abs(float64(o.Extrapolated)-want) <= float64(o.ExtrapolatedError)) {
				t.Errorf("%s, %s: order %v +- %v, want %v", o.Observable, o.Model, o.Extrapolated, o.ExtrapolatedError, want)
			}
		}
	}
}

// SDEs of one's own for a state with a velocity, and for an algorithm whose limit is a
// diffusion: the derived ones, written out, have their gaps.
func TestOwnSDEOfStates(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const rest = `
parameters: [x]
loss: x^2/2 + 0.3*cos(x) - xi*sin(x)/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
output: {fields: []}
eta: [1/8, 1/16]
`
	for _, text := range []string{`name: heavy
algorithm: {kind: momentum, friction: 1.5}
ball: {R: 2}
observables: {mixed: x^2 + v_x}
models:
  - second-order
  - first-order
  - name: long
    drift:
      x: v_x - eta/2*(1.5*v_x + mean(grad(x)))
      v_x: -1.5*v_x - mean(grad(x)) + eta/2*(mean(hess(x, x))*v_x - 1.5*mean(1.5*v_x + grad(x)))
    diffusion: {v_x: {v_x: 'eta*cov(grad(x), grad(x))'}}
  - name: short
    drift: {x: v_x, v_x: mean(-1.5*v_x - grad(x))}
    diffusion: {v_x: {v_x: 'eta*cov(grad(x) + v_x, grad(x))'}}
`, `name: warm
algorithm: {kind: langevin, beta: 4}
ball: {R: 2}
observables: {mixed: x^2}
models:
  - second-order
  - first-order
  - name: long
    drift: {x: '-mean(grad(x)) - eta/2*(mean(hess(x, x))*mean(grad(x)) - 0.25*0.3*sin(x))'}
    diffusion: {x: {x: '0.5*(1 + eta*mean(hess(x, x))) + eta*cov(grad(x), grad(x))'}}
  - name: short
    drift: {x: -mean(grad(x))}
    diffusion: {x: {x: 'eta*cov(grad(x), grad(x)) + 0.5'}}
`} {
		r := own(t, text+rest)
		same(t, r, "mixed", "second-order", "long")
		same(t, r, "mixed", "first-order", "short")
	}
}

// falling is gradient descent with the step eta/(1 + t), by two keys.
const falling = `
name: falling
parameters: [x]
loss: x^2/2 + 0.3*cos(x) - xi*sin(x)/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2}
observables: {square: x^2, weighted: s*x^2}
eta: [1/8, 1/16]
models: [second-order, first-order, gradient-flow]
horizon: 2
solver: {space: chebyshev, nodes: [40, 32], time: polynomial}
output: {fields: []}
%s
`

// A schedule is an update of a state variable with a range, number by number.
func TestScheduleByFormulas(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	byHand := own(t, fmt.Sprintf(falling, "algorithm: {kind: custom, state: {s: {range: [0, 1], start: 1}}, update: {x: x - eta*s*grad(x), s: s/(1 + eta*s)}}"))
	built := own(t, fmt.Sprintf(falling, "schedule: {kind: inverse, rate: 1}"))
	alike(t, byHand, built)
	for i, a := range byHand.Gap {
		b := built.Gap[i]
		if diff := math.Abs(float64(a.Gap - b.Gap)); !(diff <= 1e-10) || a.N != b.N || a.ClosedBy == nil || *a.ClosedBy != "horizon" {
			t.Errorf("%s, %s, eta = %s: %v at step %d, want %v at step %d", a.Observable, a.Model, a.EtaText, a.Gap, a.N, b.Gap, b.N)
		}
	}
}

// RMSprop has the orders of its diffusions.
func TestRMSprop(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	text, err := os.ReadFile("rmsprop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	r := own(t, strings.Replace(string(text), ", 1/64]", "]", 1))
	for _, row := range r.Gap {
		if !row.Certified {
			t.Errorf("%s, %s, eta = %s is not certified: %v", row.Observable, row.Model, row.EtaText, row.Reason)
		}
	}
	ordered(t, r)
}
