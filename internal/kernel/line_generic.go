//go:build !amd64 || purego

package kernel

func sweepAVX2(counts []int, a []float64, lanes, pitch int, u []float64, at, ld int, scale bool) {
	sweepGo(counts, a, lanes, pitch, u, at, ld, scale)
}

func subMulAVX2(dst, a, x []float64) { subMulGo(dst, a, x) }

func transposeAVX2(m, n int, src []float64, lds int, dst []float64, ldd int) {
	transposeGo(m, n, src, lds, dst, ldd)
}
