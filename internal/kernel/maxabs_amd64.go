//go:build amd64 && !purego

package kernel

// maxAbsAVX2 returns the bits of MaxAbs for n > 0 entries, n a multiple of 8.
//
//go:noescape
func maxAbsAVX2(n int, v *float64) uint64
