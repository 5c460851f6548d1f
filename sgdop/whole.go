package sgdop

import (
	"kolmo/internal/kernel"
	"kolmo/internal/par"
)

// leastBlock is the number of fields from which rows of whole axes are multiplied as
// matrices: then tiles of four rows and up to eight fields share what they load.
const leastBlock = 3

// fieldsAtOnce is the number of fields that share one pass over rows of whole axes.
const fieldsAtOnce = 8

// side holds fields side by side, the workspace of products with several at once.
type side struct{ in, out []float64 }

// multiply is ApplyAllTo for whole axes in double precision, as products of matrices.
func (s *side) multiply(r *rows, workers int, dst, u [][]float64) {
	n := r.g.Len()
	if s.in == nil {
		s.in, s.out = make([]float64, n*fieldsAtOnce), make([]float64, n*fieldsAtOnce)
	}
	for lo := 0; lo < len(u); lo += fieldsAtOnce {
		m := min(len(u)-lo, fieldsAtOnce)
		p := 4 // the product's tiles are 4 or 8 columns wide
		if m > 4 {
			p = 8
		}
		in, out := s.in[:n*p], s.out[:n*p]
		for c := range p {
			if c >= m {
				for i := range n {
					in[i*p+c] = 0
				}
				continue
			}
			for i, v := range u[lo+c][:n] {
				in[i*p+c] = v
			}
		}
		if workers == 1 {
			for part := range rowParts {
				s.multiplyPart(r, part, p)
			}
		} else {
			s.multiplyInParallel(r, workers, p)
		}
		for c := range m {
			d := dst[lo+c][:n]
			for i := range d {
				d[i] = out[i*p+c]
			}
		}
	}
}

// multiplyInParallel is apart so that its closure costs multiply nothing.
func (s *side) multiplyInParallel(r *rows, workers, p int) {
	par.Do(workers, rowParts, func(part int) { s.multiplyPart(r, part, p) })
}

// multiplyPart multiplies the rows of a part with p fields side by side.
func (s *side) multiplyPart(r *rows, part, p int) {
	n := r.g.Len()
	// Whole tiles of four rows, so that no row is summed otherwise.
	lo, hi := par.Split(n/4, rowParts, part)
	lo, hi = 4*lo, 4*hi
	if part == rowParts-1 {
		hi = n
	}
	if lo < hi {
		kernel.Mul(hi-lo, p, n, r.weights[lo*n:], n, s.in, p, s.out[lo*p:], p)
	}
}
