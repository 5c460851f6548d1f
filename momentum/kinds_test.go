//go:build !race

package momentum_test

import (
	"fmt"
	"math"
	"math/cmplx"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/compare"
	"kolmo/internal/slow"
	"kolmo/internal/solved"
)

// oneStep returns the largest |S u^{n-1} - u^n| over the ball and n <= last for x^2.
func (q quadratic) oneStep(model string, R float64, last int) float64 {
	most := 0.0
	m, w := q.step()
	before := side{mat.NewDense(2, 2, []float64{1, 0, 0, 1}), mat.NewDense(2, 2, nil)}
	q.sides(model, func(n int, _, d side, _ [][]float64) bool {
		var moved mat.Dense
		moved.Mul(before.a, m)
		kick := before.a.At(0, 0)*w[0] + before.a.At(0, 1)*w[1]
		spread := kick*kick + before.c.At(0, 0) - d.c.At(0, 0)
		most = max(most, largest(func(radius, angle float64) float64 {
			x, v := q.region(R, radius, angle)
			a, b := moved.At(0, 0)*x+moved.At(0, 1)*v, d.a.At(0, 0)*x+d.a.At(0, 1)*v
			return math.Abs(a*a - b*b + spread)
		}))
		before = d
		return n < last
	})
	return most
}

// One-step errors, curves to a horizon, limits, rates and times of crossing are the closed forms', within
// errors that have a part for noise that ends beyond the ball.
func TestKindsAgainstClosedForms(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	allKinds(t, "momentum", "algorithm: {kind: momentum, friction: 1.5}")
}

// A step by formulas that is heavy ball's has the same closed forms.
func TestKindsByFormulas(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	allKinds(t, "custom", "algorithm: {kind: custom, state: {v_x: {}}, update: {v_x: v_x - eta*(1.5*v_x + grad(x)), x: x + eta*(v_x - eta*(1.5*v_x + grad(x)))}}\n")
}

// allKinds holds the kinds of study of an algorithm that is heavy ball to closed forms.
func allKinds(t *testing.T, kind, algorithm string) {
	q := quadratic{eta: 1. / 16, friction: 1.5}
	const R = 4
	text := strings.NewReplacer("eta: [1/8, 1/16, 1/32, 1/64]", "eta: [1/16]", ", cosine: cos(x + v_x)", "", ", gradient-flow", "",
		fmt.Sprintf("algorithm: {kind: %s, friction: %g}", "momentum", q.friction), algorithm,
		"ball: {R: 4}", "ball: {R: 4, metric: lyapunov}").Replace(fmt.Sprintf(linear, "momentum", q.friction)) + "studies: [local-error, horizon, stationary, spectrum, crossing]\nhorizon: 4\nspectrum: {count: 2}\ncrossing: {level: 4, x: [3, 0]}\n"
	_, res := solved.Run(t, text)
	within := func(what string, got, err compare.Number, want float64) {
		t.Helper()
		if off := math.Abs(float64(got) - want); !(off <= float64(err)) || !(float64(err) <= 0.05*want) {
			t.Errorf("%s of %s: %.8g +- %.1e, closed form %.8g", what, kind, got, err, want)
		}
	}
	if len(res.LocalError) != 2 || len(res.Stationary) != 2 || len(res.Horizon) != 2 || len(res.Spectrum) != 6 || len(res.Crossing) != 3 {
		t.Fatalf("%d, %d, %d, %d and %d rows", len(res.LocalError), len(res.Stationary), len(res.Horizon), len(res.Spectrum), len(res.Crossing))
	}
	for _, row := range res.LocalError {
		within("one-step error, "+row.Model, row.Rho, row.Error, q.oneStep(row.Model, R, 64))
	}
	for _, row := range res.Stationary {
		var own, limit float64
		q.sides(row.Model, func(n int, c, d side, _ [][]float64) bool {
			own, limit = c.c.At(0, 0), d.c.At(0, 0)
			return n < 2000
		})
		within("limit of "+row.Model, row.Diffusion, row.DiffusionError, limit)
		within("limit of the chain", row.SGD, row.SGDError, own)
		if row.Reason != nil {
			t.Error(*row.Reason)
		}
	}
	for i := range res.Horizon {
		row := &res.Horizon[i]
		q.sides(row.Model, func(n int, c, d side, _ [][]float64) bool {
			want := largest(func(radius, angle float64) float64 {
				x, v := q.region(R, radius, angle)
				U, u := c.a.At(0, 0)*x+c.a.At(0, 1)*v, d.a.At(0, 0)*x+d.a.At(0, 1)*v
				return math.Abs(U*U + c.c.At(0, 0) - u*u - d.c.At(0, 0))
			})
			if off := math.Abs(float64(row.Gap[n]) - want); !(off <= float64(row.Error[n])) {
				t.Errorf("%s, gap of %s at t = %.4g: %.8g +- %.1e, closed form %.8g", kind, row.Model, row.Times[n], row.Gap[n], row.Error[n], want)
			}
			return n < len(row.Gap)-1
		})
	}
	for _, row := range res.Spectrum {
		within(fmt.Sprintf("rate %d of %s", row.K, row.Model), row.Rate, row.Error, q.rate(row.Model))
		if !row.Certified {
			t.Error(row.Model, *row.Reason)
		}
	}
	if len(res.Eigenfunctions) != 6 {
		t.Fatalf("%d eigenfunctions", len(res.Eigenfunctions))
	}
	for i := range res.Eigenfunctions {
		q.eigenfunction(t, &res.Eigenfunctions[i], R)
	}
	for _, row := range res.Crossing {
		within("crossing of "+row.Model, row.T, row.Error, q.crossing(row.Model, 3, 4))
		if !row.Certified {
			t.Error(row.Model, *row.Reason)
		}
	}
}

// Near critical damping twice the slowest rate is just below the next one of the drift: eigenvalues of linear drift add, and which is the second is
// known on fine grids only.
func TestRatesNearCriticalDamping(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	_, res := solved.Run(t, `name: critical
parameters: [x]
loss: x^2/2 + 0.5*xi*x
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2}
observables: {square: x^2}
eta: [1/8]
algorithm: {kind: momentum, friction: 2}
models: [second-order]
studies: [spectrum]
output: {fields: []}
`)
	const eta = 1. / 8
	// x' = -(eta/2) x + (1 - eta) v, v' = -(1 + eta) x - (2 + 3 eta/2) v of the model; F = [[1 - eta^2, eta - 2 eta^2], [-eta, 1 - 2 eta]] of the chain.
	pair := func(trace, determinant float64) (a, b float64) {
		root := math.Sqrt(trace*trace/4 - determinant)
		return trace/2 + root, trace/2 - root
	}
	a, b := pair(-2-2*eta, eta/2*(2+1.5*eta)+(1-eta)*(1+eta))
	c, d := pair(2-2*eta-eta*eta, (1-eta*eta)*(1-2*eta)+eta*(eta-2*eta*eta))
	want := map[string][]float64{
		"second-order": {-a, -2 * a, -b, -3 * a},
		"momentum":     {-math.Log(c) / eta, -2 * math.Log(c) / eta, -math.Log(d) / eta, -3 * math.Log(c) / eta},
	}
	certified := 0
	for _, row := range res.Spectrum {
		if off := math.Abs(float64(row.Rate) - want[row.Model][row.K-1]); off > float64(row.Error) {
			t.Errorf("%s, k = %d: %.8g +- %.1e, closed form %.8g", row.Model, row.K, row.Rate, row.Error, want[row.Model][row.K-1])
		}
		if row.Certified {
			certified++
		}
	}
	if certified < 5 {
		t.Errorf("%d rates are certified, want the chain's and the slowest of the model", certified)
	}
}

// eigenfunction holds one of the two slowest to l.z, of l the left eigenvector of a step or of a drift, over the ball in
// the metric; outside it there is none.
func (q quadratic) eigenfunction(t *testing.T, f *compare.Eigenfunction, R float64) {
	t.Helper()
	b, _ := q.step()
	switch f.Model {
	case "second-order":
		b = q.drift(2)
	case "first-order":
		b = q.drift(1)
	}
	half := (b.At(0, 0) + b.At(1, 1)) / 2
	root := cmplx.Sqrt(complex(half*half-b.At(0, 0)*b.At(1, 1)+b.At(0, 1)*b.At(1, 0), 0))
	n := len(f.X1)
	if n != 41 || len(f.Real) != n*n || len(f.Imag) != n*n || f.Names[0] != "x" || f.Names[1] != "v_x" {
		t.Fatalf("%s, k = %d: %d values of %q: %s", f.Model, f.K, len(f.Real), f.Names, f.Reason)
	}
	off := math.Inf(1)
	for _, sign := range []complex128{1, -1} {
		l := [2]complex128{complex(b.At(1, 0), 0), complex(half-b.At(0, 0), 0) + sign*root}
		var scale complex128
		most, worst, inside := 0.0, 0.0, 0
		for _, last := range []bool{false, true} {
			for i := range f.Real {
				x, v := float64(f.X1[i%n]), float64(f.X2[i/n])
				in := f.Metric[0]*x*x+2*f.Metric[1]*x*v+f.Metric[3]*v*v <= R*R*(1+1e-12)
				value := complex(float64(f.Real[i]), float64(f.Imag[i]))
				if in != !cmplx.IsNaN(value) {
					t.Fatalf("%s, k = %d: %g at (%g, %g), inside %v", f.Model, f.K, value, x, v, in)
				}
				if !in {
					continue
				}
				inside++
				want := l[0]*complex(x, 0) + l[1]*complex(v, 0)
				if cmplx.Abs(want) > most {
					most, scale = cmplx.Abs(want), value/want
				}
				if last {
					worst = max(worst, cmplx.Abs(value-scale*want))
				}
			}
		}
		if math.Abs(most*cmplx.Abs(scale)-1) > 1e-9 || inside < n*n {
			t.Fatalf("%s, k = %d: the supremum is %g on %d points", f.Model, f.K, most*cmplx.Abs(scale), inside/2)
		}
		off = min(off, worst)
	}
	if !(off <= 2*float64(f.Error)+1e-9) {
		t.Errorf("%s, k = %d: off by %.2g from l.z, error %.2g", f.Model, f.K, off, f.Error)
	}
}
