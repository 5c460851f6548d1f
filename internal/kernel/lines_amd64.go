//go:build amd64 && !purego

package kernel

// dotTensor8 and dotTensor12 are DotLines for 8 and 12 weights along a line.
//
//go:noescape
func dotTensor8(u *float64, s2, s3 int, w1, w2, w3 *float64, n2, n3 int) float64

//go:noescape
func dotTensor12(u *float64, s2, s3 int, w1, w2, w3 *float64, n2, n3 int) float64
