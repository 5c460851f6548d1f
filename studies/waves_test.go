package studies_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"kolmo/compare/kinds"
	"kolmo/internal/slow"
)

// Functions that turn between the images of a step hardly fall where the loss is flat or not convex: S has them among its slowest, while grids
// that do not resolve them agree on all others to ten digits. Rates are by collocation on 600 and 760 nodes, alike to nine digits.
func TestRatesOfWavesBetweenImages(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const two, three = "{kind: discrete, variables: [xi], values: [[-1], [1]]}", "{kind: discrete, variables: [xi], values: [[-1], [0], [1]], probabilities: [0.25, 0.5, 0.25]}"
	for _, c := range []struct {
		loss, sample string
		half         float64
		eta          string
		want         []float64
		least        int // of them are certified
	}{
		{"x^8/8 + 0.5*xi*x", two, 1.3, "1/10", []float64{0.061651531, 0.102482200, 0.102482200, 0.119565233, 0.119565233, 0.130896185}, 3},
		{"x^8/8 + 0.5*xi*x", two, 1.3, "1/20", []float64{0.036307152, 0.069387531, 0.069387531, 0.080948849, 0.080948849, 0.088595794}, 1},
		{"x^6/6 + 0.7*xi*x", two, 1.4, "1/10", []float64{0.131449828, 0.247611918, 0.247611918, 0.302153773, 0.302153773, 0.339705223}, 3},
		{"x^4/4 + 0.4*xi*x", two, 1.4, "1/10", []float64{0.124163345, 0.370713479, 0.370713479, 0.406865375, 0.490553283, 0.490553283}, 1},
		{"0.76*x^2/2 + 0.305*1/(1+x^2) + 0.239*xi*x*exp(-x^2) + 0.072*xi*x", two, 2, "1/5", []float64{0.237845978, 0.655561277, 1.164600948, 1.164600948, 1.166367798, 1.765227706}, 2},
		{"x^2/2 + 0.28*cos(2*x) + 0.1*xi*x*exp(-x^2) + 0.26*xi*x", three, 1.5, "1/5", []float64{0.025312877, 0.197990067, 0.380458569, 0.380458569, 0.380458569, 0.380458569}, 2},
		{"0.71*x^2/2 + 0.35/(1 + (1.03*x)^2) + 0.34*xi*x", two, 1.5, "1/4", []float64{0.168900086, 0.344626672, 0.344626672, 0.418315677, 0.418315677, 0.464020916}, 3},
		{"x^4/4 - x^2/2 + 0.6*xi*x", two, 2, "1/50", []float64{0, 0.979411854, 1.936882165, 1.993623451, 1.993623451, 2.871349323}, 4},
	} {
		res, err := kinds.Run(context.Background(), problemOf(t, fmt.Sprintf(`
name: waves
parameters: [x]
loss: %s
sample: %s
ball: {R: %g}
observables: {x: x}
eta: [%s]
models: [second-order]
studies: [spectrum]
spectrum: {count: 6}
horizon: 20
output: {fields: []}
`, c.loss, c.sample, c.half, c.eta)), nil)
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for _, r := range res.Spectrum {
			if r.Model != "sgd" || !r.Certified {
				continue
			}
			seen++
			if off := math.Abs(float64(r.Rate) - c.want[r.K-1]); !(off <= float64(r.Error)+1e-9) {
				t.Errorf("%s, eta = %s, k = %d: %.10g +- %.2g is certified, want %.10g", c.loss, c.eta, r.K, r.Rate, r.Error, c.want[r.K-1])
			}
		}
		if seen < c.least {
			t.Errorf("%s, eta = %s: %d rates are certified, want %d or more", c.loss, c.eta, seen, c.least)
		}
	}
}
