package kolmogorov

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mat"

	"kolmo/fd"
	"kolmo/grid"
)

// OU2D: u_t = -(B x).grad u + (eta/2) Sigma:hess u with B = (I + (eta/2) A) A and
// phi = cos(k.x) on [-3,3]^2; the error at t = 1 over |x| <= 2.
const ouEta, ouSteps, ouHalf, ouRadius = 0.1, 10, 3.0, 2.0

var (
	ouA     = mat.NewDense(2, 2, []float64{1, 0.3, 0.3, 2})
	ouSigma = mat.NewDense(2, 2, []float64{1, 0.4, 0.4, 0.5})
	ouEasy  = [2]float64{1, 0.5}
)

func ouDrift() *mat.Dense {
	var b mat.Dense
	b.Mul(ouA, ouA)
	b.Scale(ouEta/2, &b)
	b.Add(&b, ouA)
	return &b
}

// ouExact returns x -> cos(k.Mx) exp(-k.Ck/2), M = exp(-Bt) and
// C = int_0^t exp(-Bs) eta Sigma exp(-B^T s) ds, the latter by Gauss-Legendre.
func ouExact(k [2]float64, time float64) func(x []float64) float64 {
	b := ouDrift()
	flow := func(s float64) (w [2]float64) { // exp(-Bs)^T k
		var m mat.Dense
		m.Scale(-s, b)
		m.Exp(&m)
		for j := range w {
			w[j] = k[0]*m.At(0, j) + k[1]*m.At(1, j)
		}
		return w
	}
	variance := quad.Fixed(func(s float64) float64 {
		w := flow(s)
		return ouEta * (w[0]*w[0]*ouSigma.At(0, 0) + 2*w[0]*w[1]*ouSigma.At(0, 1) + w[1]*w[1]*ouSigma.At(1, 1))
	}, 0, time, 40, nil, 0)
	w := flow(time)
	return func(x []float64) float64 {
		return math.Cos(w[0]*x[0]+w[1]*x[1]) * math.Exp(-variance/2)
	}
}

func ouOperator(t testing.TB, g *grid.Grid, order int) *Operator {
	b, c := ouDrift(), new(Coefficients)
	for k := range 2 {
		c.B[k] = sample(g, func(x []float64) float64 { return -b.At(k, 0)*x[0] - b.At(k, 1)*x[1] })
		for l := k; l < 2; l++ {
			c.A[k][l] = sample(g, func([]float64) float64 { return ouEta * ouSigma.At(k, l) })
		}
	}
	return newOperator(t, g, c, order)
}

// ouError returns the sup and the mean square error over the nodes in |x| <= 2.
func ouError(t testing.TB, kind grid.Kind, n, order int) (sup, l2 float64) {
	g := box(t, kind, 2, ouHalf, n)
	p := NewPolynomial(ouOperator(t, g, order), ouEta)
	phi := sample(g, func(x []float64) float64 { return math.Cos(ouEasy[0]*x[0] + ouEasy[1]*x[1]) })
	out := block(ouSteps, 1, g.Len())
	if err := advance(p, out, [][]float64{phi}); err != nil {
		t.Fatal(err)
	}
	// The error in time is negligible beside the smallest error measured.
	if e := p.TimeError(); e > 1e-13 {
		t.Fatalf("TimeError %.3g", e)
	}
	want := sample(g, ouExact(ouEasy, ouSteps*ouEta))
	x, count := make([]float64, 2), 0
	for i, v := range out[ouSteps-1][0] {
		if g.PointTo(x, i); math.Hypot(x[0], x[1]) <= ouRadius {
			e := math.Abs(v - want[i])
			sup, l2, count = max(sup, e), l2+e*e, count+1
		}
	}
	return sup, math.Sqrt(l2 / float64(count))
}

// The accuracies 1e-4, 1e-6 and 1e-8, by three discretisations.
func TestOrnsteinUhlenbeck2DTo1e8(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		kind     grid.Kind
		n, order int
		tol      float64
	}{
		{"chebyshev", grid.KindChebyshev, 16, fd.FullWidth, 2e-10},
		{"uniform-8", grid.KindUniform, 36, 8, 1e-8},
		{"uniform-10", grid.KindUniform, 28, 10, 1e-8},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			sup, l2 := ouError(t, c.kind, c.n, c.order)
			t.Logf("N = %d: sup %.3g, L2 %.3g", c.n, sup, l2)
			if sup > c.tol || l2 > sup {
				t.Errorf("N = %d: error %.3g (L2 %.3g), want at most %.3g", c.n, sup, l2, c.tol)
			}
		})
	}
}

// Order in space on uniform axes, sup norm and L2, by at least four refinements.
func TestOrnsteinUhlenbeck2DSpaceOrder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		order int
		nodes []int
		tol   float64
	}{
		{2, []int{25, 33, 41, 49, 65}, 0.15},
		{4, []int{25, 33, 41, 49, 65}, 0.2},
		{6, []int{25, 31, 37, 43, 49}, 0.3},
		{8, []int{19, 25, 31, 37, 43}, 0.5},
		{10, []int{13, 16, 19, 22, 25}, 0.5},
	} {
		t.Run(fmt.Sprintf("order-%d", c.order), func(t *testing.T) {
			t.Parallel()
			var h, sup, l2 []float64
			for _, n := range c.nodes {
				s, l := ouError(t, grid.KindUniform, n, c.order)
				h, sup, l2 = append(h, 2*ouHalf/float64(n-1)), append(sup, s), append(l2, l)
			}
			ps, pl := slope(h, sup), slope(h, l2)
			t.Logf("orders %.3f (sup), %.3f (L2), errors %.3g", ps, pl, sup)
			if math.Abs(ps-float64(c.order)) > c.tol || math.Abs(pl-float64(c.order)) > c.tol {
				t.Errorf("orders %.3f (sup) and %.3f (L2), want %d; errors %.3g", ps, pl, c.order, sup)
			}
		})
	}
}

// Collocation converges faster than any power.
func TestOrnsteinUhlenbeck2DSpectralConvergence(t *testing.T) {
	t.Parallel()
	last := math.Inf(1)
	for _, n := range []int{8, 10, 12, 14, 16} {
		sup, _ := ouError(t, grid.KindChebyshev, n, fd.FullWidth)
		t.Logf("N = %d: %.3g", n, sup)
		if sup > last/8 {
			t.Errorf("N = %d: error %.3g after %.3g with two nodes fewer", n, sup, last)
		}
		last = sup
	}
}
