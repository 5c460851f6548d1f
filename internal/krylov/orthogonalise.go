package krylov

import (
	"math"

	"kolmo/internal/kernel"
)

// panelRows is the number of rows that one worker does together; sums over panels are
// added in their order.
const panelRows = 32 * kernel.TallRows

// panel holds the partial sums of a panel.
type panel struct{ acc []float64 }

// step is what a pass over the panels does: it subtracts the vectors by coef, if that is
// given, and adds the products with the vectors, or with w itself.
type step struct {
	count int
	coef  []float64
	dots  bool
	norm  bool
}

// orthogonaliseW removes from w the parts along the first count vectors by two passes of
// classical Gram-Schmidt, the first product of the second in the same pass over the
// vectors as the difference of the first. It returns the column of H, what is left of |w| at
// its end.
func (b *Basis) orthogonaliseW(count int) []float64 {
	if need := count * kernel.DotLanes; b.accWidth < need {
		b.accWidth = 2 * need
		for i := range b.panels {
			b.panels[i].acc = make([]float64, b.accWidth)
		}
	}
	column, coef := make([]float64, count+1), sized(&b.coef, count)
	b.pass(step{count: count, dots: true})
	b.gather(column, count)
	copy(coef, column)
	b.pass(step{count: count, coef: coef, dots: true})
	b.gather(coef, count)
	for i, c := range coef {
		column[i] += c
	}
	b.pass(step{count: count, coef: coef, norm: true})
	var square [1]float64
	b.gather(square[:], 1)
	column[count] = math.Sqrt(square[0])
	return column
}

// sized returns the numbers with another length; they hold anything.
func sized(v *[]float64, count int) []float64 {
	if cap(*v) < count {
		*v = make([]float64, 2*count)
	}
	return (*v)[:count]
}

// normOfW returns |w|.
func (b *Basis) normOfW() float64 {
	if b.accWidth == 0 {
		b.accWidth = slabVectors * kernel.DotLanes
		for i := range b.panels {
			b.panels[i].acc = make([]float64, b.accWidth)
		}
	}
	b.pass(step{norm: true})
	var square [1]float64
	b.gather(square[:], 1)
	return math.Sqrt(square[0])
}

// pass runs a step over all panels.
func (b *Basis) pass(s step) {
	b.job = s
	b.pool.Run(len(b.panels), b.task)
}

// gather stores the sums over the panels.
func (b *Basis) gather(dst []float64, count int) {
	clear(dst[:count])
	for i := range b.panels {
		acc := b.panels[i].acc
		for r := range count {
			dst[r] += kernel.SumLanes(acc[r*kernel.DotLanes:])
		}
	}
}

// orthogonalise does the step at hand for one panel.
func (b *Basis) orthogonalise(_, i int) {
	s, acc := &b.job, b.panels[i].acc
	sums := max(s.count, 1) * kernel.DotLanes
	clear(acc[:sums])
	for lo := i * panelRows; lo < min((i+1)*panelRows, b.rows); lo += kernel.TallRows {
		w := b.w[lo : lo+kernel.TallRows]
		if s.coef != nil {
			for k := 0; k < s.count; k += slabVectors {
				kernel.SubTall(w, b.slabs[k/slabVectors][lo:], b.ld, s.coef[k:min(k+slabVectors, s.count)])
			}
		}
		if s.dots {
			for k := 0; k < s.count; k += slabVectors {
				kernel.AddDots(acc[k*kernel.DotLanes:sums], b.slabs[k/slabVectors][lo:], b.ld, min(slabVectors, s.count-k), w)
			}
		}
		if s.norm {
			kernel.AddDots(acc, w, kernel.TallRows, 1, w)
		}
	}
}
