package study

import (
	"math"
	"strings"
	"testing"

	"kolmo/process"
)

const frozenNoise = `name: frozen
parameters: [x]
loss: (x - 1/2)^2/2 + 0.2*xi*x^2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 1}
observables: {square: x^2}
eta: [1/8]
models: [first-order, constant-noise]
algorithm: {kind: custom, update: {x: x - eta*grad(x)}}
`

// Models of constant noise are refused in a sentence with its place where they are none.
func TestConstantNoiseErrors(t *testing.T) {
	t.Parallel()
	const (
		custom = "algorithm: {kind: custom, update: {x: x - eta*grad(x)}}\n"
		loss   = "(x - 1/2)^2/2 + 0.2*xi*x^2"
		at     = "test.yaml:8:23: models[2]: constant-noise "
		none   = at + "is made of the point of rest of the drift, and none was found in the region"
		saddle = at + "is made of the point of rest of the drift, and the nearest one, [0], does not attract"
		limit  = at + "has the noise of one point, and that of order sqrt(eta) varies from point to point: the limit would be another"
	)
	for _, c := range []struct {
		edits []string
		want  string
	}{
		{nil, ""},
		{[]string{custom, ""}, ""},
		{[]string{custom, "schedule: {kind: inverse, rate: 1}\n"}, ""},
		{[]string{custom, "algorithm: {kind: momentum, friction: 1}\n"}, ""},
		{[]string{custom, "algorithm: {kind: nesterov, friction: 1}\nschedule: {kind: inverse, rate: 1}\n", "constant-noise", "second-order-constant-noise"}, ""},
		{[]string{custom, "algorithm: {kind: langevin, beta: 4}\n"}, ""},
		{[]string{custom, "", "(x - 1/2)^2/2", "(x - 3)^2/2"}, at + "is made of the minimiser of f, and none was found in the ball at which f is strictly convex"},
		{[]string{custom, "schedule: {kind: inverse, rate: 1}\n", "(x - 1/2)^2/2", "(x - 3)^2/2"}, none},
		{[]string{custom, "algorithm: {kind: langevin, beta: 4}\n", "(x - 1/2)^2/2", "(x - 3)^2/2"}, none},
		{[]string{custom, "algorithm: {kind: momentum, friction: 1}\n", "(x - 1/2)^2/2", "(x - 3)^2/2"}, none},
		{[]string{loss, "x^4/4 - x^2/2 + xi*x/10", "{R: 1}", "{R: 2}"}, saddle},
		{[]string{loss, "x^4/4 - x^2/2 + xi*x/10", "{R: 1}", "{R: 2}", "constant-noise", "second-order-constant-noise"},
			strings.Replace(saddle, "constant-noise", "second-order-constant-noise", 1)},
		{[]string{custom, "algorithm: {kind: langevin, beta: 4}\n", loss, "x^4/4 - x^2/2 + xi*x/10", "{R: 1}", "{R: 2}"}, saddle},
		{[]string{loss, "x^4/4 - x^2/2 + xi*x/10", "{R: 1}", "{R: 1.5, center: [0.8]}"}, ""},
		{[]string{"{x: x - eta*grad(x)}", "{x: x - eta*grad(x) + sqrt(eta)*z/4}, noise: {z: {law: rademacher}}"}, ""},
		{[]string{"{x: x - eta*grad(x)}", "{x: x - eta*grad(x) + sqrt(eta)*x*z/4}, noise: {z: {law: rademacher}}"}, limit},
		{[]string{"{x: x - eta*grad(x)}", "{x: x - eta*grad(x)/(m + 1), m: m - eta*m}, state: {m: {range: [0, 1]}}"}, ""},
		{[]string{"{x: x - eta*grad(x)}", "{x: x - eta*(grad(x) + m/8), m: m - eta*m}, state: {m: {range: [0, 1]}}"}, at + "is made of the point of rest of the drift, which moves with m"},
		{[]string{custom, "", "[[-1], [1]]", "[[-1], [1]], batch: {size: 1, replacement: epoch}"}, at + "has no noise to freeze: the covariance of a step is smaller than of order eta^2"},
	} {
		text := strings.NewReplacer(c.edits...).Replace(frozenNoise)
		_, err := Parse("test.yaml", []byte(text), ".")
		if (err == nil) != (c.want == "") || err != nil && err.Error() != c.want {
			t.Errorf("%v: %v, want %q", c.edits, err, c.want)
		}
	}
}

// Frozen noise is that of first-order at the nearest point of rest, also behind a center from
// which one step of Newton's method leads elsewhere: here at 1, where Sigma is (1.4 xi)^2.
func TestConstantNoiseAtTheNearest(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("(x - 1/2)^2/2 + 0.2*xi*x^2", "x^4/4 - x^2/2 + 0.7*xi*x^2", "{R: 1}", "{R: 1.5, center: [0.6]}").Replace(frozenNoise)
	s, err := Parse("test.yaml", []byte(text), ".")
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Problem()
	if err != nil {
		t.Fatal(err)
	}
	d := p.Dynamics.(process.Charted)
	var x [][]float64
	for _, z := range []float64{-0.5, 0, 0.6, 1, 2} {
		q := make([]float64, 1)
		d.FromUser(q, []float64{z})
		x = append(x, q)
	}
	f := d.At(x, 1)
	first, frozen := p.Models[0].Coefficients(f, 0.125), p.Models[1].Coefficients(f, 0.125)
	for i, q := range x {
		if a := frozen.A[0][0][i]; math.Abs(a-0.125*1.4*1.4) > 1e-12 {
			t.Errorf("a is %v at %v, want %v", a, q, 0.125*1.4*1.4)
		}
		if frozen.B[0][i] != first.B[0][i] {
			t.Errorf("b is %v at %v, want %v", frozen.B[0][i], q, first.B[0][i])
		}
	}
	if math.Abs(first.A[0][0][3]-frozen.A[0][0][3]) > 1e-12 || math.Abs(first.A[0][0][2]-frozen.A[0][0][2]) < 0.01 {
		t.Errorf("first-order has %v and frozen noise %v", first.A[0][0], frozen.A[0][0])
	}
}
