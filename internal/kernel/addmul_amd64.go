//go:build amd64 && !purego

package kernel

// addMulAVX2 is AddMul for n > 0 entries, n a multiple of 4.
//
//go:noescape
func addMulAVX2(n int, dst *float64, alpha float64, a, x *float64)

// addMulAVX512 is AddMul for n > 0 entries.
//
//go:noescape
func addMulAVX512(n int, dst *float64, alpha float64, a, x *float64)
