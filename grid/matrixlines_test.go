package grid

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// A banded matrix takes the lines of a large field some at a time; each must come out as
// it does alone.
func TestMulOfManyLines(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(3, 18))
	const cols, width = 37, 5
	rows := make([]Row, cols-width+1)
	for i := range rows {
		rows[i] = Row{Base: i, Weights: make([]float64, width)}
		for j := range rows[i].Weights {
			rows[i].Weights[j] = rnd.NormFloat64()
		}
	}
	m := NewAxisMatrix(rows, cols)
	for _, inner := range []int{1, 3} {
		outer := 2*nearNumbers/(cols*inner) + 5
		u, v := make([]float64, outer*cols*inner), make([]float64, outer*len(rows)*inner)
		for i := range u {
			u[i] = rnd.NormFloat64()
		}
		m.MulTo(v, u, outer, inner)
		alone := make([]float64, len(rows)*inner)
		for o := range outer {
			m.MulTo(alone, u[o*cols*inner:(o+1)*cols*inner], 1, inner)
			if !slices.Equal(alone, v[o*len(alone):(o+1)*len(alone)]) {
				t.Fatalf("inner=%d: line %d of %d differs", inner, o, outer)
			}
		}
	}
}
