package look

import (
	"kolmo/compare/fit"
	"kolmo/grid"
	"kolmo/internal/kernel"
)

// BetweenPoints returns by how much a function of the point may exceed its largest sample: the
// estimates along the axes through that point, none at points on the sphere.
func BetweenPoints(q *Points, v []float64) float64 {
	at := 0
	for p := range v {
		if v[p] > v[at] {
			at = p
		}
	}
	if at >= len(q.Inside) {
		return 0
	}
	place := make(map[int]int, len(q.Inside))
	for p, i := range q.Inside {
		place[i] = p
	}
	height, stride := 0.0, 1
	for _, axis := range q.Axes {
		k := q.Inside[at] / stride % len(axis)
		below, a := place[q.Inside[at]-stride]
		above, b := place[q.Inside[at]+stride]
		if a && b && k > 0 && k < len(axis)-1 {
			height += fit.Between(axis[k-1:k+2], []float64{v[below], v[at], v[above]}, 1)
		}
		stride *= len(axis)
	}
	return height
}

// Points is the set of points at which fields are looked at first: a uniform
// tensor grid clipped to the ball, and points on the sphere. Local maxima found
// there are polished.
type Points struct {
	Ball   grid.Ball
	Axes   [][]float64 // the tensor grid
	Inside []int       // its points in the ball
	Sphere [][]float64
	X      [][]float64 // all points: inside, then sphere
}

// PointDensity is R over the spacing of the points at which fields of different levels
// are compared, some of them at every traced step. On the line points cost little.
var PointDensity = [grid.MaxDim + 1]int{0, 256, 12, 6}

// leastSearch is the least R over the spacing of points at which maxima are looked for.
var leastSearch = [grid.MaxDim + 1]int{0, 64, 12, 6}

// SearchDensity is R over the spacing of the points at which maxima of a field on
// a grid with n nodes per axis are looked for: as fine as what the grid resolves.
func SearchDensity(d, n int) int {
	switch d {
	case 1:
		n *= 2
	case 2:
		n /= 2
	default:
		n /= 3
	}
	return max(leastSearch[d], (n+1)/2*2)
}

func NewPoints(ball grid.Ball, density int) *Points {
	d := len(ball.Center)
	q := &Points{Ball: ball}
	total := 1
	for k, c := range ball.Center {
		if r := ball.Range(k); r != nil {
			q.Axes = append(q.Axes, r.Along(density))
			total *= len(q.Axes[k])
			continue
		}
		// An even number of points: a multiple of four suits the kernels.
		axis := make([]float64, 2*density)
		for i := range axis {
			axis[i] = c + ball.R*(float64(2*i-(len(axis)-1))/float64(len(axis)-1))
		}
		q.Axes = append(q.Axes, axis)
		total *= len(axis)
	}
	for i := range total {
		x := make([]float64, d)
		for k, rest := 0, i; k < d; k++ {
			x[k] = q.Axes[k][rest%len(q.Axes[k])]
			rest /= len(q.Axes[k])
		}
		if ball.Contains(x) {
			q.Inside = append(q.Inside, i)
			q.X = append(q.X, x)
		}
	}
	if ball.Round() > 1 {
		q.Sphere = ball.Sphere(density)
		q.X = append(q.X, q.Sphere...)
	}
	return q
}

// Sampler evaluates fields on a grid at the points. It is a workspace.
type Sampler struct {
	q        *Points
	transfer *grid.Transfer
	tensor   []float64
	sphere   *SphereMatrix
}

// SphereMatrix interpolates from a grid to the points on the sphere: where whole axes
// interpolate, along the last axis to the points' rings and then within each of these, and
// otherwise by the weights of every point's window. It is shared by samplers.
type SphereMatrix struct {
	n, cols int
	// Whole axes: the weights along the last axis of d > 2, rings x nodes, and by ring those
	// of the others, nodes x points.
	along  []float64
	rings  []ring
	slice  int       // nodes of a ring's plane
	window int       // weights per point, otherwise
	node   []int32   // cols x window
	weight []float64 // cols x window
}

// ring is a set of consecutive points with the same last coordinate.
type ring struct {
	points int
	t      []float64
}

func NewSphereMatrix(g *grid.Grid, width int, q *Points) *SphereMatrix {
	m := &SphereMatrix{n: g.Len(), cols: len(q.Sphere), window: 1, slice: g.Len()}
	d := g.Dim()
	w := make([][]float64, d)
	for k := range d {
		w[k] = make([]float64, g.Axis(k).Width(width))
		m.window *= len(w[k])
	}
	whole, across := m.window == m.n, d
	if whole && d > 2 {
		across = d - 1
		m.slice /= g.Axis(across).Len()
	}
	base := make([]int, d)
	for c, x := range q.Sphere {
		for k := range d {
			base[k] = g.Axis(k).WindowTo(w[k], x[k], width)
		}
		if !whole {
			for i := range m.window {
				node, v := windowNode(g, base, w, i)
				m.node, m.weight = append(m.node, int32(node)), append(m.weight, v)
			}
			continue
		}
		if c == 0 || across < d && x[across] != q.Sphere[c-1][across] {
			points := 1
			for across < d && c+points < m.cols && q.Sphere[c+points][across] == x[across] {
				points++
			}
			if across == d {
				points = m.cols
			} else {
				m.along = append(m.along, w[across]...)
			}
			m.rings = append(m.rings, ring{t: make([]float64, m.slice*points)})
			m.rings[len(m.rings)-1].points = points
		}
		r := &m.rings[len(m.rings)-1]
		at := c
		for _, before := range m.rings[:len(m.rings)-1] {
			at -= before.points
		}
		for i := range m.slice {
			node, v := windowNode(g, base[:across], w[:across], i)
			r.t[node*r.points+at] = v
		}
	}
	return m
}

// windowNode returns the node and the weight of entry i of a window along some axes.
func windowNode(g *grid.Grid, base []int, w [][]float64, i int) (node int, v float64) {
	v = 1
	for k := range base {
		j := i % len(w[k])
		i /= len(w[k])
		node += (base[k] + j) * g.Stride(k)
		v *= w[k][j]
	}
	return node, v
}

// mulTo stores the values at the sphere's points of consecutive fields u; dst has the
// given stride between fields.
func (m *SphereMatrix) mulTo(dst, u []float64, fields, stride int) {
	switch {
	case m.rings == nil:
		m.windowsTo(dst, u, fields, stride)
	case m.along == nil:
		kernel.Mul(fields, m.cols, m.n, u, m.n, m.rings[0].t, m.cols, dst, stride)
	default:
		planes := make([]float64, len(m.rings)*m.slice)
		layers := m.n / m.slice
		for f := range fields {
			kernel.Mul(len(m.rings), m.slice, layers, m.along, layers, u[f*m.n:(f+1)*m.n], m.slice, planes, m.slice)
			at := f * stride
			for k, r := range m.rings {
				kernel.Mul(1, r.points, m.slice, planes[k*m.slice:(k+1)*m.slice], m.slice, r.t, r.points, dst[at:], r.points)
				at += r.points
			}
		}
	}
}

// windowsTo is mulTo by windows.
func (m *SphereMatrix) windowsTo(dst, u []float64, fields, stride int) {
	for f := range fields {
		v := u[f*m.n : (f+1)*m.n]
		for c := range m.cols {
			node, weight := m.node[c*m.window:(c+1)*m.window], m.weight[c*m.window:(c+1)*m.window]
			sum := 0.0
			for i, w := range weight {
				sum += w * v[node[i]]
			}
			dst[f*stride+c] = sum
		}
	}
}

func NewSampler(g *grid.Grid, width int, q *Points, sphere *SphereMatrix) *Sampler {
	s := &Sampler{q: q, transfer: grid.NewTransfer(g, q.Axes, width), sphere: sphere}
	s.tensor = make([]float64, s.transfer.Len())
	return s
}

// SampleTo stores the values of the fields, consecutive in u, at the points:
// dst[j*len(points)+i].
func (s *Sampler) SampleTo(dst, u []float64, fields int) {
	n, m := s.sphere.n, len(s.q.X)
	for j := range fields {
		s.transfer.ApplyTo(s.tensor, u[j*n:(j+1)*n])
		for i, node := range s.q.Inside {
			dst[j*m+i] = s.tensor[node]
		}
	}
	if len(s.q.Sphere) > 0 {
		s.sphere.mulTo(dst[len(s.q.Inside):], u, fields, m)
	}
}

func CopyFields(u [][]float64) [][]float64 {
	c := make([][]float64, len(u))
	for i := range u {
		c[i] = append([]float64(nil), u[i]...)
	}
	return c
}

func NewBlock(steps, fields, n int) [][][]float64 {
	b := make([][][]float64, steps)
	for j := range b {
		b[j] = make([][]float64, fields)
		for f := range b[j] {
			b[j][f] = make([]float64, n)
		}
	}
	return b
}

// At returns the interpolants of fields at points.
func At(q *Points, g *grid.Grid, width int, fields [][]float64) [][]float64 {
	in := grid.NewInterpolator(g, width)
	values := make([][]float64, len(fields))
	for f := range fields {
		values[f] = make([]float64, len(q.X))
	}
	for i, x := range q.X {
		in.Locate(x)
		for f := range fields {
			values[f][i] = in.Value(fields[f])
		}
	}
	return values
}
