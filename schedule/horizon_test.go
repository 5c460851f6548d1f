//go:build !race

package schedule_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"kolmo/internal/slow"
	"kolmo/internal/solved"
	"kolmo/schedule"
)

// powers are the coefficients of a polynomial, of x^0 first.
type powers [7]float64

func (p powers) at(x float64) float64 {
	v := 0.0
	for k := len(p) - 1; k >= 0; k-- {
		v = v*x + p[k]
	}
	return v
}

// quadratic is the loss H ((1 + mu w) x^2/2 - v x/4) under three values of (v, w).
type quadratic struct {
	schedule.Schedule
	H, mu, eta float64
	corrected  bool // the second-order model and no flow
}

// sampled are the values of (v, w), with their probabilities.
var sampled = [3][3]float64{{1, 1, 0.25}, {-1, 0.5, 0.5}, {0.5, -1.5, 0.25}}

// chain returns the mean of p after a step from x at a value of s.
func (q quadratic) chain(p powers, s float64) (mean powers) {
	for _, at := range sampled {
		slope, shift := 1-q.eta*s*q.H*(1+q.mu*at[1]), q.eta*s*q.H*at[0]/4
		moved := powers{}
		for k := len(p) - 1; k >= 0; k-- { // moved (slope x + shift) + p[k]
			for j := len(p) - 1; j > 0; j-- {
				moved[j] = moved[j]*shift + moved[j-1]*slope
			}
			moved[0] = moved[0]*shift + p[k]
		}
		for k, v := range moved {
			mean[k] += at[2] * v
		}
	}
	return mean
}

// generator returns L p at a value of s.
func (q quadratic) generator(p powers, s float64) (out powers) {
	// The mean gradient is H (c x - m), the second moment of the gradients is H^2 of square.
	c, m, square := 0.0, 0.0, [3]float64{}
	for _, at := range sampled {
		a, b := 1+q.mu*at[1], at[0]/4
		c, m = c+at[2]*a, m+at[2]*b
		square[0], square[1], square[2] = square[0]+at[2]*b*b, square[1]-2*at[2]*a*b, square[2]+at[2]*a*a
	}
	drift, noise := -s, 0.0
	if q.corrected {
		falls := q.Rate * s
		if q.Kind == schedule.Inverse {
			falls *= s
		}
		drift -= q.eta / 2 * (falls + s*s*q.H*c)
		noise = q.eta * s * s * q.H * q.H
	}
	a := [3]float64{noise * (square[0] - m*m), noise * (square[1] + 2*c*m), noise * (square[2] - c*c)}
	for k := 1; k < len(p); k++ {
		f := float64(k)
		out[k] += drift * q.H * c * f * p[k]
		out[k-1] -= drift * q.H * m * f * p[k]
		for j, v := range a {
			if k+j >= 2 && k+j-2 < len(out) {
				out[k+j-2] += v / 2 * f * (f - 1) * p[k]
			}
		}
	}
	return out
}

// model returns u = E p after n steps' time, by the equation with s running back from there.
func (q quadratic) model(p powers, n int) powers {
	const parts = 512
	h := q.eta / parts
	along := func(p, slope powers, h float64) powers {
		for k := range p {
			p[k] += h * slope[k]
		}
		return p
	}
	for i := n * parts; i > 0; i-- {
		t := float64(i) * h
		k1 := q.generator(p, q.At(t))
		k2 := q.generator(along(p, k1, h/2), q.At(t-h/2))
		k3 := q.generator(along(p, k2, h/2), q.At(t-h/2))
		k4 := q.generator(along(p, k3, h), q.At(t-h))
		for k := range p {
			p[k] += h / 6 * (k1[k] + 2*k2[k] + 2*k3[k] + k4[k])
		}
	}
	return p
}

// gap returns the largest |U^n - u| over |x| <= R.
func (q quadratic) gap(p powers, n int, R float64) float64 {
	d, u := p, q.model(p, n)
	for j := n - 1; j >= 0; j-- {
		d = q.chain(d, q.At(float64(j)*q.eta))
	}
	for k := range d {
		d[k] -= u[k]
	}
	right := largest(R, func(x float64) float64 { return math.Abs(d.at(x)) })
	return max(right, largest(R, func(x float64) float64 { return math.Abs(d.at(-x)) }))
}

const overHorizon = `
name: over
parameters: [x]
loss: %g*(1 + %g*w)*x^2/2 - %g*v*x
sample: {kind: discrete, variables: [v, w], values: [[1, 1], [-1, 0.5], [0.5, -1.5]], probabilities: [0.25, 0.5, 0.25]}
ball: {R: %g}
observables: {%s}
eta: [0.125]
horizon: %g
models: [%s]
schedule: {kind: %s, rate: %g}
studies: [gap, horizon]
`

// Every step of a curve is within its bar where paths slow down, so that the curves of two grids that cross stay near each
// other; at first steps, where few nodes along s agree on what they miss; and where curves cross between steps that differ.
func TestErrorsOverAHorizon(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for name, c := range map[string]struct {
		quadratic
		R, horizon float64
		model, phi string
		powers     powers
	}{
		"late":    {quadratic{schedule.Schedule{Kind: schedule.Exponential, Rate: 1}, 2.56, 0, 0.125, false}, 2, 8, "gradient-flow", "quad: x^2 + x^3/2", powers{2: 1, 3: 0.5}},
		"first":   {quadratic{schedule.Schedule{Kind: schedule.Inverse, Rate: 0.22}, 5.35, 0.3, 0.125, true}, 2.5, 8, "second-order", "hex: x^6/10 - x", powers{1: -1, 6: 0.1}},
		"between": {quadratic{schedule.Schedule{Kind: schedule.Exponential, Rate: 1.32}, 3.38, 0, 0.125, true}, 2, 4, "second-order", "five: x^5 + 3*x", powers{1: 3, 5: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, res := solved.Run(t, fmt.Sprintf(overHorizon, c.H, c.mu, c.H/4, c.R, c.phi, c.horizon, c.model, c.Kind, c.Rate))
			row := res.Horizon[0]
			if want := int(c.horizon/c.eta) + 1; len(row.Gap) != want {
				t.Fatalf("%d steps, want %d", len(row.Gap), want)
			}
			worst, at := 0.0, 0
			for n, g := range row.Gap[1:] {
				want := c.gap(c.powers, n+1, c.R)
				if q := math.Abs(float64(g)-want) / float64(row.Error[n+1]); !(q <= worst) {
					worst, at = q, n+1
				}
			}
			if t.Logf("%.2f bars at step %d", worst, at); !(worst <= 1) {
				t.Errorf("step %d: %.8g +- %.1e, want %.8g", at, row.Gap[at], row.Error[at], c.gap(c.powers, at, c.R))
			}
			if g := res.Gap[0]; g.N < 1 || !(row.Error[g.N] >= g.Errors.Total(false)) {
				t.Errorf("the gap at step %d has the error %.1e, the curve %.1e there", g.N, g.Errors.Total(false), row.Error[max(g.N, 0)])
			}
		})
	}
}

const unstable = `
name: unstable
parameters: [x]
loss: (1 + 0.3*w)*x^2/2 - 0.25*v*x
sample: {kind: discrete, variables: [v, w], values: [[1, 1], [-1, 0.5], [0.5, -1.5]], probabilities: [0.25, 0.5, 0.25]}
ball: {R: 2.5}
observables: {hex: x^6/10 - x}
eta: [0.25]
horizon: 10
models: [second-order]
schedule: {kind: exponential, rate: 3}
algorithm: {kind: langevin, beta: 6}
`

// A row whose finest grid failed is that of the grid before, and so is what its ends do: it is no zero, which was never looked at.
func TestEndsWhereTheNextGridIsUnstable(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	_, res := solved.Run(t, unstable)
	row := res.Gap[0]
	if row.Certified || row.Gap != row.Gap || !strings.Contains(*row.Reason, "the next finer grid is unstable") {
		t.Fatalf("gap %g, certified %v: no finest grid failed", row.Gap, row.Certified)
	}
	if row.Errors.Taper == 0 || row.Errors.Taper == row.Errors.Taper && !(row.Error >= row.Errors.Taper) {
		t.Errorf("ends do %g of an error of %g", row.Errors.Taper, row.Error)
	}
}
