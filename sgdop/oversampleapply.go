package sgdop

import (
	"kolmo/grid"
	"kolmo/internal/kernel"
	"kolmo/internal/par"
)

// applyOversampled is ApplyAllTo by oversampled fields, few at a time.
func (s *Operator) applyOversampled(workers int, dst, u [][]float64) {
	o := s.over
	once := 2
	if o.whole != nil {
		once = fieldsAtOnce
	}
	for len(o.up) < min(once, len(u)) {
		o.up = append(o.up, grid.NewGridTransfer(s.g, o.fine, 0))
		o.fields = append(o.fields, make([]float64, o.fine.Len()))
	}
	for lo := 0; lo < len(u); lo += once {
		hi := min(lo+once, len(u))
		par.Do(workers, hi-lo, func(k int) { o.up[k].ApplyTo(o.fields[k], u[lo+k]) })
		fine, to := o.fields[:hi-lo], dst[lo:hi]
		par.Do(workers, rowParts, func(part int) {
			o.near.rowsTo(part, to, fine)
			if o.whole != nil {
				o.whole.addRows(o.near.parts[part], o.near.parts[part+1], to, u[lo:hi])
			}
		})
	}
}

// adjointOversampled is AdjointTo by oversampled fields.
func (s *Operator) adjointOversampled(workers int, dst, p []float64) {
	o := s.over
	if o.down == nil {
		o.down = grid.NewGridTransfer(s.g, o.fine, 0).Adjoint()
		o.laws = [2][]float64{make([]float64, o.fine.Len()), make([]float64, s.g.Len())}
	}
	s.sumParts(workers, o.laws[0], p, o.near)
	o.down.ApplyTo(dst, o.laws[0])
	if o.whole != nil {
		s.sumParts(workers, o.laws[1], p, o.whole)
		kernel.Plus(dst, dst, o.laws[1])
	}
}
