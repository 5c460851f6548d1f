package kernel

import "fmt"

// AddMul adds alpha a[i] x[i] to dst[i] for all i; a and x must be as long as
// dst, or it panics. Cost: 3 operations per entry, no allocation.
func AddMul(dst []float64, alpha float64, a, x []float64) {
	if len(a) != len(dst) || len(x) != len(dst) {
		panic(fmt.Sprintf("kernel: AddMul of lengths %d and %d to %d", len(a), len(x), len(dst)))
	}
	if useAVX2 {
		n := len(dst) &^ 3
		if n > 0 {
			addMulAVX2(n, &dst[0], alpha, &a[0], &x[0])
		}
		dst, a, x = dst[n:], a[n:], x[n:]
	}
	addMulGo(dst, alpha, a, x)
}

// addMulGo is AddMul in plain Go.
func addMulGo(dst []float64, alpha float64, a, x []float64) {
	a, x = a[:len(dst)], x[:len(dst)]
	for i := range dst {
		dst[i] += alpha * a[i] * x[i]
	}
}
