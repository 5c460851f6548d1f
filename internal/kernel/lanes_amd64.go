//go:build amd64 && !purego

package kernel

// The following are the functions of their names for n > 0 entries, n a multiple of 4.

//go:noescape
func plusAVX2(n int, dst, a, b *float64)

//go:noescape
func minusAVX2(n int, dst, a, b *float64)

//go:noescape
func timesAVX2(n int, dst, a, b *float64)

//go:noescape
func addTimesAVX2(n int, dst, a, b *float64)

//go:noescape
func times3AVX2(n int, dst, a, b, c *float64)

//go:noescape
func addTimes3AVX2(n int, dst, a, b, c *float64)

// dotAVX2 stores the four sums of Dot in s.
//
//go:noescape
func dotAVX2(n int, s *[four]float64, w, a *float64)

// covarianceAVX2 stores the four sums of Covariance in s.
//
//go:noescape
func covarianceAVX2(n int, s *[four]float64, w, a, b *float64, meanA, meanB float64)
