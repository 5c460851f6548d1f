package kolmogorov

import (
	"fmt"
	"math"
	"testing"

	"kolmo/grid"
	"kolmo/internal/slow"
	"kolmo/kolmogorov/scheme"
)

// turningOperator is L with parts that are far from commuting: a drift that turns
// and a strongly mixed diffusion of variable size that vanishes on the faces.
func turningOperator(t testing.TB, g *grid.Grid, order int, mixed bool) *Operator {
	d := g.Dim()
	taper := func(v float64) float64 { return 1 - v*v }
	c := new(Coefficients)
	for k := range d {
		c.B[k] = sample(g, func(x []float64) float64 { return -x[k] + 2*taper(x[k])*math.Sin(2*x[(k+1)%d]+0.5) })
		for l := k; l < d; l++ {
			if l != k && !mixed {
				continue
			}
			c.A[k][l] = sample(g, func(x []float64) float64 {
				v := [3]float64{1, 0.9 * math.Cos(x[0]), 0.7}
				w := [3]float64{0.5 * math.Sin(x[0]+x[d-1]), 0.5, 0.4 * math.Cos(x[1])}
				return 0.3 * taper(x[k]) * taper(x[l]) * (v[k]*v[l] + w[k]*w[l])
			})
		}
	}
	return newOperator(t, g, c, order)
}

// The orders in time of all schemes in the sup norm and in L2, at space orders 4, 6
// and 8: with mixed terms 1 for Douglas, 2 for the Craig-Sneyd and Hundsdorfer-Verwer
// schemes and 4 for RK4, one more with Richardson extrapolation. The reference is
// the polynomial propagator on the same grid, so that there is no error in space;
// its own error in time is below 1e-13.
func TestSchemeTimeOrders1To5(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	type problem struct {
		d, nodes, order int
		mixed           bool
	}
	problems := []problem{{2, 12, 8, false}, {3, 10, 4, false}}
	for _, order := range []int{4, 6, 8} {
		problems = append(problems, problem{2, 12, order, true}, problem{3, 10, order, true})
	}
	for _, c := range problems {
		t.Run(fmt.Sprintf("%dd/order-%d/mixed=%v", c.d, c.order, c.mixed), func(t *testing.T) {
			t.Parallel()
			op := turningOperator(t, box(t, grid.KindUniform, c.d, 1, c.nodes), c.order, c.mixed)
			phi := [][]float64{sample(op.Grid(), wave)}
			const time = 0.5
			want := block(1, 1, op.Len())
			p := NewPolynomial(op, time)
			if err := advance(p, want, phi); err != nil {
				t.Fatal(err)
			}
			if e := p.TimeError(); e > 1e-13 {
				t.Fatalf("TimeError %.3g", e)
			}
			for _, s := range scheme.Schemes() {
				for _, richardson := range []bool{false, true} {
					theory := s.Order(op)
					steps := []int{96, 128, 192, 256}
					switch {
					case richardson && theory == 2 && c.mixed:
						steps = []int{192, 256, 384, 512} // leading terms are small
					case richardson:
						steps = []int{64, 96, 128, 192}
					case !s.Implicit():
						steps = []int{40, 48, 56, 64}
					}
					if richardson {
						theory++
					}
					if !c.mixed && c.d == 2 && richardson && (s == scheme.Scheme(scheme.Douglas{}) || s == scheme.Scheme(scheme.CraigSneyd{})) {
						theory = 4 // symmetric in t on two axes
					}
					var dt, sup, l2 []float64
					for _, n := range steps {
						prop, err := NewStepping(op, s, time, n, &SteppingConfig{Richardson: richardson})
						if err != nil {
							t.Fatal(err)
						}
						out := block(1, 1, op.Len())
						if err := advance(prop, out, phi); err != nil {
							t.Fatal(err)
						}
						dt = append(dt, time/float64(n))
						sup, l2 = append(sup, maxDiff(out[0][0], want[0][0])), append(l2, meanSquare(op.Grid(), out[0][0], want[0][0]))
					}
					ps, pl := slope(dt, sup), slope(dt, l2)
					if math.Abs(ps-float64(theory)) > 0.15 || math.Abs(pl-float64(theory)) > 0.15 {
						t.Errorf("%s, richardson=%v: orders %.3f (sup) and %.3f (L2), want %d; errors %.3g", s.Name(), richardson, ps, pl, theory, sup)
					}
				}
			}
		})
	}
}
