package krylov

import (
	"fmt"

	"gonum.org/v1/gonum/floats"

	"kolmo/internal/kernel"
)

// FieldTo stores sum_j y[j] Column(j) in dst. Lengths that do not fit panic. Cost: 2 m n
// operations.
func (b *Basis) FieldTo(dst, y []float64) {
	if len(y) != b.Columns() {
		panic(fmt.Sprintf("krylov: a field from %d coefficients, want %d", len(y), b.Columns()))
	}
	b.FieldsTo([][]float64{dst}, [][]float64{y})
}

// FieldsTo stores several fields, as FieldTo does one, in one pass over the vectors. The
// coefficients may be of an earlier and smaller basis, all of the same one: its vectors, then
// the constants. Fields that are shorter, all alike, get the first rows alone.
func (b *Basis) FieldsTo(dst, y [][]float64) {
	if len(dst) != len(y) {
		panic(fmt.Sprintf("krylov: %d fields from %d vectors of coefficients", len(dst), len(y)))
	}
	if len(y) == 0 {
		return
	}
	columns := len(y[0])
	m := columns - len(b.ones)
	coefs := sized(&b.coef, columns*len(y))
	for i := range y {
		if len(dst[i]) != len(dst[0]) || len(dst[i]) > b.n || len(y[i]) != columns || m < 0 || m > b.m {
			panic(fmt.Sprintf("krylov: a field of length %d from %d coefficients, want at most %d, all alike, from %d", len(dst[i]), len(y[i]), b.n, b.Columns()))
		}
		copy(coefs[i*columns:], y[i])
	}
	all := len(dst[0])
	b.pool.Run((all+productRows-1)/productRows, func(worker, block int) {
		lo := block * productRows
		rows := min(productRows, all-lo)
		size := len(y) * rows
		work := b.scratch.of(worker, 2*size)
		sum, part := work[:size], work[size:]
		clear(sum)
		add := func(count int, coef, v []float64, ld int) {
			kernel.Mul(len(y), rows, count, coef, columns, v, ld, part, rows)
			floats.Add(sum, part)
		}
		for k := 0; k < m; k += slabVectors {
			add(min(slabVectors, m-k), coefs[k:], b.slabs[k/slabVectors][lo:], b.ld)
		}
		for k, one := range b.ones {
			add(1, coefs[m+k:], one[lo:], b.rows)
		}
		for i := range dst {
			copy(dst[i][lo:], sum[i*rows:(i+1)*rows])
		}
	})
}

// productRows is the number of rows of fields that are multiplied together.
const productRows = 2 * kernel.TallRows

// RowsTo stores the columns at the given rows of a field, Columns() x len(rows), so that the
// product of a trajectory's coefficients with it holds those rows of all its fields.
func (b *Basis) RowsTo(dst []float64, rows []int) {
	if len(dst) != b.Columns()*len(rows) {
		panic(fmt.Sprintf("krylov: %d numbers for %d columns at %d rows", len(dst), b.Columns(), len(rows)))
	}
	for j := range b.Columns() {
		v := b.Column(j)
		for i, row := range rows {
			dst[j*len(rows)+i] = v[row]
		}
	}
}

// GrowthSeen returns the largest ratio of what the vectors that now has beyond before have
// changed up to step n to the bound of before, looked at after a quarter, half and all of the
// steps. Where now errs much less than before, the bound of before with its growth times that
// ratio would have been right: residuals that A amplifies show. Both are trajectories of this
// basis. Cost: three fields.
func (b *Basis) GrowthSeen(before, now *Trajectory, n int) float64 {
	seen := 0.0
	y, u := make([]float64, b.Columns()), make([]float64, b.n)
	last := 0
	for _, k := range []int{(n + 3) / 4, (n + 1) / 2, n} {
		if k == last {
			continue
		}
		last = k
		clear(y)
		copy(y, now.At(k)[:now.m])
		copy(y[b.m:], now.At(k)[now.m:])
		for i, v := range before.At(k) {
			if i >= before.m {
				i += b.m - before.m
			}
			y[i] -= v
		}
		b.FieldTo(u, y)
		if bound := before.Bound(k); bound > 0 {
			seen = max(seen, b.cfg.Sup(u)/bound)
		}
	}
	return seen
}
