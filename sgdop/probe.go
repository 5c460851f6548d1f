package sgdop

import (
	"context"
	"math"

	"kolmo/grid"
	"kolmo/process"
)

// probe are the fields on the grid and the nodes looked at.
type probe struct {
	g      *grid.Grid
	fields [][]float64
	scale  float64 // largest |field|
}

func newProbe(g *grid.Grid, functions []func(x []float64) float64) *probe {
	p := &probe{g: g, fields: sampleAll(g, functions)}
	for _, u := range p.fields {
		for _, v := range u {
			if a := math.Abs(v); !(a <= p.scale) {
				p.scale = a
			}
		}
	}
	return p
}

// sampleAll returns the functions' values at the nodes.
func sampleAll(g *grid.Grid, functions []func(x []float64) float64) [][]float64 {
	x := make([]float64, g.Dim())
	fields := make([][]float64, len(functions))
	for f, phi := range functions {
		fields[f] = make([]float64, g.Len())
		for i := range fields[f] {
			g.PointTo(x, i)
			fields[f][i] = phi(x)
		}
	}
	return fields
}

// nodes returns up to count nodes spread over the grid, the corners' neighbourhood
// not preferred: multiples of the golden section.
func (p *probe) nodes(count int) []int {
	n := p.g.Len()
	if n <= count {
		all := make([]int, n)
		for i := range all {
			all[i] = i
		}
		return all
	}
	list := make([]int, count)
	for i := range list {
		_, frac := math.Modf(float64(i+1) * probeStride)
		list[i] = min(int(frac*float64(n)), n-1)
	}
	return list
}

// candidates returns what the probe found of every width, one-step errors in
// absolute terms.
func (p *probe) candidates(ctx context.Context, chain process.Chain, c *Config) ([]candidate, error) {
	g := p.g
	shortest, longest, chebyshev := g.Axis(0).Len(), 0, true
	for k := range g.Dim() {
		shortest, longest = min(shortest, g.Axis(k).Len()), max(longest, g.Axis(k).Len())
		chebyshev = chebyshev && g.Axis(k).Kind() == grid.KindChebyshev
	}
	m := chain.Images()
	nodes := p.nodes(max(probeNodes/25, min(probeNodes, probePairs/m)))
	var list []candidate
	var values [][]float64 // per width, of all nodes and fields
	var last []float64
	for w := leastWidth; w <= mostWidth+widthStep && w < shortest; w += widthStep {
		v, weights, windows, err := p.apply(ctx, chain, w, nodes)
		if err != nil {
			return nil, err
		}
		if last != nil {
			list[len(list)-1].err = difference(last, v)
		}
		last = v
		values = append(values, v)
		if w > mostWidth {
			break
		}
		list = append(list, p.sized(chain, w, weights*float64(g.Len()), windows*float64(g.Len()), c))
	}
	if len(list) > 0 && len(values) == len(list) {
		list = list[:len(list)-1] // no wider window to compare with
	}
	if chebyshev || longest <= wholeLimit || len(list) == 0 {
		n := float64(g.Len())
		whole := p.sized(chain, 0, n*n, n, c)
		whole.err = p.tail()
		list = append(list, whole)
	}
	return list, nil
}

// oneStep returns the interpolation error of one application with the given width.
func (p *probe) oneStep(ctx context.Context, chain process.Chain, width int, nodes []int) (float64, error) {
	if width == 0 {
		return p.tail(), nil
	}
	a, _, _, err := p.apply(ctx, chain, width, nodes)
	if err != nil {
		return 0, err
	}
	b, _, _, err := p.apply(ctx, chain, width+widthStep, nodes)
	if err != nil {
		return 0, err
	}
	return difference(a, b), nil
}

// sized returns a candidate with its memory, storage and work.
func (p *probe) sized(chain process.Chain, width int, weights, windows float64, c *Config) candidate {
	s := &Operator{rows: rows{frame: frame{g: p.g, chain: chain, width: width}}}
	a := candidate{width: width, bytes: int64(8*weights + windowBytes*windows), work: weights}
	if err := s.choose(c, a.bytes); err != nil {
		// What is asked for does not fit: Assemble will say so.
		s.choice.Storage = c.Storage
	}
	a.storage = s.choice.Storage
	if s.choice.MatrixFree() {
		a.work = float64(p.g.Len()) * float64(chain.Images())
		for k := range p.g.Dim() {
			a.work *= float64(p.g.Axis(k).Width(width))
		}
		a.bytes = s.choice.Bytes
	}
	return a
}

// apply returns S u at the nodes with windows of the given width, field by field,
// and the mean number of weights and of windows of a row.
func (p *probe) apply(ctx context.Context, chain process.Chain, width int, nodes []int) (values []float64, weights, windows float64, err error) {
	a := newLocator(p.g, chain, width)
	in := grid.NewInterpolator(p.g, width)
	d := p.g.Dim()
	values = make([]float64, len(nodes)*len(p.fields))
	var gr grouper
	for k, i := range nodes {
		if err := ctx.Err(); err != nil {
			return nil, 0, 0, err
		}
		if err := a.locate(i); err != nil {
			return nil, 0, 0, err
		}
		gr.reset()
		for m, prob := range a.prob {
			gr.add(a.box(m))
			in.Locate(a.images[m*d : (m+1)*d])
			for f, u := range p.fields {
				values[k*len(p.fields)+f] += prob * in.Value(u)
			}
		}
		list := gr.windows()
		windows += float64(len(list)) / float64(len(nodes))
		for j := range list {
			weights += float64(list[j].volume()) / float64(len(nodes))
		}
	}
	return values, weights, windows, nil
}

// difference returns max |u - v|; NaN counts as infinite.
func difference(u, v []float64) float64 {
	worst := 0.0
	for i := range u {
		d := math.Abs(u[i] - v[i])
		if math.IsNaN(d) {
			return math.Inf(1)
		}
		worst = max(worst, d)
	}
	return worst
}

// tail returns the sum, over the axes, of an estimate of what the polynomials through
// all nodes of an axis miss of the fields: twice the Chebyshev coefficients beyond the
// last, which continue the last four as a geometric series.
func (p *probe) tail() float64 {
	total := 0.0
	for k := range p.g.Dim() {
		n, stride := p.g.Axis(k).Len(), p.g.Stride(k)
		worst := 0.0
		for _, u := range p.fields {
			for i := range u {
				if p.g.Index(i, k) == 0 {
					worst = max(worst, missed(u[i:], n, stride))
				}
			}
		}
		total += worst
	}
	return total + rounding*p.scale
}

const (
	rounding  = 4e-16 // of a field's values
	slowDecay = 0.9   // largest ratio of pairs of coefficients that is believed
)

// missed returns the estimate for one line of n values at Chebyshev-Gauss-Lobatto
// nodes. Coefficients are taken in pairs, since every other may vanish.
func missed(u []float64, n, stride int) float64 {
	last := math.Abs(coefficient(u, n, stride, n-1)) + math.Abs(coefficient(u, n, stride, n-2))
	if n < 6 {
		return 2 * last
	}
	before := math.Abs(coefficient(u, n, stride, n-3)) + math.Abs(coefficient(u, n, stride, n-4))
	if last == 0 {
		return 0
	}
	q := min(last/before, slowDecay)
	return 2 * last * q / (1 - q)
}

// coefficient returns the k-th coefficient of the Chebyshev series through n values.
func coefficient(u []float64, n, stride, k int) float64 {
	sum := 0.0
	for i := range n {
		v := u[i*stride]
		if i == 0 || i == n-1 {
			v /= 2
		}
		// cos(pi i k/(n-1)) with the product reduced exactly.
		sum += v * math.Cos(math.Pi*float64(i*k%(2*(n-1)))/float64(n-1))
	}
	if k == n-1 || k == 0 {
		return sum / float64(n-1)
	}
	return 2 * sum / float64(n-1)
}
