//go:build amd64 && !purego

package kernel

import "golang.org/x/sys/cpu"

var useAVX2 = cpu.X86.HasAVX2 && cpu.X86.HasFMA

// gemm4x8 stores the 4 x 8 product of a (4 x k) and b (k x 8) in c; strides
// count elements.
//
//go:noescape
func gemm4x8(k int, a *float64, lda int, b *float64, ldb int, c *float64, ldc int)

// gemm4x4 stores the 4 x 4 product of a (4 x k) and b (k x 4) in c.
//
//go:noescape
func gemm4x4(k int, a *float64, lda int, b *float64, ldb int, c *float64, ldc int)

// mulAVX2 tiles the product by 4 x 8 and 4 x 4; what is left over at the right
// and lower edges is done in plain Go.
func mulAVX2(m, p, k int, a []float64, lda int, b []float64, ldb int, c []float64, ldc int) {
	m4, p4 := m&^3, p&^3
	for i := 0; i < m4; i += 4 {
		ai := &a[i*lda]
		j := 0
		for ; j+8 <= p4; j += 8 {
			gemm4x8(k, ai, lda, &b[j], ldb, &c[i*ldc+j], ldc)
		}
		if j < p4 {
			gemm4x4(k, ai, lda, &b[j], ldb, &c[i*ldc+j], ldc)
		}
	}
	if p4 < p && m4 > 0 {
		mulGo(m4, p-p4, k, a, lda, b[p4:], ldb, c[p4:], ldc)
	}
	// The rows that are left go one by one through the same tiles, four times the
	// same row into a scratch tile: still faster than plain Go.
	var tile [32]float64
	for i := m4; i < m; i++ {
		ai, ci := &a[i*lda], c[i*ldc:]
		j := 0
		for ; j+8 <= p4; j += 8 {
			gemm4x8(k, ai, 0, &b[j], ldb, &tile[0], 8)
			copy(ci[j:j+8], tile[:8])
		}
		if j < p4 {
			gemm4x4(k, ai, 0, &b[j], ldb, &tile[0], 4)
			copy(ci[j:j+4], tile[:4])
		}
	}
	if p4 < p && m4 < m {
		mulGo(m-m4, p-p4, k, a[m4*lda:], lda, b[p4:], ldb, c[m4*ldc+p4:], ldc)
	}
}
