//go:build amd64 && !purego

package kernel

// softplusAVX2 is Softplus for n > 0 entries, n a multiple of 4; v may be nil. It stops
// at the first four of which one is not between -708 and 708, and returns how many
// entries it has done.
//
//go:noescape
func softplusAVX2(n int, v, d, dd, u *float64) (done int)

// logisticAVX2 is Logistic likewise.
//
//go:noescape
func logisticAVX2(n int, v, d, dd, u *float64) (done int)
