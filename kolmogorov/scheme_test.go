package kolmogorov

import (
	"math"
	"testing"
)

// The zero values stand for the presets, and an order holds for its theta alone.
func TestPresetsOfTheta(t *testing.T) {
	t.Parallel()
	if math.Abs(ThetaHV-(0.5+math.Sqrt(3)/6)) > 1e-16 || math.Abs(ThetaHVSmall-(1-math.Sqrt(2)/2)) > 1e-16 {
		t.Errorf("ThetaHV = %v, ThetaHVSmall = %v", ThetaHV, ThetaHVSmall)
	}
	g := box(t, 0, 2, 1.5, 12)
	mixed := smoothOperator(t, g, 4, 0.02)
	c := mixed.c
	c.A[0][1] = nil
	split := newOperator(t, g, &c, 4)
	for _, s := range []struct {
		scheme         Scheme
		mixed, unmixed int
	}{
		{Douglas{}, 1, 2}, {Douglas{Theta: ThetaHalf}, 1, 2}, {Douglas{Theta: ThetaImplicit}, 1, 1},
		{CraigSneyd{}, 2, 2}, {CraigSneyd{Theta: ThetaImplicit}, 1, 1},
		{ModifiedCraigSneyd{}, 2, 2}, {ModifiedCraigSneyd{Theta: ThetaMCS}, 2, 2},
		{HundsdorferVerwer{}, 2, 3}, {HundsdorferVerwer{Theta: ThetaHV}, 2, 3}, {HundsdorferVerwer{Theta: ThetaHVSmall}, 2, 2},
	} {
		if m, u := s.scheme.Order(mixed), s.scheme.Order(split); m != s.mixed || u != s.unmixed {
			t.Errorf("%#v: orders %d and %d, want %d and %d", s.scheme, m, u, s.mixed, s.unmixed)
		}
	}
}
