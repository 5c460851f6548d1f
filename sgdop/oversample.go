package sgdop

import (
	"math"
	"slices"

	"kolmo/grid"
	"kolmo/internal/kernel"
	"kolmo/internal/par"
)

// In three dimensions the merged weights of whole axes are the square of the nodes. A field
// that is taken to a grid three times as fine, axis by axis, holds the same polynomial. Local
// windows there give its values at the images, at a cost that does not grow with the nodes per
// axis. What that misses is measured.

// oversampled is S of whole axes by windows on a finer grid.
type oversampled struct {
	fine   *grid.Grid
	up     []*grid.Transfer // one per field at once
	fields [][]float64      // on the fine grid
	at     *factors
	miss   []float64
}

// Constants of oversampling.
const (
	// finer is the ratio of the nodes per axis.
	finer = 3
	// leastOversampled is the memory of whole axes' weights, in bytes, from which it is tried.
	leastOversampled = 64 << 20
	// mostMiss is the largest miss, relative to the field, that is taken.
	mostMiss = 1e-10
	// missRows is about the number of rows whose miss is measured.
	missRows = 200
)

// oversampledWidths are the widths that are tried, multiples of four as the kernels like them.
var oversampledWidths = []int{8, 12}

// Miss returns by how much S of a field of Config.Smooth was seen to differ from that by
// whole axes, relative to the field, where an oversampled field serves; zero otherwise.
func (s *Operator) Miss(f int) float64 {
	if s.over == nil {
		return 0
	}
	return s.over.miss[f]
}

// oversample tries to have S computed from oversampled fields, and reports whether it is.
func (b *builder) oversample() (bool, error) {
	s, c := b.s, b.c
	if len(c.Smooth) == 0 || !s.full || s.g.Dim() < 3 || c.Storage != StorageAuto || FullBytes(s.g.Len()) < leastOversampled {
		return false, nil
	}
	axes := make([]*grid.Axis, s.g.Dim())
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
	for _, width := range oversampledWidths {
		o := &oversampled{fine: fine}
		if s.oversampledBytes(o, width) > c.MaxBytes {
			return false, nil
		}
		if o.miss, err = s.missBy(o, width, c.Smooth); err != nil {
			return false, err
		}
		if !(slices.Max(o.miss) <= mostMiss) {
			continue
		}
		s.over = o
		if err := b.locateFine(width); err != nil {
			return false, err
		}
		s.choice.Storage, s.choice.Bytes = StorageFactors, s.oversampledBytes(o, width)
		s.choice.Why = "whole axes through a field on three times as many nodes per axis"
		s.cut()
		return true, nil
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

// fineLocator returns a workspace for the rows of S on windows of the fine grid.
func (s *frame) fineLocator(o *oversampled, width int) *locator {
	a := newLocator(o.fine, s.chain, width)
	a.rows = s.g
	return a
}

// missBy returns by how much S of the fields by windows differs from that by whole axes, at
// some of the nodes, relative to each field.
func (s *frame) missBy(o *oversampled, width int, fields [][]float64) ([]float64, error) {
	whole, near := newLocator(s.g, s.chain, 0), s.fineLocator(o, width)
	up := grid.NewGridTransfer(s.g, o.fine, 0)
	fine := make([]float64, o.fine.Len())
	stride := max(1, s.g.Len()/missRows) | 1
	worst := make([]float64, len(fields))
	for f, u := range fields {
		size := kernel.MaxAbs(u)
		if size == 0 {
			continue
		}
		up.ApplyTo(fine, u)
		for i := 0; i < s.g.Len(); i += stride {
			var at [2]float64
			for k, a := range []*locator{whole, near} {
				if err := a.locate(i); err != nil {
					return nil, err
				}
				v := u
				if k == 1 {
					v = fine
				}
				s2, s3 := stridesOf(a.g)
				for m, p := range a.prob {
					at[k] += p * kernel.DotTensor(v[a.node(m):], s2, s3, a.axis(0, m), a.axis(1, m), a.axis(2, m))
				}
			}
			if d := math.Abs(at[0]-at[1]) / size; !(d <= worst[f]) {
				worst[f] = d
			}
		}
	}
	return worst, nil
}

// locateFine keeps the weights along the axes of the fine grid; how far images leave and what
// S does at most to a field are those of whole axes.
func (b *builder) locateFine(width int) error {
	s := b.s
	n, m := s.g.Len(), s.chain.Images()
	t := newFactors(n, m, s.chain.Moving(), func(k int) int { return s.over.fine.Axis(k).Width(width) }, s.g.Dim())
	b.goal = b.tasks()
	fine := make([]*locator, b.tasks())
	end, merge := b.measured()
	err := b.pass(b.tasks(), func(task int) { fine[task] = s.fineLocator(s.over, width) }, func(task int, a *locator, i int) {
		a.measure()
		// The whole-axis locator was finite there.
		if err := fine[task].locate(i); err != nil {
			panic("sgdop: " + err.Error())
		}
		t.keep(i, fine[task])
	}, func(task int, a *locator) {
		end(task, a)
		fine[task] = nil
	})
	if err != nil {
		return err
	}
	merge()
	s.norm, s.over.at = b.reach.lebesgue, t
	return nil
}

// applyOversampled is ApplyAllTo by oversampled fields, a pair at a time.
func (s *Operator) applyOversampled(workers int, dst, u [][]float64) {
	o := s.over
	for len(o.up) < min(2, len(u)) {
		o.up = append(o.up, grid.NewGridTransfer(s.g, o.fine, 0))
		o.fields = append(o.fields, make([]float64, o.fine.Len()))
	}
	s2, s3 := stridesOf(o.fine)
	for lo := 0; lo < len(u); lo += 2 {
		hi := min(lo+2, len(u))
		par.Do(workers, hi-lo, func(k int) { o.up[k].ApplyTo(o.fields[k], u[lo+k]) })
		par.Do(workers, rowParts, func(part int) {
			for i := s.parts[part]; i < s.parts[part+1]; i++ {
				for f := lo; f < hi; f++ {
					dst[f][i] = 0
				}
				for m, p := range o.at.probs(i) {
					node := int(o.at.base[i*o.at.m+m])
					w1, w2, w3 := o.at.axis(0, i, m), o.at.axis(1, i, m), o.at.axis(2, i, m)
					for f := lo; f < hi; f++ {
						dst[f][i] += p * kernel.DotLines(o.fields[f-lo][node:], s2, s3, w1, w2, w3)
					}
				}
			}
		})
	}
}
