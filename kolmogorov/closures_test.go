package kolmogorov

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"kolmo/grid"
	"kolmo/internal/closedform"
	"kolmo/internal/slow"
)

// One-sided closures at faces where the noise does not vanish, Ornstein-Uhlenbeck
// with eta = 1/4: cos x is carried to t = 40 within 1e-5, by the polynomial and by
// Hundsdorfer-Verwer, on every grid whose growth CheckGrowth would accept, and what
// the growth is there multiplies rounding only.
func TestNoisyFacesToTime40(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const eta, steps, tol = 0.25, 160, 1e-5
	cosine := closedform.Quad1D()[1]
	for _, half := range []float64{2, 5} {
		for _, order := range []int{6, 8} {
			for _, n := range []int{40, 80, 160, 320} {
				t.Run(fmt.Sprintf("half=%v/order-%d/%d", half, order, n), func(t *testing.T) {
					t.Parallel()
					g := box(t, grid.KindUniform, 1, half, n)
					c := new(Coefficients)
					c.B[0] = sample(g, func(x []float64) float64 { return -(1 + eta/2) * x[0] })
					c.A[0][0] = sample(g, func([]float64) float64 { return eta })
					op := newOperator(t, g, c, order)
					growth := op.Growth(1, 3)
					// On the wide box the error in time of 16 steps is 3e-5 by itself.
					sub := 16
					if half > 2 {
						sub = 32
					}
					props := map[string]Propagator{"hundsdorfer-verwer": hundsdorfer(t, op, eta, sub)}
					if n <= 160 {
						props["polynomial"] = NewPolynomial(op, eta)
					}
					for name, p := range props {
						u := [][]float64{sample(g, func(x []float64) float64 { return math.Cos(x[0]) })}
						worst := 0.0
						out := block(1, 1, op.Len())
						p.Start(u)
						for j := 1; j <= steps; j++ {
							if err := p.Advance(out); err != nil {
								if !errors.Is(err, ErrUnstable) || growth <= MaxGrowth {
									t.Fatalf("%s: growth %.3g, %v", name, growth, err)
								}
								break
							}
							copy(u[0], out[0][0])
							worst = max(worst, maxDiff(u[0], sample(g, func(x []float64) float64 {
								return cosine.Diffusion(closedform.SecondOrder, eta, float64(j)*eta, x)
							})))
						}
						t.Logf("%s: growth %.3g, error %.3g", name, growth, worst)
						if worst > tol && growth <= MaxGrowth {
							t.Errorf("%s: error %.3g with a growth of %.3g", name, worst, growth)
						}
					}
				})
			}
		}
	}
}

// The growth rises with the nodes and the order, and falls with the width of the
// box, as measured with dense norms for the first of them.
func TestGrowthOfNoisyFaces(t *testing.T) {
	t.Parallel()
	growth := func(half float64, order, n int) float64 {
		g := box(t, grid.KindUniform, 1, half, n)
		c := new(Coefficients)
		c.B[0] = sample(g, func(x []float64) float64 { return -1.125 * x[0] })
		c.A[0][0] = sample(g, func([]float64) float64 { return 0.25 })
		return newOperator(t, g, c, order).Growth(1, 3)
	}
	for order, want := range map[int][]float64{6: {23, 158, 1.9e3}, 8: {115, 1.2e3, 5.1e4}} {
		for i, n := range []int{40, 80, 160} {
			got, wide := growth(2, order, n), growth(5, order, n)
			if got < want[i]/1.5 || got > want[i]*1.5 {
				t.Errorf("order %d, %d nodes: growth %.3g, want about %.3g", order, n, got, want[i])
			}
			if wide > 20 {
				t.Errorf("order %d, %d nodes on the wide box: growth %.3g", order, n, wide)
			}
		}
	}
}
