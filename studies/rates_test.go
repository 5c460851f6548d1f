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

// slope returns |b'| where the drift b of logistic samples with a ridge rests, without or with the second order's term over an
// epoch or a step, by Newton's method and by hand.
func slope(samples []float64, ridge, term float64) float64 {
	drift := func(x float64) (b, db float64) {
		n := float64(len(samples))
		var mean, curve, jerk, product, dproduct float64
		for _, a := range samples {
			s := 1 / (1 + math.Exp(a*x))
			g, h, j := ridge*x-a*s, ridge+a*a*s*(1-s), -a*a*a*s*(1-s)*(1-2*s)
			mean, curve, jerk = mean+g/n, curve+h/n, jerk+j/n
			product, dproduct = product+g*h/n, dproduct+(h*h+g*j)/n
		}
		return -mean - term*product, -curve - term*dproduct
	}
	x := 0.0
	for range 100 {
		b, db := drift(x)
		x -= b / db
	}
	_, db := drift(x)
	return math.Abs(db)
}

// Errors of collocation fall like q^n cos(n theta): three grids may share one and agree on it. Rates of flows without noise are
// multiples of the slope where they rest, those of the others are by collocation on 100 and 130 nodes of two boxes, alike to 1e-10.
func TestRatesOfGridsThatAgreeByChance(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const sgd = `
name: chance
parameters: [x]
loss: softplus(-xi*x) + %g*x^2
sample: {kind: discrete, variables: [xi], values: %s%s}
ball: {R: %g}
observables: {o: x}
eta: [%s]
models: [%s]
studies: [spectrum]
spectrum: {count: %d}
accuracy: %g
output: {fields: []}
`
	const epochs = ", batch: {size: 1, replacement: epoch}"
	three := []float64{-2.94, -2.07, -3.3}
	six := []float64{1.48, 0.65, -1.4, -2.06, 2.61, 4.58}
	four := []float64{-3.21, 1.58, -3.3, 2.11}
	threeOthers := []float64{-3.19, 1.52, -0.8}
	text := func(v []float64) (s string) {
		for _, a := range v {
			s += fmt.Sprintf(", [%g]", a)
		}
		return "[" + s[2:] + "]"
	}
	seen := 0
	for _, c := range []struct {
		study string
		want  func(r *compare.SpectrumRow) float64
	}{
		{fmt.Sprintf(sgd, 0.078, text(three), "", 1.96, "1/5, 1/20", "first-order, second-order, gradient-flow", 1, 0.01), func(r *compare.SpectrumRow) float64 {
			return map[string]map[string]float64{
				"first-order":   {"1/5": 0.54314015, "1/20": 0.54329392},
				"second-order":  {"1/5": 0.57260122, "1/20": 0.55067102},
				"gradient-flow": {"1/5": slope(three, 0.156, 0), "1/20": slope(three, 0.156, 0)},
			}[r.Model][r.EtaText]
		}},
		{fmt.Sprintf(sgd, 0.182, text(six), epochs, 2.36, "1/5", "second-order", 4, 0.01), func(r *compare.SpectrumRow) float64 { return float64(r.K) * slope(six, 0.364, 0.1) }},
		{fmt.Sprintf(sgd, 0.1905, text(four), epochs, 2.16, "1/10", "second-order", 1, 0.05), func(r *compare.SpectrumRow) float64 { return slope(four, 0.381, 0.05) }},
		{fmt.Sprintf(sgd, 0.0535, text(threeOthers), epochs, 2.5, "1/10", "second-order", 4, 0.01), func(r *compare.SpectrumRow) float64 { return float64(r.K) * slope(threeOthers, 0.107, 0.05) }},
	} {
		res, err := kinds.Run(context.Background(), problemOf(t, c.study), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range res.Spectrum {
			if r.Model == "sgd" || !r.Certified {
				continue
			}
			seen++
			if want := c.want(&r); !(math.Abs(float64(r.Rate)-want) <= float64(r.Error)+5e-9) {
				t.Errorf("%s, eta = %s, k = %d: %.9g +- %.2g is certified, want %.9g", r.Model, r.EtaText, r.K, r.Rate, r.Error, want)
			}
		}
	}
	if seen < 12 {
		t.Errorf("%d rates are certified, want 12 or more", seen)
	}
}

// The spectral gap of a decay is that rate, to its own accuracy.
func TestSpectralGapsOfGridsThatAgreeByChance(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	six := []float64{-2, -1, -0.5, 0.5, 1, 3}
	r, err := kinds.Run(context.Background(), problemOf(t, `
name: gaps
parameters: [x]
loss: softplus(-xi*x) + 0.1*x^2
sample: {kind: discrete, variables: [xi], values: [[-2], [-1], [-0.5], [0.5], [1], [3]], batch: {size: 1, replacement: epoch}}
ball: {R: 3}
observables: {x: x}
eta: [1/3, 1/4]
models: [second-order]
studies: [decay]
output: {fields: []}
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Decay) == 0 {
		t.Fatal("no rows")
	}
	for _, d := range r.Decay {
		if want := slope(six, 0.2, d.Eta/2); !(math.Abs(float64(d.SpectralGap)-want) <= float64(d.SpectralGapError)) {
			t.Errorf("eta = %s, J = %v: the spectral gap is %.8g +- %.2g, want %.8g", d.EtaText, d.J, d.SpectralGap, d.SpectralGapError, want)
		}
	}
}

// Layers in which noise ends are seen by all grids of a rate, or it is not certified. The rates are by spectral elements, eight and more of them in
// the layer, on meshes that agree to 1e-9.
func TestRatesWithThinLayers(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, c := range []struct {
		loss, ball, space string
		want              []float64
		certified         bool
	}{
		{"1.538*x^2/2 + xi*1.703389*x", "{R: 1.327, R2: 1.34027}", "auto", []float64{0, 4.539960, 7.97149}, true},
		{"0.983*x^2/2 + xi*1.499683*x", "{R: 2.026, R2: 2.032078}", "auto", []float64{0, 2.4787573, 3.9014475}, true},
		{"1.212*x^2/2 + 0.096*x^4/4 - 0.248*(1-cos(x)) + xi*(1.851311*x + 0.236*sin(x))", "{R: 1.574, R2: 1.60548}", "uniform", []float64{1.589398}, false},
	} {
		res, err := kinds.Run(context.Background(), problemOf(t, `
name: thin
parameters: [x]
loss: `+c.loss+`
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: `+c.ball+`
observables: {x: x}
eta: [0.5]
models: [modified]
studies: [spectrum]
spectrum: {count: 3}
solver: {space: `+c.space+`}
output: {fields: []}
`), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range res.Spectrum {
			if r.Model == "sgd" || r.K > len(c.want) || c.want[r.K-1] == 0 {
				continue
			}
			if off := math.Abs(float64(r.Rate) - c.want[r.K-1]); r.Certified != c.certified || r.Certified && off > float64(r.Error)+5e-7*c.want[r.K-1] {
				t.Errorf("%s, %s, k = %d: %.8g +- %.2g, certified %v; want %.8g, %v", c.loss, c.ball, r.K, r.Rate, r.Error, r.Certified, c.want[r.K-1], c.certified)
			}
			if !r.Certified && (r.Reason == nil || !strings.Contains(*r.Reason, "is seen from")) {
				t.Errorf("%s: not certified for another reason", c.loss)
			}
		}
	}
}

// In the plane ladders are short. Layers as thick as usual leave them whole, and thinner ones, as the last, without the small grids from
// which blocks have the size of rates: the slowest rate of a quadratic is lambda +
// (eta/2) lambda^2.
func TestRatesWithLayersInThePlane(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	lambda := (3 - math.Sqrt(1.04)) / 2
	want := lambda + lambda*lambda/16
	for _, rest := range []string{"ball: {R: 2, R2: 3}", "ball: {R: 2, R2: 2.8}\nsolver: {space: uniform}", "ball: {R: 2, R2: 2.4}\nsolver: {space: uniform}"} {
		res, err := kinds.Run(context.Background(), problemOf(t, `
name: plane
parameters: [x, y]
loss: (x - xi)^2/2 + (y - xi)^2 + 0.1*x*y
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
observables: {square: x^2}
eta: [1/8]
models: [modified]
studies: [spectrum]
output: {fields: []}
`+rest+"\n"), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range res.Spectrum {
			if r.Model == "modified" && r.K == 1 && !(r.Certified && math.Abs(float64(r.Rate)-want) <= float64(r.Error)+1e-12) {
				t.Errorf("%s: %.12g +- %.2g, certified %v; want %.12g", rest, r.Rate, r.Error, r.Certified, want)
			}
		}
	}
}
