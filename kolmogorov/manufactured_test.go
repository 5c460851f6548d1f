package kolmogorov

import (
	"fmt"
	"math"
	"testing"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/internal/manufactured"
	"kolmo/internal/slow"
	"kolmo/kolmogorov/scheme"
)

// manufacturedOperator returns L of a manufactured problem with its observable and
// its solution at the given time.
func manufacturedOperator(t testing.TB, p *manufactured.Problem, kind grid.Kind, order, nodes int, time float64) (op *Operator, phi, want []float64) {
	g := box(t, kind, p.Dim(), 1, nodes)
	c := new(Coefficients)
	for k := range p.Dim() {
		c.B[k] = sample(g, func(x []float64) float64 { return p.Drift(k, x) })
		for l := k; l < p.Dim(); l++ {
			c.A[k][l] = sample(g, func(x []float64) float64 { return p.Diffusion(k, l, x) })
		}
	}
	op = newOperator(t, g, c, order)
	if !op.Inward() {
		t.Fatal("the drift does not point inward")
	}
	return op, sample(g, func(x []float64) float64 { return p.Solution(x, 0) }), sample(g, func(x []float64) float64 { return p.Solution(x, time) })
}

// Variable drift and diffusion with all mixed terms, in one to three dimensions,
// with noise on the faces and without: every propagator finds the solution.
func TestManufacturedSolutions(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const time, steps = 0.25, 32
	// The largest error of a scheme, and with Richardson extrapolation.
	most := map[string][2]float64{
		"rk4": {8e-7, 8e-7}, "douglas": {4e-5, 2e-5}, "craig-sneyd": {2e-5, 1e-6},
		"modified-craig-sneyd": {2e-5, 1e-6}, "hundsdorfer-verwer": {2e-6, 1e-6},
	}
	for d := 1; d <= 3; d++ {
		for _, tapered := range []bool{true, false} {
			t.Run(fmt.Sprintf("%dd/tapered=%v", d, tapered), func(t *testing.T) {
				t.Parallel()
				p := manufactured.New(d, 0.03, 1, tapered)
				check := func(name string, prop Propagator, phi, want []float64, tol float64) {
					t.Helper()
					out := block(1, 1, len(phi))
					if err := advance(prop, out, [][]float64{phi}); err != nil {
						t.Fatal(err)
					}
					e := maxDiff(out[0][0], want)
					t.Logf("%s: %.3g", name, e)
					if e > tol {
						t.Errorf("%s: error %.3g, want at most %.3g", name, e, tol)
					}
				}
				op, phi, want := manufacturedOperator(t, p, grid.KindChebyshev, fd.FullWidth, 16, time)
				check("polynomial, chebyshev", NewPolynomial(op, time), phi, want, 3e-10)
				op, phi, want = manufacturedOperator(t, p, grid.KindUniform, 8, 18, time)
				check("polynomial, uniform", NewPolynomial(op, time), phi, want, 8e-7)
				for _, s := range scheme.Schemes() {
					for i, richardson := range []bool{false, true} {
						prop, err := NewStepping(op, s, time, steps, &SteppingConfig{Richardson: richardson})
						if err != nil {
							t.Fatal(err)
						}
						check(fmt.Sprintf("%s, richardson=%v", s.Name(), richardson), prop, phi, want, most[s.Name()][i])
					}
				}
			})
		}
	}
}

// The orders in space in the sup norm and in L2, on every kind of axis, with one-sided
// closures. The error in time is that of the polynomial propagator, below 1e-13. The
// frequency of the waves makes room between few nodes and rounding.
func TestManufacturedSpaceOrders2To10(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const uniform, sinh, chebyshev = grid.KindUniform, grid.KindSinh, grid.KindChebyshev
	type row struct {
		d         int
		kind      grid.Kind
		order     int
		frequency float64
		nodes     []int
	}
	fine := []int{96, 112, 128, 144, 160, 192}
	plane := []int{48, 56, 64, 72, 80}
	rows := []row{
		{1, uniform, 10, 3, []int{64, 72, 80, 96, 112, 128, 144, 160}},
		{1, sinh, 10, 2, []int{56, 60, 64, 72, 80, 88}},
		{1, chebyshev, 10, 3, []int{72, 80, 88, 96, 104, 112}},
		{2, uniform, 4, 3, plane}, {2, uniform, 6, 3, plane}, {2, uniform, 8, 3, plane},
		{2, sinh, 4, 3, plane}, {2, chebyshev, 4, 3, plane}, {2, chebyshev, 6, 3, plane},
		{3, uniform, 4, 0.7, []int{20, 22, 24, 28, 32}},
	}
	for _, kind := range []grid.Kind{uniform, sinh, chebyshev} {
		for _, order := range []int{2, 4, 6, 8} {
			rows = append(rows, row{1, kind, order, 3, fine})
		}
	}
	for _, r := range rows {
		t.Run(fmt.Sprintf("%dd/%v/order-%d", r.d, r.kind, r.order), func(t *testing.T) {
			t.Parallel()
			const time = 0.25
			p := manufactured.New(r.d, 0.03, r.frequency, true)
			var h, sup, l2 []float64
			for _, n := range r.nodes {
				op, phi, want := manufacturedOperator(t, p, r.kind, r.order, n, time)
				prop := NewPolynomial(op, time)
				out := block(1, 1, op.Len())
				if err := advance(prop, out, [][]float64{phi}); err != nil {
					t.Fatal(err)
				}
				if e := prop.TimeError(); e > 1e-13 {
					t.Fatalf("TimeError %.3g", e)
				}
				h = append(h, 1/float64(n-1))
				sup, l2 = append(sup, maxDiff(out[0][0], want)), append(l2, meanSquare(op.Grid(), out[0][0], want))
			}
			ps, pl := slope(h, sup), slope(h, l2)
			t.Logf("orders %.3f (sup), %.3f (L2), errors %.3g", ps, pl, sup)
			if math.Abs(ps-float64(r.order)) > 0.15 || math.Abs(pl-float64(r.order)) > 0.15 {
				t.Errorf("orders %.3f (sup) and %.3f (L2), want %d; errors %.3g", ps, pl, r.order, sup)
			}
		})
	}
}

// meanSquare returns the root of the mean of (u-v)^2 over the box, by the
// trapezoidal rule.
func meanSquare(g *grid.Grid, u, v []float64) float64 {
	sum, volume := 0.0, 0.0
	for i := range u {
		w := 1.0
		for k := range g.Dim() {
			a, j := g.Axis(k), g.Index(i, k)
			w *= a.Node(min(j+1, a.Len()-1)) - a.Node(max(j-1, 0))
		}
		sum, volume = sum+w*(u[i]-v[i])*(u[i]-v[i]), volume+w
	}
	return math.Sqrt(sum / volume)
}

// Collocation converges faster than any power, in one to three dimensions.
func TestManufacturedSpectralConvergence(t *testing.T) {
	t.Parallel()
	const time = 0.25
	for d := 1; d <= 3; d++ {
		for _, tapered := range []bool{true, false} {
			last := math.Inf(1)
			for _, n := range []int{6, 8, 10, 12, 14} {
				op, phi, want := manufacturedOperator(t, manufactured.New(d, 0.03, 1, tapered), grid.KindChebyshev, fd.FullWidth, n, time)
				out := block(1, 1, op.Len())
				if err := advance(NewPolynomial(op, time), out, [][]float64{phi}); err != nil {
					t.Fatal(err)
				}
				e := maxDiff(out[0][0], want)
				t.Logf("%d-D, tapered %v, N = %d: %.3g", d, tapered, n, e)
				if e > last/10 {
					t.Errorf("%d-D, N = %d: error %.3g after %.3g with two nodes fewer", d, n, e, last)
				}
				last = e
			}
			if last > 2e-8 {
				t.Errorf("%d-D, 14 nodes: error %.3g", d, last)
			}
		}
	}
}
