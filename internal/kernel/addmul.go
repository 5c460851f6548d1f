package kernel

import (
	"fmt"
	"math"
)

// AddMul adds alpha a[i] x[i] to dst[i] for all i; a and x must be as long as
// dst, or it panics. Cost: 3 operations per entry, no allocation.
func AddMul(dst []float64, alpha float64, a, x []float64) {
	if len(a) != len(dst) || len(x) != len(dst) {
		panic(fmt.Sprintf("kernel: AddMul of lengths %d and %d to %d", len(a), len(x), len(dst)))
	}
	switch {
	case len(dst) == 0:
	case useAVX512:
		addMulAVX512(len(dst), &dst[0], alpha, &a[0], &x[0])
	case useAVX2:
		addMulFused(dst, alpha, a, x)
	default:
		addMulGo(dst, alpha, a, x)
	}
}

// addMulFused is AddMul with AVX2: it rounds every entry twice, as AVX-512 does.
func addMulFused(dst []float64, alpha float64, a, x []float64) {
	n := len(dst) &^ 3
	if n > 0 {
		addMulAVX2(n, &dst[0], alpha, &a[0], &x[0])
	}
	for i := n; i < len(dst); i++ {
		dst[i] = math.FMA(alpha*a[i], x[i], dst[i])
	}
}

// addMulGo is AddMul in plain Go.
func addMulGo(dst []float64, alpha float64, a, x []float64) {
	a, x = a[:len(dst)], x[:len(dst)]
	for i := range dst {
		dst[i] += alpha * a[i] * x[i]
	}
}
