package sgdop

import (
	"math"
	"testing"

	"kolmo/grid"
)

// Through a finer field S^n of a smooth field is that by whole axes to what is said to be
// missed in every step, constants stay, and nothing depends on the workers.
func TestOversampled(t *testing.T) {
	t.Parallel()
	g := cube(t, grid.KindChebyshev, 3, 1.5, 15, 15, 15)
	o := curved(3)
	const eta, steps = 0.1, 12
	phi := [][]float64{
		sample(g, func(x []float64) float64 { return math.Exp(-(x[0]*x[0] + x[1]*x[1] + x[2]*x[2]) / 2) }),
		sample(g, func(x []float64) float64 { return x[0]*x[0] - x[1]*x[2] }),
	}
	whole := kept(t, g, o, eta, Config{})
	s := kept(t, g, o, eta, Config{Smooth: phi})
	if whole.over != nil || s.over == nil {
		t.Fatalf("whole axes through finer fields: %v and %v, want the second alone", whole.over != nil, s.over != nil)
	}
	if n := s.Note(); n != "" || s.Stored() != 0 || s.Choice().Bytes > FullBytes(g.Len())/2 {
		t.Errorf("note %q, %d weights, %v", n, s.Stored(), s.Choice())
	}
	if s.Leakage() != whole.Leakage() || math.Abs(s.Lebesgue()-whole.Lebesgue()) > 1e-12*whole.Lebesgue() {
		t.Errorf("leakage %+v, factor %v; by whole axes %+v, %v", s.Leakage(), s.Lebesgue(), whole.Leakage(), whole.Lebesgue())
	}
	u, v := [][]float64{phi[0], phi[1]}, [][]float64{phi[0], phi[1]}
	for n := 1; n <= steps; n++ {
		a, b := make([][]float64, 2), make([][]float64, 2)
		for f := range a {
			a[f], b[f] = make([]float64, g.Len()), make([]float64, g.Len())
		}
		s.ApplyAllTo(2, a, u)
		whole.ApplyAllTo(2, b, v)
		if n == 1 {
			one := make([]float64, g.Len())
			s.ApplyTo(one, phi[0])
			if maxDiff(one, a[0]) != 0 {
				t.Error("workers change S")
			}
		}
		u, v = a, b
		for f := range u {
			if !(s.Miss(f) <= mostMiss) {
				t.Fatalf("field %d misses %.3g", f, s.Miss(f))
			}
			most := (2*float64(n)*s.Miss(f) + 1e-13*whole.Lebesgue()) * maxAbs(phi[f])
			if d := maxDiff(u[f], v[f]); d > most {
				t.Errorf("step %d, field %d: %.3g from whole axes, at most %.3g", n, f, d, most)
			}
		}
	}
	ones := make([]float64, g.Len())
	for i := range ones {
		ones[i] = 1
	}
	got := make([]float64, g.Len())
	s.ApplyTo(got, ones)
	if d := maxDiff(got, ones); d > 1e-12 {
		t.Errorf("S 1 misses 1 by %.3g", d)
	}
	// A field with features that windows miss is left to whole axes.
	steep := sample(g, func(x []float64) float64 { return math.Tanh(20 * x[0]) })
	if s := kept(t, g, o, eta, Config{Smooth: [][]float64{steep}}); s.over != nil {
		t.Errorf("a steep field through a finer one, which misses %.3g", s.Miss(0))
	}
}
