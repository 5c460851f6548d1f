package kernel

import "fmt"

// Mul stores the product A B in C: C is m x p with row stride ldc, A is m x k
// with row stride lda, B is k x p with row stride ldb, all row-major. C must not
// overlap A or B. Every entry of C is summed in the order of k, from zero on, with
// fused multiply-adds in assembly and two roundings in plain Go: no entry depends
// on the shape around it, on how rows are split between workers, or on AVX-512.
// Cost: 2 m k p operations, no allocation. Mul panics if a slice is too short.
func Mul(m, p, k int, a []float64, lda int, b []float64, ldb int, c []float64, ldc int) {
	if m == 0 || p == 0 {
		return
	}
	// In one condition and without calls: small products take some ten times as long as this.
	if k > lda || p > ldb || p > ldc || len(a) < (m-1)*lda+k || len(b) < (k-1)*ldb+p || len(c) < (m-1)*ldc+p {
		check("a", len(a), m, k, lda)
		check("b", len(b), k, p, ldb)
		check("c", len(c), m, p, ldc)
	}
	if k == 0 {
		for i := range m {
			clear(c[i*ldc : i*ldc+p])
		}
		return
	}
	switch {
	case useAVX512:
		mulAVX512(m, p, k, a, lda, b, ldb, c, ldc)
	case useAVX2:
		mulAVX2(m, p, k, a, lda, b, ldb, c, ldc)
	default:
		mulGo(m, p, k, a, lda, b, ldb, c, ldc)
	}
}

func check(name string, n, rows, cols, ld int) {
	if cols > ld || (rows > 0 && n < (rows-1)*ld+cols) {
		short(name, n, rows, cols, ld)
	}
}

// short is apart so that check costs a product no call.
func short(name string, n, rows, cols, ld int) {
	panic(fmt.Sprintf("kernel: %s has length %d, too short for %d x %d with row stride %d", name, n, rows, cols, ld))
}

// mulGo is Mul in plain Go.
func mulGo(m, p, k int, a []float64, lda int, b []float64, ldb int, c []float64, ldc int) {
	for i := range m {
		ci := c[i*ldc : i*ldc+p]
		ai := a[i*lda : i*lda+k]
		clear(ci)
		for l, ail := range ai {
			bl := b[l*ldb : l*ldb+p]
			bl = bl[:len(ci)]
			for j := range ci {
				ci[j] += ail * bl[j]
			}
		}
	}
}
