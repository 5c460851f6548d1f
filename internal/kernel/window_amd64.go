//go:build amd64 && !purego

package kernel

// dotWindows adds to dst[Row] the product of each of n windows with u; strides
// count elements.
//
//go:noescape
func dotWindows(n int, win *Window, dst *float64, u *float64, w *float64, s2 int, s3 int)

// dotWindowsPair is dotWindows for two fields.
//
//go:noescape
func dotWindowsPair(n int, win *Window, dst0 *float64, dst1 *float64, u0 *float64, u1 *float64, w *float64, s2 int, s3 int)

// addWindows adds p[Row] times the weights of each of n windows to dst.
//
//go:noescape
func addWindows(n int, win *Window, dst *float64, p *float64, w *float64, s2 int, s3 int)

// dotTensor returns the sum of w1[i] w2[j] w3[k] u[i + j s2 + k s3].
//
//go:noescape
func dotTensor(u *float64, s2 int, s3 int, w1 *float64, e1 int, w2 *float64, e2 int, w3 *float64, e3 int) float64
