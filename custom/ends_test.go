package custom_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/compare/unit"
	"kolmo/internal/slow"
	"kolmo/internal/solved"
	"kolmo/study"
)

// powers is dX = -X dt + c X dW with a little noise of the sample, whose law falls like a power of |x|: the ends of its noise are never far.
const powers = `name: powers
parameters: [x]
loss: x^2/2 + 0.25*a*x
sample: {kind: discrete, variables: [a], values: [[1], [-1]]}
ball: {R: 1}
observables: {square: x^2, sixth: x^6}
eta: [1/64]
algorithm:
  kind: custom
  noise: {z: {law: normal}}
  update: {x: x - eta*grad(x) + sqrt(eta)*0.5*x*z}
models: [first-order]
studies: [spectrum]
spectrum: {count: 4}
output: {fields: []}
`

// The k-th eigenfunction is a polynomial of degree k, whose rate has the closed form k - c^2 k (k-1)/2. Under the law |x|^-10 the square of the
// fourth is hardly smaller far out, and what ends do to its rate falls like their distance's inverse.
func TestEndsOfSpectraWithTailsOfPowers(t *testing.T) {
	_, res := solved.Run(t, powers)
	certified := 0
	for _, row := range res.Spectrum {
		k, eta := float64(row.K), float64(row.Eta)
		want := k - k*(k-1)/8
		if row.Model != "first-order" {
			// E (m + s Z)^k with m = 1 - eta, s^2 = eta/4.
			m, v := 1-eta, eta/4
			moment := []float64{m, m*m + v, m*m*m + 3*m*v, m*m*m*m + 6*m*m*v + 3*v*v}
			want = -math.Log(moment[row.K-1]) / eta
		}
		if off := math.Abs(float64(row.Rate) - want); off > float64(row.Error) || row.Certified && !(off <= float64(row.Error)) {
			t.Errorf("%s, k = %d: %.8g +- %.1e, closed form %.8g", row.Model, row.K, row.Rate, row.Error, want)
		}
		if row.Certified {
			certified++
		}
	}
	if certified < 4 {
		t.Errorf("%d rates are certified, want the slowest two of both and more", certified)
	}
}

const multiplied = `name: multiplied
parameters: [x]
loss: %g*(1 + %g*w)*x^2/2 - %g*v*x
sample: {kind: discrete, variables: [v, w], values: [[1, 1], [-1, 0.5], [0.25, -1.5]]}
ball: {R: %g}
accuracy: %g
observables: {square: x^2}
eta: [%g]
models: [second-order, first-order]
algorithm: {kind: custom, noise: {z: {law: rademacher}}, update: {x: 'x - eta*(grad(x) + z*(%g*x + %g))'}}
studies: [spectrum]
spectrum: {count: %d}
output: {fields: []}
`

// Rates of high degree are those of polynomials too, k b - k (k-1) c/2 with noise of c x^2 far out: what ends do to them falls the more slowly the
// farther they are, and a layer whose inner end stays moves by less than half of what its outer end does. Fewer rates end on coarser grids,
// whose changes with the layer are their own.
func TestEndsOfRatesOfHighDegree(t *testing.T) {
	slow.Skip(t)
	for _, c := range []struct {
		h, mu, slope, shift, R, eta, accuracy float64
		count                                 int
	}{
		{0.2, 0.3, 0.25, 0.3, 3, 0.25, 0.01, 4},
		{0.2, 0.3, 0.25, 0.3, 3, 0.25, 0.01, 6},
		{0.2, 0, 0.25, 0.3, 3.5, 0.25, 0.01, 6},
		{1, 0, 0.54, 0.6, 4, 0.25, 0.05, 6},
		{0.5, 0, 0.245, 0.3, 4, 0.5, 0.05, 6},
	} {
		_, res := solved.Run(t, fmt.Sprintf(multiplied, c.h, c.mu, c.h/4, c.R, c.accuracy, c.eta, c.slope, c.shift, c.count))
		known, certified := 0, 0
		for _, row := range res.Spectrum {
			if row.Model == "custom" || row.Rate != row.Rate {
				continue
			}
			b, noise := c.h, c.eta*(c.slope*c.slope+c.h*c.h*c.mu*c.mu*3.5/3)
			if row.Model == "second-order" {
				b += c.eta / 2 * c.h * c.h
			}
			k := float64(row.K)
			if want := k*b - k*(k-1)/2*noise; !(math.Abs(float64(row.Rate)-want) <= float64(row.Error)) {
				t.Errorf("h = %g, %s, k = %d: %.8g +- %.1e, closed form %.8g", c.h, row.Model, row.K, row.Rate, row.Error, want)
			}
			if known++; row.Certified {
				certified++
			}
		}
		if t.Logf("h = %g: %d of %d certified", c.h, certified, known); certified < 6 {
			t.Errorf("h = %g: %d of %d are certified, want the slowest three of both and more", c.h, certified, known)
		}
	}
}

// With c = 0.6 the law falls like |x|^-7.6, and much of the mean of x^6 is far out, whatever the ends: it has no value, and says why. x^2's is known.
func TestEndsOfLimitsWithTailsOfPowers(t *testing.T) {
	slow.Skip(t)
	_, res := solved.Run(t, strings.NewReplacer("normal", "rademacher", "0.5*x*z", "0.6*x*z", "[1/64]", "[1/4]", "[spectrum]", "[stationary]", "spectrum: {count: 4}\n", "").Replace(powers))
	square := 1. / 64 / (2 - 0.36)
	sixth := 15. / 64 * (6. / 64 * square / (4 - 6*0.36)) / (6 - 15*0.36)
	seen := 0
	for _, row := range res.Stationary {
		want, most := square, 1e-3
		if row.Observable == "sixth" {
			want, most = sixth, math.Inf(1)
			if row.Diffusion != row.Diffusion && *row.Reason != unit.OutwardEnds {
				t.Errorf("sixth: reason %q", *row.Reason)
			}
		}
		if off := math.Abs(float64(row.Diffusion) - want); off > float64(row.DiffusionError) || float64(row.DiffusionError) > most*want {
			t.Errorf("%s: limit %.8g +- %.1e, closed form %.8g", row.Observable, row.Diffusion, row.DiffusionError, want)
		}
		seen++
	}
	if seen != 2 {
		t.Errorf("%d limits, want 2", seen)
	}
}

// What is known of x^2 is not of x^6: its derivatives, its moment of degree six and its gaps up to a horizon have the ends for
// their reason, and no number or verdict that would need an error.
func TestEndsOfDecaysAndHorizonsWithTailsOfPowers(t *testing.T) {
	slow.Skip(t)
	_, res := solved.Run(t, strings.NewReplacer("normal", "rademacher", "0.5*x*z", "0.6*x*z", "[1/64]", "[1/4]", "[spectrum]", "[decay, horizon]", "spectrum: {count: 4}\n", "horizon: 2\n").Replace(powers))
	seen := 0
	is := func(what string, unknown, known bool, reason string) {
		t.Helper()
		if seen++; unknown && known || (reason == unit.OutwardEnds) != unknown {
			t.Errorf("%s: has a number %v, reason %q", what, known, reason)
		}
	}
	for _, row := range res.Decay {
		is(fmt.Sprintf("derivative %v of %s", row.J, row.Observable), row.Observable == "sixth", row.Gamma == row.Gamma || row.Verdict != compare.DecayNotResolved, row.Reason)
	}
	for _, row := range res.Moments {
		is(fmt.Sprintf("moment %d", row.M), row.M == 3, row.Limit == row.Limit || row.Verdict != compare.DecayNotResolved, row.Reason)
	}
	for _, row := range res.Horizon {
		reason := ""
		if row.Reason != nil {
			reason = *row.Reason
		}
		is("curve of "+row.Observable, row.Observable == "sixth", len(row.Gap) > 0 || row.TReason != nil, reason)
	}
	if seen != 8+3+2 {
		t.Errorf("%d rows, want 13", seen)
	}
}

// Under -x dt + c x dW the way to r costs (2/c^2) ln r, so that the effect of sharp ends on x^p falls like r^(p - 2/c^2), and not at all from p = 2/c^2 on.
func TestFallOfTheEffectOfEnds(t *testing.T) {
	parsed, err := study.Parse("test.yaml", []byte(strings.Replace(powers, "{R: 1}", "{R: 1, taper: [1.5, 1.545]}", 1)), ".")
	if err != nil {
		t.Fatal(err)
	}
	problem, err := parsed.Problem()
	if err != nil {
		t.Fatal(err)
	}
	s, err := unit.New(problem, &compare.Config{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	f := unit.NewFading(s, nil, 1./64)
	const length = 0.045 / 4
	for _, p := range []float64{5, 6, 7} {
		want := 2 / math.Expm1((8-p)*math.Log(1.5/(1.5-length)))
		got := f.Share(func(x []float64) float64 { return math.Pow(math.Abs(x[0]), p) })
		if !(math.Abs(got/want-1) <= 0.03) {
			t.Errorf("x^%g: share %.4g, want %.4g", p, got, want)
		}
	}
	// What vanishes at the nearer end, or beyond it, does not grow.
	whole := f.Share(nil)
	for _, size := range []func(x []float64) float64{
		func(x []float64) float64 { return math.Abs(math.Sin(math.Pi * x[0] / (1.5 - length))) },
		func(x []float64) float64 { return max(0, 1-4*(x[0]-0.5)*(x[0]-0.5)) },
	} {
		if got := f.Share(size); got != whole {
			t.Errorf("share %.4g of what does not grow, want %.4g", got, whole)
		}
	}
	if got := f.Share(func(x []float64) float64 { return math.Pow(x[0], 8) }); !math.IsInf(got, 1) && got < 100 {
		t.Errorf("x^8: share %.4g, want one that says nothing", got)
	}
}
