//go:build !race

package momentum_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/internal/slow"
	"kolmo/internal/solved"
)

// With additive noise the noise at the point of rest is that of everywhere.
func TestConstantNoiseIsFirstOrderForAdditiveNoise(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	text := strings.NewReplacer("[1/8, 1/16, 1/32, 1/64]", "[1/8, 1/16]",
		"[second-order, first-order, gradient-flow]", "[first-order, constant-noise, second-order, second-order-constant-noise]").Replace(fmt.Sprintf(linear, "momentum", 1.))
	_, res := solved.Run(t, text)
	gaps := map[string]float64{}
	for _, row := range res.Gap {
		gaps[row.Observable+row.Model+row.EtaText] = float64(row.Gap)
	}
	for _, row := range res.Gap {
		varies, frozen := strings.CutSuffix(row.Model, "constant-noise")
		if !frozen {
			continue
		}
		varies = strings.TrimSuffix(varies, "-")
		if varies == "" {
			varies = "first-order"
		}
		want := gaps[row.Observable+varies+row.EtaText]
		if off := math.Abs(float64(row.Gap) - want); !(off <= 1e-9*want) || want == 0 {
			t.Errorf("%s, %s, eta = %s: gap %.12g, that of %s is %.12g", row.Observable, row.Model, row.EtaText, row.Gap, varies, want)
		}
	}
}

// stretched is f = (1 + c xi) x^2/2 - s zeta x, xi and zeta -1 or 1: heavy ball whose noise
// c^2 x^2 + s^2 is not additive. Means of x^2, x v, v^2 and 1 are linear in what they begin with.
type stretched struct {
	quadratic
	c, s float64
}

// step returns what a step does to the means.
func (q stretched) step() *mat.Dense {
	e := q.eta
	k := mat.NewDense(4, 4, nil)
	for _, xi := range []float64{-1, 1} {
		for _, zeta := range []float64{-1, 1} {
			v := [3]float64{-e * (1 + q.c*xi), 1 - e*q.friction, e * q.s * zeta} // of x, v and 1
			x := [3]float64{1 + e*v[0], e * v[1], e * v[2]}
			// Terms of first order in (x, v) have the sign of zeta.
			for row, p := range [][2][3]float64{{x, x}, {x, v}, {v, v}} {
				for column, w := range []float64{p[0][0] * p[1][0], p[0][0]*p[1][1] + p[0][1]*p[1][0], p[0][1] * p[1][1], p[0][2] * p[1][2]} {
					k.Set(row, column, k.At(row, column)+w/4)
				}
			}
		}
	}
	k.Set(3, 3, 1)
	return k
}

// flow returns what a diffusion does to the means in the time eta: the exponential of its generator.
func (q stretched) flow(order int, varies bool) *mat.Dense {
	b := q.drift(order)
	g := mat.NewDense(4, 4, []float64{
		2 * b.At(0, 0), 2 * b.At(0, 1), 0, 0,
		b.At(1, 0), b.At(0, 0) + b.At(1, 1), b.At(0, 1), 0,
		0, 2 * b.At(1, 0), 2 * b.At(1, 1), q.eta * q.s * q.s,
		0, 0, 0, 0,
	})
	if varies {
		g.Set(2, 0, q.eta*q.c*q.c)
	}
	g.Scale(q.eta, g)
	e := new(mat.Dense)
	e.Exp(g)
	return e
}

// gaps returns the suprema over the ball and n eta <= end for x^2 and v^2.
func (q stretched) gaps(model string, R, end float64) (square, speed float64) {
	order := 1
	if strings.HasPrefix(model, "second-order") {
		order = 2
	}
	one, other := q.step(), q.flow(order, !strings.HasSuffix(model, "constant-noise"))
	U, u := mat.DenseCopyOf(one), mat.DenseCopyOf(other)
	for n := 1; float64(n)*q.eta <= end; n++ {
		for row, best := range map[int]*float64{0: &square, 2: &speed} {
			var d [4]float64
			for k := range d {
				d[k] = U.At(row, k) - u.At(row, k)
			}
			*best = max(*best, largest(func(radius, angle float64) float64 {
				x, v := q.region(R, radius, angle)
				return math.Abs(d[0]*x*x + d[1]*x*v + d[2]*v*v + d[3])
			}))
		}
		var a, b mat.Dense
		a.Mul(U, one)
		b.Mul(u, other)
		U, u = &a, &b
	}
	return square, speed
}

const multiplied = `
name: multiplied
parameters: [x]
loss: (1 + 0.4*xi)*x^2/2 - zeta*x/4
sample: {kind: discrete, variables: [xi, zeta], values: [[-1, -1], [-1, 1], [1, -1], [1, 1]]}
ball: {R: 4}
observables: {square: x^2, speed: v_x^2}
eta: [1/8, 1/16, 1/32, 1/64]
algorithm: {kind: momentum, friction: 1}
models: [first-order, constant-noise, second-order-constant-noise]
output: {fields: []}
`

// Where the noise varies, gaps are those of the equations for second moments within their
// errors. They differ, and the order is 1 with both drifts.
func TestConstantNoiseClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	_, res := solved.Run(t, multiplied)
	if len(res.Gap) != 24 {
		t.Fatalf("%d rows", len(res.Gap))
	}
	gaps := map[string]float64{}
	for _, row := range res.Gap {
		square, speed := stretched{quadratic{row.Eta, 1, false}, 0.4, 0.25}.gaps(row.Model, 4, 12)
		want := square
		if row.Observable == "speed" {
			want = speed
		}
		t.Logf("%s, %s, eta = %s: gap %.8g +- %.1e, closed form %.8g", row.Observable, row.Model, row.EtaText, row.Gap, row.Error, want)
		if off := math.Abs(float64(row.Gap) - want); !row.Certified || !(off <= float64(row.Error)) {
			t.Errorf("%s, %s, eta = %s: gap %.8g, closed form %.8g, off by %.2g and the error is %.2g", row.Observable, row.Model, row.EtaText, row.Gap, want, off, row.Error)
		}
		gaps[row.Observable+row.Model+row.EtaText] = want
	}
	for _, at := range []string{"1/8", "1/64"} {
		if a, b := gaps["speedfirst-order"+at], gaps["speedconstant-noise"+at]; !(math.Abs(a-b) > 0.05*a) {
			t.Errorf("frozen noise makes no difference at eta = %s: %g and %g", at, a, b)
		}
	}
	for _, o := range res.Order {
		if o.Expected != 1 {
			t.Errorf("%s is expected to have the order %d", o.Model, o.Expected)
		}
		// Of the square the supremum with the drift of second-order changes its place at 1/8.
		if late := o.Observable == "square" && strings.HasPrefix(o.Model, "second"); !late && !(math.Abs(float64(o.Extrapolated)-1) <= 0.03) {
			t.Errorf("%s, %s: order %.4f, want 1", o.Observable, o.Model, o.Extrapolated)
		}
	}
}

// stationary returns the limits of v^2 of the chain and of second-order-constant-noise.
func (q stretched) stationary() (chain, diffusion float64) {
	var a, b mat.Dense
	a.Pow(q.step(), 1<<14)
	b.Pow(q.flow(2, false), 1<<14)
	return a.At(2, 3), b.At(2, 3)
}

// Stationary values with frozen noise are those of the same equations, by which they differ from
// the chain's by eta^2 with the drift of second-order.
func TestConstantNoiseStationary(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	text := strings.NewReplacer("[first-order, constant-noise, second-order-constant-noise]", "[second-order-constant-noise]",
		"square: x^2, ", "", ", 1/32, 1/64]", "]").Replace(multiplied)
	p, res := solved.Run(t, text+"studies: [stationary]\n")
	if len(res.Stationary) != 2 {
		t.Fatalf("%d rows", len(res.Stationary))
	}
	for _, row := range res.Stationary {
		chain, diffusion := stretched{quadratic{row.Eta, 1, false}, 0.4, 0.25}.stationary()
		for what, v := range map[string][3]float64{
			"the chain": {float64(row.SGD), float64(row.SGDError), chain},
			row.Model:   {float64(row.Diffusion), float64(row.DiffusionError), diffusion},
		} {
			if !(math.Abs(v[0]-v[2]) <= v[1]) {
				t.Errorf("limit of %s, eta = %s: %.8g +- %.1e, closed form %.8g", what, row.EtaText, v[0], v[1], v[2])
			}
		}
	}
	if m := p.Models[0]; m.StationaryOrder != 2 {
		t.Errorf("%s has the stationary order %d", m, m.StationaryOrder)
	}
	before := 0.0
	for eta := 1. / 16; eta > 1./300; eta /= 2 {
		chain, diffusion := stretched{quadratic{eta, 1, false}, 0.4, 0.25}.stationary()
		slope := math.Log2(before / (chain - diffusion))
		if before != 0 && !(math.Abs(slope-2) <= 0.05) {
			t.Errorf("the difference of stationary values falls with the slope %.4f to eta = %g", slope, eta)
		}
		before = chain - diffusion
	}
}
