package kolmogorov

import (
	"math"
	"testing"

	"kolmo/kolmogorov/scheme"
)

// The zero values stand for the presets, and an order holds for its theta alone.
func TestPresetsOfTheta(t *testing.T) {
	t.Parallel()
	if math.Abs(scheme.ThetaHV-(0.5+math.Sqrt(3)/6)) > 1e-16 || math.Abs(scheme.ThetaHVSmall-(1-math.Sqrt(2)/2)) > 1e-16 {
		t.Errorf("ThetaHV = %v, ThetaHVSmall = %v", scheme.ThetaHV, scheme.ThetaHVSmall)
	}
	g := box(t, 0, 2, 1.5, 12)
	mixed := smoothOperator(t, g, 4, 0.02)
	c := mixed.c
	c.A[0][1] = nil
	split := newOperator(t, g, &c, 4)
	for _, s := range []struct {
		scheme         scheme.Scheme
		mixed, unmixed int
	}{
		{scheme.Douglas{}, 1, 2}, {scheme.Douglas{Theta: scheme.ThetaHalf}, 1, 2}, {scheme.Douglas{Theta: scheme.ThetaImplicit}, 1, 1},
		{scheme.CraigSneyd{}, 2, 2}, {scheme.CraigSneyd{Theta: scheme.ThetaImplicit}, 1, 1},
		{scheme.ModifiedCraigSneyd{}, 2, 2}, {scheme.ModifiedCraigSneyd{Theta: scheme.ThetaMCS}, 2, 2},
		{scheme.HundsdorferVerwer{}, 2, 3}, {scheme.HundsdorferVerwer{Theta: scheme.ThetaHV}, 2, 3}, {scheme.HundsdorferVerwer{Theta: scheme.ThetaHVSmall}, 2, 2},
	} {
		if m, u := s.scheme.Order(mixed), s.scheme.Order(split); m != s.mixed || u != s.unmixed {
			t.Errorf("%#v: orders %d and %d, want %d and %d", s.scheme, m, u, s.mixed, s.unmixed)
		}
	}
}
