//go:build !race

package variation_test

import (
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/internal/slow"
	"kolmo/internal/solved"
)

// rates returns the rates of a model by direction and p.
func rates(t *testing.T, res *compare.Result, model string) map[int][2]float64 {
	of := map[int][2]float64{}
	for _, row := range res.Variation {
		if row.Model != model {
			continue
		}
		if row.Verdict != compare.DecayPass {
			t.Errorf("%s, %d, p = %d: %s", model, row.Direction, row.P, row.Reason)
		}
		v := of[row.Direction]
		v[row.P/2-1] = float64(row.Rate)
		of[row.Direction] = v
	}
	return of
}

// The symmetric root of an SDE by formulas, where that is linear in x: in closed form E|dX|^p falls at p - p (p-1)/2 eta s'^2,
// and in the plane E dX dX^T solves P' = B P + P B^T + S^2 P_xx, B = -diag(1, 2), S the derivative of the root.
func TestRatesOfSDEsByFormulas(t *testing.T) {
	t.Parallel()
	_, res := solved.Run(t, `name: own
parameters: [x]
loss: x^2/2 + 0.1*xi*x
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 1}
observables: {x: x}
eta: [1/4]
models: [{name: own, drift: {x: -x}, diffusion: {x: {x: eta*(0.5 + 0.4*x)^2}}}]
studies: [variation]
output: {fields: []}
`)
	slope := 0.25 * 0.4 * 0.4
	if got, want := rates(t, res, "own")[1], [2]float64{2 - slope, 4 - 6*slope}; !(math.Abs(got[0]-want[0]) < 1e-6) || !(math.Abs(got[1]-want[1]) < 1e-6) {
		t.Errorf("on the line: %v, want %v", got, want)
	}
	_, res = solved.Run(t, `name: own
parameters: [x, y]
loss: x^2/2 + y^2 + 0.1*xi*x
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 1}
observables: {x: x}
eta: [1/4]
models:
  - {name: own, drift: {x: -x, y: -2*y}, diffusion: {x: {x: 'eta*((0.7 + 0.2*x)^2 + (0.1 + 0.3*x)^2)', y: 'eta*(0.1 + 0.3*x)*(1.3 + 0.3*x)'}, y: {y: 'eta*((0.6 + 0.1*x)^2 + (0.1 + 0.3*x)^2)'}}}
studies: [variation]
output: {fields: []}
`)
	// The root is sqrt(eta) ((0.7, 0.1), (0.1, 0.6)) + sqrt(eta) x S, S = ((0.2, 0.3), (0.3, 0.1)).
	got := rates(t, res, "own")
	if want := 2 - 0.25*(0.2*0.2+0.3*0.3); !(math.Abs(got[1][0]-want) < 1e-6) || !(math.Abs(got[2][0]-4) < 1e-6) {
		t.Errorf("in the plane: %v, want %g and 4", got, want)
	}
}

// With two samples that are opposite the root of the samples is, but for its sign and a rotation, that of the SDE by formulas:
// on the line, and in the plane of a parameter and its velocity, where a has no noise along x.
func TestRatesOfModelsWrittenOut(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, text := range []string{
		`models: [first-order, {name: own, drift: {x: -mean(grad(x))}, diffusion: {x: {x: 'eta*cov(grad(x), grad(x))'}}}]`,
		`algorithm: {kind: momentum, friction: 1.5}
models: [first-order, {name: own, drift: {x: v_x, v_x: -1.5*v_x - mean(grad(x))}, diffusion: {v_x: {v_x: 'eta*cov(grad(x), grad(x))'}}}]`,
	} {
		_, res := solved.Run(t, strings.Replace(`name: own
parameters: [x]
loss: x^2/2 + 0.05*x^4 + xi*(x + 0.1*x^2)
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 1.5}
observables: {x: x}
eta: [1/8]
MODELS
studies: [variation]
output: {fields: []}
`, "MODELS", text, 1))
		own, want := rates(t, res, "own"), rates(t, res, "first-order")
		for direction, w := range want {
			if g := own[direction]; !(math.Abs(g[0]-w[0]) < 1e-6) || !(math.Abs(g[1]-w[1]) < 1e-6) {
				t.Errorf("%d: %v, want %v", direction, g, w)
			}
		}
		if len(want) == 0 || len(own) != len(want) {
			t.Errorf("%d rates of the model, %d of its formulas", len(want), len(own))
		}
	}
}
