package sgdop

import (
	"kolmo/grid"
	"kolmo/internal/kernel"
	"kolmo/internal/par"
)

// factors are the weights of every row and sample along every axis.
type factors struct {
	base []int32                // n x M: first node of the sample's window
	w    [grid.MaxDim][]float64 // n x M x wide
	wide [grid.MaxDim]int
	prob []float64 // M, or n x M where the law's weights move
	m    int
	move bool
}

// factorBytes returns the memory of the factors.
func (s *Operator) factorBytes() int64 {
	n, m := int64(s.g.Len()), int64(s.chain.Images())
	wide := int64(0)
	for k := range s.g.Dim() {
		wide += int64(s.g.Axis(k).Width(s.width))
	}
	bytes := n * m * (8*wide + 4)
	if s.chain.Moving() {
		return bytes + 8*n*m
	}
	return bytes + 8*m
}

// workBytes returns the memory of the workspaces of an operator that keeps no
// weights.
func (s *Operator) workBytes() int64 {
	m := int64(s.chain.Images())
	per := int64(1)
	for k := range s.g.Dim() {
		per += int64(s.g.Axis(k).Width(s.width)) + 2
	}
	return rowParts * 8 * m * per
}

// factors stores the weights along the axes of all rows.
func (b *builder) factors() error {
	s := b.s
	n, m := s.g.Len(), s.chain.Images()
	t := newFactors(n, m, s.chain.Moving(), func(k int) int { return s.g.Axis(k).Width(s.width) }, s.g.Dim())
	end, merge := b.measured()
	err := b.pass(b.tasks(), func(int) {}, func(_ int, a *locator, i int) {
		a.measure()
		t.keep(i, a)
	}, end)
	if err != nil {
		return err
	}
	merge()
	s.norm = b.reach.lebesgue
	s.tensor = t
	s.cut()
	return nil
}

// newFactors returns the factors of n rows of m samples without weights; wide is the number
// of nodes along an axis.
func newFactors(n, m int, move bool, wide func(k int) int, d int) *factors {
	t := &factors{base: make([]int32, n*m), m: m, move: move, wide: [grid.MaxDim]int{1, 1, 1}}
	for k := range d {
		t.wide[k] = wide(k)
		t.w[k] = make([]float64, n*m*t.wide[k])
	}
	t.prob = make([]float64, m)
	if t.move {
		t.prob = make([]float64, n*m)
	}
	return t
}

// keep stores the weights of row i, which a has located.
func (t *factors) keep(i int, a *locator) {
	if t.move {
		copy(t.prob[i*t.m:], a.prob)
	} else if i == 0 {
		copy(t.prob, a.prob)
	}
	for k := range t.m {
		t.base[i*t.m+k] = int32(a.node(k))
	}
	for k := range a.g.Dim() {
		copy(t.w[k][i*t.m*t.wide[k]:], a.w[k])
	}
}

// images measures the images of all rows and keeps the workspaces that will find
// them again.
func (b *builder) images() error {
	s := b.s
	end, merge := b.measured()
	if err := b.pass(b.tasks(), func(int) {}, func(_ int, a *locator, _ int) { a.measure() }, end); err != nil {
		return err
	}
	merge()
	s.norm = b.reach.lebesgue
	for range rowParts {
		s.locators = append(s.locators, newLocator(s.g, s.chain, s.width))
	}
	s.cut()
	return nil
}

// axis returns the weights of sample m of row i along axis k.
func (t *factors) axis(k, i, m int) []float64 {
	if t.w[k] == nil {
		return one
	}
	at := (i*t.m + m) * t.wide[k]
	return t.w[k][at : at+t.wide[k]]
}

// probs returns the probabilities of the samples of row i.
func (t *factors) probs(i int) []float64 {
	if t.move {
		return t.prob[i*t.m : (i+1)*t.m]
	}
	return t.prob
}

// product is one sample's share of a row: p times the weights along the axes, from
// a node.
type product struct {
	p          float64
	node       int
	w1, w2, w3 []float64
}

// products calls each for every sample of row i of an operator without windows;
// part names the workspace.
func (s *Operator) products(part, i int, each func(q product)) {
	if s.over != nil {
		panic("sgdop: an operator through finer fields has neither rows nor an adjoint; assemble it without Config.Smooth")
	}
	if t := s.tensor; t != nil {
		for m, p := range t.probs(i) {
			each(product{p, int(t.base[i*t.m+m]), t.axis(0, i, m), t.axis(1, i, m), t.axis(2, i, m)})
		}
		return
	}
	a := s.locators[part]
	if err := a.locate(i); err != nil {
		panic("sgdop: " + err.Error()) // the assembly saw finite gradients
	}
	for m, p := range a.prob {
		each(product{p, a.node(m), a.axis(0, m), a.axis(1, m), a.axis(2, m)})
	}
}

// productRows applies the rows lo .. hi-1 of an operator without windows.
func (s *Operator) productRows(part int, dst, u [][]float64, lo, hi int) {
	s2, s3 := s.strides()
	for i := lo; i < hi; i++ {
		for f := range dst {
			dst[f][i] = 0
		}
		s.products(part, i, func(q product) {
			for f := range u {
				dst[f][i] += q.p * kernel.DotTensor(u[f][q.node:], s2, s3, q.w1, q.w2, q.w3)
			}
		})
	}
}

// strides returns those of x2 and x3.
func (s *Operator) strides() (s2, s3 int) { return stridesOf(s.g) }

func stridesOf(g *grid.Grid) (s2, s3 int) {
	if g.Dim() > 1 {
		s2 = g.Stride(1)
	}
	if g.Dim() > 2 {
		s3 = g.Stride(2)
	}
	return s2, s3
}

// rowParts is the number of parts into which the rows are split for workers.
const rowParts = 16

// cut splits the rows into parts of about equal work.
func (s *Operator) cut() {
	n := s.g.Len()
	s.parts = make([]int, rowParts+1)
	for k := range rowParts {
		_, s.parts[k+1] = par.Split(n, rowParts, k)
	}
	if s.win == nil {
		return
	}
	row := 0
	for k := 1; k < rowParts; k++ {
		want := s.Stored() / rowParts * k
		for row < n && s.win.At(int(s.first[row])).W < want {
			row++
		}
		s.parts[k] = row
	}
}
