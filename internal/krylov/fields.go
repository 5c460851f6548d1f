package krylov

import (
	"fmt"

	"kolmo/internal/kernel"
)

// FieldTo stores sum_j y[j] Column(j) in dst. Lengths that do not fit panic. Cost: 2 m n
// operations.
func (b *Basis) FieldTo(dst, y []float64) {
	if len(dst) != b.n || len(y) != b.Columns() {
		panic(fmt.Sprintf("krylov: a field of length %d from %d coefficients, want %d from %d", len(dst), len(y), b.n, b.Columns()))
	}
	coef := b.coefs(len(y))
	for j, v := range y {
		coef[j] = -v
	}
	clear(b.w)
	for lo := 0; lo < b.rows; lo += kernel.TallRows {
		w := b.w[lo : lo+kernel.TallRows]
		for k := 0; k < b.m; k += slabVectors {
			kernel.SubTall(w, b.slabs[k/slabVectors][lo:], b.ld, coef[k:min(k+slabVectors, b.m)])
		}
		for k, one := range b.ones {
			kernel.SubTall(w, one[lo:], b.rows, coef[b.m+k:b.m+k+1])
		}
	}
	copy(dst, b.w)
}

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
