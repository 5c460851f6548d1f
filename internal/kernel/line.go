package kernel

import "fmt"

// Sweep runs a recurrence over the rows of a block of lines that lie side by
// side, all of them at once: for row r = 0, 1, .. and lane l < lanes
//
//	u_r[l] = s_r[l] u_r[l] - sum_{j<counts[r]} a_rj[l] u_{r-counts[r]+j}[l],
//
// that is, from the counts[r] rows before it, which it must have. Row r of u
// begins at u[at + r ld]; ld may be negative: then the rows go downwards. The
// coefficients lie in a in the order of their use, pitch numbers each of which
// the first lanes belong to lanes: for every row s_r, if scale is set, else s is
// one, then a_r0, a_r1, ... pitch must be lanes rounded up to a multiple of four.
// Every lane is summed in the order of j and is independent of the others.
// Cost: 2 operations per coefficient, u loaded and stored once per row; no
// allocation. Sweep panics if a slice is too short.
func Sweep(counts []int, a []float64, lanes, pitch int, u []float64, at, ld int, scale bool) {
	if len(counts) == 0 || lanes == 0 {
		return
	}
	need := 0
	for r, k := range counts {
		need += k
		// The rows before the first belong to an earlier sweep: they must exist.
		if lo := at + (r-k)*ld; k < 0 || lo < 0 || lo+lanes > len(u) {
			panic(fmt.Sprintf("kernel: row %d wants the %d rows before it, outside a field of length %d", r, k, len(u)))
		}
	}
	if scale {
		need += len(counts)
	}
	last := at + (len(counts)-1)*ld
	if min(at, last) < 0 || max(at, last)+lanes > len(u) {
		panic(fmt.Sprintf("kernel: u has length %d, too short for %d rows of %d from %d with row stride %d", len(u), len(counts), lanes, at, ld))
	}
	if pitch != (lanes+3)&^3 {
		panic(fmt.Sprintf("kernel: pitch %d of %d lanes, want a multiple of 4 next to it", pitch, lanes))
	}
	if len(a) < need*pitch {
		panic(fmt.Sprintf("kernel: a has length %d, want %d coefficients of %d lanes", len(a), need, pitch))
	}
	if useAVX2 {
		sweepAVX2(counts, a, lanes, pitch, u, at, ld, scale)
		return
	}
	sweepGo(counts, a, lanes, pitch, u, at, ld, scale)
}

// sweepGo is Sweep in plain Go.
func sweepGo(counts []int, a []float64, lanes, pitch int, u []float64, at, ld int, scale bool) {
	for r, k := range counts {
		row := u[at+r*ld : at+r*ld+lanes]
		if scale {
			s := a[:len(row)]
			for l, v := range s {
				row[l] *= v
			}
			a = a[pitch:]
		}
		for j := range k {
			off := at + (r-k+j)*ld
			x := u[off : off+lanes]
			x, c := x[:len(row)], a[:len(row)]
			for l := range row {
				row[l] -= c[l] * x[l]
			}
			a = a[pitch:]
		}
	}
}

// SubMul subtracts the entrywise product of a and x from dst. The slices must
// have the same length, otherwise it panics; dst must not overlap the others.
// No allocation.
func SubMul(dst, a, x []float64) {
	if len(a) != len(dst) || len(x) != len(dst) {
		panic(fmt.Sprintf("kernel: SubMul of lengths %d and %d from %d", len(a), len(x), len(dst)))
	}
	if useAVX2 {
		subMulAVX2(dst, a, x)
		return
	}
	subMulGo(dst, a, x)
}

// subMulGo is SubMul in plain Go.
func subMulGo(dst, a, x []float64) {
	a, x = a[:len(dst)], x[:len(dst)]
	for i := range dst {
		dst[i] -= a[i] * x[i]
	}
}

// Transpose stores in dst, n x m with row stride ldd, the transpose of src, m x n
// with row stride lds. The slices must not overlap. Transpose panics if one is too
// short; no allocation.
func Transpose(m, n int, src []float64, lds int, dst []float64, ldd int) {
	if m == 0 || n == 0 {
		return
	}
	check("src", len(src), m, n, lds)
	check("dst", len(dst), n, m, ldd)
	if useAVX2 {
		transposeAVX2(m, n, src, lds, dst, ldd)
		return
	}
	transposeGo(m, n, src, lds, dst, ldd)
}

// transposeGo is Transpose in plain Go.
func transposeGo(m, n int, src []float64, lds int, dst []float64, ldd int) {
	for i := range m {
		for j, v := range src[i*lds : i*lds+n] {
			dst[j*ldd+i] = v
		}
	}
}
