package kolmogorov

import (
	"fmt"
	"math"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/internal/kernel"
)

// Defect is the leading coefficient D of a diffusion's one-step defect,
//
//	S u - e^{eta L} u = eta^{k+1} D u + O(eta^{k+2}),   k the weak order.
//
// It is a differential operator of order up to three, on the nodes of a grid, and owns
// workspace: one goroutine at a time.
type Defect struct {
	g     *grid.Grid
	noise float64
	first [grid.MaxDim]*grid.AxisMatrix
	DefectCoefficients
	t [3][]float64
}

// DefectCoefficients are the coefficients of d_i, d_ij and d_ijk for i <= j <= k on the
// nodes of a grid, with the multiplicities of the indices; nil slices are zero.
type DefectCoefficients struct {
	P [grid.MaxDim][]float64
	Q [grid.MaxDim][grid.MaxDim][]float64
	R [grid.MaxDim][grid.MaxDim][grid.MaxDim][]float64
}

// NewDefect returns D on a grid. noise is the largest trace of the covariance of a step
// over eta^2: third moments that are rounding beside it do not count in Order.
// Derivatives of fields use all nodes of an axis: the grid should be a Chebyshev one.
func NewDefect(g *grid.Grid, c *DefectCoefficients, noise float64) (*Defect, error) {
	df := &Defect{g: g, noise: noise, DefectCoefficients: *c}
	for k := range g.Dim() {
		var err error
		if df.first[k], err = fd.Derivative(g.Axis(k), 1, fd.FullWidth); err != nil {
			return nil, fmt.Errorf("kolmogorov: %w", err)
		}
	}
	for i := range df.t {
		df.t[i] = make([]float64, g.Len())
	}
	return df, nil
}

// thirdShare is the share of (trace Sigma)^{3/2} below which a third moment counts as
// zero: rounding leaves about 1e-16 of it.
const thirdShare = 1e-9

// Order returns the order of D as a differential operator, the largest |J| of the
// derivatives d^J u in it: 1 without noise; 2 where the coefficients of third derivatives
// vanish on the grid, to rounding; else 3.
func (df *Defect) Order() int {
	d := df.g.Dim()
	order := 1
	for i := range d {
		for j := i; j < d; j++ {
			if df.Q[i][j] != nil && df.noise > 0 {
				order = max(order, 2)
			}
			for k := j; k < d; k++ {
				for _, c := range df.R[i][j][k] {
					if math.Abs(c) > thirdShare*math.Pow(df.noise, 1.5) {
						return 3
					}
				}
			}
		}
	}
	return order
}

// along stores the derivative of u along axis k in dst.
func (df *Defect) along(k int, dst, u []float64) {
	s := df.g.Stride(k)
	df.first[k].MulTo(dst, u, df.g.Len()/(s*df.g.Axis(k).Len()), s)
}

// AddTo adds alpha D u to dst. Both must have the length of the grid and must not
// overlap. Cost: up to 19 derivatives in three dimensions; no allocation.
func (df *Defect) AddTo(dst []float64, alpha float64, u []float64) {
	d := df.g.Dim()
	t1, t2, t3 := df.t[0], df.t[1], df.t[2]
	for i := range d {
		df.along(i, t1, u)
		kernel.AddMul(dst, alpha, df.P[i], t1)
		for j := i; j < d; j++ {
			if df.Q[i][j] == nil {
				continue
			}
			df.along(j, t2, t1)
			kernel.AddMul(dst, alpha, df.Q[i][j], t2)
			for k := j; k < d; k++ {
				if df.R[i][j][k] == nil {
					continue
				}
				df.along(k, t3, t2)
				kernel.AddMul(dst, alpha, df.R[i][j][k], t3)
			}
		}
	}
}
