package look

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/grid"
)

// Maxima inside the ball and on its sphere are those of the closed forms, whose places are found too.
func TestMaximaOfClosedForms(t *testing.T) {
	t.Parallel()
	const radius, half = 1, 1.5
	inside, slope := []float64{0.31, -0.22, 0.17}, []float64{0.6, -1.1, 0.4}
	for d := 1; d <= 3; d++ {
		nodes := make([]int, d)
		for k := range nodes {
			nodes[k] = 24
		}
		g, err := grid.Box(grid.KindChebyshev, nodes, make([]float64, d), half)
		if err != nil {
			t.Fatal(err)
		}
		norm := 0.0
		for _, s := range slope[:d] {
			norm = math.Hypot(norm, s)
		}
		edge := make([]float64, d)
		for k := range edge {
			edge[k] = slope[k] / norm
		}
		for name, c := range map[string]struct {
			e    func(x []float64) float64
			most float64
			at   []float64
		}{
			"inside, negative": {func(x []float64) float64 {
				sum := 0.0
				for k, v := range x {
					sum += (v - inside[k]) * (v - inside[k])
				}
				return -2 * math.Exp(-sum)
			}, 2, inside[:d]},
			"on the sphere": {func(x []float64) float64 {
				sum := 0.0
				for k, v := range x {
					sum += slope[k] * v
				}
				return 3 + sum
			}, 3 + norm, edge},
		} {
			q := NewPoints(grid.Ball{Center: make([]float64, d), R: radius}, SearchDensity(d, nodes[0]))
			e, x := make([]float64, g.Len()), make([]float64, d)
			for i := range e {
				g.PointTo(x, i)
				e[i] = c.e(x)
			}
			values := make([]float64, len(q.X))
			for i, p := range q.X {
				values[i] = c.e(p)
			}
			m := NewMaxFinder(g, 0, q, 3)
			if got := m.Find(e, values); math.Abs(got-c.most) > 1e-11 {
				t.Errorf("%s, d = %d: the maximum is %.15g, want %.15g", name, d, got, c.most)
			}
			for k, want := range c.at {
				if math.Abs(m.Best[k]-want) > 1e-5 {
					t.Errorf("%s, d = %d: the maximum is at %.9g, want %.9g", name, d, m.Best, c.at)
				}
			}
		}
	}
}

// Small systems are solved as by gonum, and matrices that are not positive definite are refused as there.
func TestSolve(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	refused := 0
	for range 3000 {
		rows := 1 + rnd.IntN(grid.MaxDim)
		var a [grid.MaxDim][grid.MaxDim]float64
		var b, x [grid.MaxDim]float64
		sym, rhs := mat.NewSymDense(rows, nil), mat.NewVecDense(rows, nil)
		for i := range rows {
			b[i] = rnd.NormFloat64()
			rhs.SetVec(i, b[i])
			for j := range i + 1 {
				v := rnd.NormFloat64()
				if i == j {
					v += 1
				}
				a[i][j], a[j][i] = v, v
				sym.SetSym(i, j, v)
			}
		}
		var chol mat.Cholesky
		definite := chol.Factorize(sym)
		if got := solve(&x, a, b, rows); got != definite {
			t.Fatalf("%v: positive definite %t, want %t", mat.Formatted(sym), got, definite)
		}
		if !definite {
			refused++
			continue
		}
		var want mat.VecDense
		if err := chol.SolveVecTo(&want, rhs); err != nil {
			continue // nearly singular
		}
		for i := range rows {
			if off := math.Abs(x[i] - want.AtVec(i)); off > 1e-12*chol.Cond()*(1+mat.Norm(&want, 2)) {
				t.Errorf("x[%d] = %g, want %g", i, x[i], want.AtVec(i))
			}
		}
	}
	if refused < 300 {
		t.Errorf("%d matrices were refused, want hundreds", refused)
	}
}
