package sgdop

import (
	"math"
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

// Stored is rows.Stored, of the finer grid's windows and of whole rows where S is computed
// through finer fields.
func (s *Operator) Stored() int {
	if s.over == nil {
		return s.rows.Stored()
	}
	stored := s.over.near.Stored()
	if s.over.whole != nil {
		stored += s.over.whole.Stored()
	}
	return stored
}

// Windows is rows.Windows, counted as Stored is.
func (s *Operator) Windows() int {
	if s.over == nil {
		return s.rows.Windows()
	}
	windows := s.over.near.Windows()
	if s.over.whole != nil {
		windows += s.over.whole.Windows()
	}
	return windows
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

// fineLocator returns a workspace for the rows of S on windows of the fine grid.
func (s *frame) fineLocator(o *oversampled, width int) *locator {
	a := newLocator(o.fine, s.chain, width)
	a.rows = s.g
	return a
}

// missBy returns by how much S of the fields by windows differs from that by whole axes, at
// some of the nodes, relative to each field. Of many images it looks at some, those that reach
// farthest among them; it ends where a row misses more than most.
func (s *frame) missBy(o *oversampled, width int, fields [][]float64, most float64) ([]float64, error) {
	whole, near := newLocator(s.g, s.chain, 0), s.fineLocator(o, width)
	up := grid.NewGridTransfer(s.g, o.fine, 0)
	fine := make([]float64, o.fine.Len())
	worst := make([]float64, len(fields))
	for f, u := range fields {
		size := kernel.MaxAbs(u)
		if size == 0 {
			continue
		}
		up.ApplyTo(fine, u)
		for r := range missRows {
			i := spreadNode(s.g, r)
			for _, a := range []*locator{whole, near} {
				if err := a.locate(i); err != nil {
					return nil, err
				}
			}
			if s.g.Dim() == 2 && whole.leaves() {
				continue
			}
			miss := func(m int) float64 {
				return near.prob[m] * (near.interpolate(fine, m) - whole.interpolate(u, m))
			}
			if d := missOfRow(near, miss) / size; !(d <= worst[f]) {
				worst[f] = d
			}
			if !(worst[f] <= most) {
				return worst, nil
			}
		}
	}
	return worst, nil
}

// spreadSteps are the steps along the axes of points that fill a square and a cube evenly, and
// each axis as well: powers of 1/g, g^(d+1) = g + 1 (Roberts, The unreasonable effectiveness of
// quasirandom sequences, 2018).
var spreadSteps = [grid.MaxDim + 1][grid.MaxDim]float64{
	1: {0.6180339887498949},
	2: {0.7548776662466927, 0.5698402909980532},
	3: {0.8191725133961645, 0.6710436067037893, 0.5497004779019703},
}

// spreadNode returns the r-th of nodes that are spread over a grid and over all of its axes,
// whatever their lengths.
func spreadNode(g *grid.Grid, r int) int {
	i := 0
	for k := range g.Dim() {
		_, share := math.Modf(0.5 + float64(r)*spreadSteps[g.Dim()][k])
		n := g.Axis(k).Len()
		i += min(int(share*float64(n)), n-1) * g.Stride(k)
	}
	return i
}

// missOfRow sums the misses of the images that a has located, or, of many, the absolute
// values of some for all and of the outermost ones besides.
func missOfRow(a *locator, miss func(m int) float64) float64 {
	n := len(a.prob)
	sum := 0.0
	if n <= missImages {
		for m := range n {
			sum += miss(m)
		}
		return math.Abs(sum)
	}
	stride := (n + missImages - 1) / missImages
	for m := 0; m < n; m += stride {
		sum += math.Abs(miss(m))
	}
	sum *= float64(stride)
	for k := range a.g.Dim() {
		var low, high int
		for m := range n {
			if a.image(m, k) < a.image(low, k) {
				low = m
			}
			if a.image(m, k) > a.image(high, k) {
				high = m
			}
		}
		sum += math.Abs(miss(low)) + math.Abs(miss(high))
	}
	return sum
}

// interpolate returns the interpolant of a field on the locator's grid at image m.
func (a *locator) interpolate(u []float64, m int) float64 {
	s2, s3 := stridesOf(a.g)
	return kernel.DotTensor(u[a.node(m):], s2, s3, a.axis(0, m), a.axis(1, m), a.axis(2, m))
}

// keepFactors keeps the weights along the axes of the fine grid; how far images leave and what
// S does at most to a field are those of whole axes.
func (b *builder) keepFactors(o *oversampled, width int) (bool, error) {
	s := b.s
	n, m := s.g.Len(), s.chain.Images()
	t := newFactors(n, m, s.chain.Moving(), func(k int) int { return o.fine.Axis(k).Width(width) }, s.g.Dim())
	b.goal = b.tasks()
	fine := make([]*locator, b.tasks())
	end, merge := b.measured()
	err := b.pass(b.tasks(), func(task int) { fine[task] = s.fineLocator(o, width) }, func(task int, a *locator, i int) {
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
		return false, err
	}
	merge()
	s.norm, o.near = b.reach.lebesgue, &rows{frame: frame{g: o.fine, at: s.g, chain: s.chain, width: width}, tensor: t}
	o.near.cut()
	s.choice.Storage, s.choice.Bytes = StorageFactors, s.oversampledBytes(o, width)
	return true, nil
}

// mergeFine merges the windows of every row's images on the fine grid, where that takes few
// weights; how far images leave is that of whole axes, and so is the norm.
func (b *builder) mergeFine(o *oversampled, width int) (bool, error) {
	s, c := b.s, *b.c
	most := min(int64(mostMerged*float64(FullBytes(s.g.Len()))), c.MaxBytes)
	b.goal = 3 * b.tasks()
	defer func() { b.done = 0 }() // where another way is taken
	kept, err := b.keepLeaving(o, most)
	if !kept || err != nil {
		return false, err
	}
	c.Means = nil
	if c.Progress != nil { // the first of three passes is done
		c.Progress = func(share float64) { b.report((1 + 2*share) / 3) }
	}
	near := &builder{s: &Operator{rows: rows{frame: frame{g: o.fine, at: s.g, chain: s.chain, width: width}}}, c: &c, ctx: b.ctx, without: o.whole}
	near.goal = 2 * near.tasks()
	bytes, err := near.findWindows()
	bytes += weightBytes * int64(len(o.whole.weights))
	if err != nil || bytes > most {
		return false, err
	}
	if err := near.windows(); err != nil {
		return false, err
	}
	o.near = &near.s.rows
	s.norm = max(s.norm, o.near.normOn(s.g, c.Workers))
	s.choice.Storage, s.choice.Bytes = StorageWindows, bytes
	return true, nil
}

// has reports that row i has windows.
func (s *rows) has(i int) bool { return s.first[i] < s.first[i+1] }

// keepLeaving keeps the rows some image of which leaves the box, unless they need more than
// most bytes, and measures how far images leave.
func (b *builder) keepLeaving(o *oversampled, most int64) (bool, error) {
	s := b.s
	n := s.g.Len()
	leaves := make([]bool, n)
	end, merge := b.measured()
	err := b.pass(b.tasks(), func(int) {}, func(_ int, a *locator, i int) {
		a.measure()
		leaves[i] = a.leaves()
	}, end)
	if err != nil {
		return false, err
	}
	merge()
	w := &Operator{rows: rows{frame: s.frame, first: make([]int32, 1, n+1)}}
	var list []kernel.Window
	for i, out := range leaves {
		if out {
			list = append(list, kernel.Window{W: n * len(list), Row: int32(i), E1: int32(n), E2: 1, E3: 1})
		}
		w.first = append(w.first, int32(len(list)))
	}
	o.whole = &w.rows
	if weightBytes*int64(n)*int64(len(list)) > most {
		return false, nil
	}
	w.weights = make([]float64, n*len(list))
	tasks := b.tasks()
	norms := make([]float64, tasks)
	par.Do(b.c.Workers, tasks, func(task int) {
		a, f := b.locator(), filler{s: w}
		lo, hi := par.Split(n, tasks, task)
		for i := lo; i < hi; i++ {
			if !leaves[i] {
				continue
			}
			if err := a.locate(i); err != nil {
				panic("sgdop: " + err.Error()) // it was finite before
			}
			k := w.first[i]
			f.fill(a, []box{{hi: [grid.MaxDim]int32{int32(n), 1, 1}}}, list[k:k+1])
		}
		norms[task] = f.norm
	})
	s.norm = slices.Max(norms)
	w.win = kernel.NewWindows(list, n, n, len(w.weights), 0, 0)
	w.cut()
	return true, nil
}

// normOn returns the largest sum of absolute weights of a row with respect to the nodes of a
// coarser grid, from which fields come to this one. Both have two axes.
func (s *rows) normOn(coarse *grid.Grid, workers int) float64 {
	n1, n2 := coarse.Axis(0).Len(), coarse.Axis(1).Len()
	m2 := s.g.Axis(1).Len()
	along := make([]float64, s.g.Axis(0).Len()*n1) // fine x coarse
	for i := range s.g.Axis(0).Len() {
		coarse.Axis(0).WindowTo(along[i*n1:(i+1)*n1], s.g.Axis(0).Node(i), 0)
	}
	across := make([]float64, n2*m2) // coarse x fine
	w := make([]float64, n2)
	for j := range m2 {
		coarse.Axis(1).WindowTo(w, s.g.Axis(1).Node(j), 0)
		for k, v := range w {
			across[k*m2+j] = v
		}
	}
	s2, _ := s.strides()
	norms := make([]float64, rowParts)
	par.Do(workers, rowParts, func(part int) {
		lines := make([]float64, m2*n1)
		row, more := make([]float64, n2*n1), make([]float64, n2*n1)
		for i := s.parts[part]; i < s.parts[part+1]; i++ {
			clear(row)
			for x := s.first[i]; x < s.first[i+1]; x++ {
				v := s.win.At(int(x))
				e1, e2 := int(v.E1), int(v.E2)
				if e1 > s2 { // lines side by side are one
					e1, e2 = s2, e1/s2
				}
				at := int(v.U)
				kernel.Mul(e2, n1, e1, s.weights[v.W:], e1, along[at%s2*n1:], n1, lines, n1)
				kernel.Mul(n2, n1, e2, across[at/s2:], m2, lines, n1, more, n1)
				kernel.Plus(row, row, more)
			}
			norms[part] = max(norms[part], absoluteSum(row))
		}
	})
	return slices.Max(norms)
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
