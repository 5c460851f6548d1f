package sgdop

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"kolmo/grid"
)

// S is linear.
func TestApplyToIsLinear(t *testing.T) {
	t.Parallel()
	for _, width := range []int{0, 6} {
		g := cube(t, grid.KindChebyshev, 2, 2, 10, 9)
		s := assemble(t, g, curved(2), 0.25, width)
		value := rapid.Float64Range(-10, 10)
		field := rapid.SliceOfN(value, g.Len(), g.Len())
		rapid.Check(t, func(t *rapid.T) {
			u, v := field.Draw(t, "u"), field.Draw(t, "v")
			a, b := value.Draw(t, "a"), value.Draw(t, "b")
			n := g.Len()
			w, su, sv, sw := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
			for i := range w {
				w[i] = a*u[i] + b*v[i]
			}
			s.ApplyTo(su, u)
			s.ApplyTo(sv, v)
			s.ApplyTo(sw, w)
			for i := range sw {
				if math.Abs(sw[i]-a*su[i]-b*sv[i]) > 1e-11 {
					t.Fatalf("S(a u + b v) differs by %g at node %d", sw[i]-a*su[i]-b*sv[i], i)
				}
			}
		})
	}
}

// S averages: with windows of two nodes weights are not negative, so that no
// field grows where all images stay in the box.
func TestPositivityOfDegreeOne(t *testing.T) {
	t.Parallel()
	for _, kind := range []grid.Kind{grid.KindUniform, grid.KindChebyshev} {
		g := cube(t, kind, 2, 2, 11, 12)
		s := assemble(t, g, curved(2), 0.25, 2)
		if l := s.Leakage().Distance; l != 0 {
			t.Fatalf("the box is not invariant: leakage %v", l)
		}
		for _, w := range s.weights {
			if w < 0 {
				t.Fatalf("weight %v", w)
			}
		}
		field := rapid.SliceOfN(rapid.Float64Range(-1, 1), g.Len(), g.Len())
		rapid.Check(t, func(t *rapid.T) {
			u := field.Draw(t, "u")
			v := make([]float64, g.Len())
			s.ApplyTo(v, u)
			if maxAbs(v) > maxAbs(u)*(1+1e-14) {
				t.Fatalf("|S u| = %v, |u| = %v", maxAbs(v), maxAbs(u))
			}
		})
	}
}

// On an invariant ball |S v| <= |v| for smooth fields v up to the interpolation
// error, at the nodes of the ball, for both methods and many steps.
func TestInvariantBallDoesNotGrow(t *testing.T) {
	t.Parallel()
	const r = 2.0
	for _, m := range []method{{"chebyshev", grid.KindChebyshev, 0, []int{18}}, {"uniform", grid.KindUniform, 8, []int{33}}} {
		g := cube(t, m.kind, 2, r, m.nodes[0])
		o := curved(2)
		const eta = 0.25
		ball := grid.Ball{Center: []float64{0, 0}, R: r}
		var inside []int
		grads, x, y := make([]float64, len(o.weights)*2), make([]float64, 2), make([]float64, 2)
		for i := range g.Len() {
			if g.PointTo(x, i); !ball.Contains(x) {
				continue
			}
			inside = append(inside, i)
			o.GradsTo(grads, x)
			for k := range o.weights {
				y[0], y[1] = x[0]-eta*grads[2*k], x[1]-eta*grads[2*k+1]
				if !ball.Contains(y) {
					t.Fatalf("the ball is not invariant: %v goes to %v", x, y)
				}
			}
		}
		s := assemble(t, g, o, eta, m.width)
		// The sup of v over the ball is taken on rings finer than the grid.
		var rings [][]float64
		for j := range 41 {
			rings = append(rings, grid.Ball{Center: ball.Center, R: r * float64(j) / 40}.Sphere(20)...)
		}
		wave := rapid.Float64Range(-2, 2)
		rapid.Check(t, func(t *rapid.T) {
			var c [3][4]float64
			for i := range c {
				for j := range c[i] {
					c[i][j] = wave.Draw(t, "wave")
				}
			}
			v := func(x []float64) float64 {
				sum := 0.0
				for _, w := range c {
					sum += w[0] * math.Cos(w[1]*x[0]+w[2]*x[1]+w[3])
				}
				return sum
			}
			sup := 0.0
			for _, x := range rings {
				sup = max(sup, math.Abs(v(x)))
			}
			u, su := sample(g, v), make([]float64, g.Len())
			for n := range 8 {
				s.ApplyAllTo(1, [][]float64{su}, [][]float64{u})
				u, su = su, u
				for _, i := range inside {
					if math.Abs(u[i]) > sup*1.01+1e-3 {
						t.Fatalf("%s: |U^%d| = %v, |phi| = %v", m.name, n+1, math.Abs(u[i]), sup)
					}
				}
			}
		})
	}
}
