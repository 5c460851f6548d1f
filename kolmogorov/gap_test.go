package kolmogorov

import (
	"errors"
	"math"
	"testing"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/internal/slow"
)

// What has no gap is refused, and what is paired is paired once.
func TestSpectrumGapAndPairing(t *testing.T) {
	t.Parallel()
	of := func(values ...complex128) *Spectrum {
		s := new(Spectrum)
		for _, v := range values {
			s.Values = append(s.Values, Eigenvalue{Value: v, Algebra: 1e-8, Grid: math.NaN()})
		}
		return s
	}
	for _, s := range []*Spectrum{of(), of(0), of(-1, -2), of(0.5, 0, -1)} {
		if _, err := s.Gap(); !errors.Is(err, ErrNoGap) {
			t.Errorf("%v: error %v", s.Values, err)
		}
	}
	for _, c := range []struct {
		s    *Spectrum
		want float64
	}{{of(0, -1+2i, -1-2i), 1}, {of(1e-9, -1e-9, -1), 1e-9}, {of(1e-8, 1e-9, -1), -1e-8}} {
		if g, err := c.s.Gap(); err != nil || g.Value != c.want {
			t.Errorf("%v: gap %v, %v", c.s.Values, g, err)
		}
	}
	s := of(0, -1, -1.1, -5).Against(of(0, -1.02, -1.3))
	for i, want := range []float64{0, 0.02, 0.2, math.NaN()} {
		if got := s.Values[i].Grid; !(math.Abs(got-want) < 1e-14) && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Errorf("value %d is %v away, want %v", i, got, want)
		}
	}
}

// The gap of a nonlinear drift with noise that depends on x: differences tend to
// collocation's value with their order, and the estimate with the grid is above the
// error, by no more than a factor of 100 (the coarser grid has half the nodes).
func TestSpectralGapOrder4And6(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	reference, err := nonlinearOperator(t, grid.KindChebyshev, 40, fd.FullWidth).Spectrum(&SpectrumConfig{Values: 3})
	if err != nil {
		t.Fatal(err)
	}
	other, err := nonlinearOperator(t, grid.KindChebyshev, 32, fd.FullWidth).Spectrum(&SpectrumConfig{Values: 3})
	if err != nil {
		t.Fatal(err)
	}
	exact, err := reference.Against(other).Gap()
	if err != nil || exact.Error() > 1e-8 {
		t.Fatalf("the reference is %+v, %v", exact, err)
	}
	for _, c := range []struct {
		order int
		nodes []int
	}{{4, []int{81, 97, 121, 145, 161}}, {6, []int{81, 89, 97, 113, 129}}} {
		var h, off []float64
		var coarse *Spectrum
		for _, n := range c.nodes {
			s, err := nonlinearOperator(t, grid.KindUniform, n, c.order).Spectrum(&SpectrumConfig{Values: 3, Dense: -1})
			if err != nil {
				t.Fatal(err)
			}
			if coarse == nil {
				coarse = s
			}
			gap, err := s.Against(coarse).Gap()
			if err != nil {
				t.Fatal(err)
			}
			e := math.Abs(gap.Value - exact.Value)
			h, off = append(h, 4/float64(n-1)), append(off, e)
			if n == c.nodes[len(c.nodes)-1] && (e > gap.Error() || gap.Error() > 100*e) {
				t.Errorf("order %d, %d nodes: gap %.12g is off by %.3g, estimate %.3g", c.order, n, gap.Value, e, gap.Error())
			}
		}
		p := slope(h, off)
		t.Logf("gap %.10f: order %.3f, errors %.3g", exact.Value, p, off)
		if math.Abs(p-float64(c.order)) > 0.15 {
			t.Errorf("order %.3f, want %d; errors %.3g", p, c.order, off)
		}
	}
}
