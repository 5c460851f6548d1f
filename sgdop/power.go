package sgdop

import (
	"context"
	"fmt"

	"gonum.org/v1/gonum/mat"

	"kolmo/internal/kernel"
	"kolmo/internal/par"
)

// PowerTo stores S^n u[f] in dst[f] by n steps; n may be 0. Lengths are as for
// ApplyAllTo; dst and u must not overlap. The error is the context's, asked once per
// step; dst is then undefined. Cost: n passes over the weights, and as many fields of
// workspace as there are fields.
func (s *Operator) PowerTo(ctx context.Context, workers, n int, dst, u [][]float64) error {
	if n < 0 || len(dst) != len(u) {
		panic(fmt.Sprintf("sgdop: the power %d of %d fields, %d to store", n, len(u), len(dst)))
	}
	next := make([][]float64, len(u))
	for f := range u {
		s.check(dst[f])
		s.check(u[f])
		copy(dst[f], u[f])
		next[f] = make([]float64, len(u[f]))
	}
	now := append([][]float64(nil), dst...)
	for range n {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.ApplyAllTo(workers, next, now)
		now, next = next, now
	}
	if n%2 == 1 {
		for f := range dst {
			copy(dst[f], now[f])
		}
	}
	return nil
}

// MostDense is the largest number of nodes of which DensePower multiplies out
// powers of S.
const MostDense = 2048

// DensePower returns S^n as a matrix, by repeated squaring: (S^n)_{ij} is the weight
// with which the value at node j enters E u(X_n) from node i. It is for many steps on
// small grids, of one dimension in practice. The error is a grid of more than
// MostDense nodes, or the context's, asked once per product. Cost: at most
// 2 log2(n) products of matrices, and the memory of four.
func (s *rows) DensePower(ctx context.Context, workers, n int) (*mat.Dense, error) {
	size := s.g.Len()
	if size > MostDense {
		return nil, fmt.Errorf("sgdop: a dense power on %d nodes, want at most %d", size, MostDense)
	}
	if n < 0 {
		panic(fmt.Sprintf("sgdop: the power %d", n))
	}
	power, square, out := make([]float64, size*size), make([]float64, size*size), make([]float64, size*size)
	for i := range size {
		power[i*size+i] = 1
	}
	i := 0
	for columns, weights := range s.Rows() {
		for k, j := range columns {
			square[i*size+j] = weights[k]
		}
		i++
	}
	multiply := func(a, b []float64) {
		par.Do(workers, rowParts, func(k int) {
			lo, hi := par.Split(size, rowParts, k)
			if lo < hi {
				kernel.Mul(hi-lo, size, size, a[lo*size:], size, b, size, out[lo*size:], size)
			}
		})
	}
	for ; n > 0; n >>= 1 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if n&1 == 1 {
			multiply(power, square)
			power, out = out, power
		}
		if n > 1 {
			multiply(square, square)
			square, out = out, square
		}
	}
	return mat.NewDense(size, size, power), nil
}
