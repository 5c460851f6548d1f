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
	da, db, dc     int      // from the end of one tile to the next
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

// tileVectors is the most vectors side by side in a tile.
const tileVectors = 3

// mulAVX512 is Mul with AVX-512.
func mulAVX512(m, p, k int, a []float64, lda int, b []float64, ldb int, c []float64, ldc int) {
	const rows, lanes = 8, 8
	t := tile{k: k, as: 8 * lda, ak: 8, bk: 8 * ldb, cs: 8 * ldc}
	for j, vectors := 0, (p+lanes-1)/lanes; j < p; {
		t.vectors = evenly(vectors, tileVectors)
		cols := min(lanes*t.vectors, p-j)
		t.mask = 1<<(cols-lanes*(t.vectors-1)) - 1
		for i := 0; i < m; {
			i += t.strip(m-i, rows, a[i*lda:], b[j:], c[i*ldc+j:])
			gemmAVX512(&t)
		}
		j += cols
		vectors -= t.vectors
	}
}

// mulAVX2 is Mul with AVX2.
func mulAVX2(m, p, k int, a []float64, lda int, b []float64, ldb int, c []float64, ldc int) {
	const rows, lanes = 4, 4
	t := tile{k: k, as: 8 * lda, ak: 8, bk: 8 * ldb, cs: 8 * ldc}
	for j, vectors := 0, (p+lanes-1)/lanes; j < p; {
		t.vectors = evenly(vectors, tileVectors)
		cols := min(lanes*t.vectors, p-j)
		last := cols - lanes*(t.vectors-1)
		t.mask = 1<<last - 1
		for l := range t.lanes {
			t.lanes[l] = int64(l-last) >> 63
		}
		for i := 0; i < m; {
			i += t.strip(m-i, rows, a[i*lda:], b[j:], c[i*ldc+j:])
			gemmAVX2(&t)
		}
		j += cols
		vectors -= t.vectors
	}
}

// strip makes t the tiles of equal height at the head of m rows, and returns how
// many rows they are.
func (t *tile) strip(m, most int, a, b, c []float64) int {
	t.rows = evenly(m, most)
	t.tiles = m / t.rows
	if rest := m % t.rows; rest != 0 {
		// The tiles below are lower by one row: those of this height come first.
		t.tiles = m - (t.rows-1)*((m+t.rows-1)/t.rows)
	}
	t.a, t.b, t.c = &a[0], &b[0], &c[0]
	t.da = t.rows*t.as - t.k*t.ak
	t.db = -t.k * t.bk
	t.dc = 0
	return t.rows * t.tiles
}

// evenly returns the size of the largest part of n cut into as few parts of at most
// most as there can be, equal but for one.
func evenly(n, most int) int {
	parts := (n + most - 1) / most
	return (n + parts - 1) / parts
}
