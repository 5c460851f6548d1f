package fd_test

import (
	"fmt"
	"math"
	"testing"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/internal/slow"
)

// orders are the orders of accuracy that the studies may ask for.
var orders = []int{2, 4, 6, 8, 10}

// eachDerivative calls check for all kinds of axes of n nodes, every order, full
// width included, and all derivatives.
func eachDerivative(t *testing.T, n int, check func(t *testing.T, a *grid.Axis, m, order int, d *grid.AxisMatrix)) {
	for _, kind := range kinds {
		for m := 1; m <= fd.MaxDerivative; m++ {
			for _, order := range append([]int{fd.FullWidth}, orders...) {
				t.Run(fmt.Sprintf("%v-d%d-order%d", kind, m, order), func(t *testing.T) {
					t.Parallel()
					a := newAxis(t, kind, n, -1.25, 2)
					check(t, a, m, order, derivative(t, a, m, order))
				})
			}
		}
	}
}

// window returns the nodes that row i of derivative m must use: order+1 or order+3
// centred ones inside, order+m at the ends.
func window(n, m, order, i int) (base, width int) {
	half := order / 2
	if m > 2 {
		half++
	}
	switch {
	case order == fd.FullWidth:
		return 0, n
	case i < half:
		return 0, order + m
	case i >= n-half:
		return n - order - m, order + m
	}
	return i - half, 2*half + 1
}

func TestWeightsAgainstRationalVandermonde(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const n = 14
	eachDerivative(t, n, func(t *testing.T, a *grid.Axis, m, order int, d *grid.AxisMatrix) {
		for i := range n {
			base, width := window(n, m, order, i)
			want := make([]float64, n)
			copy(want[base:], vandermonde(m, a.Node(i), a.Nodes()[base:base+width]))
			got := rowOf(d, i)
			if e := maxDiff(got, want); !(e <= 2e-13*absSum(want)) {
				t.Errorf("row %d is off by %g:\n%v, want\n%v", i, e, got, want)
			}
		}
	})
}

func TestRowsSumToZero(t *testing.T) {
	t.Parallel()
	eachDerivative(t, 24, func(t *testing.T, a *grid.Axis, _, _ int, d *grid.AxisMatrix) {
		for i := range a.Len() {
			sum, row := 0.0, rowOf(d, i)
			for _, v := range row {
				sum += v
			}
			if !(math.Abs(sum) <= 4e-16*absSum(row)) {
				t.Errorf("row %d sums to %g, the sizes to %g", i, sum, absSum(row))
			}
		}
	})
}

// Degree order+m-1 is exact in every row on a uniform axis, the one-sided ones at
// the ends included; a centred second derivative on unequal nodes loses one.
func TestExactOnPolynomials(t *testing.T) {
	t.Parallel()
	const n = 18
	eachDerivative(t, n, func(t *testing.T, a *grid.Axis, m, order int, d *grid.AxisMatrix) {
		// Powers of s in [-1,1] about the middle; ds/dx = 1/half.
		mid, half := (a.Lo()+a.Hi())/2, (a.Hi()-a.Lo())/2
		for i := range n {
			row := rowOf(d, i)
			_, width := window(n, m, order, i)
			degree := width - 1
			if a.Kind() == grid.KindUniform && width < order+m {
				degree++ // the even derivatives' centred rows are symmetric
			}
			for k := range degree + 1 {
				got, want := 0.0, 1.0
				for j, w := range row {
					got += w * math.Pow((a.Node(j)-mid)/half, float64(k))
				}
				for q := range m {
					want *= float64(k-q) / half
				}
				if want != 0 {
					want *= math.Pow((a.Node(i)-mid)/half, float64(k-m))
				}
				if tol := 2e-13 * absSum(row); !(math.Abs(got-want) <= tol) {
					t.Errorf("row %d degree %d: %v, want %v (tolerance %g)", i, k, got, want, tol)
				}
			}
		}
	})
}

// Rows mirror under x -> -x, odd for the first derivative, so that a symmetric
// problem stays symmetric.
func TestRowsMirror(t *testing.T) {
	t.Parallel()
	for _, kind := range []grid.Kind{grid.KindUniform, grid.KindChebyshev, grid.KindSinh} {
		for m := 1; m <= fd.MaxDerivative; m++ {
			for _, order := range append([]int{fd.FullWidth}, orders...) {
				const n = 17
				d := derivative(t, newAxis(t, kind, n, -1, 1), m, order)
				sign := float64(1 - 2*(m%2))
				for i := range n {
					row, mirror := rowOf(d, i), rowOf(d, n-1-i)
					for j, v := range row {
						if !(math.Abs(v-sign*mirror[n-1-j]) <= 1e-13*absSum(row)) {
							t.Errorf("%v derivative %d order %d: entry (%d,%d) is %v, its mirror image %v", kind, m, order, i, j, v, mirror[n-1-j])
						}
					}
				}
			}
		}
	}
}

func TestDerivativeRefuses(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		for _, c := range []struct {
			name        string
			n, m, order int
			ok          bool
		}{
			{"derivative 0", 20, 0, 4, false},
			{"negative derivative", 20, -1, 4, false},
			{"derivative 5", 20, 5, 4, false},
			{"odd order", 20, 1, 3, false},
			{"order 1", 20, 1, 1, false},
			{"negative order", 20, 1, -2, false},
			{"one node too few", 8, 1, 8, false},
			{"just enough", 9, 1, 8, true},
			{"one node too few for the second", 9, 2, 8, false},
			{"just enough for the second", 10, 2, 8, true},
			{"one node too few for the fourth", 13, 4, 10, false},
			{"just enough for the third", 13, 3, 10, true},
			{"just enough for the fourth", 14, 4, 10, true},
			{"fourth derivative of a cubic", 4, 4, fd.FullWidth, false},
			{"full width of two nodes", 2, 1, fd.FullWidth, true},
			{"second derivative of a line", 2, 2, fd.FullWidth, false},
			{"second derivative of a parabola", 3, 2, fd.FullWidth, true},
		} {
			if _, err := fd.Derivative(newAxis(t, kind, c.n, 0, 1), c.m, c.order); (err == nil) != c.ok {
				t.Errorf("%v %s: error %v", kind, c.name, err)
			}
		}
	}
}

// The weights act on every axis of a field as on a single line.
func TestDerivativeAlongEveryAxis(t *testing.T) {
	t.Parallel()
	g, err := grid.Box(grid.KindUniform, []int{13, 14, 16}, []float64{0, 0.5, -0.5}, 1)
	if err != nil {
		t.Fatal(err)
	}
	// u = x1^3 x2^2 x3^4 and its exact derivatives.
	power := [grid.MaxDim]float64{3, 2, 4}
	exact := func(x []float64, k, m int) float64 {
		v := 1.0
		for j, p := range power {
			if j != k {
				v *= math.Pow(x[j], p)
				continue
			}
			for q := range m {
				v *= p - float64(q)
			}
			if p >= float64(m) {
				v *= math.Pow(x[j], p-float64(m))
			}
		}
		return v
	}
	u, du, x := make([]float64, g.Len()), make([]float64, g.Len()), make([]float64, g.Dim())
	for i := range u {
		g.PointTo(x, i)
		u[i] = exact(x, 0, 0)
	}
	for k := range g.Dim() {
		for m := 1; m <= fd.MaxDerivative; m++ {
			d := derivative(t, g.Axis(k), m, 6)
			inner := g.Stride(k)
			d.MulTo(du, u, g.Len()/(inner*g.Axis(k).Len()), inner)
			for i := range du {
				g.PointTo(x, i)
				if want := exact(x, k, m); !(math.Abs(du[i]-want) <= 1e-10*math.Pow(20, float64(max(0, m-2)))) {
					t.Fatalf("axis %d derivative %d at %v: %v, want %v", k, m, x, du[i], want)
				}
			}
		}
	}
}
