package kolmogorov

import (
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/internal/slow"
)

// The derivatives at 0 for f(x;xi) = x^2/2 + 2 xi cos x, xi = +-1, whose second-order
// model L = -(1+eta/2) x d + 2 eta sin^2 x d^2 maps those up to any order to themselves:
//
//	d/dt u^(k)(0) = -(k (1+eta/2) - 2 eta k (k-1)) u^(k)(0)  (- 16 eta u''(0) for k = 4).

// jetMatrix is the matrix of that system for k = 1 .. 4.
func jetMatrix(eta float64) *mat.Dense {
	m := mat.NewDense(4, 4, nil)
	for i := range 4 {
		k := float64(i + 1)
		m.Set(i, i, -(k*(1+eta/2) - 2*eta*k*(k-1)))
	}
	m.Set(3, 1, -16*eta)
	return m
}

// jetAt returns u^(k)(0,t), k = 1 .. 4.
func jetAt(eta, t float64, start [4]float64) (jet [4]float64) {
	m := jetMatrix(eta)
	m.Scale(t, m)
	m.Exp(m)
	for i := range jet {
		for j, v := range start {
			jet[i] += m.At(i, j) * v
		}
	}
	return jet
}

// The system is that of L on Taylor polynomials, and the exponential is the solution
// worked out by hand.
func TestJetSystem(t *testing.T) {
	t.Parallel()
	factorial := [...]float64{1, 1, 2, 6, 24}
	for _, eta := range []float64{1.0 / 4, 1.0 / 16, 1.0 / 128} {
		m := jetMatrix(eta)
		sine := poly{{2}: 1, {4}: -1.0 / 3} // sin^2 x up to x^5
		for j := 1; j <= 4; j++ {
			v := poly{{j}: 1 / factorial[j]}
			image := monomial(0).times(v.diff(0)).plus(-2*eta/(1+eta/2), sine.times(v.diff(0).diff(0)))
			for k := 1; k <= 4; k++ {
				want := -(1 + eta/2) * image[[3]int{k}] * factorial[k]
				if got := m.At(k-1, j-1); math.Abs(got-want) > 1e-14 {
					t.Errorf("eta = %g: entry (%d,%d) is %g, want %g", eta, k, j, got, want)
				}
			}
		}
		const time = 1.3
		two, four := m.At(1, 1), m.At(3, 3)
		want := 0.7*math.Exp(four*time) - 16*eta*0.4*(math.Exp(two*time)-math.Exp(four*time))/(two-four)
		if got := jetAt(eta, time, [4]float64{0, 0.4, 0, 0.7}); math.Abs(got[3]-want) > 1e-13 {
			t.Errorf("eta = %g: u'''' = %.15g, by hand %.15g", eta, got[3], want)
		}
	}
	if four := jetMatrix(0.25).At(3, 3); four != 1.5 {
		t.Errorf("at eta = 1/4 the fourth derivative has the rate %g, want 6 - 4.5", four)
	}
}

// jetCases are observables with their derivatives at 0. Their value at 0 is taken off:
// L 1 = 0, and the rounding of a constant would come back times h^-4.
var jetCases = []struct {
	name  string
	phi   func(x []float64) float64
	start [4]float64
}{
	{"x^2/2", func(x []float64) float64 { return x[0] * x[0] / 2 }, [4]float64{0, 1, 0, 0}},
	{"cos x", func(x []float64) float64 { s := math.Sin(x[0] / 2); return -2 * s * s }, [4]float64{0, -1, 0, 1}},
	{"exp(x/2)", func(x []float64) float64 { return math.Expm1(x[0] / 2) }, [4]float64{0.5, 0.25, 0.125, 0.0625}},
}

// jetOn returns the largest error at 0 of the first four derivatives after the given
// numbers of steps, by observable: errs[i][case][k-1].
func jetOn(t *testing.T, axis *grid.Axis, order, at int, eta, step float64, steps []int) (errs [][][4]float64) {
	t.Helper()
	g, err := grid.New(axis)
	if err != nil {
		t.Fatal(err)
	}
	var fields [][]float64
	for _, c := range jetCases {
		fields = append(fields, sample(g, c.phi))
	}
	out := block(steps[len(steps)-1], len(fields), g.Len())
	op := newOperator(t, g, trigCoefficients(g, eta), order)
	if err := advance(NewPolynomial(op, step), out, fields); err != nil {
		t.Fatal(err)
	}
	var ds [4]*Derivative
	for k := range ds {
		if ds[k], err = NewDerivative(g, []int{k + 1}, order); err != nil {
			t.Fatal(err)
		}
	}
	v := make([]float64, g.Len())
	for _, j := range steps {
		row := make([][4]float64, len(jetCases))
		for f, c := range jetCases {
			want := jetAt(eta, step*float64(j), c.start)
			for k, d := range ds {
				d.ApplyTo(v, out[j-1][f])
				row[f][k] = math.Abs(v[at] - want[k])
			}
		}
		errs = append(errs, row)
	}
	return errs
}

func axisOf(t *testing.T, a *grid.Axis, err error) *grid.Axis {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// d^k u(0,t), k = 1 .. 4, at t = 1, 2, 4 to 1e-6, by collocation and by differences, at
// eta = 1/16 and 1/128. The boxes end where the noise vanishes: at faces with noise
// collocation with as many nodes is unstable (on [-5,5] below). It vanishes at +-pi as
// well, and paths do not leave (-pi, pi), so that collocation may take that half of
// the box for twice the resolution. It needs it: the k-th derivative at 0 grows like
// exp(2 eta k^2 t) for high k, so that u is smooth but not analytic there, and
// collocation converges with an order only.
func TestJetAtTheMinimiser(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, eta := range []float64{1.0 / 16, 1.0 / 128} {
		for _, c := range []struct {
			name   string
			kind   grid.Kind
			half   float64
			n      int
			order  int
			digits float64
		}{
			{"collocation", grid.KindChebyshev, math.Pi, 169, fd.FullWidth, 1e-6},
			{"differences of order 8", grid.KindUniform, 2 * math.Pi, 401, 8, 1e-6},
			{"differences of order 10", grid.KindUniform, 2 * math.Pi, 321, 10, 1e-6},
		} {
			steps := []int{1, 2, 4}
			for i, row := range jetOn(t, box(t, c.kind, 1, c.half, c.n).Axis(0), c.order, c.n/2, eta, 1, steps) {
				for f, errs := range row {
					t.Logf("eta = %g, %s, %s, t = %d: %.1g", eta, c.name, jetCases[f].name, steps[i], errs)
					for k, e := range errs {
						if !(e <= c.digits) {
							t.Errorf("eta = %g, %s, %s, t = %d: derivative %d is off by %.3g", eta, c.name, jetCases[f].name, steps[i], k+1, e)
						}
					}
				}
			}
		}
	}
}

// At eta = 1/4, above 1/5.5, the fourth derivative grows: Proposition 1 needs a small
// eta for it. What grows lies within |x| < exp(-2.4 t) or so, the point to which paths
// weighted with X^4 come from: axes of equal steps see nothing of it at t = 1, those
// clustered at 0 by the sinh map do, and so does collocation on [0, pi], whose nodes
// cluster at 0, at smaller times.
func TestJetGrowsAtLargeEta(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const eta, step = 0.25, 0.25
	sinh, err := grid.Sinh("x", 401, -2*math.Pi, 2*math.Pi, 0, 0.01)
	fine := jetOn(t, axisOf(t, sinh, err), 8, 200, eta, step, []int{1, 2, 3, 4})
	before := 0.0
	for i, row := range fine {
		time := step * float64(i+1)
		want := jetAt(eta, time, jetCases[0].start)[3]
		t.Logf("t = %g: u'''' = %.6g, off by %.2g", time, want, row[0][3])
		// x^2/2 alone: its values near 0 are small, and so is their rounding.
		if !(row[0][3] < 1e-6*math.Abs(want)) || !(math.Abs(want) > 1.5*before) {
			t.Errorf("t = %g: u'''' = %.9g is off by %.3g, before %.3g", time, want, row[0][3], before)
		}
		before = math.Abs(want)
	}
	half, err := grid.Chebyshev("x", 55, 0, math.Pi)
	other := jetOn(t, axisOf(t, half, err), fd.FullWidth, 0, eta, step, []int{1, 2})
	for f := range jetCases {
		if a, b := other[0][f][3], other[1][f][3]; !(a < 1e-5) || !(b < 5e-3) {
			t.Errorf("%s: collocation on half the box is off by %.3g at t = 1/4, %.3g at 1/2", jetCases[f].name, a, b)
		}
	}
	coarse := jetOn(t, box(t, grid.KindUniform, 1, 2*math.Pi, 161).Axis(0), 8, 80, eta, step, []int{4})
	if e := coarse[0][0][3]; e < 0.1 {
		t.Errorf("161 nodes of equal steps resolve the growth to %.3g", e)
	}
	// With the faces at +-5, where there is noise.
	op := func() *Operator {
		g := box(t, grid.KindChebyshev, 1, 5, 65)
		return newOperator(t, g, trigCoefficients(g, eta), fd.FullWidth)
	}()
	u := [][]float64{sample(op.Grid(), jetCases[1].phi)}
	p := NewPolynomial(op, 1)
	if err := advance(p, block(4, 1, op.Len()), u); !errors.Is(err, ErrUnstable) {
		t.Errorf("collocation on [-5,5] with 65 nodes: %v, want ErrUnstable", err)
	}
}
