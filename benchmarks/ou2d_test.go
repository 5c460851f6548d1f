package benchmarks

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/kolmogorov"
)

// OU2D: u_t = -(Bx).grad u + (eta/2) Sigma:hess u with B = (I + (eta/2) A) A and
// phi = cos(k.x), which has a closed form.
const ouEta = 0.1

var (
	ouA     = mat.NewSymDense(2, []float64{1, 0.3, 0.3, 2})
	ouSigma = mat.NewSymDense(2, []float64{1, 0.4, 0.4, 0.5})
)

func ouB() *mat.Dense {
	var b mat.Dense
	b.Mul(ouA, ouA)
	b.Scale(ouEta/2, &b)
	b.Add(&b, ouA)
	return &b
}

// ouExact returns the factors of u(x,1) = amplitude cos(q.x).
func ouExact(k [2]float64) (q [2]float64, amplitude float64) {
	b := ouB()
	decay := func(t float64) *mat.Dense {
		var m mat.Dense
		m.Scale(-t, b)
		m.Exp(&m)
		return &m
	}
	kv := mat.NewVecDense(2, k[:])
	// k.C k = int_0^1 |sigma^T e^{-B^T s} k|^2 eta ds by Gauss-Legendre panels.
	const panels = 64
	sum := 0.0
	for i := range panels {
		for _, g := range []float64{-math.Sqrt(0.6), 0, math.Sqrt(0.6)} {
			w := 5. / 18
			if g == 0 {
				w = 8. / 18
			}
			s := (float64(i) + 0.5 + g/2) / panels
			var v mat.VecDense
			v.MulVec(decay(s).T(), kv)
			sum += w / panels * ouEta * mat.Inner(&v, ouSigma, &v)
		}
	}
	var v mat.VecDense
	v.MulVec(decay(1).T(), kv)
	return [2]float64{v.AtVec(0), v.AtVec(1)}, math.Exp(-sum / 2)
}

// BenchmarkOU2D solves OU2D on [-3,3]^2 to t = 1 by collocation, assembly of L
// included, and reports the largest error at the nodes with |x| <= 2.
func BenchmarkOU2D(b *testing.B) {
	for _, c := range []struct {
		name  string
		k     [2]float64
		nodes []int
	}{{"easy", [2]float64{1, 0.5}, []int{10, 12, 16}}, {"hard", [2]float64{8, 4}, []int{34, 38, 44}}} {
		q, amplitude := ouExact(c.k)
		for _, n := range c.nodes {
			b.Run(fmt.Sprintf("%s/nodes=%d", c.name, n), func(b *testing.B) {
				worst := 0.0
				for b.Loop() {
					worst = ouError(b, c.k, q, amplitude, n)
				}
				b.ReportMetric(worst, "error")
			})
		}
	}
}

func ouError(b *testing.B, k, q [2]float64, amplitude float64, nodes int) float64 {
	g, err := grid.Box(grid.KindChebyshev, []int{nodes}, []float64{0, 0}, 3)
	if err != nil {
		b.Fatal(err)
	}
	drift := ouB()
	c := new(kolmogorov.Coefficients)
	for i := range 2 {
		c.B[i] = make([]float64, g.Len())
		for j := i; j < 2; j++ {
			c.A[i][j] = make([]float64, g.Len())
		}
	}
	u, out := make([]float64, g.Len()), make([]float64, g.Len())
	x := make([]float64, 2)
	for i := range u {
		g.PointTo(x, i)
		for l := range 2 {
			c.B[l][i] = -drift.At(l, 0)*x[0] - drift.At(l, 1)*x[1]
			for m := l; m < 2; m++ {
				c.A[l][m][i] = ouEta * ouSigma.At(l, m)
			}
		}
		u[i] = math.Cos(k[0]*x[0] + k[1]*x[1])
	}
	op, err := kolmogorov.NewOperator(g, c, fd.FullWidth)
	if err != nil {
		b.Fatal(err)
	}
	p := kolmogorov.NewPolynomial(op, 1)
	p.Start([][]float64{u})
	if err := p.Advance([][][]float64{{out}}); err != nil {
		b.Fatal(err)
	}
	worst := 0.0
	for i := range out {
		if g.PointTo(x, i); math.Hypot(x[0], x[1]) <= 2 {
			worst = max(worst, math.Abs(out[i]-amplitude*math.Cos(q[0]*x[0]+q[1]*x[1])))
		}
	}
	return worst
}
