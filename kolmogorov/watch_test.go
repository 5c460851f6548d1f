package kolmogorov

import (
	"math"
	"testing"

	"kolmo/grid"
)

// What is watched between steps is what short steps give there, where steps share a polynomial and where a step takes
// several, and the pieces of every field fill the time.
func TestWatchIsTheSolutionBetweenSteps(t *testing.T) {
	t.Parallel()
	for name, eta := range map[string]float64{"shared": 1.0 / 64, "one by one": 1} {
		t.Run(name, func(t *testing.T) {
			g, err := grid.Box(grid.KindChebyshev, []int{20}, []float64{0}, 1)
			if err != nil {
				t.Fatal(err)
			}
			op := smoothOperator(t, g, 4, 0.05)
			const steps, cut = 8, 16
			fields := [][]float64{sample(g, wave), sample(g, func(x []float64) float64 { return x[0] })}
			value := func(u []float64) float64 { return u[3] - 0.5*u[11] }
			pieces := make([][]Piece, len(fields))
			prop := NewPolynomial(op, eta)
			prop.Watch(value, func(f int, p Piece) { pieces[f] = append(pieces[f], p) })
			block := func(n int) (out [][][]float64) {
				for range n {
					out = append(out, [][]float64{make([]float64, g.Len()), make([]float64, g.Len())})
				}
				return out
			}
			prop.Start(fields)
			for range 2 {
				if err := prop.Advance(block(steps / 2)); err != nil {
					t.Fatal(err)
				}
			}
			short, fine := NewPolynomial(op, eta/cut), block(steps*cut)
			short.Start(fields)
			if err := short.Advance(fine); err != nil {
				t.Fatal(err)
			}
			for f := range fields {
				if n := len(pieces[f]); eta < 1 && n >= steps || eta == 1 && n <= steps {
					t.Errorf("field %d: %d pieces", f, n)
				}
				from, next := 0.0, 1
				for _, p := range pieces[f] {
					for ; next <= steps*cut && float64(next)*eta/cut <= (from+p.Length)*(1+1e-12); next++ {
						s, v := (float64(next)*eta/cut-from)/p.Length, 0.0
						for k := len(p.Coef) - 1; k >= 0; k-- {
							v = v*s + p.Coef[k]
						}
						if off := math.Abs(v - value(fine[next-1][f])); off > 1e-12 {
							t.Fatalf("field %d, t = %g: off by %g", f, float64(next)*eta/cut, off)
						}
					}
					from += p.Length
				}
				if math.Abs(from-steps*eta) > 1e-12 || next != steps*cut+1 {
					t.Errorf("field %d: pieces end at %g, want %g", f, from, steps*eta)
				}
			}
		})
	}
}
