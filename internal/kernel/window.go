package kernel

import "fmt"

// Window places a block of weights over a field: the E1 x E2 x E3 nodes whose
// first is node U, with the weights from W on, x1 contiguous and without gaps.
// What it yields belongs to entry Row.
type Window struct {
	W          int
	U, Row     int32
	E1, E2, E3 int32
	_          int32
}

// Windows is a checked list of windows over fields of one length. It is immutable
// and may be shared by goroutines.
type Windows struct {
	list                 []Window
	rows, field, weights int
	s2, s3               int
}

// NewWindows returns the windows over fields of the given length, with strides s2
// and s3 between neighbours along x2 and x3, for rows results and so many weights.
// It keeps the list. It panics if a window has no node, or reaches beyond the
// field, the rows or the weights; nothing is read or written beyond them later.
func NewWindows(list []Window, rows, field, weights, s2, s3 int) *Windows {
	for i := range list {
		x := &list[i]
		e1, e2, e3 := int(x.E1), int(x.E2), int(x.E3)
		if e1 < 1 || e2 < 1 || e3 < 1 || s2 < 0 || s3 < 0 || x.U < 0 || x.W < 0 || x.Row < 0 ||
			int(x.Row) >= rows || int(x.U)+e1+(e2-1)*s2+(e3-1)*s3 > field || x.W+e1*e2*e3 > weights {
			panic(fmt.Sprintf("kernel: window %d, %+v, reaches beyond %d rows, %d nodes or %d weights", i, *x, rows, field, weights))
		}
	}
	return &Windows{list: list, rows: rows, field: field, weights: weights, s2: s2, s3: s3}
}

// Len returns the number of windows.
func (v *Windows) Len() int { return len(v.list) }

// At returns window i.
func (v *Windows) At(i int) Window { return v.list[i] }

func (v *Windows) check(rows, field, weights int) {
	if rows != v.rows || field != v.field || weights != v.weights {
		panic(fmt.Sprintf("kernel: %d rows, %d nodes and %d weights where the windows have %d, %d and %d", rows, field, weights, v.rows, v.field, v.weights))
	}
}

// DotTo adds to dst[Row], for each of the windows lo .. hi-1, the sum of weights
// times u over its nodes. The order of summation depends on the window alone.
// Lengths must be those of NewWindows, or it panics; dst must not overlap u.
// Cost: one pass over the weights, no allocation.
func (v *Windows) DotTo(dst, u, w []float64, lo, hi int) {
	v.check(len(dst), len(u), len(w))
	list := v.list[lo:hi]
	if len(list) == 0 {
		return
	}
	if useAVX2 {
		dotWindows(len(list), &list[0], &dst[0], &u[0], &w[0], v.s2, v.s3)
		return
	}
	dotWindowsGo(list, dst, u, w, v.s2, v.s3)
}

// DotPairTo is DotTo for two fields in one pass over the weights, each summed as
// DotTo does.
func (v *Windows) DotPairTo(dst0, dst1, u0, u1, w []float64, lo, hi int) {
	v.check(len(dst0), len(u0), len(w))
	v.check(len(dst1), len(u1), len(w))
	list := v.list[lo:hi]
	if len(list) == 0 {
		return
	}
	if useAVX2 {
		dotWindowsPair(len(list), &list[0], &dst0[0], &dst1[0], &u0[0], &u1[0], &w[0], v.s2, v.s3)
		return
	}
	dotWindowsGo(list, dst0, u0, w, v.s2, v.s3)
	dotWindowsGo(list, dst1, u1, w, v.s2, v.s3)
}

// AddTo adds to dst, for each of the windows lo .. hi-1 in their order, p[Row]
// times the weights at its nodes: the transpose of DotTo. len(dst) is the field's
// length and len(p) that of the rows, or it panics; dst must not overlap p. Cost:
// one pass over the weights, no allocation.
func (v *Windows) AddTo(dst, p, w []float64, lo, hi int) {
	v.check(len(p), len(dst), len(w))
	list := v.list[lo:hi]
	if len(list) == 0 {
		return
	}
	if useAVX2 {
		addWindows(len(list), &list[0], &dst[0], &p[0], &w[0], v.s2, v.s3)
		return
	}
	addWindowsGo(list, dst, p, w, v.s2, v.s3)
}

// dotWindowsGo is DotTo in plain Go, with four interleaved sums.
func dotWindowsGo(list []Window, dst, u, w []float64, s2, s3 int) {
	for i := range list {
		x := &list[i]
		e1 := int(x.E1)
		wl := w[x.W:]
		var a0, a1, a2, a3 float64
		for k := range int(x.E3) {
			for j := range int(x.E2) {
				line := u[int(x.U)+j*s2+k*s3:][:e1]
				c := wl[:len(line)]
				wl = wl[e1:]
				for len(line) >= 4 && len(c) >= 4 {
					a0 += c[0] * line[0]
					a1 += c[1] * line[1]
					a2 += c[2] * line[2]
					a3 += c[3] * line[3]
					line, c = line[4:], c[4:]
				}
				for l, v := range line {
					a0 += c[l] * v
				}
			}
		}
		dst[x.Row] += (a0 + a2) + (a1 + a3)
	}
}

// addWindowsGo is AddTo in plain Go.
func addWindowsGo(list []Window, dst, p, w []float64, s2, s3 int) {
	for i := range list {
		x := &list[i]
		e1 := int(x.E1)
		wl, c := w[x.W:], p[x.Row]
		for k := range int(x.E3) {
			for j := range int(x.E2) {
				line := dst[int(x.U)+j*s2+k*s3:][:e1]
				for l, v := range wl[:len(line)] {
					line[l] += c * v
				}
				wl = wl[e1:]
			}
		}
	}
}

// DotTensor returns the sum over i, j, k of w1[i] w2[j] w3[k] u[i + j s2 + k s3],
// for weights that are a product and are not multiplied out. It panics if a list of
// weights is empty or u is too short. Cost: one operation per node and a few per
// line, no allocation.
func DotTensor(u []float64, s2, s3 int, w1, w2, w3 []float64) float64 {
	if len(w1) == 0 || len(w2) == 0 || len(w3) == 0 || s2 < 0 || s3 < 0 ||
		len(u) < len(w1)+(len(w2)-1)*s2+(len(w3)-1)*s3 {
		panic(fmt.Sprintf("kernel: %d nodes for a product of %d, %d and %d weights", len(u), len(w1), len(w2), len(w3)))
	}
	if useAVX2 {
		return dotTensor(&u[0], s2, s3, &w1[0], len(w1), &w2[0], len(w2), &w3[0], len(w3))
	}
	return dotTensorGo(u, s2, s3, w1, w2, w3)
}

// dotTensorGo is DotTensor in plain Go.
func dotTensorGo(u []float64, s2, s3 int, w1, w2, w3 []float64) float64 {
	total := 0.0
	for k, c := range w3 {
		plane := 0.0
		for j, b := range w2 {
			line := u[j*s2+k*s3:][:len(w1)]
			sum := 0.0
			for i, a := range w1 {
				sum += a * line[i]
			}
			plane += b * sum
		}
		total += c * plane
	}
	return total
}
