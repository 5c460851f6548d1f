package study

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"kolmo/derived"
	"kolmo/objective"
	"kolmo/objective/expr"
)

// number evaluates a formula of numbers alone, with blanks for products.
func number(t *testing.T, text string) float64 {
	t.Helper()
	text = strings.NewReplacer(" + ", "+", " - ", "-", " ", "*").Replace(text)
	e, err := expr.Parse(text, expr.Scope{})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	p, err := expr.Compile(e, expr.Inputs{Parameters: []string{"x"}})
	if err != nil {
		t.Fatal(err)
	}
	m := p.Bind(1, [][]float64{}).NewMachine()
	m.Point([]float64{0}, nil, 0)
	m.Block(0)
	return m.Value()[0]
}

// formulaStudy is of a loss whose third derivative is 0.3 sin x.
const formulaStudy = `name: formulas
parameters: [x]
loss: x^2/2 + 0.3*cos(x) - xi*sin(x)/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]%s}
ball: {R: 2}
observables: {square: x^2}
eta: [1/8]
models: [first-order]
%s
`

// Formulas that are shown have the values of the drifts and diffusions that are computed.
func TestClosedFormulas(t *testing.T) {
	t.Parallel()
	const eta, v, s = 0.125, 0.3, 0.6
	for _, c := range []struct {
		name, sample, rest string
		state              []float64
		pace               float64
		noisy              int      // the coordinate that has noise
		extra              []string // symbols and their values
	}{
		{"momentum", "", "algorithm: {kind: momentum, friction: 1.5}", []float64{v}, 1, 1, []string{"γ", "(1.5)", "v_x", "(0.3)"}},
		{"nesterov", "", "algorithm: {kind: nesterov, friction: 1.5}", []float64{v}, 1, 1, []string{"γ", "(1.5)", "v_x", "(0.3)"}},
		{"langevin", "", "algorithm: {kind: langevin, beta: 4}", nil, 1, 0, []string{"β", "(4)", "I", "(1)"}},
		{"sgd", "", "", nil, 1, 0, nil},
		{"inverse", "", "schedule: {kind: inverse, rate: 2}", []float64{s}, 1, 0, []string{"ṡ", "(-0.72)", "s²", "(0.36)", "s", "(0.6)"}},
		{"exponential", "", "schedule: {kind: exponential, rate: 0.5}", []float64{s}, 1, 0, []string{"ṡ", "(-0.3)", "s²", "(0.36)", "s", "(0.6)"}},
		{"epochs", ", batch: {size: 1, replacement: epoch}", "", nil, 2, 0, nil},
		{"svag", ", batch: {svag: {of: 1/2}}", "", nil, 1, 0, []string{"E", "(0.5)"}},
	} {
		text := fmt.Sprintf(formulaStudy, c.sample, c.rest)
		if c.name == "sgd" {
			text = strings.Replace(text, "{R: 2}", "{R: 2, metric: lyapunov}", 1)
		}
		study := parsed(t, text)
		alg := study.falling(study.kind().steps(study))
		closed, ok := alg.(derived.Closed)
		if !ok {
			t.Errorf("%s has no formulas", c.name)
			continue
		}
		z := append([]float64{0.7}, c.state...)
		var at objective.Moments
		study.Loss.NewEvaluator().MomentsTo(&at, z[:1])
		sin, cos := math.Sincos(z[0])
		value := func(x float64) string { return fmt.Sprintf("(%.17g)", x) }
		g, h, sigma := at.Grad[0], at.Hess[0][0], value(at.Sigma[0][0])
		symbols := strings.NewReplacer(append([]string{"−", "-", "η", value(eta), "∇(f + (η/4) mean |gᵢ|²)", value(g + eta/2*(g*h-sin*cos/4)),
			"∇Δf", value(0.3 * sin), "∇f", value(g), "H", value(h), "diag(0, Σ)", sigma, "diag(Σ, 0)", sigma, "Σ", sigma}, c.extra...)...)
		read := func(text string) float64 { return number(t, symbols.Replace(text)) }
		var m derived.Moments
		alg.NewMoments()(&m, z)
		f := closed.Formulas()
		for order, texts := range map[int][2]string{0: {f.Drift, f.Limit}, 1: {f.Drift, f.First}, 2: {f.Corrected, f.Second}} {
			if texts[0] == "" && c.name == "svag" {
				continue // has no model of order two
			}
			b, a := m.Diffusion(len(z), max(order, 1), eta)
			if order == 0 {
				b, a = m.M12, m.M22
			}
			lines := strings.Split(texts[0], "; ")
			if len(lines) != len(z) {
				t.Fatalf("%s: %d lines for %d coordinates", c.name, len(lines), len(z))
			}
			for k, line := range lines {
				if name, rest, found := strings.Cut(line, ": "); found {
					if line = rest; slices.Index(alg.Names(), name) != k {
						t.Errorf("%s: the coordinate %d is called %s", c.name, k, name)
					}
				}
				if got := read(line) * c.pace; math.Abs(got-b[k]) > 1e-7 {
					t.Errorf("%s, order %d: the drift %s has the value %v, want %v", c.name, order, line, got, b[k])
				}
			}
			for k := range z {
				for l := range z {
					want := 0.0
					if k == c.noisy && l == c.noisy {
						want = read(texts[1]) * c.pace
					}
					if math.Abs(want-a[k][l]) > 1e-12 {
						t.Errorf("%s, order %d: the diffusion %s has the value %v at %d, %d, want %v", c.name, order, texts[1], want, k, l, a[k][l])
					}
				}
			}
		}
	}
}

// Results say what a step is, in the study's own names.
func TestWrittenSteps(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ sample, rest, want string }{
		{"", "", "[] map[] [] []"},
		{"", "algorithm: {kind: momentum, friction: 1.5}", "[] map[] [{v_x v_x - eta*(gamma*v_x + grad(x))} {x x + eta*v_x'}] [γ = 1.5 is the friction.]"},
		{"", "algorithm: {kind: nesterov, friction: 1}", "[] map[] [{v_x v_x - eta*(gamma*v_x + grad(x; x = x + eta*(1 - gamma*eta)*v_x))} {x x + eta*v_x'}] [γ = 1 is the friction.]"},
		{"", "algorithm: {kind: langevin, beta: 4}\nschedule: {kind: inverse, rate: 2}", "[] map[] [{x x - eta*s*grad(x) + sqrt(2*eta*s/beta)*Z} {s s/(1 + 2*eta*s)}] [β = 4 is the inverse temperature. Z is standard normal, independent of the sample, anew in every step.]"},
		{"", "schedule: {kind: exponential, rate: 0.5}", "[] map[] [{x x - eta*s*grad(x)} {s exp(-0.5*eta)*s}] []"},
		{"", "algorithm: {kind: custom, state: {v: {}}, noise: {z: {law: uniform, low: -1, high: 1}}, update: {v: 'v - eta*(v  + grad(x)) + eta*z', x: x + eta*v}}\nschedule: {kind: exponential, rate: 1}",
			"[x v s] map[z:uniform, low = -1, high = 1] [{x x + eta*v} {v v - eta*(v + grad(x)) + eta*z} {s exp(-1*eta)*s}] [On the right η stands for η s, the learning rate as it falls.]"},
		{", batch: {size: 1, replacement: epoch}", "", "[] map[] [{x x - eta*grad(x)}] [One step of the chain does this N = 2 times, once with each sample, all orders being equally likely.]"},
	} {
		text := fmt.Sprintf(formulaStudy, c.sample, c.rest)
		if strings.Contains(c.rest, "custom") {
			text = strings.Replace(text, "ball: {R: 2}", "ball: {R: 2, metric: lyapunov}", 1)
		}
		if got := parsed(t, text).Chain().Step; fmt.Sprint(got.State, got.Noise, got.Update, got.Where) != c.want {
			t.Errorf("%s: the step is %v %v %v %v\nwant %s", c.rest, got.State, got.Noise, got.Update, got.Where, c.want)
		}
	}
}
