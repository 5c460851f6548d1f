package sgdop

import (
	"slices"

	"kolmo/grid"
	"kolmo/internal/kernel"
	"kolmo/internal/par"
)

// Whole axes cost a weight per pair of nodes. A field that is taken to a grid three times as
// fine, axis by axis, holds the same polynomial, and local windows there give its values at the
// images. In two dimensions the windows of a row's images are merged, and few where a step is
// small. Rows some image of which leaves the box stay those of whole axes: windows at an edge are
// small and extrapolate badly. In three dimensions the weights along the axes are
// kept, at a cost that does not grow with the nodes per axis. What all that misses is measured.

// oversampled is S of whole axes by windows on a finer grid.
type oversampled struct {
	fine   *grid.Grid
	up     []*grid.Transfer // one per field at once
	fields [][]float64      // on the fine grid
	near   *rows            // windows on the fine grid: merged in two dimensions, as factors in three
	whole  *rows            // in two dimensions, the rows some image of which leaves the box
	down   *grid.Transfer   // the adjoint of up, nil until it is asked for
	laws   [2][]float64     // on the fine grid and on the grid, of the adjoint
	miss   []float64
}

// finer is the ratio of the nodes per axis.
const finer = 3

// oversampling is when whole axes give way to windows on a finer grid.
type oversampling struct {
	least  int64   // the memory of whole axes' weights, in bytes, from which it is tried
	widths []int   // that are tried
	most   float64 // the largest miss in a step, relative to the field, that is taken
}

// oversamplings holds what holds in each dimension. In two dimensions wider windows cost
// little, and a miss that many steps add up can be kept near rounding; in three the widths are
// multiples of four as the kernels like them.
var oversamplings = [grid.MaxDim + 1]oversampling{
	2: {least: 6 << 20, widths: []int{12, 16}, most: 5e-14},
	3: {least: 64 << 20, widths: []int{8, 12}, most: 1e-10},
}

const (
	// missRows is the number of rows whose miss is measured, and missImages the number
	// of images per row beyond which only some are looked at.
	missRows   = 200
	missImages = 256
	// mostMerged is the largest share of whole axes' weights that merged windows may take.
	mostMerged = 0.3
)

// Miss returns by how much S of a field of Config.Smooth was seen to differ from that by
// whole axes, relative to the field, where an oversampled field serves; zero otherwise.
func (s *Operator) Miss(f int) float64 {
	if s.over == nil {
		return 0
	}
	return s.over.miss[f]
}

// Oversampled reports that S is computed from oversampled fields, see Config.Smooth.
func (s *Operator) Oversampled() bool { return s.over != nil }

// held returns the rows that S is computed by.
func (s *Operator) held() []*rows {
	switch {
	case s.over == nil:
		return []*rows{&s.rows}
	case s.over.whole == nil:
		return []*rows{s.over.near}
	}
	return []*rows{s.over.near, s.over.whole}
}

// Stored returns the number of weights held in windows, some of which may be zero;
// they take eight bytes each.
func (s *Operator) Stored() int {
	sum := 0
	for _, r := range s.held() {
		sum += len(r.weights)
	}
	return sum
}

// Windows returns the number of windows, at least one per row; zero without
// windows.
func (s *Operator) Windows() int {
	sum := 0
	for _, r := range s.held() {
		if r.win != nil {
			sum += r.win.Len()
		}
	}
	return sum
}

// oversample tries to have S computed from oversampled fields, and reports whether it is.
func (b *builder) oversample() (bool, error) {
	s, c := b.s, b.c
	d := s.g.Dim()
	rule := &oversamplings[d]
	if len(c.Smooth) == 0 || !s.full || len(rule.widths) == 0 || c.Storage != StorageAuto || FullBytes(s.g.Len()) < rule.least {
		return false, nil
	}
	if d == 2 && s.chain.Images() >= manySamples {
		return false, nil // patches sum rows of whole axes at less than the windows' cost
	}
	axes := make([]*grid.Axis, d)
	for k := range axes {
		a := s.g.Axis(k)
		var err error
		if axes[k], err = grid.Chebyshev(a.Name(), finer*a.Len(), a.Lo(), a.Hi()); err != nil {
			return false, nil
		}
	}
	fine, err := grid.New(axes...)
	if err != nil {
		return false, nil
	}
	for _, width := range rule.widths {
		o := &oversampled{fine: fine}
		if d == 3 && s.oversampledBytes(o, width) > c.MaxBytes {
			return false, nil
		}
		if o.miss, err = s.missBy(o, width, c.Smooth, rule.most); err != nil {
			return false, err
		}
		if !(slices.Max(o.miss) <= rule.most) {
			continue
		}
		take := b.keepFactors
		if d == 2 {
			take = b.mergeFine
		}
		taken, err := take(o, width)
		if taken {
			s.over = o
			s.choice.Why = "whole axes through a field on three times as many nodes per axis"
		}
		return taken, err
	}
	return false, nil
}

// oversampledBytes is the memory of the weights along the axes and of a pair of fields.
func (s *frame) oversampledBytes(o *oversampled, width int) int64 {
	n, m := int64(s.g.Len()), int64(s.chain.Images())
	bytes := n*m*(8*int64(width*s.g.Dim())+4) + 3*2*8*int64(o.fine.Len())
	if s.chain.Moving() {
		bytes += 8 * n * m
	}
	return bytes
}

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
