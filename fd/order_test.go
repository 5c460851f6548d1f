package fd_test

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/fd"
	"kolmo/grid"
)

// derivativeError returns the sup norm and the L2 norm (as a mean) of the error of
// derivative m of f over the nodes but the first and last skip; exact is the
// derivative.
func derivativeError(t *testing.T, a *grid.Axis, m, order, skip int, f, exact func(float64) float64) (sup, l2 float64) {
	d := derivative(t, a, m, order)
	n := a.Len()
	u, du := a.Nodes(), make([]float64, n)
	for i, x := range u {
		u[i] = f(x)
	}
	d.MulTo(du, u, 1, 1)
	length := 0.0
	for i := skip; i < n-skip; i++ {
		e := math.Abs(du[i] - exact(a.Node(i)))
		h := (a.Node(min(i+1, n-1)) - a.Node(max(i-1, 0))) / 2
		sup = max(sup, e)
		l2, length = l2+h*e*e, length+h
	}
	return sup, math.Sqrt(l2 / length)
}

// fitOrder returns the fitted orders in both norms over axes on [-1,1] with the
// given numbers of intervals, but for the given part of them at either end, whose
// number should be whole: then the same points are looked at on all axes. bends are
// the powers of h whose relative corrections are fitted, too.
func fitOrder(t *testing.T, kind grid.Kind, intervals []int, part float64, bends []float64, m, order int, f, exact func(float64) float64) (sup, l2 float64) {
	var logH, logSup, logL2 []float64
	for _, n := range intervals {
		a := newAxis(t, kind, n+1, -1, 1)
		if kind == grid.KindSinh { // spacings in the ratio of sqrt(2) are asymptotic early
			var err error
			if a, err = grid.Sinh("x", n+1, -1, 1, 0, 1); err != nil {
				t.Fatal(err)
			}
		}
		s, l := derivativeError(t, a, m, order, int(math.Round(part*float64(n))), f, exact)
		t.Logf("n=%4d sup %.2e L2 %.2e", n+1, s, l)
		logH = append(logH, -math.Log(float64(n)))
		logSup, logL2 = append(logSup, math.Log(s)), append(logL2, math.Log(l))
	}
	return bentSlope(t, logH, logSup, bends...), bentSlope(t, logH, logL2, bends...)
}

// bentSlope returns p of the least-squares fit y = c + p x + sum_k b_k exp(k x):
// the order, for x = log h, where relative corrections of the powers h^k are large.
func bentSlope(t *testing.T, x, y []float64, powers ...float64) float64 {
	a, rhs := mat.NewDense(len(x), 2+len(powers), nil), mat.NewDense(len(x), 1, y)
	for i, v := range x {
		a.Set(i, 0, 1)
		a.Set(i, 1, v)
		for j, k := range powers {
			a.Set(i, 2+j, math.Exp(k*v))
		}
	}
	var c mat.Dense
	if err := c.Solve(a, rhs); err != nil {
		t.Fatal(err)
	}
	return c.At(1, 0)
}

// steps returns from, from+by, .. up to to.
func steps(from, by, to int) (n []int) {
	for v := from; v <= to; v += by {
		n = append(n, v)
	}
	return n
}

// wave returns cos(k x) and its derivative m.
func wave(k float64, m int) (f, exact func(float64) float64) {
	f = func(x float64) float64 { return math.Cos(k * x) }
	exact = func(x float64) float64 { return math.Pow(k, float64(m)) * math.Cos(k*x+float64(m)*math.Pi/2) }
	return f, exact
}

// power returns cos(x) + x^(p+m) + x^(p+m+1)/8, p the order, and its derivative m.
// The powers make the derivative p+m, to which the error is proportional, large and
// slowly varying: the order shows well above rounding.
func power(m, order int) (f, exact func(float64) float64) {
	q := float64(order + m)
	c, dc := wave(1, m)
	f = func(x float64) float64 { return c(x) + math.Pow(x, q) + math.Pow(x, q+1)/8 }
	exact = func(x float64) float64 {
		return dc(x) + falling(q, m)*math.Pow(x, q-float64(m)) + falling(q+1, m)/8*math.Pow(x, q+1-float64(m))
	}
	return f, exact
}

// falling returns q (q-1) .. (q-m+1), which derivative m puts before x^(q-m).
func falling(q float64, m int) float64 {
	p := 1.0
	for k := range m {
		p *= q - float64(k)
	}
	return p
}

// Where the closures do not reach, on the inner half of the nodes, the order is that of the centred formula, in both norms.
func TestOrderOfCentredRows(t *testing.T) {
	t.Parallel()
	for m := 1; m <= fd.MaxDerivative; m++ {
		for _, order := range orders {
			t.Run(fmt.Sprintf("d%d-order%d", m, order), func(t *testing.T) {
				t.Parallel()
				f, exact := wave(6, m)
				sup, l2 := fitOrder(t, grid.KindUniform, steps(24, 4, 48), 0.25, nil, m, order, f, exact)
				if want := float64(order); !(math.Abs(sup-want) <= 0.15 && math.Abs(l2-want) <= 0.15) {
					t.Errorf("orders %.3f (sup) and %.3f (L2), want %d", sup, l2, order)
				}
			})
		}
	}
}

// With the one-sided closures the order stays in the sup norm, on equidistant nodes
// and on those of the sinh map. The closures are order rows with a large error, so
// L2 lies between h^p and h^(p+1/2). Windows on one side have corrections of every
// power of h; two are fitted.
func TestOrderToTheEnds(t *testing.T) {
	t.Parallel()
	for _, kind := range []grid.Kind{grid.KindUniform, grid.KindSinh} {
		for m := 1; m <= fd.MaxDerivative; m++ {
			for _, order := range orders {
				t.Run(fmt.Sprintf("%v-d%d-order%d", kind, m, order), func(t *testing.T) {
					t.Parallel()
					p := float64(order)
					f, exact := power(m, order)
					intervals := steps(40, 5, 100)
					if order == 10 || order == 8 && kind == grid.KindUniform { // above rounding
						intervals = steps(28, 4, 56)
					}
					sup, l2 := fitOrder(t, kind, intervals, 0, []float64{1, 2}, m, order, f, exact)
					if !(math.Abs(sup-p) <= 0.15 && p-0.15 <= l2 && l2 <= p+0.65) {
						t.Errorf("orders %.3f (sup) and %.3f (L2), want %d", sup, l2, order)
					}
				})
			}
		}
	}
}

// On clustered axes neighbouring nodes lie ever closer to equidistant, so that the
// order in the number of nodes is the same, also where the centred second and
// fourth derivatives are exact for one degree less: on the inner three fifths of the
// nodes, and for a Chebyshev axis on all where rounding allows. It does not for the
// third and fourth derivatives and high orders: next to the ends rounding grows as
// n^(2m); every row there is in TestErrorOfTheNextPower.
func TestOrderOnClusteredNodes(t *testing.T) {
	t.Parallel()
	for _, kind := range []grid.Kind{grid.KindChebyshev, grid.KindSinh} {
		for m := 1; m <= fd.MaxDerivative; m++ {
			for _, order := range orders {
				t.Run(fmt.Sprintf("%v-d%d-order%d", kind, m, order), func(t *testing.T) {
					t.Parallel()
					intervals, part, bends := steps(60, 20, 160), 0.2, []float64(nil)
					switch { // above rounding, which grows as n^m
					case order == 10 && kind == grid.KindSinh:
						intervals = steps(45, 5, 70)
					case order == 10:
						intervals, bends = steps(50, 5, 95), []float64{2}
					case order == 8:
						intervals = steps(45, 10, 95)
					}
					if kind == grid.KindChebyshev && (m == 1 || m == 2 && order <= 6) {
						part = 0
					}
					f, exact := power(m, order)
					sup, l2 := fitOrder(t, kind, intervals, part, bends, m, order, f, exact)
					if want := float64(order); !(math.Abs(sup-want) <= 0.15 && math.Abs(l2-want) <= 0.15) {
						t.Errorf("orders %.3f (sup) and %.3f (L2), want %d", sup, l2, order)
					}
				})
			}
		}
	}
}

// For x^w, w the number of nodes of a row, the error of derivative m at x_i is
// minus that of prod (x - x_j): exact in every row, for every order, derivative and
// kind.
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
			got := 0.0
			for j, c := range row {
				got += c * math.Pow(s(j), w)
			}
			var taylor [fd.MaxDerivative]float64 // of prod_{j != i} (s_i + y - s_j) in y
			taylor[0] = 1
			for j := base; j < base+width; j++ {
				if j != i {
					for k := len(taylor) - 1; k > 0; k-- {
						taylor[k] = taylor[k]*(s(i)-s(j)) + taylor[k-1]
					}
					taylor[0] *= s(i) - s(j)
				}
			}
			want := falling(w, m)*math.Pow(s(i), w-float64(m)) - falling(float64(m), m)*taylor[m-1]
			want /= math.Pow(half, float64(m))
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
			sup, l2 := derivativeError(t, a, m, fd.FullWidth, 0, f, exact)
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
