package studies_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/compare/kinds"
	"kolmo/internal/slow"
)

// ofLayers are studies whose noise ends in a layer with few nodes of any grid in it, of a loss, a law and R, R2. Values are by an
// independent program: finite differences on meshes that resolve the layer, three of which agree to six digits and, of steps, to four.
var ofLayers = []struct {
	text, kind string
	t, truth   float64
	most       float64 // error, relative to the truth
}{
	{"loss: 1.451*x^2/2 + xi*2.350022*x | values: [[-1], [1]] | R: 1.849, R2: 1.90447 | c: cos(x+0.5) | eta: [0.5] | accuracy: 0.05", "stationary", 0, 0.62064411, 0.02},
	{"loss: 1.538*x^2/2 + xi*1.703389*x | values: [[-1], [1]] | R: 1.327, R2: 1.34027 | c: x^2 | eta: [0.5] | accuracy: 0.01", "stationary", 0, 0.3320477, 0.01},
	// Means come to an end although f is not convex.
	{"loss: x^4/4 - x^2/2 + xi*2.4*x | values: [[-1], [1]] | R: 1.6, R2: 1.616 | c: x^2 | eta: [0.125] | accuracy: 0.05", "stationary", 0, 0.80453402, 0.02},
	// The invariant law is nowhere near the layer.
	{far, "stationary", 0, 39345.6864, 1e-6},
	{far, "local-error", 0, 1879.96, 0.2},
	{far, "sum", 0, 7209, 0.75},
	{far, "horizon", 0.125, 1879.96, 0.2},
	// Nine spacings of the nodes, which the gap's grids have, are few.
	{"loss: 0.621*x^2/2 + xi*0.918181*x | values: [[-1], [1]] | R: 2.5, R2: 2.575 | c: x^3 | eta: [0.5] | accuracy: 0.01", "horizon", 0.5, 0.162334, 0.002},
}

const far = "loss: 0.963*x^2/2 + xi*887.207518*x | values: [[-1], [1], [0.5]], probabilities: [0.45, 0.25, 0.3] | R: 1000, R2: 1010 | c: x^2 | eta: [0.125] | accuracy: 0.2"

// TestKindsOfThinLayers: two grids agree on noise that ends elsewhere than in the layer, by much more than either is off. Limits, one-step errors,
// their sum and the gaps of a horizon hold the true value within their errors all the same, and these say something.
func TestKindsOfThinLayers(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, c := range ofLayers {
		t.Run(c.kind, func(t *testing.T) {
			t.Parallel()
			part := strings.Split(c.text, " | ")
			kind := c.kind
			if kind == "sum" {
				kind = "local-error"
			}
			p := problemOf(t, "name: layers\nparameters: [x]\nmodels: [modified]\nhorizon: 3\nstudies: ["+kind+"]\noutput: {fields: []}\n"+
				part[0]+"\nsample: {kind: discrete, variables: [xi], "+part[1]+"}\nball: {"+part[2]+"}\nobservables: {"+part[3]+"}\n"+part[4]+"\n"+part[5]+"\n")
			r, err := kinds.Run(context.Background(), p, nil)
			if err != nil {
				t.Fatal(err)
			}
			value, off := math.NaN(), math.NaN()
			take := func(v, e compare.Number) { value, off = float64(v), float64(e) }
			switch c.kind {
			case "stationary":
				row := r.Stationary[0]
				take(row.Diffusion, row.DiffusionError)
				// Steps in time err by much on rough vectors of a basis, of which the fields have little.
				if run, most := float64(row.DiffusionRun), 0.03*c.truth; !(math.Abs(run-c.truth) <= float64(row.DiffusionRunError)) || !(float64(row.DiffusionRunError) <= most) {
					t.Errorf("%s: the long run's value is %.8g +- %.2g, the truth is %.8g, and an error of %.2g is the most", c.text, run, row.DiffusionRunError, c.truth, most)
				}
			case "local-error":
				take(r.LocalError[0].Rho, r.LocalError[0].Error)
			case "sum":
				take(r.LocalError[0].Sum, r.LocalError[0].SumError)
			case "horizon":
				for k, at := range r.Horizon[0].Times {
					if math.Abs(float64(at)-c.t) < 1e-9 {
						take(r.Horizon[0].Gap[k], r.Horizon[0].Error[k])
					}
				}
			}
			t.Logf("%s: %.8g +- %.2g, truth %.8g: %.2f bars", c.text, value, off, c.truth, math.Abs(value-c.truth)/off)
			if !(math.Abs(value-c.truth) <= off) || !(off <= c.most*c.truth) {
				t.Errorf("%s: %.8g +- %.2g, the truth is %.8g, and an error of %.2g is the most", c.text, value, off, c.truth, c.most*c.truth)
			}
		})
	}
}

// Noise that ends from 1.02 to 1.03 leaves paths from 0.9 without it half of the time, and ends a little nearer change
// next to nothing: no time at which E X^2 crosses a level is certified. That of noise which ends far out is the closed form's,
// E X_n^2 = 0.81 (9/16)^n + (1 - (9/16)^n)/7, interpolated between steps.
func TestNoiseThatEndsTooSuddenly(t *testing.T) {
	t.Parallel()
	const text = `name: sudden
parameters: [x]
loss: (x - xi)^2/2
sample: {kind: independent, variables: {xi: {law: normal, mean: 0, std: 1}}, quadrature: {points: 20}}
ball: {R: 1, taper: [%s]}
observables: {square: x^2}
eta: [1/4]
models: [second-order]
studies: [crossing]
crossing: {level: 0.2, x: [0.9]}
accuracy: 0.1
`
	square := func(n float64) float64 { q := math.Pow(9./16, n); return 0.81*q + (1-q)/7 }
	n := 0.0
	for square(n+1) > 0.2 {
		n++
	}
	want := (n + (square(n)-0.2)/(square(n)-square(n+1))) / 4
	for ends, certified := range map[string]bool{"1.02, 1.03": false, "3, 4.5": true} {
		r, err := kinds.Run(context.Background(), problemOf(t, fmt.Sprintf(text, ends)), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range r.Crossing {
			if row.Model != "sgd" {
				continue
			}
			if row.Certified != certified || certified && !(math.Abs(float64(row.OnSteps)-want) <= float64(row.Error)+1e-9) {
				t.Errorf("ends %s: %.6g +- %.2g (%.6g on lines), certified %v, want %.6g", ends, float64(row.T), float64(row.Error), float64(row.OnSteps), row.Certified, want)
			}
		}
	}
}
