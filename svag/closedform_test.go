//go:build !race

package svag_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/internal/slow"
	"kolmo/internal/solved"
)

// linear has f = x^2/2 - (noise xi) x + steep xi x^2/2: its steps are linear in x, and second
// moments of both sides are closed.
type linear struct {
	values, probabilities []float64 // of xi, whose mean is 0
	steep, noise          float64
	ball                  string
}

const (
	radius = 2.
	of     = 0.25
)

var (
	symmetric      = linear{[]float64{-1, 1}, []float64{0.5, 0.5}, 0, 0.5, "{R: 2}"}
	skewed         = linear{[]float64{-0.5, 0.5, 1.5}, []float64{0.5625, 0.375, 0.0625}, 0, 1, "{R: 2}"}
	multiplicative = linear{[]float64{-1, 1}, []float64{0.5, 0.5}, 0.3, 0.5, "{R: 2}"}
	// The end of its noise is most of its errors.
	short = linear{[]float64{-1, 1}, []float64{0.5, 0.5}, 0, 3, "{R: 2, taper: [2, 4]}"}
)

// text is the study.
func (l linear) text(etas, more string) string {
	return fmt.Sprintf(`
name: linear
parameters: [x]
loss: x^2/2 - %g*xi*x + %g*xi*x^2/2
sample: {kind: discrete, variables: [xi], values: %v, probabilities: %v, batch: {svag: {of: %g}}}
ball: %s
observables: {square: x^2}
eta: %s
models: [first-order]
output: {fields: []}
%s`, l.noise, l.steep, strings.ReplaceAll(fmt.Sprintf("%.17g", column(l.values)), " ", ", "), strings.ReplaceAll(fmt.Sprint(l.probabilities), " ", ", "), of, l.ball, etas, more)
}

func column(values []float64) (rows [][]float64) {
	for _, v := range values {
		rows = append(rows, []float64{v})
	}
	return rows
}

// sigma is the variance of xi.
func (l linear) sigma() float64 {
	s := 0.0
	for i, v := range l.values {
		s += l.probabilities[i] * v * v
	}
	return s
}

// chain returns E X_n^2 from x: every step adds eta E Sigma(X).
func (l linear) chain(x, eta float64, n int) float64 {
	mean, second, q := x, x*x, 1-eta
	for range n {
		second = q*q*second + eta*of*l.sigma()*(l.steep*l.steep*second-2*l.steep*l.noise*mean+l.noise*l.noise)
		mean *= q
	}
	return second
}

// diffusion returns E X_t^2 of dX = -X dt + sqrt(E Sigma(X)) dW from x.
func (l linear) diffusion(x, t float64) float64 {
	e := of * l.sigma()
	rate := e*l.steep*l.steep - 2
	grown := math.Exp(rate * t)
	return grown*x*x - 2*e*l.steep*l.noise*x*(math.Exp(-t)-grown)/(-1-rate) + e*l.noise*l.noise*(grown-1)/rate
}

// gap is the supremum over |x| <= 2 and n eta <= 15.
func (l linear) gap(eta float64) float64 {
	most := 0.0
	const points = 400
	for i := range points + 1 {
		x := radius * (2*float64(i)/points - 1)
		mean, second, q := x, x*x, 1-eta
		for n := 1; float64(n)*eta <= 15; n++ {
			second = q*q*second + eta*of*l.sigma()*(l.steep*l.steep*second-2*l.steep*l.noise*mean+l.noise*l.noise)
			mean *= q
			most = max(most, math.Abs(second-l.diffusion(x, float64(n)*eta)))
		}
	}
	return most
}

// Gaps are those of the equations for the second moments without any end of the noise, within their
// errors, for symmetric and skewed noise and for one that varies with x; and their order is 1.
func TestClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for name, l := range map[string]linear{"symmetric": symmetric, "skewed": skewed, "multiplicative": multiplicative} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, res := solved.Run(t, l.text("[1/4, 1/8, 1/16, 1/32, 1/64]", ""))
			solved.Holds(t, res, "")
			for _, row := range res.Gap {
				want := l.gap(row.Eta)
				t.Logf("eta = %s: gap %.8g, closed form %.8g, error %.1g", row.EtaText, row.Gap, want, row.Error)
				if off := math.Abs(float64(row.Gap) - want); !(off <= float64(row.Error)+1e-6*want) {
					t.Errorf("eta = %s: gap %.8g, closed form %.8g, off by %.2g and the error is %.2g", row.EtaText, row.Gap, want, off, row.Error)
				}
			}
		})
	}
}

// Where the noise ends at twice the ball its end is most of the error, and covers what it does.
func TestEndsThatMatter(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	_, res := solved.Run(t, short.text("[1/8, 1/16]", ""))
	for _, row := range res.Gap {
		want := short.gap(row.Eta)
		off := math.Abs(float64(row.Gap) - want)
		t.Logf("eta = %s: gap %.8g, off by %.2g, error %.2g, taper %.2g", row.EtaText, row.Gap, off, row.Error, row.Errors.Taper)
		if !(off <= float64(row.Error)) || !(float64(row.Errors.Taper) > float64(row.Error)/2) || !(off > float64(row.Error-row.Errors.Taper)) {
			t.Errorf("eta = %s: gap %.8g, closed form %.8g, off by %.2g, error %.2g of which taper %.2g", row.EtaText, row.Gap, want, off, row.Error, row.Errors.Taper)
		}
	}
}

// One-step errors, curves to a horizon, limits, rates and times of crossing are the closed forms'
// within their errors. Limits of the chain need the nodes: steps are to four points, and nothing smooths them.
func TestKinds(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const eta = 1. / 16
	l := multiplicative
	_, res := solved.Run(t, l.text("[1/16]", "studies: [local-error, decay, horizon, stationary, spectrum, crossing]\nspectrum: {count: 2}\ncrossing: {level: 2, x: [1.9]}\nsolver: {space: chebyshev, nodes: [90]}\n"))
	within := func(what string, got, err compare.Number, want float64) {
		t.Helper()
		t.Logf("%s: %.8g +- %.1e, closed form %.8g", what, got, err, want)
		if off := math.Abs(float64(got) - want); !(off <= float64(err)) || !(float64(err) <= 0.05*want) {
			t.Errorf("%s: %.8g +- %.1e, closed form %.8g", what, got, err, want)
		}
	}
	e := of * l.sigma()
	chainRate, rate := -math.Log((1-eta)*(1-eta)+eta*e*l.steep*l.steep)/eta, 2-e*l.steep*l.steep
	limit, chainLimit := e*l.noise*l.noise/rate, e*l.noise*l.noise/(2-eta-e*l.steep*l.steep)
	for _, row := range res.LocalError {
		want := 0.0
		for i := range 401 {
			x := radius * (2*float64(i)/400 - 1)
			want = max(want, math.Abs(l.chain(x, eta, 1)-l.diffusion(x, eta)))
		}
		within("one-step error", row.Rho, row.Error+1e-12, want)
	}
	for _, row := range res.Stationary {
		within("limit of the diffusion", row.Diffusion, row.DiffusionError+1e-12, limit)
		within("limit of the chain", row.SGD, row.SGDError+1e-12, chainLimit)
	}
	for i := range res.Horizon {
		row := &res.Horizon[i]
		for n := 1; n < len(row.Gap); n += 7 {
			k, want := int(math.Round(float64(row.Times[n])/eta)), 0.0
			for i := range 201 {
				x := radius * (2*float64(i)/200 - 1)
				want = max(want, math.Abs(l.chain(x, eta, k)-l.diffusion(x, float64(k)*eta)))
			}
			if off := math.Abs(float64(row.Gap[n]) - want); !(off <= float64(row.Error[n])+1e-4*want) {
				t.Errorf("gap at t = %.4g: %.8g +- %.1e, closed form %.8g", row.Times[n], row.Gap[n], row.Error[n], want)
			}
		}
	}
	for _, row := range res.Spectrum {
		want := map[bool][]float64{true: {-math.Log(1-eta) / eta, chainRate}, false: {1, rate}}[row.Model == "svag"][row.K-1]
		within(fmt.Sprintf("rate %d of %s", row.K, row.Model), row.Rate, row.Error+1e-12, want)
	}
	for _, row := range res.Crossing {
		value := func(t float64) float64 { return l.diffusion(1.9, t) }
		if row.Model == "svag" { // on the line between two steps
			value = func(t float64) float64 {
				n := math.Floor(t / eta)
				a, b := l.chain(1.9, eta, int(n)), l.chain(1.9, eta, int(n)+1)
				return a + (b-a)*(t/eta-n)
			}
		}
		lo, hi := 0., 2.
		for hi-lo > 1e-12 {
			if mid := (lo + hi) / 2; value(mid) > 2 {
				lo = mid
			} else {
				hi = mid
			}
		}
		within("crossing of "+row.Model, row.T, row.Error+1e-10, lo)
	}
	if len(res.LocalError) == 0 || len(res.Stationary) == 0 || len(res.Decay) == 0 || len(res.Horizon) == 0 || len(res.Spectrum) != 4 || len(res.Crossing) != 2 {
		t.Errorf("%d, %d, %d, %d, %d and %d rows", len(res.LocalError), len(res.Stationary), len(res.Decay), len(res.Horizon), len(res.Spectrum), len(res.Crossing))
	}
}
