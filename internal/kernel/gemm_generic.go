//go:build !amd64 || purego

package kernel

const useAVX2, useAVX512 = false, false

func mulAVX2(m, p, k int, a []float64, lda int, b []float64, ldb int, c []float64, ldc int) {
	mulGo(m, p, k, a, lda, b, ldb, c, ldc)
}

func mulAVX512(m, p, k int, a []float64, lda int, b []float64, ldb int, c []float64, ldc int) {
	mulGo(m, p, k, a, lda, b, ldb, c, ldc)
}

func addMulAVX2(n int, dst *float64, alpha float64, a, x *float64) {}

func addMulAVX512(n int, dst *float64, alpha float64, a, x *float64) {}
