//go:build !race

package variation_test

import (
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/internal/slow"
	"kolmo/internal/solved"
	"kolmo/process"
	"kolmo/study"
)

// curved is a study of a loss whose curvature is random and not constant.
const curved = `name: curved
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
			map[string][2]float64{"sgd": {2.335572525, 4.671134895}, "first-order": {2.122915051, 4.245830102}}}, // that of gradient flow, p f"(x*)
		{"pairs", ", batch: {svag: {of: 1/4}}", "models: [first-order]",
			map[string][2]float64{"svag": {2.203863350, 4.021962061}}},
		{"langevin", "", "algorithm: {kind: langevin, beta: 8}\nmodels: [second-order, first-order]",
			map[string][2]float64{"langevin": {2.312264750, 4.318311404}, "second-order": {2.310314588, 4.370759572}, "first-order": {2.154223736, 4.071246291}}},
		{"formulas", "", "algorithm: {kind: custom, update: {x: 'x - eta*grad(x; x = x + 0.2*grad(x))'}}\nmodels: [second-order]",
			map[string][2]float64{"custom": {2.886356246, 5.338418740}}},
		{"formulas with noise", "", "algorithm: {kind: custom, noise: {z: {law: normal}}, update: {x: 'x - eta*grad(x) + sqrt(eta)*(0.3 + 0.1*sin(x))*z'}}\nmodels: [first-order]",
			map[string][2]float64{"custom": {2.199195413, 4.030825612}, "first-order": {2.064684939, 3.836257405}}},
	} {
		_, res := solved.Run(t, strings.NewReplacer("BATCH", c.batch, "ALGORITHM", c.algorithm).Replace(curved))
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

// Coarse grids whose moments are nothing alike may have rates that are, and neither end the ladder nor tell a rate: here 0.168 and
// 0.274, from 12 and 16 nodes. The true ones are of collocation of E |DF|^p m(F) without a taper, on boxes of four widths.
func TestRatesOfGridsThatAreNothingAlike(t *testing.T) {
	t.Parallel()
	_, res := solved.Run(t, `name: unlike
parameters: [x]
loss: 0.395*x^2 + 0.38*xi*x + 0.195*zeta*x^2 + 0.32*cos(1.48*x - 0.22) + 0.3*zeta*cos(1.18*x - 0.88)
sample: {kind: discrete, variables: [xi, zeta], values: [[-0.375, -0.875], [-0.25, -0.125], [-0.875, -0.875], [1, 0.25]], batch: {svag: {of: 1/16}}}
ball: {R: 0.98, center: [0.38], taper: [1.83, 2.79]}
observables: {x: x}
eta: [1/16]
models: [first-order]
studies: [variation]
output: {fields: []}
`)
	want := map[int]float64{2: 0.2748212346, 4: 0.4411961558}
	for _, row := range res.Variation {
		if row.Model != "svag" {
			continue
		}
		if d := math.Abs(float64(row.Rate) - want[row.P]); row.Verdict != compare.DecayPass || !(d <= float64(row.High-row.Rate)) || !(d <= 1e-4*want[row.P]) {
			t.Errorf("p = %d: %s, rate %.10g in [%.10g, %.10g], want %.10g", row.P, row.Verdict, row.Rate, row.Low, row.High, want[row.P])
		}
		delete(want, row.P)
	}
	if len(want) > 0 {
		t.Errorf("no row of p = %v", want)
	}
}

// What is not known is a reason of its own rows, and names the key: Jacobians of long epochs and of batches in the plane that
// are too many, and the root of an SDE by formulas whose noise vanishes.
func TestUnknownVariationsSayWhy(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	plane := strings.NewReplacer("parameters: [x]", "parameters: [x, y]", "0.3*b*x", "0.3*b*x + (1 + 0.2*b)*y^2/2")
	many := "[0.1, 0.2], [0.2, 0.4], [0.3, 0.5], [-0.1, 0.6], [-0.2, 0.7], [-0.3, 0.8]"
	for _, c := range []struct{ text, model, want string }{
		{strings.NewReplacer("BATCH", ", batch: {size: 1, replacement: epoch}", "[1, -0.5]", "[1, -0.5], "+many, "ALGORITHM", "models: [first-order]").Replace(curved), "sgd",
			"the Jacobians of an epoch (sample.batch) are those of up to 120 different orders, and 10 samples have 3.63e+06"},
		{plane.Replace(strings.NewReplacer("BATCH", ", batch: {size: 64}", "ALGORITHM", "models: [gradient-flow]").Replace(curved)), "sgd",
			"more than 20000 different batches of 64 (sample.batch) have no law of Hessians in 2 parameters; want smaller batches"},
		{strings.NewReplacer("BATCH", "", "ALGORITHM", "models: [gradient-flow, {name: own, drift: {x: -mean(grad(x))}, diffusion: {x: {x: eta*x^2}}}]").Replace(curved), "own",
			"first variations depend on the root of a, and that of own is not smooth: a over its largest entries has the eigenvalue 0 at x = 0, eta = 0.125 (models.own.diffusion)"},
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

// The symmetric root of langevin's second-order noise in the plane is a root of a: with a Hessian whose first diagonal entry is
// the smaller, and noise of samples beside it.
func TestSymmetricRootInThePlane(t *testing.T) {
	t.Parallel()
	s, err := study.Parse("root.yaml", []byte(`name: root
parameters: [x, y]
loss: 0.6*x^2 + 0.4*x*y + y^2 + 0.1*x^4 + 0.2*a*x
sample: {kind: discrete, variables: [a], values: [[-1], [1]]}
ball: {R: 1}
observables: {x: x}
eta: [1/8]
algorithm: {kind: langevin, beta: 4}
models: [second-order]
output: {fields: []}
`), ".")
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Problem()
	if err != nil {
		t.Fatal(err)
	}
	const eta = 0.125
	root, err := p.Dynamics.(process.Varied).RootVariation(p.Models[0], eta)
	if err != nil {
		t.Fatal(err)
	}
	q := []float64{0.4, -0.3}
	c := p.Models[0].Coefficients(p.Dynamics.At([][]float64{q}, 1), eta)
	drift, columns := make([]float64, 2), make([]float64, 2*root.Len())
	root.NewRooter().ColumnsTo(drift, columns, q)
	for k := range 2 {
		for l := k; l < 2; l++ {
			a := 0.0
			for j := range root.Len() {
				a += columns[2*j+k] * columns[2*j+l]
			}
			if want := c.A[k][l][0]; !(math.Abs(a-want) <= 1e-12) {
				t.Errorf("a_%d%d is %.10g by its root, %.10g by the model", k+1, l+1, a, want)
			}
		}
	}
}

// Under a loss that is even in exchanging y and z the direction of x stays in the plane of (1, 0, 0) and (0, 1, 1): its rate is
// not that of (0, 1, -1), which the coordinates reach. The eigenvalues of the Hessian are 1, 5/2 -+ sqrt(3)/2.
func TestRateOfADirectionInAPlaneOfItsOwn(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	_, res := solved.Run(t, `name: plane
parameters: [x, y, z]
loss: x^2 + y^2 + z^2 + 0.5*x*y + 0.5*x*z + y*z + 0.1*a*x
sample: {kind: discrete, variables: [a], values: [[-1], [1]]}
ball: {R: 1}
observables: {x: x}
eta: [1/8]
models: [gradient-flow]
studies: [variation]
output: {fields: []}
`)
	seen := 0
	for _, row := range res.Variation {
		if row.Model != "gradient-flow" || row.Direction != 1 {
			continue
		}
		seen++
		if want := compare.Number(2 * (5 - math.Sqrt(3)) / 2); !(row.Low <= want && want <= row.High) {
			t.Errorf("the rate is %.6g in [%.6g, %.6g], want %.6g: %s", row.Rate, row.Low, row.High, want, row.Reason)
		}
	}
	if seen == 0 {
		t.Error("no row of the direction")
	}
}
