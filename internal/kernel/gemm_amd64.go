//go:build amd64 && !purego

package kernel

import "golang.org/x/sys/cpu"

//go:generate sh -c "go run ./gen > gemm_amd64.s.new && mv gemm_amd64.s.new gemm_amd64.s"

var (
	useAVX2   = cpu.X86.HasAVX2 && cpu.X86.HasFMA
	useAVX512 = useAVX2 && cpu.X86.HasAVX512F
)

// tile describes tiles of a product, one after the other, to the assembly; strides
// and steps count bytes. The assembly knows its fields by name.
type tile struct {
	rows, vectors int // of a tile; up to 8 x 3, with AVX2 up to 4 x 3
	k             int // at least 1
	tiles         int // at least 1

	a, b, c        *float64
	as, ak, bk, cs int      // strides: rows and columns of A, rows of B, rows of C
	da, db         int      // from the end of one tile's columns of A and rows of B to the next tile
	mask           uint64   // the lanes of the last vector, by bits
	lanes          [4]int64 // and by words, for AVX2
}

// gemmAVX512 computes tiles of up to 8 rows and 3 vectors of 8 columns.
//
//go:noescape
func gemmAVX512(t *tile)

// gemmAVX2 computes tiles of up to 4 rows and 3 vectors of 4 columns.
//
//go:noescape
func gemmAVX2(t *tile)

// mulAVX512 is Mul with AVX-512.
func mulAVX512(m, p, k int, a []float64, lda int, b []float64, ldb int, c []float64, ldc int) {
	const lanes = 8
	var t tile
	t.set(k, lda, ldb, ldc)
	if m <= 8 && p <= 3*lanes { // one tile
		t.rows, t.tiles, t.vectors = m, 1, (p+lanes-1)/lanes
		t.mask = 1<<uint(p-lanes*(t.vectors-1)) - 1
		t.a, t.b, t.c = &a[0], &b[0], &c[0]
		gemmAVX512(&t)
		return
	}
	high, low := heights(m, 8)
	for j := 0; j < p; {
		cols := t.columns(p-j, lanes)
		if high.tiles > 0 {
			t.strip(high, &a[0], &b[j], &c[j])
			gemmAVX512(&t)
		}
		if low.tiles > 0 {
			i := high.rows * high.tiles
			t.strip(low, &a[i*lda], &b[j], &c[i*ldc+j])
			gemmAVX512(&t)
		}
		j += cols
	}
}

// mulAVX2 is Mul with AVX2.
func mulAVX2(m, p, k int, a []float64, lda int, b []float64, ldb int, c []float64, ldc int) {
	const lanes = 4
	high, low := heights(m, 4)
	var t tile
	t.set(k, lda, ldb, ldc)
	for j := 0; j < p; {
		cols := t.columns(p-j, lanes)
		for l := range t.lanes {
			t.lanes[l] = -int64(t.mask >> l & 1)
		}
		if high.tiles > 0 {
			t.strip(high, &a[0], &b[j], &c[j])
			gemmAVX2(&t)
		}
		if low.tiles > 0 {
			i := high.rows * high.tiles
			t.strip(low, &a[i*lda], &b[j], &c[i*ldc+j])
			gemmAVX2(&t)
		}
		j += cols
	}
}

// group is a number of tiles of the same height, one below the other.
type group struct{ rows, tiles int }

// heights cuts m rows into as few tiles of at most most rows as there can be, as
// even as possible: the high ones and, below, those with a row less.
func heights(m, most int) (high, low group) {
	if m <= most {
		return group{m, 1}, group{}
	}
	tiles := (m + most - 1) / most
	rows := int(uint32(m+tiles-1) / uint32(tiles))
	high = group{rows, m - (rows-1)*tiles}
	return high, group{rows - 1, tiles - high.tiles}
}

// columns sets the width of the tiles at the head of p columns and returns it: as
// few strips as there can be, none of them a single vector if two can be shared.
func (t *tile) columns(p, lanes int) int {
	vectors := (p + lanes - 1) / lanes
	switch {
	case vectors == 4:
		t.vectors = 2
	case vectors > 3:
		t.vectors = 3
	default:
		t.vectors = vectors
	}
	cols := min(p, lanes*t.vectors)
	t.mask = 1<<uint(cols-lanes*(t.vectors-1)) - 1
	return cols
}

// set sets what all tiles of a product share. A literal would be built elsewhere and copied
// in larger pieces than it was written in, for which the processor waits.
func (t *tile) set(k, lda, ldb, ldc int) {
	t.k, t.as, t.ak, t.bk, t.cs = k, 8*lda, 8, 8*ldb, 8*ldc
	t.db = -k * t.bk
}

// strip makes t the tiles of a group.
func (t *tile) strip(g group, a, b, c *float64) {
	t.rows, t.tiles = g.rows, g.tiles
	t.a, t.b, t.c = a, b, c
	t.da = g.rows*t.as - t.k*t.ak
}
