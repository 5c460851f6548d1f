package kolmogorov

import (
	"fmt"
	"math"
	"testing"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/internal/slow"
)

// refinement is a measurement of orders on five grids of [-half, half]^d and more.
type refinement struct {
	kind     grid.Kind
	d, order int
	half     float64
	// share of the nodes of an axis bounds the ball, from its first node: on axes that
	// are not uniform errors are largest on the sphere, which must hold a node then.
	share float64
	nodes []int
	scale float64 // of the wave vector (5, 4, -3)
	time  float64
}

// radius returns the ball's, for n nodes.
func (r refinement) radius(g *grid.Grid) float64 {
	if r.kind == grid.KindUniform {
		return r.half * (2*r.share - 1)
	}
	return g.Axis(0).Node(int(math.Round(r.share * float64(g.Axis(0).Len()-1))))
}

// rates measures the order of d^J over the ball, worst over each |J| = 0 .. 4, of exact
// values at the nodes or of a computed solution at that time, phi = cos(k.x).
func (r refinement) rates(t *testing.T, solution bool) (rates [MaxDerivative + 1]float64, errs [MaxDerivative + 1][]float64) {
	t.Helper()
	p := []linearProblem{linear1D, linear2D, linear3D}[r.d-1]
	k := []float64{5 * r.scale, 4 * r.scale, -3 * r.scale}[:r.d]
	var h []float64
	for _, n := range r.nodes {
		g := cube(t, r.kind, r.d, n, r.half)
		exact := func(j []int) func(x []float64) float64 { return p.cosine(k, r.time, j) }
		u := sample(g, exact(make([]int, r.d)))
		if solution {
			u = ouField(t, p, g, r.order, k, r.time)
		}
		for i, e := range worstDerivative(t, g, r.order, r.radius(g), u, exact) {
			errs[i] = append(errs[i], e)
		}
		h = append(h, 1/float64(n-1))
	}
	for i := range rates {
		rates[i] = slope(h, errs[i])
	}
	return rates, errs
}

func (r refinement) String() string { return fmt.Sprintf("%v-%dd-order-%d", r.kind, r.d, r.order) }

// Derivatives of exact values have the order of the formula, on uniform, sinh and
// Chebyshev axes, inside the ball that half the box holds.
func TestDerivativeOrder4To8OfFunctions(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	nodes := map[int][]int{4: {41, 49, 57, 65, 73}, 6: {33, 41, 49, 57, 65}, 8: {33, 37, 41, 45, 49}}
	wider := map[int][]int{4: {65, 81, 97, 113, 129}, 6: {65, 73, 81, 97, 113}, 8: {73, 81, 89, 97, 113}}
	for _, kind := range []grid.Kind{grid.KindUniform, grid.KindSinh, grid.KindChebyshev} {
		for d := 1; d <= 3; d++ {
			for order, n := range nodes {
				r := refinement{kind: kind, d: d, order: order, half: 1.5, share: 0.75, nodes: n, scale: 0.6}
				if kind != grid.KindUniform { // the map's derivatives come in
					r.nodes, r.scale = wider[order], 1.2
				}
				if d == 3 && kind != grid.KindUniform {
					continue // the same matrices, for 3 s
				}
				t.Run(r.String(), func(t *testing.T) {
					t.Parallel()
					rates, errs := r.rates(t, false)
					t.Logf("orders %.3f of |J| = 1 .. 4, errors %.2g to %.2g", rates[1:], errs[4][0], errs[4][4])
					for m := 1; m <= MaxDerivative; m++ {
						if math.Abs(rates[m]-float64(r.order)) > 0.15 {
							t.Errorf("|J| = %d: order %.3f, want %d; errors %.3g", m, rates[m], r.order, errs[m])
						}
					}
				})
			}
		}
	}
}

// Derivatives of computed solutions have the order of the solution. The ball lies well
// inside the box: where there is noise at the faces, the closures leave an error of
// the order but rough from node to node in some ten nodes next to them, which loses a
// power of h with every derivative, and the drift carries some of it inward.
func TestDerivativeOrder4To8OfSolutions(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, r := range []refinement{
		{grid.KindUniform, 1, 4, 3, 0.75, []int{81, 97, 113, 129, 145}, 1, 0.5},
		{grid.KindUniform, 1, 6, 3, 0.75, []int{61, 71, 81, 91, 101}, 1, 0.5},
		{grid.KindUniform, 1, 8, 3, 0.75, []int{61, 67, 73, 79, 85}, 1, 0.5},
		{grid.KindSinh, 1, 4, 3, 0.75, []int{81, 97, 113, 129, 145}, 1, 0.5},
		{grid.KindSinh, 1, 6, 3, 0.75, []int{61, 69, 77, 85, 101}, 1, 0.5},
		{grid.KindSinh, 1, 8, 3, 0.75, []int{61, 65, 73, 81, 89}, 1, 0.4},
		{grid.KindUniform, 2, 4, 3, 0.625, []int{81, 97, 113, 129, 145}, 1, 0.25},
		{grid.KindUniform, 2, 6, 3, 0.625, []int{71, 81, 91, 101, 111}, 1, 0.15},
		{grid.KindUniform, 2, 8, 3, 0.625, []int{61, 67, 73, 79, 85}, 1, 0.1},
		{grid.KindSinh, 2, 4, 3, 0.625, []int{81, 97, 113, 129, 145}, 1, 0.25},
		{grid.KindSinh, 2, 6, 3, 0.625, []int{65, 73, 81, 97, 113}, 1, 0.1},
		{grid.KindSinh, 2, 8, 3, 0.625, []int{65, 73, 81, 97, 113}, 1, 0.05},
		{grid.KindUniform, 3, 4, 2, 0.7, []int{29, 35, 41, 47, 53}, 0.8, 0.1},
		{grid.KindUniform, 3, 6, 2, 0.7, []int{29, 33, 37, 41, 49}, 0.8, 0.1},
		{grid.KindUniform, 3, 8, 2, 0.65, []int{29, 33, 37, 41, 47}, 0.8, 0.05},
	} {
		t.Run(r.String(), func(t *testing.T) {
			t.Parallel()
			rates, errs := r.rates(t, true)
			t.Logf("orders %.3f of |J| = 0 .. 4, errors %.2g to %.2g", rates, errs[4][0], errs[4][4])
			for m := 0; m <= MaxDerivative; m++ {
				if math.Abs(rates[m]-float64(r.order)) > 0.15 {
					t.Errorf("|J| = %d: order %.3f, want %d; errors %.3g", m, rates[m], r.order, errs[m])
				}
			}
		})
	}
}

// Collocation converges faster than any power, until rounding: the floors of the
// relative error of the fourth derivative are measured, over the whole ball, which
// touches the faces, and over three quarters of it.
func TestDerivativeSpectralConvergenceAndFloor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		d     int
		p     linearProblem
		nodes []int
		// of |J| = 4 over the ball and inside, after the last of the nodes.
		floor, inside float64
	}{
		{1, linear1D, []int{8, 12, 16, 20}, 2e-8, 4e-11},
		{2, linear2D, []int{8, 12, 16, 20}, 4e-7, 2e-9},
		{3, linear3D, []int{8, 11, 14, 17}, 1e-7, 3e-8},
	} {
		t.Run(fmt.Sprintf("%dd", c.d), func(t *testing.T) {
			t.Parallel()
			k := []float64{1.5, 1, -0.8}[:c.d]
			const half, time = 2.0, 0.5
			var last [MaxDerivative + 1]float64
			for i, n := range c.nodes {
				g := cube(t, grid.KindChebyshev, c.d, n, half)
				u := ouField(t, c.p, g, fd.FullWidth, k, time)
				exact := func(j []int) func(x []float64) float64 { return c.p.cosine(k, time, j) }
				whole := worstDerivative(t, g, fd.FullWidth, half, u, exact)
				inside := worstDerivative(t, g, fd.FullWidth, 0.75*half, u, exact)
				t.Logf("N = %d: %.2g, inside %.2g", n, whole, inside)
				for m, e := range whole {
					// Twenty times less with four nodes more, down to the floor.
					if i > 0 && e > max(last[m]/20, c.floor) {
						t.Errorf("N = %d: error %.3g of |J| = %d after %.3g", n, e, m, last[m])
					}
				}
				last = whole
				if i == len(c.nodes)-1 && !(whole[4] <= c.floor && inside[4] <= c.inside) {
					t.Errorf("N = %d: |J| = 4 to %.3g and, inside, %.3g", n, whole[4], inside[4])
				}
			}
		})
	}
}
