package kernel

import "fmt"

// Tall products are those with a few long vectors side by side, as of a basis: the rows
// v_r = v[r ld : r ld + n], r < count, n = len(w). They go over TallRows entries of all
// vectors at a time, so that AddDots after SubTall on the same entries finds them in cache.

// TallRows is what the length of tall vectors must be a multiple of.
const TallRows = 64

// DotLanes is the number of partial sums of a dot product in AddDots.
const DotLanes = 8

// SubTall subtracts sum_r c[r] v_r from w, r = 0 .. len(c)-1 in this order for every
// entry. The length of w must be a multiple of TallRows and v must hold all rows, or it
// panics; w must not overlap v. Cost: 2 len(w) len(c) operations, no allocation.
func SubTall(w, v []float64, ld int, c []float64) {
	checkTall(len(w), len(v), ld, len(c))
	if len(c) == 0 {
		return
	}
	for i := 0; i < len(w); i += TallRows {
		switch {
		case useTall512:
			subTall512(len(c), &v[i], ld, &c[0], &w[i])
		case useAVX2:
			subTallAVX2(len(c), &v[i], ld, &c[0], &w[i])
		default:
			subTallGo(w[i:i+TallRows], v[i:], ld, c)
		}
	}
}

// AddDots adds the products w.v_r, r = 0 .. count-1, to acc in DotLanes partial sums
// each: acc[DotLanes r + l] gets the entries i with i mod DotLanes = l. The sums of the
// lanes in a fixed order, SumLanes, are the products. Lengths and panics as for SubTall;
// acc must have DotLanes count entries. Cost: 2 len(w) count operations, no allocation.
func AddDots(acc, v []float64, ld, count int, w []float64) {
	checkTall(len(w), len(v), ld, count)
	if len(acc) < DotLanes*count {
		panic(fmt.Sprintf("kernel: %d partial sums for %d products", len(acc), count))
	}
	if count == 0 {
		return
	}
	for i := 0; i < len(w); i += TallRows {
		switch {
		case useTall512:
			addDots512(count, &v[i], ld, &w[i], &acc[0])
		case useAVX2:
			addDotsAVX2(count, &v[i], ld, &w[i], &acc[0])
		default:
			addDotsGo(acc, v[i:], ld, count, w[i:i+TallRows])
		}
	}
}

// SumLanes returns the sum of the DotLanes partial sums of one product.
func SumLanes(acc []float64) float64 {
	a := acc[:DotLanes]
	return ((a[0] + a[4]) + (a[1] + a[5])) + ((a[2] + a[6]) + (a[3] + a[7]))
}

func checkTall(n, have, ld, count int) {
	if n%TallRows != 0 {
		panic(fmt.Sprintf("kernel: tall vectors of length %d, want a multiple of %d", n, TallRows))
	}
	if count > 0 && (n > ld && count > 1 || have < (count-1)*ld+n) {
		panic(fmt.Sprintf("kernel: %d numbers, too few for %d vectors of length %d at distance %d", have, count, n, ld))
	}
}

// subTallGo is SubTall for TallRows entries in plain Go.
func subTallGo(w, v []float64, ld int, c []float64) {
	for r, cr := range c {
		vr := v[r*ld : r*ld+len(w)]
		for i := range w {
			w[i] -= cr * vr[i]
		}
	}
}

// addDotsGo is AddDots for TallRows entries in plain Go.
func addDotsGo(acc, v []float64, ld, count int, w []float64) {
	for r := range count {
		vr, a := v[r*ld:r*ld+len(w)], acc[r*DotLanes:(r+1)*DotLanes]
		var even, odd [DotLanes]float64
		for i := 0; i < len(w); i += 2 * DotLanes {
			for l := range DotLanes {
				even[l] += vr[i+l] * w[i+l]
				odd[l] += vr[i+DotLanes+l] * w[i+DotLanes+l]
			}
		}
		for l := range DotLanes {
			a[l] += even[l] + odd[l]
		}
	}
}
