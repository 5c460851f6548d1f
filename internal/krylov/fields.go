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
