package variation_test

import (
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/internal/slow"
	"kolmo/internal/solved"
)

// study is a loss whose curvature is random and not constant.
const study = `name: curved
parameters: [x]
loss: (1 + 0.6*a)*x^2/2 + 0.2*sin(x) + 0.05*x^4 + 0.3*b*x
sample: {kind: discrete, variables: [a, b], values: [[-1, -1], [-1, 1], [1, 0.5], [1, -0.5]]BATCH}
ball: {R: 2}
observables: {x: x}
eta: [1/8]
ALGORITHM
studies: [variation]
output: {fields: []}
`

// Rates on the line are those of an independent program: collocation of E |DF|^p m(F) and of the equation of a model, with
// derivatives by complex steps, orders and batches as they are drawn, Z by 16 points, and all eigenvalues of dense matrices.
func TestRatesOfAlgorithms(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, c := range []struct {
		name, batch, algorithm string
		want                   map[string][2]float64 // p = 2 and 4
	}{
		{"batches", ", batch: {size: 3}", "models: [second-order, first-order]",
			map[string][2]float64{"sgd": {2.264559855, 4.460513388}, "second-order": {2.254604938, 4.457962157}, "first-order": {2.113155960, 4.174419291}}},
		{"without replacement", ", batch: {size: 2, replacement: false}", "models: [second-order]",
			map[string][2]float64{"sgd": {2.264564128, 4.460723802}, "second-order": {2.254604938, 4.457962157}}},
		{"epochs", ", batch: {size: 1, replacement: epoch}", "models: [first-order]",
			map[string][2]float64{"sgd": {2.335572525, 4.671134895}}},
		{"pairs", ", batch: {svag: {of: 1/4}}", "models: [first-order]",
			map[string][2]float64{"svag": {2.203863350, 4.021962061}}},
		{"langevin", "", "algorithm: {kind: langevin, beta: 8}\nmodels: [second-order, first-order]",
			map[string][2]float64{"langevin": {2.312264750, 4.318311404}, "second-order": {2.310314588, 4.370759572}, "first-order": {2.154223736, 4.071246291}}},
		{"formulas", "", "algorithm: {kind: custom, update: {x: 'x - eta*grad(x; x = x + 0.2*grad(x))'}}\nmodels: [second-order]",
			map[string][2]float64{"custom": {2.886356246, 5.338418740}}},
		{"formulas with noise", "", "algorithm: {kind: custom, noise: {z: {law: normal}}, update: {x: 'x - eta*grad(x) + sqrt(eta)*(0.3 + 0.1*sin(x))*z'}}\nmodels: [first-order]",
			map[string][2]float64{"custom": {2.199195413, 4.030825612}, "first-order": {2.064684939, 3.836257405}}},
	} {
		_, res := solved.Run(t, strings.NewReplacer("BATCH", c.batch, "ALGORITHM", c.algorithm).Replace(study))
		seen := 0
		for _, row := range res.Variation {
			of, ok := c.want[row.Model]
			if !ok {
				continue
			}
			seen++
			want := of[row.P/2-1]
			if d := math.Abs(float64(row.Rate) - want); row.Verdict != compare.DecayPass || !(d <= float64(row.High-row.Rate)+1e-8) || !(d <= 2e-5*want) {
				t.Errorf("%s, %s, p = %d: rate %.10g in [%.10g, %.10g], want %.10g: %s", c.name, row.Model, row.P, row.Rate, row.Low, row.High, want, row.Reason)
			}
		}
		if seen != 2*len(c.want) {
			t.Errorf("%s: %d rows were compared, want %d", c.name, seen, 2*len(c.want))
		}
	}
}

// What is not known is a reason of its own rows, and names the key: Jacobians of long epochs and of batches in the plane that
// are too many, and the root of an SDE by formulas.
func TestUnknownVariationsSayWhy(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	plane := strings.NewReplacer("parameters: [x]", "parameters: [x, y]", "0.3*b*x", "0.3*b*x + (1 + 0.2*b)*y^2/2")
	many := "[0.1, 0.2], [0.2, 0.4], [0.3, 0.5], [-0.1, 0.6], [-0.2, 0.7], [-0.3, 0.8]"
	for _, c := range []struct{ text, model, want string }{
		{strings.NewReplacer("BATCH", ", batch: {size: 1, replacement: epoch}", "[1, -0.5]", "[1, -0.5], "+many, "ALGORITHM", "models: [first-order]").Replace(study), "sgd",
			"the Jacobians of an epoch (sample.batch) are those of up to 120 different orders, and 10 samples have 3.63e+06"},
		{plane.Replace(strings.NewReplacer("BATCH", ", batch: {size: 64}", "ALGORITHM", "models: [gradient-flow]").Replace(study)), "sgd",
			"more than 20000 different batches of 64 (sample.batch) have no law of Hessians in 2 parameters; want smaller batches"},
		{strings.NewReplacer("BATCH", "", "ALGORITHM", "models: [gradient-flow, {name: own, drift: {x: -mean(grad(x))}, diffusion: {x: {x: eta*0.1}}}]").Replace(study), "own",
			"first variations depend on the root of a, and own gives a alone (models.own.diffusion)"},
	} {
		_, res := solved.Run(t, c.text)
		known := 0
		for _, row := range res.Variation {
			switch {
			case row.Model != c.model:
				known++
				if row.Verdict != compare.DecayPass {
					t.Errorf("%s: %s, %s", row.Model, row.Verdict, row.Reason)
				}
			case row.Verdict != compare.DecayNotResolved || row.Reason != c.want:
				t.Errorf("%s: %s, %q, want %q", row.Model, row.Verdict, row.Reason, c.want)
			}
		}
		if known == 0 {
			t.Error("no other row")
		}
	}
}

// Where noise is strong at the faces of a box rates are those of another discretisation, differences of second order on 4001
// points with noise that ends between |x| = 2 and 2.8.
func TestRatesWithNoiseAtTheFaces(t *testing.T) {
	t.Parallel()
	_, res := solved.Run(t, `name: faces
parameters: [x]
loss: (1 + 1.2*a)*x^2/2 + 0.05*x^4 + 0.3*b*x
sample: {kind: discrete, variables: [a, b], values: [[-1, -1], [-1, 1], [1, -1], [1, 1]]}
ball: {R: 2}
observables: {x: x}
eta: [1/4, 1/8]
models: [second-order, first-order]
studies: [variation]
output: {fields: []}
`)
	want := map[string]map[float64][2]float64{"second-order": {0.25: {1.94212, 2.62668}, 0.125: {1.95818, 3.21799}}, "first-order": {0.25: {1.68820, 2.15133}, 0.125: {1.83171, 2.96610}}}
	seen := 0
	for _, row := range res.Variation {
		of, ok := want[row.Model][row.Eta]
		if !ok {
			continue
		}
		seen++
		if d := math.Abs(float64(row.Rate) - of[row.P/2-1]); row.Verdict != compare.DecayPass || !(d <= float64(row.High-row.Rate)+1e-5) || !(d <= 1e-4*float64(row.Rate)) {
			t.Errorf("%s, eta = %s, p = %d: rate %.8g in [%.8g, %.8g], want %.8g", row.Model, row.EtaText, row.P, row.Rate, row.Low, row.High, of[row.P/2-1])
		}
	}
	if seen != 8 {
		t.Errorf("%d rows were compared", seen)
	}
}
