package sgdop

import (
	"kolmo/grid"
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
