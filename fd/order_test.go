package fd_test

import (
	"fmt"
	"math"
	"testing"

	"kolmo/fd"
	"kolmo/grid"
)

// derivativeError returns the sup norm and the L2 norm (as a mean) of the error of
// derivative m of f over the nodes |x| <= reach; exact is the derivative.
func derivativeError(t *testing.T, a *grid.Axis, m, order int, reach float64, f, exact func(float64) float64) (sup, l2 float64) {
	d := derivative(t, a, m, order)
	n := a.Len()
	u, du := a.Nodes(), make([]float64, n)
	for i, x := range u {
		u[i] = f(x)
	}
	d.MulTo(du, u, 1, 1)
	length := 0.0
	for i := range n {
		x := a.Node(i)
		if math.Abs(x) > reach {
			continue
		}
		e := math.Abs(du[i] - exact(x))
		h := (a.Node(min(i+1, n-1)) - a.Node(max(i-1, 0))) / 2
		sup = max(sup, e)
		l2, length = l2+h*e*e, length+h
	}
	return sup, math.Sqrt(l2 / length)
}

// fitOrder returns the fitted orders in both norms over six axes on [-1,1], the
// first with n intervals, refined by the given factor.
func fitOrder(t *testing.T, kind grid.Kind, n int, refine float64, m, order int, reach float64, f, exact func(float64) float64) (sup, l2 float64) {
	var logH, logSup, logL2 []float64
	for r := range 6 {
		intervals := int(float64(n) * math.Pow(refine, float64(r)))
		a := newAxis(t, kind, intervals+1, -1, 1)
		s, l := derivativeError(t, a, m, order, reach, f, exact)
		t.Logf("n=%4d sup %.2e L2 %.2e", intervals+1, s, l)
		logH = append(logH, -math.Log(float64(intervals)))
		logSup, logL2 = append(logSup, math.Log(s)), append(logL2, math.Log(l))
	}
	return slope(logH, logSup), slope(logH, logL2)
}

// cosine returns cos(k x) and its derivative m = 1 or 2.
func cosine(k float64, m int) (f, exact func(float64) float64) {
	f = func(x float64) float64 { return math.Cos(k * x) }
	if m == 1 {
		return f, func(x float64) float64 { return -k * math.Sin(k*x) }
	}
	return f, func(x float64) float64 { return -k * k * math.Cos(k*x) }
}

// Where the closures do not reach, at |x| <= 0.58 on 26 nodes or more, the order
// is that of the centred formula, in both norms.
func TestOrderOfCentredRows(t *testing.T) {
	t.Parallel()
	for m := 1; m <= 2; m++ {
		for _, order := range orders {
			t.Run(fmt.Sprintf("d%d-order%d", m, order), func(t *testing.T) {
				t.Parallel()
				f, exact := cosine(6, m)
				sup, l2 := fitOrder(t, grid.KindUniform, 25, 1.22, m, order, 0.58, f, exact)
				if want := float64(order); !(math.Abs(sup-want) <= 0.15 && math.Abs(l2-want) <= 0.15) {
					t.Errorf("orders %.3f (sup) and %.3f (L2), want %d", sup, l2, order)
				}
			})
		}
	}
}

// With the one-sided closures the order stays in the sup norm. The closures are
// order rows with a large error, so L2 lies between h^p and h^(p+1/2). The powers
// of x make the derivatives p+1 and p+2, to which the error is proportional,
// large and slowly varying: the order shows well above rounding.
func TestOrderToTheEnds(t *testing.T) {
	t.Parallel()
	for m := 1; m <= 2; m++ {
		for _, order := range orders {
			t.Run(fmt.Sprintf("d%d-order%d", m, order), func(t *testing.T) {
				t.Parallel()
				p := float64(order)
				c, dc := cosine(1, m)
				f := func(x float64) float64 {
					return c(x) + math.Pow(x, p+1) + math.Pow(x, p+2)/8
				}
				exact := func(x float64) float64 {
					if m == 1 {
						return dc(x) + (p+1)*math.Pow(x, p) + (p+2)/8*math.Pow(x, p+1)
					}
					return dc(x) + (p+1)*p*math.Pow(x, p-1) + (p+2)*(p+1)/8*math.Pow(x, p)
				}
				sup, l2 := fitOrder(t, grid.KindUniform, 30, 1.2, m, order, 1, f, exact)
				if !(math.Abs(sup-p) <= 0.15 && p-0.15 <= l2 && l2 <= p+0.65) {
					t.Errorf("orders %.3f (sup) and %.3f (L2), want %d", sup, l2, order)
				}
			})
		}
	}
}

// On Chebyshev axes neighbouring nodes lie ever closer to equidistant, except
// near the ends, where they are much denser: the order in the number of nodes is
// the same, also where the centred second derivative is exact for one degree
// less.
func TestOrderOnClusteredNodes(t *testing.T) {
	t.Parallel()
	for m := 1; m <= 2; m++ {
		for _, order := range []int{2, 4, 6, 8} {
			t.Run(fmt.Sprintf("d%d-order%d", m, order), func(t *testing.T) {
				t.Parallel()
				f, exact := cosine(6, m)
				sup, l2 := fitOrder(t, grid.KindChebyshev, 50, 1.2, m, order, 1, f, exact)
				if want := float64(order); !(math.Abs(sup-want) <= 0.15 && math.Abs(l2-want) <= 0.15) {
					t.Errorf("orders %.3f (sup) and %.3f (L2), want %d", sup, l2, order)
				}
			})
		}
	}
}

// For x^w, w the number of nodes of a row, the error of derivative m at x_i is
// minus that of prod (x - x_j): exact in every row, for every order.
func TestErrorOfTheNextPower(t *testing.T) {
	t.Parallel()
	const n = 14
	eachDerivative(t, n, func(t *testing.T, a *grid.Axis, m, order int, d *grid.AxisMatrix) {
		half := (a.Hi() - a.Lo()) / 2
		mid := (a.Hi() + a.Lo()) / 2
		for i := range n {
			base, width := window(n, m, order, i)
			row, w := rowOf(d, i), float64(width)
			// In s = (x-mid)/half, whose powers stay below one.
			s := func(j int) float64 { return (a.Node(j) - mid) / half }
			got, exact := 0.0, w*math.Pow(s(i), w-1)/half
			if m == 2 {
				exact = w * (w - 1) * math.Pow(s(i), w-2) / (half * half)
			}
			for j, c := range row {
				got += c * math.Pow(s(j), w)
			}
			first, second := 1.0, 0.0 // of prod_{j != i} (s - s_j) at s_i: value, slope
			for j := base; j < base+width; j++ {
				if j != i {
					second = second*(s(i)-s(j)) + first
					first *= s(i) - s(j)
				}
			}
			want := exact - first/half
			if m == 2 {
				want = exact - 2*second/(half*half)
			}
			if tol := 2e-13 * absSum(row); !(math.Abs(got-want) <= tol) {
				t.Errorf("row %d: %v, want %v (tolerance %g)", i, got, want, tol)
			}
		}
	})
}

// The error of the derivatives of 1/(1+4x^2), with poles at +-i/2, falls as
// rho^-n, rho = 1/2 + sqrt(1/4 + 1) (Trefethen 2000, chapter 5), times the size of
// derivative m of the nodal polynomial (1-x^2) U_{n-2}(x) at the nodes: n^(2m-1) at
// the ends, n^m in the mean.
func TestCollocationConvergesGeometrically(t *testing.T) {
	t.Parallel()
	rate := math.Log(0.5 + math.Sqrt(1.25))
	f := func(x float64) float64 { return 1 / (1 + 4*x*x) }
	for m, exact := range map[int]func(float64) float64{
		1: func(x float64) float64 { return -8 * x * f(x) * f(x) },
		2: func(x float64) float64 { return (96*x*x - 8) * f(x) * f(x) * f(x) },
	} {
		var n, logSup, logL2 []float64
		for nodes := 15; nodes <= 51; nodes += 6 {
			a := newAxis(t, grid.KindChebyshev, nodes, -1, 1)
			sup, l2 := derivativeError(t, a, m, fd.FullWidth, 1, f, exact)
			t.Logf("m=%d n=%d sup %.2e L2 %.2e", m, nodes, sup, l2)
			n = append(n, float64(nodes))
			logSup = append(logSup, math.Log(sup)-float64(2*m-1)*math.Log(float64(nodes)))
			logL2 = append(logL2, math.Log(l2)-float64(m)*math.Log(float64(nodes)))
		}
		for norm, y := range map[string][]float64{"sup": logSup, "L2": logL2} {
			if got := -slope(n, y); !(math.Abs(got-rate) <= 0.02*rate) {
				t.Errorf("derivative %d, %s: falls as exp(-%.4f n), want %.4f", m, norm, got, rate)
			}
		}
	}
}
