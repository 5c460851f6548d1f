package sgdop

import (
	"kolmo/grid"
	"kolmo/internal/kernel"
	"kolmo/internal/par"
)

// rows are the weights of S by rows: in windows, as factors along the axes, or found anew.
type rows struct {
	frame
	// Windows: those of row i are first[i] .. first[i+1]-1.
	win     *kernel.Windows
	first   []int32
	weights []float64
	// Without windows one of these.
	tensor   *factors
	locators []*locator // one per part

	parts []int // first row of every part
}

// eachWeight calls each for all weights of row i, by node; a node may come several
// times. part names the workspace.
func (s *rows) eachWeight(part, i int, each func(node int, w float64)) {
	s2, s3 := s.strides()
	if s.win == nil {
		s.products(part, i, func(q product) {
			for k, c3 := range q.w3 {
				for j, c2 := range q.w2 {
					c := q.p * c2 * c3
					for l, c1 := range q.w1 {
						each(q.node+l+j*s2+k*s3, c*c1)
					}
				}
			}
		})
		return
	}
	for x := s.first[i]; x < s.first[i+1]; x++ {
		v := s.win.At(int(x))
		at := v.W
		for k := range int(v.E3) {
			for j := range int(v.E2) {
				for l := range int(v.E1) {
					each(int(v.U)+l+j*s2+k*s3, s.weights[at])
					at++
				}
			}
		}
	}
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
func (s *rows) products(part, i int, each func(q product)) {
	if s.tensor == nil && s.locators == nil {
		panic("sgdop: an operator through finer fields has no rows; assemble it without Config.Smooth")
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
func (s *rows) productRows(part int, dst, u [][]float64, lo, hi int) {
	s2, s3 := s.strides()
	for i := lo; i < hi; i++ {
		for f := range dst {
			dst[f][i] = 0
		}
		s.products(part, i, func(q product) {
			for f := range u {
				dst[f][i] += q.p * kernel.DotLines(u[f][q.node:], s2, s3, q.w1, q.w2, q.w3)
			}
		})
	}
}

// blockWeights is the number of weights that all fields are multiplied with before
// the next ones are fetched: they stay in the second-level cache.
const blockWeights = 1 << 14

// rowsTo applies the rows of part k.
func (s *rows) rowsTo(k int, dst, u [][]float64) {
	lo, hi := s.parts[k], s.parts[k+1]
	if s.win == nil {
		s.productRows(k, dst, u, lo, hi)
		return
	}
	for f := range dst {
		clear(dst[f][lo:hi])
	}
	s.addRows(lo, hi, dst, u)
}

// addRows adds what the windows of the rows lo .. hi-1 yield.
func (s *rows) addRows(lo, hi int, dst, u [][]float64) {
	for lo < hi {
		end := hi
		if len(u) > 2 {
			start := s.weightsBefore(lo)
			end = lo + 1
			for end < hi && s.weightsBefore(end)-start < blockWeights {
				end++
			}
		}
		a, b := int(s.first[lo]), int(s.first[end])
		f := 0
		for ; f+1 < len(u); f += 2 {
			s.win.DotPairTo(dst[f], dst[f+1], u[f], u[f+1], s.weights, a, b)
		}
		if f < len(u) {
			s.win.DotTo(dst[f], u[f], s.weights, a, b)
		}
		lo = end
	}
}

// weightsBefore returns the number of weights of the rows before row i.
func (s *rows) weightsBefore(i int) int {
	if at := int(s.first[i]); at < s.win.Len() {
		return s.win.At(at).W
	}
	return len(s.weights)
}

// scatterRows adds the rows of a part, times p, to dst.
func (s *rows) scatterRows(part int, dst, p []float64) {
	lo, hi := s.parts[part], s.parts[part+1]
	if s.win != nil {
		s.win.AddTo(dst, p, s.weights, int(s.first[lo]), int(s.first[hi]))
		return
	}
	s2, s3 := s.strides()
	for i := lo; i < hi; i++ {
		s.products(part, i, func(q product) {
			for k, c3 := range q.w3 {
				for j, c2 := range q.w2 {
					c := p[i] * q.p * c2 * c3
					line := dst[q.node+j*s2+k*s3:][:len(q.w1)]
					for l, c1 := range q.w1 {
						line[l] += c * c1
					}
				}
			}
		})
	}
}

func (s *frame) strides() (s2, s3 int) { return stridesOf(s.g) }

// stridesOf returns the strides of x2 and x3.
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
func (s *rows) cut() {
	n := s.nodes().Len()
	s.parts = make([]int, rowParts+1)
	for k := range rowParts {
		_, s.parts[k+1] = par.Split(n, rowParts, k)
	}
	if s.win == nil {
		return
	}
	row := 0
	for k := 1; k < rowParts; k++ {
		want := len(s.weights) / rowParts * k
		for row < n && s.weightsBefore(row) < want {
			row++
		}
		s.parts[k] = row
	}
}
