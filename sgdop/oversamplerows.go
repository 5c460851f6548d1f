package sgdop

import (
	"slices"

	"kolmo/grid"
	"kolmo/internal/kernel"
	"kolmo/internal/par"
)

// fineLocator returns a workspace for the rows of S on windows of the fine grid.
func (s *frame) fineLocator(o *oversampled, width int) *locator {
	a := newLocator(o.fine, s.chain, width)
	a.rows = s.g
	return a
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
