package studies_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"kolmo/compare/kinds"
)

// Where one step spreads paths far, the mode of E|dX|^2 has steps within steps. At eta = 1/4 all grids miss them, and their
// rates agree with each other and not with the truth, so that they know no more than that the moment grows fast; at 1/16
// the rate is known. The truth is by linear interpolation on 20001 and 80001 nodes, which keeps the order of fields.
func TestRatesOfRoughModes(t *testing.T) {
	t.Parallel()
	const text = `name: rough
parameters: [x]
loss: x^2/2 + 0.15*cos(6*x) + xi*sin(2*x)/2
sample: {kind: discrete, variables: [xi], values: [[-0.7], [0], [0.7]], probabilities: [0.25, 0.5, 0.25]}
ball: {R: 1.6}
observables: {co: cos(x)}
eta: [1/4, 1/16]
models: [first-order]
studies: [variation]
horizon: 2
solver: {space: %s}
`
	truth := map[float64]map[int]float64{1. / 4: {2: -3.1630, 4: -9.0984}, 1. / 16: {2: roughRate(1./16, 2), 4: roughRate(1./16, 4)}}
	for _, space := range []string{"auto", "uniform", "chebyshev"} {
		r, err := kinds.Run(context.Background(), problemOf(t, fmt.Sprintf(text, space)), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range r.Variation {
			if row.Model != "sgd" {
				continue
			}
			want, low, high := truth[row.Eta][row.P], float64(row.Low), float64(row.High)
			if !(low <= want && want <= high) {
				t.Errorf("%s, eta = %s, p = %d: %.6g in [%.6g, %.6g], want %.6g", space, row.EtaText, row.P, float64(row.Rate), low, high, want)
			}
			if row.Eta < 0.1 && space != "chebyshev" && !(high-low < 1e-3*math.Abs(want)) {
				t.Errorf("%s, eta = %s, p = %d: [%.6g, %.6g] says little of %.6g", space, row.EtaText, row.P, low, high, want)
			}
		}
	}
	if got := roughRate(1./4, 2); !(math.Abs(got-truth[1./4][2]) <= 2e-3) {
		t.Errorf("the rate by linear interpolation is %.6g, want %.6g", got, truth[1./4][2])
	}
}

// roughRate is that of E|dX|^p for the step of TestRatesOfRoughModes: power iteration with linear interpolation, extrapolated
// from 4001 and 8001 nodes where errors fall by the square of the spacing.
func roughRate(eta float64, p int) float64 {
	law := []struct{ xi, weight float64 }{{-0.7, 0.25}, {0, 0.5}, {0.7, 0.25}}
	rate := func(n int) float64 {
		const R = 1.6
		h := 2 * R / float64(n-1)
		type image struct {
			at           int
			left, weight float64
		}
		images := make([]image, 0, n*len(law))
		for i := range n {
			x := -R + h*float64(i)
			for _, s := range law {
				y := x - eta*(x-0.9*math.Sin(6*x)+s.xi*math.Cos(2*x))
				j := 1 - eta*(1-5.4*math.Cos(6*x)-2*s.xi*math.Sin(2*x))
				at := min(int((y+R)/h), n-2)
				images = append(images, image{at, (y+R)/h - float64(at), s.weight * math.Pow(math.Abs(j), float64(p))})
			}
		}
		f, g, size := make([]float64, n), make([]float64, n), 0.0
		for i := range f {
			f[i] = 1
		}
		for range 200 {
			size = 0
			for i := range g {
				g[i] = 0
				for _, m := range images[i*len(law) : (i+1)*len(law)] {
					g[i] += m.weight * ((1-m.left)*f[m.at] + m.left*f[m.at+1])
				}
				size = max(size, g[i])
			}
			for i := range f {
				f[i] = g[i] / size
			}
		}
		return -math.Log(size) / eta
	}
	coarse, fine := rate(4001), rate(8001)
	return fine + (fine-coarse)/3
}
