package kolmogorov

import (
	"errors"
	"math"
	"testing"

	"kolmo/fd"
	"kolmo/grid"
)

// The second moments of a linear equation in the plane with noise that depends on the
// point: b = B x and a = s s^T + |x|^2 I give M' = B M + M B^T + s s^T + tr(M) I for
// M = E X X^T, here advanced by Taylor's series.
func TestSolveMoments(t *testing.T) {
	t.Parallel()
	g := box(t, grid.KindChebyshev, 2, 1.5, 7, 6)
	B, s := [2][2]float64{{-2, 0.5}, {-0.3, -1.5}}, [2]float64{0.6, -0.4}
	eq := func(i, j int) Equation {
		return Equation{
			Drift: func(b, x []float64) {
				for k := range b {
					b[k] = B[k][0]*x[0] + B[k][1]*x[1]
				}
			},
			Diffusion: func(a [][]float64, x []float64) {
				for k := range a {
					for l := range a[k] {
						a[k][l] = s[k] * s[l]
					}
					a[k][k] += x[0]*x[0] + x[1]*x[1]
				}
			},
			Initial: func(x []float64) float64 { return x[i] * x[j] },
		}
	}
	at := []float64{0.7, -0.9}
	for i := range 2 {
		for j := i; j < 2; j++ {
			u, err := eq(i, j).Solve(g, 0.25, 3, fd.FullWidth)
			if err != nil {
				t.Fatal(err)
			}
			for n, field := range u {
				m := secondMoments(B, s, at, 0.25*float64(n+1))
				if got, want := g.Value(field, at), m[i][j]; math.Abs(got-want) > 1e-8 {
					t.Errorf("E X_%d X_%d at t = %g: %.14g, want %.14g", i+1, j+1, 0.25*float64(n+1), got, want)
				}
			}
		}
	}
}

// secondMoments solves M' = B M + M B^T + s s^T + tr(M) I from x x^T up to t.
func secondMoments(B [2][2]float64, s [2]float64, x []float64, t float64) (m [2][2]float64) {
	var term [2][2]float64
	for i := range 2 {
		for j := range 2 {
			m[i][j] = x[i] * x[j]
			term[i][j] = m[i][j]
		}
	}
	for k := 1; k < 60; k++ {
		var next [2][2]float64
		for i := range 2 {
			for j := range 2 {
				for l := range 2 {
					next[i][j] += B[i][l]*term[l][j] + term[i][l]*B[j][l]
				}
				if k == 1 {
					next[i][j] += s[i] * s[j]
				}
			}
			next[i][i] += term[0][0] + term[1][1]
		}
		for i := range 2 {
			for j := range 2 {
				term[i][j] = next[i][j] * t / float64(k)
				m[i][j] += term[i][j]
			}
		}
	}
	return m
}

func TestSolveErrors(t *testing.T) {
	t.Parallel()
	g := box(t, grid.KindChebyshev, 1, 1, 12)
	one := func([]float64) float64 { return 1 }
	e := Equation{Drift: func(b, x []float64) { b[0] = 1 / x[0] * math.Inf(1) }, Initial: one}
	var bad *CoefficientError
	if _, err := e.Solve(g, 1, 1, fd.FullWidth); !errors.As(err, &bad) {
		t.Errorf("a drift that is not finite: %v", err)
	}
	// Noise at the faces is more than one-sided closures on so many nodes bear.
	e.Drift = func(b, x []float64) { b[0] = -x[0] }
	e.Diffusion = func(a [][]float64, x []float64) { a[0][0] = 4 }
	if _, err := e.Solve(box(t, grid.KindChebyshev, 1, 1, 60), 1, 1, fd.FullWidth); !errors.Is(err, ErrUnstable) {
		t.Errorf("noise at the faces: %v", err)
	}
	// Neither drift nor noise.
	u, err := Equation{Initial: one}.Solve(g, 1, 2, fd.FullWidth)
	if err != nil || len(u) != 2 || u[1][3] != 1 {
		t.Errorf("nothing moves: %v, %v", u, err)
	}
}
