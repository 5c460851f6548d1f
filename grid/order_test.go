package grid_test

import (
	"fmt"
	"math"
	"testing"

	"kolmo/grid"
)

// perCell is the number of points between neighbouring nodes at which errors of
// interpolation are measured; the same fractions on every grid.
const perCell = 6

// interpolationError returns the sup and the L2 norm of the interpolant's error
// over the cells more than skip nodes away from the ends, with width nodes.
func interpolationError(a *grid.Axis, width, skip int, f func(float64) float64) (sup, l2 float64) {
	w := make([]float64, a.Width(width))
	u := a.Nodes()
	for i, x := range u {
		u[i] = f(x)
	}
	for i := 1 + skip; i < a.Len()-skip; i++ {
		h := (a.Node(i) - a.Node(i-1)) / perCell
		for p := range perCell {
			x := a.Node(i-1) + (float64(p)+0.5)*h
			base := a.WindowTo(w, x, width)
			sum := 0.0
			for j, c := range w {
				sum += c * u[base+j]
			}
			e := math.Abs(sum - f(x))
			sup = max(sup, e)
			l2 += h * e * e
		}
	}
	return sup, math.Sqrt(l2)
}

// fitOrder returns the fitted orders in both norms over six uniform axes, the
// first with n intervals, refined by the given factor. The cosine has an extremum
// at both ends, so that the windows there reach their order early. All errors
// must be well above rounding.
func fitOrder(t *testing.T, n, width, skip int, refine float64) (sup, l2 float64) {
	var logH, logSup, logL2 []float64
	for r := range 6 {
		n := int(float64(n)*math.Pow(refine, float64(r))) + 1
		a := newAxis(t, grid.KindUniform, n, 0, 1)
		s, l := interpolationError(a, width, skip, func(x float64) float64 { return math.Cos(4 * math.Pi * x) })
		t.Logf("n=%4d sup %.2e L2 %.2e", n, s, l)
		logH = append(logH, -math.Log(float64(n-1)))
		logSup, logL2 = append(logSup, math.Log(s)), append(logL2, math.Log(l))
	}
	return slope(logH, logSup), slope(logH, logL2)
}

// Interpolation through w equidistant nodes has order w: between centred windows.
func TestInterpolationOrderIsWidthInside(t *testing.T) {
	t.Parallel()
	for _, width := range []int{2, 4, 6, 8, 10} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			sup, l2 := fitOrder(t, 32, width, width/2, 1.25)
			if want := float64(width); !(math.Abs(sup-want) <= 0.15 && math.Abs(l2-want) <= 0.15) {
				t.Errorf("orders %.3f (sup) and %.3f (L2), want %d", sup, l2, width)
			}
		})
	}
}

// With the one-sided windows at the ends the order stays w in the sup norm. These
// are few, so L2 lies between h^w and h^(w+1/2). Width 10 reaches its order at the
// ends only where rounding begins: TestInterpolationErrorOfTheNextPower has it.
func TestInterpolationOrderIsWidthToTheEnds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ width, n int }{{2, 40}, {4, 60}, {6, 120}, {8, 160}} {
		t.Run(fmt.Sprint(c.width), func(t *testing.T) {
			t.Parallel()
			sup, l2 := fitOrder(t, c.n, c.width, 0, 1.2)
			if want := float64(c.width); !(math.Abs(sup-want) <= 0.15 && want-0.15 <= l2 && l2 <= want+0.65) {
				t.Errorf("orders %.3f (sup) and %.3f (L2), want %d", sup, l2, c.width)
			}
		})
	}
}

// The error of x^w through w nodes is prod (x - x_i), in every cell, outside the
// axis, and for both kinds.
func TestInterpolationErrorOfTheNextPower(t *testing.T) {
	t.Parallel()
	eachWindow(t, 12, func(t *testing.T, a *grid.Axis, x float64, base int, w []float64) {
		want, got := 1.0, math.Pow(x, float64(len(w)))
		for i, c := range w {
			want *= x - a.Node(base+i)
			got -= c * math.Pow(a.Node(base+i), float64(len(w)))
		}
		size := math.Pow(a.Hi(), float64(len(w)))
		if tol := 4e-15 * float64(len(w)) * size * absSum(w); !(math.Abs(got-want) <= tol) {
			t.Fatalf("x=%v: error %v, want %v (tolerance %g)", x, got, want, tol)
		}
	})
}

// On Chebyshev axes the error of 1/(1+4x^2), with poles at +-i/2, falls as
// rho^-n, rho = 1/2 + sqrt(1/4 + 1) (Trefethen, Approximation Theory and
// Approximation Practice, 2013, theorem 8.2).
func TestChebyshevConvergesGeometrically(t *testing.T) {
	t.Parallel()
	rho := 0.5 + math.Sqrt(1.25)
	var n, logSup []float64
	for nodes := 11; nodes <= 61; nodes += 10 {
		a := newAxis(t, grid.KindChebyshev, nodes, -1, 1)
		sup, _ := interpolationError(a, 0, 0, func(x float64) float64 { return 1 / (1 + 4*x*x) })
		t.Logf("n=%d sup %.2e", nodes, sup)
		n, logSup = append(n, float64(nodes)), append(logSup, math.Log(sup))
	}
	if got := -slope(n, logSup); math.Abs(got-math.Log(rho)) > 0.03*math.Log(rho) {
		t.Errorf("the error falls as exp(-%.4f n), want %.4f", got, math.Log(rho))
	}
}

// Local windows on clustered nodes have order w in the number of nodes, too, in
// both norms, measured where all windows are centred: but for the same fraction of
// the cells at either end.
func TestInterpolationOrderIsWidthOnClusteredNodes(t *testing.T) {
	t.Parallel()
	for _, kind := range []grid.Kind{grid.KindChebyshev, grid.KindSinh} {
		for _, width := range []int{4, 6, 8} {
			var logN, logSup, logL2 []float64
			for r := range 6 {
				n := int(math.Round(50*math.Pow(2, float64(r)/2))) + 1
				a := newAxis(t, kind, n, -1, 1.5)
				sup, l2 := interpolationError(a, width, n*3/20, func(x float64) float64 { return math.Sin(5*x + 0.3) })
				t.Logf("%v width %d n=%d sup %.2e L2 %.2e", kind, width, n, sup, l2)
				logN = append(logN, -math.Log(float64(n-1)))
				logSup, logL2 = append(logSup, math.Log(sup)), append(logL2, math.Log(l2))
			}
			if s, l := slope(logN, logSup), slope(logN, logL2); math.Abs(s-float64(width)) > 0.15 || math.Abs(l-float64(width)) > 0.15 {
				t.Errorf("%v width %d: orders %.3f (sup) and %.3f (L2)", kind, width, s, l)
			}
		}
	}
}
