package sgdop

import (
	"math"
	"math/rand/v2"
	"testing"

	"kolmo/grid"
	"kolmo/internal/slow"
	"kolmo/law"
	"kolmo/objective"
	"kolmo/objective/expr"
	"kolmo/sgd"
)

// batchOf returns logistic regression in the plane with batches of made-up rows.
func batchOf(t *testing.T, rows, size int, replacement bool) *objective.Batch {
	t.Helper()
	rnd := rand.New(rand.NewPCG(11, 1))
	columns := make([][]float64, 3)
	for range rows {
		y := float64(2*rnd.IntN(2) - 1)
		for i, v := range []float64{y + rnd.NormFloat64(), y/2 + rnd.NormFloat64(), y} {
			columns[i] = append(columns[i], v)
		}
	}
	s, err := law.Data([]string{"a", "b", "y"}, columns)
	if err != nil {
		t.Fatal(err)
	}
	e, err := expr.Parse("softplus(-y*(v*a + w*b)) + 0.1*(v^2 + w^2)", expr.Scope{Parameters: []string{"v", "w"}, Variables: s.Variables()})
	if err != nil {
		t.Fatal(err)
	}
	l, err := objective.New([]string{"v", "w"}, e, s)
	if err != nil {
		t.Fatal(err)
	}
	b, err := objective.NewBatch(l, size, replacement)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// S of mini-batches, enumerated or by a quadrature whose weights depend on x, with every
// storage: S 1 = 1, S x = x - eta grad f, and S x_i x_j has the batch gradient's covariance, all
// exactly.
func TestBatches(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const eta = 0.25
	for name, c := range map[string]struct {
		rows, size  int
		replacement bool
		moving      bool
	}{"enumerated": {8, 3, true, false}, "without": {8, 5, false, false}, "moving": {60, 20, true, true}, "moving without": {60, 20, false, true}} {
		b := batchOf(t, c.rows, c.size, c.replacement)
		if b.Law().Moving != c.moving {
			t.Fatalf("%s: moving weights: %v", name, b.Law().Moving)
		}
		g := cube(t, grid.KindUniform, 2, 2, 13, 12)
		moments := make([]objective.Moments, g.Len())
		ev, x := b.NewEvaluator(), make([]float64, 2)
		for i := range moments {
			g.PointTo(x, i)
			ev.MomentsTo(&moments[i], x)
		}
		for _, storage := range []Storage{StorageWindows, StorageFactors, StorageNone} {
			s, err := Assemble(t.Context(), g, sgd.NewChain(b, eta), &Config{Width: 4, Storage: storage, Workers: 2})
			if err != nil {
				t.Fatal(err)
			}
			v := make([]float64, g.Len())
			check := func(what string, phi func(x []float64) float64, want func(x []float64, m *objective.Moments) float64) {
				s.ApplyTo(v, sample(g, phi))
				for i := range v {
					g.PointTo(x, i)
					if w := want(x, &moments[i]); math.Abs(v[i]-w) > 1e-11 {
						t.Fatalf("%s, %v: S %s = %v at %v, want %v", name, storage, what, v[i], x, w)
					}
				}
			}
			check("1", func([]float64) float64 { return 1 }, func([]float64, *objective.Moments) float64 { return 1 })
			for k := range 2 {
				check("x", func(x []float64) float64 { return x[k] }, func(x []float64, m *objective.Moments) float64 { return x[k] - eta*m.Grad[k] })
				check("x1 x", func(x []float64) float64 { return x[0] * x[k] }, func(x []float64, m *objective.Moments) float64 {
					return (x[0]-eta*m.Grad[0])*(x[k]-eta*m.Grad[k]) + eta*eta*m.Sigma[0][k]
				})
			}
			one, many := make([]float64, g.Len()), [][]float64{make([]float64, g.Len()), make([]float64, g.Len())}
			u := randomField(rand.New(rand.NewPCG(1, 1)), g.Len())
			s.ApplyTo(one, u)
			s.ApplyAllTo(3, many, [][]float64{u, u})
			if maxDiff(one, many[0]) != 0 || maxDiff(one, many[1]) != 0 {
				t.Errorf("%s, %v: workers give another field", name, storage)
			}
		}
	}
}
