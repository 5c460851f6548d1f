//go:build amd64 && !purego

package kernel

// lineMask[k] has the first k of four lanes set.
var lineMask = [4][4]int64{{}, {-1}, {-1, -1}, {-1, -1, -1}}

// sweep is Sweep for rows rows; mask are the lanes left over from groups of four.
//
//go:noescape
func sweep(rows int, counts *int, a *float64, lanes, pitch int, u *float64, ld, scale int, mask *[4]int64)

// subMul4 subtracts the entrywise product of n numbers, a multiple of four.
//
//go:noescape
func subMul4(n int, dst, a, x *float64)

// subMul512 is subMul4 by AVX-512.
//
//go:noescape
func subMul512(n int, dst, a, x *float64)

// transpose4 transposes 4 rows of n numbers, a multiple of four; strides count
// elements.
//
//go:noescape
func transpose4(n int, src *float64, lds int, dst *float64, ldd int)

func sweepAVX2(counts []int, a []float64, lanes, pitch int, u []float64, at, ld int, scale bool) {
	first := 0
	if scale {
		first = 1
	} else if len(a) == 0 { // no row has a coefficient
		return
	}
	sweep(len(counts), &counts[0], &a[0], lanes, pitch, &u[at], ld, first, &lineMask[lanes&3])
}

func subMulAVX2(dst, a, x []float64) {
	n := len(dst) &^ 3
	switch {
	case n == 0:
	case useAVX512:
		subMul512(n, &dst[0], &a[0], &x[0])
	default:
		subMul4(n, &dst[0], &a[0], &x[0])
	}
	subMulGo(dst[n:], a[n:], x[n:])
}

func transposeAVX2(m, n int, src []float64, lds int, dst []float64, ldd int) {
	m4, n4 := m&^3, n&^3
	// Tiles of eight by eight, along the longer side: whole cache lines are read and
	// written at once, though lines of a power of two compete for a place.
	if n >= m {
		for j := 0; j < n4; j += 8 {
			for i := 0; i < m4; i += 4 {
				transpose4(min(8, n4-j), &src[i*lds+j], lds, &dst[j*ldd+i], ldd)
			}
		}
	} else {
		for i0 := 0; i0 < m4; i0 += 8 {
			for j := 0; j < n4; j += 8 {
				for i := i0; i < min(i0+8, m4); i += 4 {
					transpose4(min(8, n4-j), &src[i*lds+j], lds, &dst[j*ldd+i], ldd)
				}
			}
		}
	}
	if n4 < n && m4 > 0 {
		transposeGo(m4, n-n4, src[n4:], lds, dst[n4*ldd:], ldd)
	}
	if m4 < m {
		transposeGo(m-m4, n, src[m4*lds:], lds, dst[m4:], ldd)
	}
}
