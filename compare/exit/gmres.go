package exit

import (
	"context"
	"math"

	"gonum.org/v1/gonum/floats"
)

// Constants of the solver.
const (
	gmresBasis  = 120  // vectors before it begins again
	gmresRounds = 20   // beginnings
	gmresEnough = 1e-6 // bound of the relative error
	// gmresRounding is how many times what rounding leaves is as good.
	gmresRounding = 4
)

// solve improves t to the mean numbers of steps until the chain is gone, by GMRES begun again (Saad and Schultz 1986,
// doi:10.1137/0907058), and returns a bound of their relative error and the applications of P. Before each beginning the best multiple of t is taken:
// what paths take long to leave is nearly one mode. Memory: gmresBasis fields.
func (k *killed) solve(ctx context.Context, t []float64) (bound float64, applied int, err error) {
	rest := make([]float64, len(t))
	basis := [][]float64{make([]float64, len(t))}
	for round := 0; ; round++ {
		k.stepTo(rest, t)
		if a := floats.Sum(rest) / floats.Dot(rest, rest); a > 0 && !math.IsInf(a, 1) {
			floats.Scale(a, t)
		}
		bound, rounding := k.within(rest, t)
		applied += 2
		if bound <= max(gmresEnough, gmresRounding*rounding) || round == gmresRounds {
			return bound, applied, nil
		}
		used, err := k.cycle(ctx, t, rest, &basis)
		if err != nil {
			return 0, applied, err
		}
		applied += used
	}
}

// cycle adds to t the correction of the rest from one Krylov space.
func (k *killed) cycle(ctx context.Context, t, rest []float64, basis *[][]float64) (used int, err error) {
	v := *basis
	defer func() { *basis = v }()
	size := floats.Norm(rest, 2)
	floats.ScaleTo(v[0], 1/size, rest)
	var h [gmresBasis][]float64 // columns of R
	var cos, sin [gmresBasis]float64
	g := []float64{size}
	for m := range gmresBasis {
		if err := ctx.Err(); err != nil {
			return used, err
		}
		if len(v) == m+1 {
			v = append(v, make([]float64, len(t)))
		}
		k.stepTo(v[m+1], v[m])
		col := make([]float64, m+2)
		for j := range m + 1 {
			col[j] = floats.Dot(v[j], v[m+1])
			floats.AddScaled(v[m+1], -col[j], v[j])
		}
		col[m+1] = floats.Norm(v[m+1], 2)
		if col[m+1] > 0 {
			floats.Scale(1/col[m+1], v[m+1])
		}
		for j := range m {
			col[j], col[j+1] = cos[j]*col[j]+sin[j]*col[j+1], cos[j]*col[j+1]-sin[j]*col[j]
		}
		r := math.Hypot(col[m], col[m+1])
		cos[m], sin[m] = col[m]/r, col[m+1]/r
		col[m], h[m] = r, col[:m+1]
		g = append(g, -sin[m]*g[m])
		g[m] *= cos[m]
		used++
		if math.Abs(g[m+1]) <= 0.1*gmresEnough {
			break
		}
	}
	for i := used - 1; i >= 0; i-- {
		for j := i + 1; j < used; j++ {
			g[i] -= h[j][i] * g[j]
		}
		g[i] /= h[i][i]
	}
	for i := range used {
		floats.AddScaled(t, g[i], v[i])
	}
	return used, nil
}
