package sgdop

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/grid"
	"kolmo/internal/slow"
)

// Stepping and squaring agree, for few and for a million steps, on both methods, and
// with the closed form of the second moment, which a million steps have forgotten
// the start of.
func TestPowersByStepsAndBySquaring(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const eta = 1.0 / 64
	l := linears[0]
	for _, m := range []method{{"chebyshev", grid.KindChebyshev, 0, []int{12}}, {"uniform", grid.KindUniform, 6, []int{24}}} {
		g := cube(t, m.kind, 1, 2, m.nodes[0])
		s := assemble(t, g, l.objective(), eta, m.width)
		u := [][]float64{sample(g, func(x []float64) float64 { return x[0] * x[0] }), sample(g, func(x []float64) float64 { return math.Cos(x[0]) })}
		v := [][]float64{make([]float64, g.Len()), make([]float64, g.Len())}
		for _, n := range []int{0, 1, 2, 7, 100, 1_000_000} {
			if err := s.PowerTo(t.Context(), 1, n, v, u); err != nil {
				t.Fatal(err)
			}
			var p mat.Dense
			p.Pow(matrixOf(s), n)
			for f := range u {
				got := mat.NewVecDense(g.Len(), nil)
				got.MulVec(&p, mat.NewVecDense(g.Len(), u[f]))
				diff := maxDiff(got.RawVector().Data, v[f])
				t.Logf("%s, n = %d, field %d: %.2g", m.name, n, f, diff)
				if diff > 1e-12+3e-15*float64(n) {
					t.Errorf("%s, n = %d, field %d: steps and squares differ by %.3g", m.name, n, f, diff)
				}
			}
			want := sample(g, func(x []float64) float64 {
				q := math.Pow(1-eta, 2*float64(n))
				return q*x[0]*x[0] + eta*(1-q)/(2-eta)
			})
			diff := maxDiff(v[0], want)
			t.Logf("%s, n = %d: E X_n^2 is off by %.2g", m.name, n, diff)
			if diff > 1e-12+3e-15*float64(n) {
				t.Errorf("%s, n = %d: E X_n^2 is off by %.3g", m.name, n, diff)
			}
		}
	}
}

// matrixOf returns S as a matrix.
func matrixOf(s *Operator) *mat.Dense {
	m := mat.NewDense(s.g.Len(), s.g.Len(), nil)
	i := 0
	for columns, weights := range s.Rows() {
		for k, j := range columns {
			m.Set(i, j, weights[k])
		}
		i++
	}
	return m
}

// An ended context ends the steps.
func TestPowersEnd(t *testing.T) {
	t.Parallel()
	g := cube(t, grid.KindUniform, 1, 2, 9)
	s := assemble(t, g, curved(1), 0.1, 4)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	u := [][]float64{randomField(rand.New(rand.NewPCG(1, 1)), g.Len())}
	v := [][]float64{make([]float64, g.Len())}
	if err := s.PowerTo(ctx, 1, 3, v, u); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
