package kolmogorov

import (
	"fmt"
	"math/cmplx"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/fd"
	"kolmo/grid"
)

// The estimate of the spectral radius is right within a factor of two.
func TestSpectralRadiusAgainstEigenvalues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind        grid.Kind
		d, n, order int
		noise       float64
	}{
		{grid.KindChebyshev, 1, 24, fd.FullWidth, 0.05}, {grid.KindChebyshev, 2, 10, fd.FullWidth, 0.05},
		{grid.KindUniform, 1, 60, 4, 0.05}, {grid.KindUniform, 2, 13, 6, 0.05}, {grid.KindUniform, 1, 60, 8, 0.001},
		{grid.KindChebyshev, 1, 24, fd.FullWidth, 0.001}, {grid.KindUniform, 3, 6, 2, 0.1},
	} {
		t.Run(fmt.Sprintf("%v-%dd-order-%d-noise-%g", c.kind, c.d, c.order, c.noise), func(t *testing.T) {
			t.Parallel()
			op := smoothOperator(t, box(t, c.kind, c.d, 1.5, c.n), c.order, c.noise)
			var eig mat.Eigen
			if !eig.Factorize(denseOf(op), mat.EigenNone) {
				t.Fatal("no eigenvalues")
			}
			want := 0.0
			for _, v := range eig.Values(nil) {
				want = max(want, cmplx.Abs(v))
			}
			got := op.SpectralRadius()
			t.Logf("%.4g, by gonum %.4g", got, want)
			if got < want/2 || got > want*2 {
				t.Errorf("spectral radius %.4g, by gonum %.4g", got, want)
			}
		})
	}
	if rho := newOperator(t, box(t, grid.KindUniform, 1, 1, 8), new(Coefficients), 4).SpectralRadius(); rho != 0 {
		t.Errorf("the spectral radius of zero is %v", rho)
	}
}
