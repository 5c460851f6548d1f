package benchmarks

import (
	"math"
	"math/rand/v2"
	"testing"

	"kolmo/grid"
	"kolmo/law"
	"kolmo/objective"
	"kolmo/objective/expr"
	"kolmo/sgd"
)

// rows returns the loss of ridge logistic regression over n made-up rows.
func rows(tb testing.TB, n int) (*objective.Loss, [3][]float64) {
	tb.Helper()
	r := rand.New(rand.NewPCG(1, 1))
	var columns [3][]float64
	for range n {
		y := float64(2*r.IntN(2) - 1)
		columns[0] = append(columns[0], r.NormFloat64()+y)
		columns[1] = append(columns[1], r.NormFloat64()+y)
		columns[2] = append(columns[2], y)
	}
	xi, err := law.Data([]string{"a", "b", "y"}, columns[:])
	if err != nil {
		tb.Fatal(err)
	}
	scope := expr.Scope{Parameters: []string{"w1", "w2"}, Variables: xi.Variables()}
	e, err := expr.Parse("softplus(-y*(w1*a + w2*b)) + 0.05*(w1^2 + w2^2)", scope)
	if err != nil {
		tb.Fatal(err)
	}
	l, err := objective.New(scope.Parameters, e, xi)
	if err != nil {
		tb.Fatal(err)
	}
	return l, columns
}

// square returns a grid of n x n Chebyshev nodes on [-4, 4]^2.
func square(tb testing.TB, n int) *grid.Grid {
	tb.Helper()
	first, err := grid.Chebyshev("w1", n, -4, 4)
	if err != nil {
		tb.Fatal(err)
	}
	second, err := grid.Chebyshev("w2", n, -4, 4)
	if err != nil {
		tb.Fatal(err)
	}
	g, err := grid.New(first, second)
	if err != nil {
		tb.Fatal(err)
	}
	return g
}

// TestMomentsNaive holds the moments that BenchmarkMoments times to the naive sum
// over closed-form derivatives.
func TestMomentsNaive(t *testing.T) {
	t.Parallel()
	const n = 10_007
	l, c := rows(t, n)
	g := square(t, 5)
	m, err := sgd.FieldsOn(g, l, 0)
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float64, 2)
	for i := range g.Len() {
		g.PointTo(x, i)
		var f, g1, g2, h11, h12, h22, s11, s12, s22 float64
		each := func(visit func(p, q, dq, u, v float64)) {
			for k := range n {
				u, v := -c[2][k]*c[0][k], -c[2][k]*c[1][k]
				p := x[0]*u + x[1]*v
				q := 1 / (1 + math.Exp(-p))
				visit(math.Max(p, 0)+math.Log1p(math.Exp(-math.Abs(p))), q, q*(1-q), u, v)
			}
		}
		each(func(p, q, dq, u, v float64) {
			f += p / n
			g1 += q * u / n
			g2 += q * v / n
			h11 += dq * u * u / n
			h12 += dq * u * v / n
			h22 += dq * v * v / n
		})
		each(func(p, q, dq, u, v float64) {
			s11 += (q*u - g1) * (q*u - g1) / n
			s12 += (q*u - g1) * (q*v - g2) / n
			s22 += (q*v - g2) * (q*v - g2) / n
		})
		f += 0.05 * (x[0]*x[0] + x[1]*x[1])
		at := m.At(i)
		for what, pair := range map[string][2]float64{
			"f": {at.F, f}, "d1 f": {at.Grad[0], g1 + 0.1*x[0]}, "d2 f": {at.Grad[1], g2 + 0.1*x[1]},
			"d11 f": {at.Hess[0][0], h11 + 0.1}, "d12 f": {at.Hess[0][1], h12}, "d22 f": {at.Hess[1][1], h22 + 0.1},
			"Sigma11": {at.Sigma[0][0], s11}, "Sigma12": {at.Sigma[0][1], s12}, "Sigma22": {at.Sigma[1][1], s22},
		} {
			if math.Abs(pair[0]-pair[1]) > 1e-12*(1+math.Abs(pair[1])) {
				t.Errorf("%s at %v = %.16g, naive sum %.16g", what, x, pair[0], pair[1])
			}
		}
	}
}

// BenchmarkMoments times f, grad f, hess f and Sigma over 100 000 rows at 48 x 48
// nodes with all processors; the aim is 5 s on two.
func BenchmarkMoments(b *testing.B) {
	l, _ := rows(b, 100_000)
	g := square(b, 48)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sgd.FieldsOn(g, l, 0); err != nil {
			b.Fatal(err)
		}
	}
	perPair := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / float64(g.Len()) / float64(l.Law().Len())
	b.ReportMetric(perPair, "ns/sample/node")
}
